/** What stands beside the verdict and wants a person's attention: conflicts (矛盾) and data quality (数据待核). */
export interface FindingKind {
  readonly kind: string;
  readonly queue: 'conflict' | 'quality' | 'information';
  readonly label: string;
  readonly advice: string;
  /** Lists whose content its very name tells. */
  readonly tells?: readonly string[];
}

export const FINDINGS: readonly FindingKind[] = [
  { kind: 'dead-insured', queue: 'conflict', label: '死亡仍参保', advice: '核实死亡日期后办理终止参保' },
  {
    kind: 'dead-drawing',
    queue: 'conflict',
    label: '死亡仍参保（冒领风险）',
    advice: '立即暂停待遇，核实死亡日期并追回多发部分',
  },
  {
    kind: 'prison-drawing',
    queue: 'conflict',
    label: '服刑期间领取待遇',
    advice: '核实刑期后暂停待遇',
    tells: ['prisoners'],
  },
  {
    kind: 'abroad-drawing',
    queue: 'conflict',
    label: '出国（境）定居仍领取待遇',
    advice: '核实国籍与定居情况后处理',
  },
  {
    kind: 'duplicate-insured',
    queue: 'conflict',
    label: '重复参保',
    advice: '保留职工养老保险，终止城乡居保并清退重复缴费',
  },
  {
    kind: 'two-provinces',
    queue: 'conflict',
    label: '两省同时参保',
    advice: '核实后由一省终止关系',
  },
  {
    kind: 'drawing-under-60',
    queue: 'conflict',
    label: '未满60周岁领取待遇',
    advice: '核实出生日期与待遇审批',
  },
  {
    kind: 'paid-unregistered',
    queue: 'conflict',
    label: '本年已缴费但未参保登记',
    advice: '补办参保登记或退费',
  },
  { kind: 'student-over-25', queue: 'conflict', label: '25周岁以上在校学生', advice: '请教育部门核实学籍' },
  { kind: 'student-registered', queue: 'information', label: '在校学生已参保', advice: '仅提示' },
  {
    kind: 'soldier-registered',
    queue: 'information',
    label: '现役军人已参保',
    advice: '仅提示',
    tells: ['military'],
  },
  {
    kind: 'dead-but-alive',
    queue: 'conflict',
    label: '户籍死亡、入户在世',
    advice: '由公安与村（社区）共同核实',
  },
  {
    kind: 'claim-unregistered',
    queue: 'conflict',
    label: '称已参保、系统无登记',
    advice: '核对参保登记，未录入的补录',
  },
  {
    kind: 'survey-differs',
    queue: 'conflict',
    label: '摸底结果与部门数据不一致',
    advice: '以材料核实后裁定',
  },
  {
    kind: 'name-differs',
    queue: 'conflict',
    label: '同一号码姓名不一致',
    advice: '核对身份证后更正姓名或号码',
  },
  {
    kind: 'village-outside-town',
    queue: 'conflict',
    label: '所填村不属于报送乡镇',
    advice: '核实村（社区）编码',
  },
  {
    kind: 'military-and-prison',
    queue: 'conflict',
    label: '既服役又服刑',
    advice: '分别向武装部门、司法部门核实',
    tells: ['military', 'prisoners'],
  },
  {
    kind: 'register-disagrees',
    queue: 'conflict',
    label: '户籍名单内同一号码各行不一致',
    advice: '请公安核实户籍状态',
  },
  {
    kind: 'registered-here-elsewhere',
    queue: 'conflict',
    label: '全国比对显示本地参加居保、本地无登记',
    advice: '核对本地参保登记',
  },
  { kind: 'unknown-word', queue: 'quality', label: '状态用语或险种无法识别', advice: '与报送部门核对用语' },
  {
    kind: 'unknown-state-pair',
    queue: 'quality',
    label: '参保状态与缴费状态组合异常',
    advice: '在业务系统中更正状态',
  },
  { kind: 'place-unknown', queue: 'quality', label: '参保地无法识别', advice: '补填行政区划后重新报送' },
  { kind: 'no-village', queue: 'quality', label: '未分到村（社区）', advice: '补填12位区划编码' },
  { kind: 'not-in-register', queue: 'quality', label: '参保未见户籍', advice: '核实户籍是否迁出或号码有误' },
  {
    kind: 'village-unknown',
    queue: 'quality',
    label: '所填12位区划编码不在本县',
    advice: '核对村（社区）编码后重新报送',
  },
  {
    kind: 'implausible-age',
    queue: 'quality',
    label: '年龄已满120周岁',
    advice: '核实出生日期，去世的办理销户',
  },
  { kind: 'never-paid', queue: 'quality', label: '登记参保从未缴费', advice: '核实是否本人参保并动员缴费' },
];

const BY_KIND = new Map(FINDINGS.map((finding) => [finding.kind, finding]));

export function findingKind(kind: string): FindingKind {
  const found = BY_KIND.get(kind);
  if (found === undefined) throw new Error(`unknown finding ${kind}`);
  return found;
}
