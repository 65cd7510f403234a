/** The lists that come in, as data (coverage.md §1). A county adds its own in the same shape. */

export type ColumnKind =
  | 'id'
  | 'certificate'
  | 'text'
  | 'date'
  | 'money'
  | 'year'
  | 'phone'
  | 'region'
  | 'tick';

export interface SourceColumn {
  readonly key: string;
  /** The header as the office should print it; an exact title beats every alias. */
  readonly title: string;
  readonly aliases: readonly string[];
  readonly required: boolean;
  readonly kind: ColumnKind;
}

/** Which reading of words (vocabulary.ts) a column needs. */
export type VocabularyName =
  | 'register-status'
  | 'scheme-state'
  | 'employee-state'
  | 'insurance-scheme'
  | 'low-income-category'
  | 'disability-level'
  | 'survey-answer'
  | 'yes-no';

/** What it means that a full list no longer names somebody. */
export type Absence = 'ended' | 'was-wrong' | 'nothing' | 'replaces-year';

export interface SourceDefinition {
  readonly code: string;
  readonly title: string;
  readonly office: string;
  readonly proves: string;
  readonly columns: readonly SourceColumn[];
  /** Of each group at least one column must be there. */
  readonly oneOf?: readonly (readonly string[])[];
  readonly due: 'month' | 'quarter' | 'term' | 'batch';
  readonly mode: 'full' | 'delta';
  readonly absence: Absence;
  /** Roles that may read the content; others see 有名单，内容不可见. */
  readonly sight: readonly string[];
  readonly vocabularies?: Readonly<Record<string, VocabularyName>>;
  /** One row may hold a household: repeating (姓名, 身份证号码) pairs. */
  readonly households?: boolean;
}

const ID_ALIASES = [
  '身份证号',
  '身份证',
  '公民身份号码',
  '公民身份证号',
  '公民身份证号码',
  '社会保障号码',
  '社会保障号',
  '证件号码',
  '身份证件号',
  '身份证件号码',
  '居民身份证号码',
  '居民身份证号',
  '有效证件号码',
  '证件号',
  '死者身份证号码',
  '死者身份证号',
  '残疾人身份证号',
  '成员身份证号码',
  '成员身份证号',
];
const NAME_ALIASES = [
  '死者姓名',
  '人员姓名',
  '成员姓名',
  '居民姓名',
  '学生姓名',
  '参保人姓名',
  '人员名称',
  '姓名名称',
  '名字',
];

function column(
  key: string,
  title: string,
  aliases: readonly string[] = [],
  kind: ColumnKind = 'text',
  required = false,
): SourceColumn {
  return { key, title, aliases, required, kind };
}
function needed(key: string, title: string, aliases: readonly string[] = [], kind: ColumnKind = 'text') {
  return column(key, title, aliases, kind, true);
}
const id = needed('id', '身份证号码', ID_ALIASES, 'id');
const name = column('name', '姓名', NAME_ALIASES);
const nameNeeded: SourceColumn = { ...name, required: true };

const ADDRESS = [
  '地址',
  '住址',
  '户籍住址',
  '家庭住址',
  '家庭地址',
  '户口所在地',
  '户籍所在地',
  '常住户口所在地',
  '户口地址',
  '住址详址',
];
const TOWN = [
  '乡镇街',
  '乡镇街道',
  '乡（镇）街道',
  '镇',
  '乡',
  '街道',
  '所属乡镇',
  '镇街',
  '乡镇名称',
  '所在乡镇',
];
const VILLAGE = [
  '村社区',
  '村居',
  '行政村',
  '所在村',
  '社区',
  '村名',
  '村名称',
  '村委会',
  '村居委会',
  '所属村',
];
const GROUP = ['村组', '组别', '村民小组', '小组', '组名'];
const PHONE = ['电话', '电话号码', '手机', '手机号', '手机号码', '联系手机', '本人电话'];
const STATE = ['人员状态', '参保状态', '职保状态', '参保缴费状态', '人员参保状态', '业务状态'];
const PLACES = ['行政区划名称', '统筹区', '所属区划', '参保地', '参保地区', '所在地区'];
const JOINED = ['参保时间', '参保年月', '首次参保日期', '首次参保时间', '开始参保日期'];

