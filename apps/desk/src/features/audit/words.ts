import { findRole } from '@quanbao/domain/access/roles';
import { PARITY_WORDS, RULE_KINDS } from '@quanbao/domain/addresses/rules';
import { FINDINGS, findingKind } from '@quanbao/domain/coverage/finding';
import { COLUMN_WORDS } from '@quanbao/domain/coverage/words';
import { INDICATORS } from '@quanbao/domain/indicators/indicators';
import { MEANING_WORDS } from '@quanbao/domain/register/search';
import { findSource } from '@quanbao/domain/sources/catalogue';
import { surveyChoice } from '@quanbao/domain/survey/answers';
import { CHECK_WORDS } from '@quanbao/domain/survey/checks';
import { BASIS_WORDS } from '@quanbao/domain/survey/rounds';

const SUBJECTS: Readonly<Record<string, string>> = {
  person: '人员',
  people: '人员清单',
  delivery: '报送',
  account: '账号',
  adjudication: '裁定',
  conflict: '矛盾',
  quality: '数据待核',
  findings: '矛盾清单',
  decisions: '裁定记录',
  county: '本县',
  report: '报表',
  form: '自定表',
  fix: '更正',
  annex3: '附件3',
  annex4: '附件4',
  annex5: '附件5',
  'dry run': '试算',
  settings: '选项',
  key: '密钥',
  backup: '备份',
  issue: '底册',
  issues: '底册',
  return: '返回的底册',
  returns: '返回的底册',
  contradictions: '底册与手机的矛盾',
  ledger: '台账',
  visits: '走访记录',
  revisits: '复访名单',
  round: '走访任务',
  cover: '包村',
  covers: '包村',
  check: '抽查',
  headcount: '人数核定',
  assessment: '考核轮次',
  scheme: '考核方案',
  rule: '地址规则',
  rules: '地址规则',
  application: '地址分村',
};

/** `delivery 12` → 报送 12 */
export function subjectWords(subject: string): string {
  if (subject in SUBJECTS) return SUBJECTS[subject] as string;
  const [kind = '', ...rest] = subject.split(' ');
  return [SUBJECTS[kind] ?? kind, ...rest].join(' ');
}

const DETAILS: Readonly<Record<string, string>> = {
  reason: '事由',
  rows: '行数',
  people: '人数',
  changed: '改变',
  asOf: '截至',
  source: '来源',
  kind: '种类',
  column: '栏',
  from: '自',
  reveal: '全号',
  total: '总数',
  by: '按',
  typed: '输入',
  role: '角色',
  region: '区划',
  login: '账号',
  disabled: '停用',
  permission: '权限',
  rejected: '拒收',
  accepted: '接收',
  key: '密钥',
  files: '文件',
  choice: '采用',
  values: '改写项',
  queue: '队列',
  office: '部门',
  document: '文号',
  format: '格式',
  state: '处理情况',
  indicator: '指标',
  delivery: '报送',
  registered: '参保登记',
  paid: '当年缴费',
  willing: '参保意愿',
  tag: '标签',
  ageBand: '年龄段',
  unplaced: '未分村社区',
  village: '村（社区）',
  fix: '更正',
  name: '名称',
  columns: '栏数',
  on: '启用',
  before: '原值',
  value: '值',
  divisions: '区划数',
  schemeCodes: '参保地代码数',
  olderThanDays: '早于（天）',
  unreadable: '读不出',
  code: '原因',
  why: '原因',
  replaced: '替换',
  new: '新增',
  same: '相同',
  duplicate: '重复',
  withdrawn: '不再在册',
  unmatched: '未见户籍',
  contradicting: '新矛盾',
  mode: '方式',
  sender: '报送单位',
  basis: '名单来源',
  due: '期限',
  covers: '项数',
  accounts: '账号数',
  to: '止',
  seed: '抽样种子',
  drawn: '抽取',
  visits: '走访',
  result: '结果',
  answer: '答复',
  proof: '佐证',
  version: '版',
  scheme: '考核方案',
  units: '单位数',
  line: '考核内容',
  lines: '行数',
  amount: '数值',
  given: '材料类别',
  appeal: '申诉号',
  upheld: '采纳',
  sm3: 'SM3摘要',
  unit: '单位',
  file: '材料号',
  day: '日期',
  population: '户籍人口',
  inScope: '应参保',
  texts: '文字',
  without: '不含',
  parity: '单双',
  first: '起号',
  last: '止号',
  replaces: '代替',
  rules: '规则数',
  added: '新增',
  retired: '停用',
  shown: '例子',
};

/** What is known of an act: titles and values in words. */
export function detailLines(detail: Readonly<Record<string, unknown>>): [title: string, value: string][] {
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== '')
    .map(([key, value]) => [DETAILS[key] ?? key, valueWords(key, value)]);
}

/** The details in one line; what is nested is left to the page of one act. */
export function detailWords(detail: Readonly<Record<string, unknown>>): string {
  const plain = Object.entries(detail).filter(([, value]) => typeof value !== 'object');
  return detailLines(Object.fromEntries(plain))
    .map((pair) => pair.join('：'))
    .join('，');
}

function valueWords(key: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (Array.isArray(value)) return value.map((one) => valueWords(key, one)).join('、');
  if (typeof value === 'object' && value !== null) {
    return detailLines(value as Readonly<Record<string, unknown>>)
      .map((pair) => pair.join('：'))
      .join('，');
  }
  const text = String(value);
  if (key === 'source') return findSource(text)?.title ?? text;
  if (key === 'role') return findRole(text)?.title ?? text;
  if (key === 'kind' && FINDINGS.some((one) => one.kind === text)) return findingKind(text).label;
  if (key === 'column')
    return COLUMN_WORDS[Number(text)] ? `第 ${text} 栏 ${COLUMN_WORDS[Number(text)]}` : text;
  if (key === 'indicator') return INDICATORS.find((one) => one.code === text)?.name ?? text;
  if (key === 'answer') return surveyChoice(text)?.title ?? text;
  if (key === 'basis') return BASIS_WORDS[text as keyof typeof BASIS_WORDS]?.title ?? text;
  if (key === 'result') return CHECK_WORDS[text as keyof typeof CHECK_WORDS] ?? text;
  if (key === 'by') return MEANING_WORDS[text as keyof typeof MEANING_WORDS] ?? text;
  return VALUES[text] ?? text;
}

const VALUES: Readonly<Record<string, string>> = {
  conflict: '矛盾',
  quality: '数据待核',
  waiting: '待处理',
  decided: '已裁定',
  full: '全量',
  delta: '变动',
  text: '终端表格',
  xlsx: 'xlsx 表格',
  statement: '意愿书',
  record: '走访记录',
  ...Object.fromEntries(RULE_KINDS.map(({ kind, title }) => [kind, title])),
  ...PARITY_WORDS,
};
