import type { County, Town, Village } from './county.ts';
import { type Day, day, iso, monthEnd, monthStart, NOTATIONS, type Notation } from './days.ts';
import { DeliveryOut, type DeliverySpec, type ManifestEntry } from './delivery.ts';
import type { Kind, Look, TableOut } from './files.ts';
import {
  type Answer,
  type Compared,
  type Job,
  type JobKind,
  type Life,
  MONTHS,
  PAYMENT_DAYS,
  type Place,
  QUARTERS,
  type SchemeState,
} from './lives.ts';
import { givenName } from './names.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';
import { type Heard, nothingHeard, type Truth } from './truth.ts';
import { DATE_CELL, NUMBER_CELL } from './xlsx.ts';

export type Format = 'mixed' | 'csv';

/** How an office's list looks in the mixed format; the csv format has the catalogue's titles and nothing else. */
type Looks = Omit<Look, 'headers' | 'kind'> & {
  readonly kind: Kind;
  /** Other words for the titles, by position. */
  readonly aliases?: Readonly<Record<number, string>>;
  readonly sheets?: readonly string[];
};

const REGISTER = [
  '身份证号码',
  '姓名',
  '户籍地址',
  '行政区划代码',
  '乡镇',
  '村',
  '组',
  '户籍状态',
  '户号',
  '与户主关系',
  '户籍性质',
  '联系电话',
];
const PROVINCE = ['身份证号码', '姓名', '户籍地址', '行政区划', '管理状态', '批次'];
const SCHEME = [
  '身份证号码',
  '姓名',
  '参保状态',
  '缴费状态',
  '参保时间',
  '参保身份',
  '行政区划',
  '个人编号',
  '待遇开始年月',
];
const PAYMENTS = [
  '身份证号码',
  '姓名',
  '缴费年度',
  '金额',
  '日期',
  '渠道',
  '档次',
  '类型',
  '资金项目',
  '凭证号',
];
const COMPARE = [
  '身份证号码',
  '姓名',
  '险种类型',
  '行政区划',
  '缴费状态',
  '参保日期',
  '断缴原因',
  '数据期别',
];
const JOBS = ['身份证号码', '姓名', '状态', '单位', '参保日期', '省份'];
const SURVEY = [
  '身份证号码',
  '姓名',
  '核实情况',
  '是否愿意参保',
  '村',
  '组',
  '12位区划编码',
  '联系电话',
  '未参保原因',
  '联系时间',
  '联系方式',
  '备注',
];
const ANNEX3_HEADERS = [
  '身份证号码',
  '姓名',
  '属于城乡居保覆盖范围',
  '已参加省内企业职保',
  '已参加省内机关事保',
  '已参加外省职工养老保险',
  '职工养老保险法定人员（未参保）',
  '在校学生',
  '现役军人',
  '服刑人员',
  '已出国（境）定居',
  '已死亡未销户',
  '其他（列具体情况）',
  '是否愿意参保（是，否）',
  '联系电话',
  '联系时间',
  '备注',
];
const LOW_INCOME = ['身份证号码', '姓名', '类别', '户主', '起始年月', '户号'];
const PAIRS = 6;

const DEATH_SENDERS = ['卫生健康局', '公安局', '民政局（殡葬）'] as const;
/** Days a town's workbook comes back: first in September, again in October. */
const WAVES: readonly (readonly Day[])[] = [
  ['2020-09-12', '2020-09-19', '2020-09-26'].map(day),
  ['2020-10-12', '2020-10-19', '2020-10-26'].map(day),
];
/** Of a campaign, who has registered comes week by week, besides the month's whole list. */
const WEEKS: readonly Day[] = Array.from({ length: 13 }, (_, w) => day('2020-08-07') + 7 * w);
const JOB_SOURCES: Record<JobKind, string> = {
  employee: 'employees-in-province',
  public: 'public-sector-in-province',
  elsewhere: 'employees-elsewhere',
};
const JOB_TITLES: Record<JobKind, string> = {
  employee: '省内企业职保',
  public: '省内机关事保',
  elsewhere: '外省职工养老保险',
};

const SCHEME_CODES: Record<Exclude<SchemeState, ''>, readonly [string, string]> = {
  paying: ['1', '1'],
  paused: ['2', '2'],
  drawing: ['1', '3'],
  'drawing-paused': ['2', '3'],
  ended: ['4', '3'],
  odd: ['1', '2'],
};
const SCHEME_WORDS: Record<Exclude<SchemeState, ''>, readonly [string, string]> = {
  paying: ['正常参保', '参保缴费'],
  paused: ['暂停参保', '暂停缴费'],
  drawing: ['正常参保', '终止缴费'],
  'drawing-paused': ['暂停参保', '终止缴费'],
  ended: ['终止参保', '终止缴费'],
  odd: ['正常参保', '暂停缴费'],
};
const FIRMS = [
  '洞庭食品厂',
  '琼湖船舶机械厂',
  '芦苇造纸厂',
  '宏大服装有限公司',
  '南洞庭水产公司',
  '新世纪百货',
  '安达物流有限公司',
];
const OFFICES = ['县第一中学', '县人民医院', '县水利局', '镇中心小学', '县财政局'];
const ELSEWHERE = [
  '广东省东莞市',
  '广东省深圳市',
  '浙江省义乌市',
  '江苏省苏州市',
  '福建省晋江市',
  '上海市',
  '440306',
  '330782',
];
const STREETS = ['长乐街', '建设路', '沿河街', '农机厂宿舍', '供销社家属院'];