const EVERYBODY = ['county', 'town', 'village'];
const TOWN_UP = ['county', 'town'];
const COUNTY = ['county'];

const employment = [
  column('state', '状态', STATE),
  column('employer', '单位', ['单位名称', '工作单位', '参保单位', '参保单位名称', '用人单位']),
  column('joined', '参保日期', JOINED, 'date'),
  column('province', '省份', ['参保省份', '所在省', '参保省', '省', ...PLACES]),
];

/** 附件3 columns 8–17: one reason why the person is outside the residents' scheme. */
const REASONS: readonly (readonly [string, string, readonly string[]])[] = [
  ['col8', '已参加省内企业职保', ['已参加省内企业职工养老保险', '省内企业职保', '参加省内企业职保']],
  ['col9', '已参加省内机关事保', ['已参加省内机关事业养老保险', '省内机关事保', '参加省内机关事保']],
  [
    'col10',
    '已参加外省职工养老保险',
    ['外省职工养老保险', '参加外省职工养老保险', '已参加外省职保', '外省职保'],
  ],
  ['col11', '职工养老保险法定人员（未参保）', ['法定人员', '职保法定人员', '职工养老保险法定人员未参保']],
  ['col12', '在校学生', ['在校生', '学生']],
  ['col13', '现役军人', ['军人', '参军']],
  ['col14', '服刑人员', ['服刑']],
  ['col15', '已出国（境）定居', ['已出国境定居', '出国境', '出国', '已出国定居']],
  ['col16', '已死亡未销户', ['死亡未销户', '已死亡']],
  ['col17', '其他（列具体情况）', ['其他', '其它', '其他列具体情况', '其他情况']],
];

type Rest = Pick<SourceDefinition, 'office' | 'proves' | 'sight'> & Partial<SourceDefinition>;
function source(code: string, title: string, columns: readonly SourceColumn[], rest: Rest): SourceDefinition {
  return { code, title, columns, due: 'month', mode: 'full', absence: 'ended', ...rest };
}

