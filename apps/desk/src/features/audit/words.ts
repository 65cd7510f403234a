import { findRole } from '@quanbao/domain/access/roles';
import { findSource } from '@quanbao/domain/sources/catalogue';

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
  settings: '选项',
  key: '密钥',
  backup: '备份',
};

/** `delivery 12` → 报送 12 */
export function subjectWords(subject: string): string {
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
  values: '改写项',
  queue: '队列',
  office: '部门',
  document: '文号',
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
  if (typeof value === 'object') return JSON.stringify(value);
  const text = String(value);
  if (key === 'source') return findSource(text)?.title ?? text;
  if (key === 'role') return findRole(text)?.title ?? text;
  return text;
}