/** Whose household is an office's or a factory's. */
export const SHARED = '集体户';

function streetOf(village: Village): string {
  if (!village.urban) return SHARED;
  return STREETS[village.area % STREETS.length] as string;
}

const COUNTRIES = ['加拿大', '新加坡', '美国', '澳大利亚', '日本'];
const SCHOOLS: Record<string, readonly string[]> = {
  初中: ['第三初级中学', '南嘴中学'],
  高中: ['第一中学', '第三中学', '职业中专'],
  专科: ['长沙民政职业学院', '益阳职业技术学院'],
  本科: ['湖南农业大学', '湘潭大学', '中南林业科技大学'],
};

/** Writes what every office knows of each person, and remembers what the accepted rows say. */
export class Offices {
  readonly #dir: string;
  readonly #county: County;
  readonly #mixed: boolean;
  readonly #random: Random;
  readonly #truth: Truth;
  readonly #deliveries: DeliveryOut[] = [];
  readonly #register: readonly DeliveryOut[];
  readonly #province: readonly DeliveryOut[];
  readonly #scheme: readonly DeliveryOut[];
  readonly #payments: readonly DeliveryOut[];
  readonly #compare: readonly DeliveryOut[];
  readonly #jobs: Record<JobKind, readonly DeliveryOut[]>;
  readonly #wronglyIssued: DeliveryOut;
  readonly #obligated: readonly DeliveryOut[];
  readonly #students: readonly DeliveryOut[];
  readonly #military: readonly DeliveryOut[];
  readonly #prisoners: readonly DeliveryOut[];
  readonly #abroad: readonly DeliveryOut[];
  readonly #deaths: readonly (readonly DeliveryOut[])[];
  readonly #dishonest: DeliveryOut;
  readonly #lowIncome: readonly DeliveryOut[];
  readonly #extremePoverty: readonly DeliveryOut[];
  readonly #disability: readonly DeliveryOut[];
  readonly #poverty: DeliveryOut;
  readonly #land: DeliveryOut;
  readonly #survey: readonly (readonly DeliveryOut[])[];
  readonly #weekly: readonly DeliveryOut[];
  #vouchers = 0;
  #personal = 0;