export const SHIPPED_SOURCES: readonly SourceDefinition[] = [
  source(
    'household-register',
    '户籍人口',
    [
      id,
      nameNeeded,
      needed('address', '户籍地址', ADDRESS),
      column(
        'regionCode',
        '行政区划代码',
        ['12位行政区划编码', '区划代码', '行政区划编码', '12位编码', '行政代码'],
        'region',
      ),
      column('town', '乡镇', TOWN),
      column('village', '村', VILLAGE),
      column('status', '户籍状态', ['管理状态', '管理状态名称', '人员状态', '人员管理状态', '户口状态']),
      column('household', '户号', ['户编号', '家庭户号', '户口簿号', '户籍号']),
      column('relation', '与户主关系', ['与户主的关系', '户主关系', '家庭关系', '关系']),
      column('hukou', '户籍性质', ['户口性质', '户口类别', '户别', '户口类型']),
      column('phone', '联系电话', PHONE, 'phone'),
      column('group', '组', GROUP),
    ],
    {
      office: '公安',
      proves: 'base-population',
      sight: EVERYBODY,
      due: 'quarter',
      vocabularies: { status: 'register-status' },
    },
  ),
  source(
    'province-list',
    '省厅下发需核实名单',
    [
      id,
      nameNeeded,
      column('address', '户籍地址', ADDRESS),
      column('region', '行政区划', [...PLACES, '乡镇街', '乡镇'], 'region'),
      column('status', '管理状态', ['管理状态名称', '户籍状态', '人员状态', '户口状态']),
      column('batch', '批次', ['下发批次', '数据批次']),
    ],
    {
      office: '省人社厅',
      proves: 'to-verify',
      sight: EVERYBODY,
      due: 'batch',
      mode: 'delta',
      absence: 'nothing',
      vocabularies: { status: 'register-status' },
    },
  ),
  source(
    'residents-scheme',
    '城乡居保参保人员明细',
    [
      id,
      nameNeeded,
      needed('cbState', '参保状态', ['居保参保状态', '人员参保状态']),
      needed('jfState', '缴费状态', ['居保缴费状态', '人员缴费状态']),
      column(
        'joined',
        '参保时间',
        ['参保日期', '参保年月', '首次参保时间', '首次参保日期', '登记时间'],
        'date',
      ),
      column('identity', '参保身份', ['人员身份', '参保人员身份', '缴费身份']),
      column('region', '行政区划', [...PLACES, '村社区', '所属村'], 'region'),
      column('personalNo', '个人编号', ['人员编号', '个人电脑号', '个人代码']),
      column(
        'benefitFrom',
        '待遇开始年月',
        ['待遇领取年月', '待遇开始时间', '领取起始时间', '待遇享受年月', '待遇领取时间', '开始领取年月'],
        'date',
      ),
    ],
    {
      office: '城乡居保经办机构',
      proves: 'residents-scheme',
      sight: EVERYBODY,
      vocabularies: { cbState: 'scheme-state', jfState: 'scheme-state' },
    },
  ),
  source(
    'residents-payments',
    '城乡居保缴费明细',
    [
      id,
      name,
      needed('year', '缴费年度', ['年度', '费款年度', '缴费年份', '所属年度', '费款所属年度'], 'year'),
      needed(
        'amount',
        '金额',
        ['实缴金额', '缴费金额', '个人缴费', '实缴', '缴费额', '入库金额', '实缴金额元'],
        'money',
      ),
      column(
        'date',
        '日期',
        ['入库日期', '划拨日期', '缴费日期', '入库时间', '划拨时间', '缴费时间', '到账日期'],
        'date',
      ),
      column('channel', '渠道', ['缴费渠道', '缴费方式', '征收渠道']),
      column('tier', '档次', ['缴费档次', '缴费标准']),
      column('type', '类型', ['缴费类型', '征缴类型', '应缴类型']),
      column('fund', '资金项目', ['筹资项目', '缴费项目', '资金来源', '缴费资金项目']),
      column('voucher', '凭证号', [
        '电子税票号',
        '税票号',
        '票据号',
        '凭证号码',
        '税票号码',
        '流水号',
        '缴费凭证号',
      ]),
    ],
    { office: '税务', proves: 'payment', sight: EVERYBODY, mode: 'delta', absence: 'replaces-year' },
  ),
  source(
    'insurance-compare',
    '全国比对结果',
    [
      id,
      needed('scheme', '险种类型', ['险种', '险种名称', '参保险种', '养老保险险种']),
      needed('region', '行政区划', PLACES, 'region'),
      name,
      column('jfState', '缴费状态', ['参保缴费状态', '人员缴费状态', '参保状态']),
      column('joined', '参保日期', JOINED, 'date'),
      column('breakReason', '断缴原因', ['中断原因', '停保原因', '中断缴费原因']),
      column('period', '数据期别', ['期别', '数据期']),
    ],
    {
      office: '人社部全民参保库',
      proves: 'insurance',
      sight: EVERYBODY,
      vocabularies: { scheme: 'insurance-scheme', jfState: 'employee-state' },
    },
  ),
  source('employees-in-province', '省内企业职保', [id, name, ...employment], {
    office: '职工养老保险经办机构',
    proves: 'employee-in-province',
    sight: EVERYBODY,
    vocabularies: { state: 'employee-state' },
  }),
  source('public-sector-in-province', '省内机关事保', [id, name, ...employment], {
    office: '机关事业养老保险经办机构',
    proves: 'public-in-province',
    sight: EVERYBODY,
    vocabularies: { state: 'employee-state' },
  }),
  source('employees-elsewhere', '外省职工养老保险', [id, name, ...employment], {
    office: '省人社厅',
    proves: 'employee-elsewhere',
    sight: EVERYBODY,
    vocabularies: { state: 'employee-state' },
  }),
  source(
    'employees-obligated',
    '职工养老保险法定人员（未参保）',
    [id, name, column('employer', '用人单位', ['单位', '单位名称', '工作单位'])],
    { office: '人社', proves: 'obligated', sight: EVERYBODY },
  ),
  source(
    'students',
    '在校学生',
    [
      id,
      name,
      column('school', '学校', ['学校名称', '就读学校', '所在学校', '毕业院校', '院校名称', '院校']),
      column('stage', '学段', ['学历层次', '年级', '学制', '培养层次', '层次']),
      column(
        'graduates',
        '预计毕业',
        ['预计毕业时间', '预计毕业日期', '毕业时间', '毕业日期', '预计毕业年月', '毕业年月'],
        'date',
      ),
    ],
    { office: '教育', proves: 'student', sight: EVERYBODY, due: 'term' },
  ),
  source(
    'military',
    '现役军人',
    [
      id,
      name,
      column('joined', '入伍时间', ['入伍日期', '入伍年月', '参军时间'], 'date'),
      column('left', '退役时间', ['退役日期', '退役年月', '退伍时间', '退伍日期'], 'date'),
    ],
    { office: '退役军人事务', proves: 'military', sight: COUNTY },
  ),
  source(
    'prisoners',
    '服刑人员',
    [
      id,
      name,
      column(
        'termFrom',
        '刑期起',
        ['刑期起日', '刑期开始', '刑期起始', '服刑开始时间', '收监日期', '刑期起始日期', '起日'],
        'date',
      ),
      column(
        'termTo',
        '刑期止',
        ['刑期止日', '刑期结束', '刑满日期', '刑满时间', '服刑结束时间', '释放日期', '止日'],
        'date',
      ),
    ],
    { office: '司法', proves: 'prison', sight: COUNTY },
  ),
  source(
    'abroad',
    '已出国（境）定居',
    [
      id,
      name,
      column(
        'date',
        '日期',
        ['定居日期', '定居时间', '出国日期', '出境日期', '出国时间', '出国（境）日期'],
        'date',
      ),
      column('country', '国家', ['定居国家', '国家地区', '国家（地区）', '前往国', '定居国']),
    ],
    { office: '公安出入境', proves: 'abroad', sight: EVERYBODY, mode: 'delta', absence: 'was-wrong' },
  ),
  source(
    'deaths',
    '死亡人员',
    [
      id,
      name,
      column(
        'date',
        '死亡日期',
        ['死亡时间', '死亡年月', '火化时间', '火化日期', '宣告死亡日期', '死亡年月日', '去世时间'],
        'date',
      ),
      column('origin', '来源', ['数据来源', '信息来源', '来源部门']),
    ],
    {
      office: '卫健、公安、法院、民政',
      proves: 'death',
      sight: EVERYBODY,
      mode: 'delta',
      absence: 'was-wrong',
    },
  ),
  source(
    'dishonest',
    '失信被执行人',
    [id, { ...name, aliases: [...NAME_ALIASES, '被执行人姓名', '被执行人'] }],
    {
      office: '发改、法院',
      proves: 'dishonest',
      sight: COUNTY,
    },
  ),
  source(
    'low-income',
    '城乡低保',
    [
      { ...id, aliases: [...ID_ALIASES, '户主身份证号码', '户主身份证号', '户主身份证'] },
      name,
      column('category', '类别', ['保障类别', '救助类别', '低保类别', '低保类型', '保障类型', '救助类型']),
      column('head', '户主', ['户主名称', '户主姓名', '申请人', '申请人姓名']),
      column(
        'since',
        '起始年月',
        ['起始时间', '享受起始年月', '纳入时间', '救助开始时间', '保障起始时间', '享受时间', '起始日期'],
        'date',
      ),
      column('household', '户号', ['家庭编号', '户编号', '低保证号', '家庭户号']),
    ],
    {
      office: '民政',
      proves: 'low-income',
      sight: TOWN_UP,
      vocabularies: { category: 'low-income-category' },
      households: true,
    },
  ),
  source(
    'extreme-poverty',
    '特困人员',
    [
      id,
      name,
      column(
        'since',
        '起始年月',
        ['起始时间', '享受起始年月', '纳入时间', '救助开始时间', '供养起始时间', '起始日期'],
        'date',
      ),
    ],
    { office: '民政', proves: 'extreme-poverty', sight: TOWN_UP },
  ),
  source(
    'disability',
    '残疾人',
    [
      column(
        'certificate',
        '残疾证号',
        ['残疾人证号', '残疾证号码', '残疾证', '残疾人证', '残疾证编号', '证号', '残疾人证号码'],
        'certificate',
      ),
      { ...id, required: false },
      name,
      needed('level', '级别', ['残疾级别', '残疾等级', '等级', '残级', '伤残等级']),
      column('category', '类别', ['残疾类别', '残疾类型', '残疾种类']),
    ],
    {
      office: '残联',
      proves: 'disability',
      sight: TOWN_UP,
      oneOf: [['certificate', 'id']],
      vocabularies: { level: 'disability-level' },
    },
  ),
  source(
    'poverty-registered',
    '建档立卡、脱贫户、监测对象',
    [
      id,
      name,
      column('label', '脱贫标注', ['脱贫状态', '脱贫属性', '是否脱贫', '脱贫标识']),
      column('kind', '类型', ['户类型', '对象类型', '人员类型', '监测对象类别', '贫困户属性', '户属性']),
    ],
    { office: '乡村振兴', proves: 'poverty-registered', sight: TOWN_UP },
  ),
  source(
    'land-expropriated',
    '被征地农民',
    [
      id,
      needed('project', '项目', ['项目名称', '征地项目', '征地项目名称', '用地项目']),
      name,
      column('area', '面积', ['征地面积', '被征地面积', '征收面积', '征地面积亩']),
      column('taken', '征地时间', ['征地日期', '征收时间', '被征地时间', '征地年月'], 'date'),
      column('subsidy', '补贴', ['补贴金额', '参保补贴', '政府补贴', '缴费补贴'], 'money'),
    ],
    { office: '自然资源', proves: 'land-expropriated', sight: TOWN_UP, mode: 'delta', absence: 'was-wrong' },
  ),
  source(
    'survey-workbook',
    '摸底底册（含附件3）',
    [
      id,
      name,
      column('answer', '核实情况', [
        '落实情况',
        '核实结果',
        '核查情况',
        '摸底情况',
        '调查结果',
        '调查情况',
        '摸底核实情况',
      ]),
      column('willing', '是否愿意参保', [
        '参保意愿',
        '是否有参保意愿',
        '愿意参保',
        '是否愿意',
        '有无参保意愿',
      ]),
      column(
        'col7',
        '属于城乡居保覆盖范围',
        ['属于覆盖范围', '城乡居保覆盖范围', '属于城乡居民养老保险覆盖范围'],
        'tick',
      ),
      ...REASONS.map(([key, title, aliases]) => column(key, title, aliases, 'tick')),
      column('village', '村', [...VILLAGE, '行政区划']),
      column('group', '组', GROUP),
      column(
        'villageCode',
        '12位区划编码',
        ['12位行政区划编码', '12位编码', '区划编码', '行政区划编码', '行政区划代码', '区划代码', '行政代码'],
        'region',
      ),
      column('phone', '联系电话', PHONE, 'phone'),
      column('reason', '未参保原因', ['不参保原因', '未参保理由', '原因', '不愿参保原因']),
      column(
        'contactDay',
        '联系时间',
        ['联系日期', '走访时间', '走访日期', '入户时间', '核实时间', '核实日期'],
        'date',
      ),
      column('contactWay', '联系方式', ['联系途径', '走访方式', '核实方式']),
      column('remark', '备注', ['备注说明', '情况说明']),
      // Only the 底册 that the product issues has these (survey/book).
      column('reasonKind', '未参保原因类别'),
      column('proof', '佐证材料', ['佐证']),
      column('workPlace', '务工地'),
      column('workScheme', '务工参保险种'),
      column('checked', '险种核实时间', [], 'date'),
      column('attempts', '联系次数'),
      column('worker', '走访人'),
    ],
    {
      office: '乡镇、村',
      proves: 'survey',
      sight: EVERYBODY,
      mode: 'delta',
      absence: 'nothing',
      oneOf: [['answer', 'willing', 'col7', ...REASONS.map(([key]) => key)]],
      vocabularies: { answer: 'survey-answer', willing: 'yes-no' },
    },
  ),
];

const BY_CODE = new Map(SHIPPED_SOURCES.map((one) => [one.code, one]));

export function findSource(code: string): SourceDefinition | undefined {
  return BY_CODE.get(code);
}