  /** @param weekly also what changed in the scheme week by week; the other lists stay as they are */
  constructor(dir: string, county: County, format: Format, random: Random, truth: Truth, weekly: boolean) {
    this.#dir = dir;
    this.#county = county;
    this.#mixed = format === 'mixed';
    this.#random = random;
    this.#truth = truth;
    const sheetNames = ['一', '二', '三'];

    this.#register = QUARTERS.map((asOf, q) =>
      this.#open(
        'household-register',
        '户籍人口',
        asOf,
        REGISTER,
        {
          kind: 'xlsx',
          title: `${county.name}户籍人口信息表`,
          unit: `${county.name}公安局`,
          footed: true,
          serial: true,
          numbered: q === 0,
          group: { from: 2, to: q === 0 ? 6 : 5, text: '户籍信息' },
          aliases:
            q === 0
              ? { 0: '公民身份号码', 7: '管理状态' }
              : { 0: '公民身份证号', 3: '', 2: '户籍住址', 11: '手机号码' },
          sheets: ['第一片', '第二片', '说明'],
        },
        { parts: q === 0 ? ['（上）', '（下）'] : undefined },
      ),
    );
    this.#province = ['2020-08-01', '2020-09-01'].map((asOf, b) =>
      this.#open('province-list', `省厅下发需核实名单第${sheetNames[b]}批`, day(asOf), PROVINCE, {
        kind: 'xlsx',
        title: '未参加基本养老保险人员名单',
        serial: true,
        aliases: { 4: '管理状态名称' },
        sheets: ['名单', '说明'],
      }),
    );
    this.#scheme = MONTHS.map((asOf, m) =>
      this.#open(
        'residents-scheme',
        '城乡居保参保人员明细',
        asOf,
        SCHEME,
        {
          kind: m % 2 === 0 ? 'gb18030' : 'xlsx',
          title: m % 2 === 0 ? undefined : '城乡居民养老保险参保人员明细表',
          serial: m % 2 === 1,
          aliases: [
            { 0: '证件号码' },
            { 0: '身份证号' },
            { 0: '社会保障号码', 4: '参保日期' },
            { 0: '公民身份号码', 7: '人员编号' },
          ][m],
          inserted: m === 2 ? { at: 2, header: '证件类型', value: '居民身份证' } : undefined,
        },
        { parts: ['（2011年前参保）', '（2012至2017年参保）', '（2018年后参保）'] },
      ),
    );
    this.#payments = PAYMENT_DAYS.map((asOf, p) =>
      this.#open(
        'residents-payments',
        '城乡居保缴费明细',
        asOf,
        PAYMENTS,
        {
          kind: p === 0 ? 'gb18030' : p % 2 === 1 ? 'bom' : 'xlsx',
          title: p > 0 && p % 2 === 0 ? '城乡居民养老保险费入库明细' : undefined,
          aliases:
            p % 2 === 1
              ? { 0: '证件号码', 3: '实缴金额', 4: '入库日期', 9: '电子税票号' }
              : { 0: '身份证号', 4: '缴费日期' },
          footed: p > 0 && p % 2 === 0,
        },
        { mode: p === 0 ? 'full' : 'delta' },
      ),
    );
    this.#compare = QUARTERS.map((asOf, q) =>
      this.#open('insurance-compare', '全国比对结果', asOf, COMPARE, {
        kind: 'xlsx',
        numbered: true,
        aliases: q === 0 ? { 0: '社会保障号码', 2: '险种' } : { 0: '证件号码', 3: '参保地' },
      }),
    );
    const jobs = (kind: JobKind, asOf: Day, m: number, again = '') =>
      this.#open(JOB_SOURCES[kind], JOB_TITLES[kind] + again, asOf, JOBS, {
        kind: kind === 'employee' ? (m % 2 === 0 ? 'bom' : 'xlsx') : kind === 'public' ? 'xlsx' : 'gb18030',
        title:
          kind === 'public' || (kind === 'employee' && m % 2 === 1)
            ? `${JOB_TITLES[kind]}参保人员名册`
            : undefined,
        unit: kind === 'public' ? `${county.name}机关事业单位养老保险站` : undefined,
        serial: m === 3,
        aliases: {
          0: ['身份证号', '社会保障号码', '公民身份号码', '身份证号码'][m] as string,
          2: ['人员状态', '参保状态', '人员状态', '状态'][m] as string,
          4: m % 2 === 0 ? '参保日期' : '首次参保时间',
          5: kind === 'elsewhere' ? '省份' : '',
        },
        inserted: m === 2 ? { at: 2, header: '民族', value: '汉族' } : undefined,
        footed: kind === 'public',
      });
    this.#wronglyIssued = jobs('employee', MONTHS[1] as Day, 1);
    this.#jobs = {
      employee: MONTHS.map((asOf, m) => jobs('employee', asOf, m, m === 1 ? '（重报）' : '')),
      public: MONTHS.map((asOf, m) => jobs('public', asOf, m)),
      elsewhere: MONTHS.map((asOf, m) => jobs('elsewhere', asOf, m)),
    };
    this.#obligated = MONTHS.map((asOf, m) =>
      this.#open('employees-obligated', '职工养老保险法定人员', asOf, ['身份证号码', '姓名', '用人单位'], {
        kind: 'xlsx',
        title: '应参加职工养老保险而未参保人员名单',
        serial: true,
        aliases: { 2: m % 2 === 0 ? '用人单位' : '单位名称' },
        footed: true,
      }),
    );
    this.#students = QUARTERS.map((asOf, q) =>
      this.#open(
        'students',
        `在校学生${q === 0 ? '春' : '秋'}季`,
        asOf,
        ['身份证号码', '姓名', '学校', '学段', '预计毕业'],
        {
          kind: 'xlsx',
          title: '十六周岁以上在校学生名册',
          unit: `${county.name}教育局`,
          aliases:
            q === 0 ? { 0: '身份证件号', 2: '学校名称', 4: '毕业时间' } : { 1: '学生姓名', 3: '学历层次' },
          footed: true,
        },
      ),
    );
    this.#military = MONTHS.map((asOf) =>
      this.#open('military', '现役军人', asOf, ['身份证号码', '姓名', '入伍时间', '退役时间'], {
        kind: 'xlsx',
        serial: true,
        aliases: { 0: '公民身份号码' },
      }),
    );
    this.#prisoners = MONTHS.map((asOf) =>
      this.#open('prisoners', '服刑人员', asOf, ['身份证号码', '姓名', '刑期起', '刑期止'], {
        kind: 'tsv',
        aliases: { 2: '刑期起日', 3: '刑期止日' },
      }),
    );
    this.#abroad = QUARTERS.map((asOf) =>
      this.#open('abroad', '已出国（境）定居', asOf, ['身份证号码', '姓名', '日期', '国家'], {
        kind: 'bom',
        aliases: { 2: '定居时间', 3: '国家（地区）' },
      }),
    );
    this.#deaths = DEATH_SENDERS.map((sender, s) =>
      MONTHS.map((asOf) =>
        this.#open(
          'deaths',
          `死亡人员_${sender}`,
          asOf,
          ['身份证号码', '姓名', '死亡日期', '来源'],
          {
            kind: s === 2 ? 'xlsx' : s === 1 ? 'gb18030' : 'bom',
            title: s === 2 ? '遗体火化登记表' : undefined,
            aliases: [
              { 2: '死亡时间' },
              { 0: '公民身份号码', 2: '死亡年月' },
              { 0: '死者身份证号码', 1: '死者姓名', 2: '火化时间' },
            ][s],
          },
          { sender },
        ),
      ),
    );
    this.#dishonest = this.#open('dishonest', '失信被执行人', MONTHS[0] as Day, ['身份证号码', '姓名'], {
      kind: 'xlsx',
      aliases: { 1: '被执行人姓名' },
    });
    const household = ['户主身份证号码', '户主姓名', '类别', '户主', '起始年月', '户号'];
    for (let n = 1; n <= PAIRS; n++) household.push(`成员${n}姓名`, `成员${n}身份证号码`);
    this.#lowIncome = MONTHS.map((asOf, m) =>
      this.#open('low-income', '城乡低保', asOf, this.#mixed ? household : LOW_INCOME, {
        kind: 'xlsx',
        title: `${county.name}最低生活保障对象花名册`,
        unit: `${county.name}民政局`,
        serial: true,
        aliases: { 2: ['保障类别', '救助类别', '类别', '低保类别'][m] as string, 3: '', 5: '家庭编号' },
        footed: true,
        numbered: true,
      }),
    );
    this.#extremePoverty = QUARTERS.map((asOf) =>
      this.#open('extreme-poverty', '特困人员', asOf, ['身份证号码', '姓名', '起始年月'], {
        kind: 'xlsx',
        title: '特困供养人员名册',
        serial: true,
        aliases: { 2: '供养起始时间' },
      }),
    );
    this.#disability = QUARTERS.map((asOf, q) =>
      this.#open('disability', '残疾人', asOf, ['残疾证号', '姓名', '级别', '类别'], {
        kind: 'xlsx',
        title: '持证残疾人名册',
        serial: q === 1,
        inserted: q === 1 ? { at: 2, header: '监护人', value: '' } : undefined,
        aliases: { 0: '残疾人证号', 2: q === 0 ? '残疾等级' : '残疾级别' },
      }),
    );
    this.#poverty = this.#open(
      'poverty-registered',
      '建档立卡脱贫户',
      MONTHS[0] as Day,
      ['身份证号码', '姓名', '脱贫标注', '类型'],
      { kind: 'xlsx', aliases: { 2: '脱贫属性', 3: '贫困户属性' } },
    );
    this.#land = this.#open(
      'land-expropriated',
      '被征地农民',
      MONTHS[1] as Day,
      ['身份证号码', '项目', '姓名', '面积', '征地时间', '补贴'],
      { kind: 'xlsx', title: '被征地农民参保补贴人员名册', numbered: true, aliases: { 1: '征地项目' } },
      { nameAt: 2 },
    );
    this.#survey = county.towns.map((town) =>
      WAVES.map((days, wave) => {
        const printed = this.#mixed && isAnnex3(town);
        return this.#open(
          'survey-workbook',
          `${town.name}摸底${wave === 0 ? '底册' : '补充底册'}`,
          days[town.index % days.length] as Day,
          printed ? ANNEX3_HEADERS : SURVEY,
          {
            kind: 'xlsx',
            title: printed ? `${county.name}城乡居保参保对象全覆盖摸底明细表` : `${town.name}摸底情况登记表`,
            unit: town.name,
            serial: true,
            ...(printed
              ? { group: { from: 3, to: 12, text: '不属于城乡居保覆盖范围' }, numbered: true }
              : {}),
            ...(printed ? {} : { aliases: { 2: wave === 0 ? '核实情况' : '落实情况' } }),
            footed: true,
          },
          { sender: `${town.name}`, region: town.code },
        );
      }),
    );
    this.#weekly = (weekly ? WEEKS : []).map((asOf) =>
      this.#open(
        'residents-scheme',
        '城乡居保本周新增参保',
        asOf,
        SCHEME,
        { kind: 'bom' },
        { mode: 'delta' },
      ),
    );
  }

  #open(
    source: string,
    title: string,
    asOf: Day,
    columns: readonly string[],
    looks: Looks,
    more: Partial<Pick<DeliverySpec, 'sender' | 'region' | 'mode' | 'parts' | 'nameAt'>> = {},
  ): DeliveryOut {
    const { aliases, sheets, ...look } = looks;
    const date = iso(asOf).replaceAll('-', '');
    const number = String(this.#deliveries.length + 1).padStart(3, '0');
    const spec: DeliverySpec = this.#mixed
      ? {
          source,
          asOf,
          stem: `${number}_${title}_${date}`,
          look: { ...look, headers: columns.map((column, i) => aliases?.[i] ?? column) },
          sheets,
          ...more,
        }
      : {
          source,
          asOf,
          stem: `${number}_${source}_${iso(asOf)}`,
          look: { kind: 'csv', headers: columns },
          ...more,
          parts: more.parts?.map((_, i) => `_${i + 1}`),
        };
    const delivery = new DeliveryOut(this.#dir, spec, this.#random);
    this.#deliveries.push(delivery);
    return delivery;
  }

  /** Every office writes what it knows of the person. */
  tell(person: Person, life: Life): Heard {
    const heard = nothingHeard(person.birth, person.group);
    this.#tellRegister(person, life, heard);
    if (life.provinceBatch > 0) this.#tellProvince(person, life);
    if (life.scheme.some((state) => state !== '')) this.#tellScheme(person, life, heard);
    for (const payment of life.payments) this.#tellPayment(person, life, payment, heard);
    for (const job of life.jobs) this.#tellJob(person, job, heard);
    this.#tellCompared(person, life.compared, heard);
    this.#tellMemberships(person, life, heard);
    for (const death of life.deaths) {
      const list = this.#deaths[death.sender]?.[death.list] as DeliveryOut;
      const month = death.sender === 1;
      const date = this.#write(death.date, month ? 'wordsMonth' : death.sender === 2 ? 'slashes' : 'iso');
      if (list.put([person.id, person.name, date, ['医学证明', '户籍', '火化'][death.sender] as string])) {
        heard.deaths.push({ day: month ? monthStart(death.date) : death.date, month });
      }
    }
    for (const answer of life.answers) this.#tellAnswer(person, answer, heard);
    this.#tellTags(person, life);
    return heard;
  }

  /** Dates as the office writes them; plain in the csv format, with the same precision. */
  #write(d: Day, notation: keyof typeof NOTATIONS): string {
    if (this.#mixed) return (NOTATIONS[notation] as Notation)(d);
    return notation.endsWith('Month') ? NOTATIONS.isoMonth(d) : iso(d);
  }

  #number(text: string): string {
    return this.#mixed ? NUMBER_CELL + text : text;
  }

  #address(person: Person, place: Place, townName: string): string {
    const { village } = place;
    if (place.known === 'county') return `${this.#county.addressHead}${SHARED}`;
    const head = this.#county.addressHead + townName;
    // The office knew the street, not the village: what rules for addresses are for.
    if (place.known === 'town' && !village.urban) return `${head}${SHARED}`;
    if (place.known === 'town') {
      return `${head}${streetOf(village)}${person.house}号`;
    }
    return `${head}${village.name}第${person.group}${village.urban ? '居民' : '村民'}小组${person.house}号`;
  }

  #tellRegister(person: Person, life: Life, heard: Heard): void {
    for (const q of [0, 1] as const) {
      const place = life.register[q];
      if (place === undefined) continue;
      const list = this.#register[q] as DeliveryOut;
      const { village, known } = place;
      const { town } = village;
      const townName = q === 1 ? town.formerName : town.name;
      const code =
        known === 'village' ? village.code : known === 'town' ? `${town.code}000` : this.#county.code;
      const status = life.status[q] as 'living';
      const cells = [
        person.id,
        person.name,
        this.#address(person, place, townName),
        code,
        known === 'county' ? '' : townName,
        known === 'village' ? village.name : known === 'town' && q === 1 ? '待定村' : '',
        known === 'village' ? String(person.group) : '',
        { living: '管理中', dead: '死亡', moved: '迁出', cancelled: '注销' }[status],
        person.household,
        person.relation,
        person.rural ? '20' : '10',
        person.phone,
      ];
      const table = this.#mixed ? this.#sheetOf(list, town) : undefined;
      const area = known === 'village' ? village.area : known === 'town' ? town.area : 0;
      if (list.put(cells, table)) {
        if (q === 1 && known === 'town') heard.street = { name: streetOf(village), village };
        heard.areas[q] = area;
        heard.status[q] = status;
        if (this.#random.chance(0.0005))
          list.putRenamed(cells, [...person.name][0] + givenName(this.#random, person.male), table);
      } else this.#truth.quarantine(q, area);
    }
  }

  /** The register's towns lie over all its sheets and files. */
  #sheetOf(list: DeliveryOut, town: Town): TableOut {
    const at = Math.floor((town.index * list.tables.length) / (this.#county.towns.length + 1));
    return list.tables[Math.min(at, list.tables.length - 1)] as TableOut;
  }

  #tellProvince(person: Person, life: Life): void {
    const place = life.register[0] as Place;
    const list = this.#province[life.provinceBatch - 1] as DeliveryOut;
    list.put([
      person.id,
      person.name,
      this.#address(person, place, place.village.town.name),
      this.#county.code,
      '管理中',
      life.provinceBatch === 1 ? '第一批' : '第二批',
    ]);
  }

  #tellScheme(person: Person, life: Life, heard: Heard): void {
    const joined = life.schemeJoined;
    heard.scheme.joined = joined;
    const year = Number(iso(joined).slice(0, 4));
    const slice = year <= 2011 ? 0 : year <= 2017 ? 1 : 2;
    const personal = `4309${String(++this.#personal).padStart(8, '0')}`;
    const identity = life.extremePoverty
      ? '031'
      : life.disability === 1
        ? '021'
        : life.disability === 2
          ? '022'
          : '011';
    const townNumber = `${this.#county.code}${String(person.village.town.index + 1).padStart(2, '0')}`;
    for (let m = 0; m < MONTHS.length; m++) {
      const state = life.scheme[m] as SchemeState;
      if (state === '') continue;
      const list = this.#scheme[m] as DeliveryOut;
      const [cb, jf] = (this.#mixed && m % 2 === 1 ? SCHEME_WORDS : SCHEME_CODES)[state];
      const drawing = state === 'drawing' || state === 'drawing-paused';
      const cells = [
        person.id,
        person.name,
        cb,
        jf,
        this.#write(joined, m % 2 === 0 ? 'iso' : 'slashes'),
        identity,
        townNumber,
        personal,
        drawing
          ? this.#write(Math.max(joined, person.birth + 21_915), m % 2 === 0 ? 'digitsMonth' : 'dotMonth')
          : '',
      ];
      const table = list.tables[slice] as TableOut;
      if (list.put(cells, table)) {
        heard.scheme.states[m] = state;
        if (this.#random.chance(0.0004)) list.putRenamed(cells, `${person.name}（重）`, table);
      }
    }
    this.#tellWeek(joined, heard, [person.id, person.name, identity, townNumber, personal, person.birth]);
  }

  /** Only what the month's list repeats: a register that forgets somebody again would be another county's truth. */
  #tellWeek(
    joined: Day,
    heard: Heard,
    [id, name, identity, townNumber, personal, birth]: readonly [string, string, string, string, string, Day],
  ): void {
    const month = MONTHS.findIndex((asOf) => joined <= asOf);
    const state = heard.scheme.states[month] ?? '';
    const week = this.#weekly.find(({ spec }) => joined <= spec.asOf);
    if (month < 1 || week === undefined || week.spec.asOf >= (MONTHS[month] as Day)) return;
    if (state === '' || state === 'ended' || state === 'odd') return;
    const [cb, jf] = SCHEME_CODES[state];
    const drawing = state === 'drawing' || state === 'drawing-paused';
    const from = drawing ? NOTATIONS.isoMonth(Math.max(joined, birth + 21_915)) : '';
    week.putSure([id, name, cb, jf, iso(joined), identity, townNumber, personal, from]);
  }

  #tellPayment(person: Person, life: Life, payment: Life['payments'][number], heard: Heard): void {
    const list = this.#payments[payment.list] as DeliveryOut;
    const asOf = PAYMENT_DAYS[payment.list] as Day;
    const plain = payment.list === 0 || payment.list % 2 === 1;
    const cells = [
      person.id,
      person.name,
      String(payment.year),
      plain ? payment.yuan.toFixed(2) : this.#number(String(payment.yuan)),
      payment.date === undefined ? '' : this.#write(payment.date, plain ? 'iso' : 'digits'),
      payment.fund === '个人' ? this.#random.pick(['微信', '银行代收', '窗口', '支付宝']) : '财政',
      String(Math.abs(payment.yuan)),
      payment.late ? '补缴' : '正常应缴',
      payment.fund,
      `43${String(++this.#vouchers).padStart(12, '0')}`,
    ];
    if (!list.put(cells)) return;
    if (payment.year === 2020) heard.payments.push({ day: payment.date ?? asOf, fen: payment.yuan * 100 });
    // Sent once more with the next list: the voucher number tells.
    if (
      payment.date !== undefined &&
      payment.list < 6 &&
      this.#random.chance(0.003) &&
      life.payments.length === 1
    ) {
      (this.#payments[payment.list + 1] as DeliveryOut).put(
        this.#resent(cells, payment.list + 1, payment.yuan, payment.date),
      );
    }
  }

  #resent(cells: readonly string[], list: number, yuan: number, date: Day): string[] {
    const plain = list % 2 === 1;
    const again = [...cells];
    again[3] = plain ? yuan.toFixed(2) : this.#number(String(yuan));
    again[4] = this.#write(date, plain ? 'iso' : 'digits');
    return again;
  }

  #tellJob(person: Person, job: Job, heard: Heard): void {
    const lists = this.#jobs[job.kind];
    const told = { days: MONTHS, states: [] as ('current' | 'lapsed' | 'ended' | '')[], joined: job.joined };
    heard.jobs.push({ kind: job.kind, told });
    const firm = job.kind === 'public' ? this.#random.pick(OFFICES) : this.#random.pick(FIRMS);
    const where = job.kind === 'elsewhere' ? this.#random.pick(ELSEWHERE) : '';
    const current = job.retired ? ['退休', '领取', '离退休', '退休'] : ['在职', '正常参保', '正常', '在职'];
    for (let m = 0; m < MONTHS.length; m++) {
      const state = job.states[m] as Job['states'][number];
      if (state === '') continue;
      const word =
        state === 'current'
          ? (current[m] as string)
          : state === 'lapsed'
            ? (['暂停', '中断', '断缴', '暂停缴费'][m] as string)
            : '终止';
      const cells = [
        person.id,
        person.name,
        word,
        firm,
        this.#write(job.joined, m % 2 === 0 ? 'iso' : 'words'),
        where,
      ];
      if (m === 1 && job.kind === 'employee') this.#wronglyIssued.put(cells);
      if ((lists[m] as DeliveryOut).put(cells)) told.states[m] = state;
    }
  }

  #tellCompared(person: Person, compared: Life['compared'], heard: Heard): void {
    const seen = new Map<
      string,
      { days: readonly Day[]; states: ('current' | 'lapsed' | 'ended' | '')[]; joined: Day }
    >();
    for (const q of [0, 1] as const) {
      const facts = compared[q] as readonly Compared[];
      for (const fact of facts) {
        this.#compareRow(person, fact, q);
        let told = seen.get(fact.kind);
        if (told === undefined) {
          told = { days: QUARTERS, states: [], joined: fact.joined };
          seen.set(fact.kind, told);
          if (fact.kind === 'residents-elsewhere') heard.residentsElsewhere.push(told as never);
          else if (fact.kind !== 'residents-here') heard.jobs.push({ kind: fact.kind, told });
        }
        told.states[q] = fact.kind === 'residents-elsewhere' && fact.state === 'ended' ? '' : fact.state;
      }
    }
  }

  #compareRow(person: Person, fact: Compared, q: 0 | 1): void {
    const list = this.#compare[q] as DeliveryOut;
    const { kind, state } = fact;
    const scheme =
      kind === 'residents-elsewhere' || kind === 'residents-here'
        ? q === 0
          ? '城乡居民社会养老保险'
          : '城乡居民'
        : kind === 'public'
          ? '机关事业单位养老保险'
          : '城镇企业职工基本养老保险';
    const where =
      kind === 'employee' || kind === 'public' ? `${this.#county.province}长沙市` : '广东省东莞市';
    list.putSure([
      person.id,
      person.name,
      scheme,
      kind === 'residents-here' ? this.#county.addressHead : where,
      state === 'current' ? '参保缴费' : state === 'lapsed' ? '暂停缴费' : '终止参保',
      this.#write(fact.joined, q === 0 ? 'digitsMonth' : 'dotMonth'),
      state === 'lapsed' ? '与单位解除劳动合同' : '',
      q === 0 ? '202007' : '202009',
    ]);
  }

  #tellMemberships(person: Person, life: Life, heard: Heard): void {
    const { id, name } = person;
    if (life.obligated.length > 0) {
      const firm = this.#random.pick(FIRMS);
      life.obligated.forEach((listed, m) => {
        if (listed && this.#obligated[m]?.put([id, name, firm])) heard.obligated.states[m] = 'yes';
      });
    }
    const { student, military, prison, abroad } = life;
    if (student !== undefined) {
      const school = this.#random.pick(SCHOOLS[student.stage] as readonly string[]);
      heard.student.end = monthEnd(student.graduates);
      student.terms.forEach((listed, q) => {
        const cells = [
          id,
          name,
          school,
          student.stage,
          this.#write(student.graduates, q === 0 ? 'dotMonth' : 'wordsMonth'),
        ];
        if (listed && this.#students[q]?.put(cells)) heard.student.told.states[q] = 'yes';
      });
    }
    if (military !== undefined) {
      heard.military.told.joined = military.joined;
      military.months.forEach((listed, m) => {
        const left =
          military.left !== undefined && military.left <= (MONTHS[m] as Day) + 25 ? military.left : undefined;
        const cells = [
          id,
          name,
          this.#cellDate(military.joined),
          left === undefined ? '' : this.#cellDate(left),
        ];
        if (!listed || !this.#military[m]?.put(cells)) return;
        heard.military.told.states[m] = 'yes';
        if (left !== undefined) heard.military.end = left + 1;
      });
    }
    if (prison !== undefined) {
      heard.prison.told.joined = prison.from;
      heard.prison.end = prison.to + 1;
      prison.months.forEach((listed, m) => {
        const cells = [id, name, this.#write(prison.from, 'words'), this.#write(prison.to, 'words')];
        if (listed && this.#prisoners[m]?.put(cells)) heard.prison.told.states[m] = 'yes';
      });
    }
    if (abroad !== undefined) {
      const list = this.#abroad[abroad.list] as DeliveryOut;
      if (list.put([id, name, this.#write(abroad.date, 'dotMonth'), this.#random.pick(COUNTRIES)])) {
        heard.abroad = monthStart(abroad.date);
      }
    }
    if (life.wronglyEmployed) {
      this.#wronglyIssued.put([id, name, '在职', this.#random.pick(FIRMS), iso(day('2019-05-01')), '']);
    }
  }

  /** As Excel stores a date that somebody typed. */
  #cellDate(d: Day): string {
    return this.#mixed ? `${DATE_CELL}${d + 25_569}` : iso(d);
  }

  #tellTags(person: Person, life: Life): void {
    const { id, name } = person;
    if (life.dishonest) this.#dishonest.put([id, name]);
    if (life.extremePoverty) {
      for (const list of this.#extremePoverty)
        list.put([id, name, this.#write(day('2018-01-01'), 'dotMonth')]);
    }
    if (life.disability > 0) {
      const kind = this.#random.int(1, 7);
      const level = ['一级', '二级', '三级', '四级'][life.disability - 1] as string;
      const word = ['视力', '听力', '言语', '肢体', '智力', '精神', '多重'][kind - 1] as string;
      for (const list of this.#disability) list.put([`${id}${kind}${life.disability}`, name, level, word]);
    }
    if (life.povertyRegistered)
      this.#poverty.put([id, name, '已脱贫', this.#random.pick(['一般贫困户', '低保贫困户'])]);
    if (life.landTaken) {
      const taken = this.#write(day('2015-03-01') + this.#random.int(0, 1800), 'wordsMonth');
      this.#land.put([
        id,
        this.#random.pick(['益南高速', '环湖公路', '石矶湖片区']),
        name,
        '1.20',
        taken,
        this.#number('3600'),
      ]);
    }
  }

  #tellAnswer(person: Person, answer: Answer, heard: Heard): void {
    const { town } = person.village;
    const list = this.#survey[town.index]?.[answer.wave] as DeliveryOut;
    const { asOf } = list.spec;
    const stated = asOf - answer.visitedBefore;
    const visit = Math.min(stated, asOf);
    const printed = isAnnex3(town);
    const when = this.#write(stated, 'slashes');
    const willing = answer.willing === 'yes' ? '是' : answer.willing === 'no' ? '否' : '';
    const reason = answer.willing === 'no' ? '觉得待遇低' : '';
    let cells: string[];
    if (printed && this.#mixed) {
      const ticks = Array.from({ length: 11 }, (_, i): string => (answer.column === i + 7 ? '√' : ''));
      if (answer.column === 0 && answer.willing !== undefined) ticks[0] = '√';
      if (answer.column === 17) ticks[10] = answer.word;
      cells = [
        person.id,
        person.name,
        ...ticks,
        willing,
        person.phone,
        when,
        answer.column === 0 ? answer.word.trim() : '',
      ];
    } else {
      cells = [
        person.id,
        person.name,
        answer.word,
        printed || this.#random.chance(0.5) ? willing : '',
        answer.village.name,
        String(person.group),
        printed ? '' : answer.village.code,
        person.phone,
        reason,
        when,
        '入户',
        '',
      ];
    }
    if (!list.put(cells)) return;
    heard.answers.push({
      visit,
      asOf,
      column: answer.column,
      willing: answer.willing,
      area: printed ? undefined : answer.village.area,
      grouped: !(printed && this.#mixed),
      town: town.area,
    });
  }

  /** 低保 knows households: one row of up to seven people, or one row a person in the csv format. */
  tellLowIncome(members: readonly Person[]): void {
    const random = this.#random;
    const head = members[0] as Person;
    const full = random.chance(0.3);
    const since = day('2016-01-01') + random.int(0, 1500);
    for (let m = 0; m < MONTHS.length; m++) {
      if (m > 0 && random.chance(0.03)) break;
      const list = this.#lowIncome[m] as DeliveryOut;
      const word = (full ? ['全额', '全额救助', 'A', 'A类'] : ['差额', '差额救助', 'B', 'C类'])[m] as string;
      const category = random.chance(0.006) ? '' : word;
      const when = this.#write(since, 'digitsMonth');
      const listed = members.slice(0, PAIRS + 1);
      if (!this.#mixed) {
        for (const one of listed) {
          const cells = [one.id, one.name, category, head.name, when, head.household];
          if (category === '') list.putRejected(cells);
          else list.put(cells);
        }
        continue;
      }
      const cells = [head.id, head.name, category, head.name, when, head.household];
      list.count(category === '' ? 'rejected' : 'accepted');
      for (let n = 1; n <= PAIRS; n++) {
        const one = listed[n];
        const half = one !== undefined && random.chance(0.01);
        const noName = half && random.chance(0.5);
        cells.push(
          one === undefined || noName ? '' : one.name,
          one === undefined || (half && !noName) ? '' : one.id,
        );
        if (one !== undefined) list.count(half || category === '' ? 'rejected' : 'accepted');
      }
      list.putCounted(cells);
    }
  }

  /** Closes all files. @returns the manifest's deliveries with what is expected of each, in receiving order */
  end(): { entry: ManifestEntry; counts: DeliveryOut['counts'] }[] {
    return this.#deliveries.flatMap((delivery) => {
      const entry = delivery.end();
      return entry === undefined ? [] : [{ entry, counts: delivery.counts }];
    });
  }
}

/** Some towns send the printed form back, others the registers they keep. */
function isAnnex3(town: Town): boolean {
  return town.index % 3 === 2;
}
