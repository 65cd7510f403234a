import { toHalfWidth } from '../kernel/plain-date.ts';

/** A list says the same few words a hundred thousand times. */
const NORMALISED = new Map<string, string>();

/** A word as it can be compared: half-width, without spaces or brackets (what they hold stays), lower case. */
export function normaliseWord(raw: string): string {
  let word = NORMALISED.get(raw);
  if (word === undefined) {
    word = toHalfWidth(raw)
      .replace(/[\s\u00a0\u200b-\u200f\ufeff'"‘’“”()[\]{}【】〔〕〈〉《》。.,，、;:：*]/g, '')
      .toLowerCase();
    if (NORMALISED.size >= 10_000) NORMALISED.clear();
    NORMALISED.set(raw, word);
  }
  return word;
}

/** Words separated by spaces, by what they mean. */
type Words<T extends string> = Readonly<Record<T, string>>;

function index<T extends string>(words: Words<T>): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const code of Object.keys(words) as T[]) {
    for (const word of words[code].split(/\s+/)) if (word !== '') map.set(normaliseWord(word), code);
  }
  return map;
}

export type LowIncomeCategory = 'full' | 'partial';

const LOW_INCOME = index<LowIncomeCategory>({
  full: '全额 全额救助 全额低保 全额保障 全额对象 A A类 一类',
  partial: '差额 差额救助 差额低保 差额保障 差额对象 B B类 C C类 二类 三类',
});

/** A blank is an error: guessing 差额 would change the amount the government pays. */
export function lowIncomeCategory(raw: string): LowIncomeCategory | 'blank' | 'unknown' {
  const word = normaliseWord(raw);
  if (word === '') return 'blank';
  return LOW_INCOME.get(word) ?? 'unknown';
}

export type DisabilityLevel = 1 | 2 | 3 | 4;

/** 一级, 1, 一, 壹级, 残疾一级, 1级 */
export function disabilityLevel(raw: string): DisabilityLevel | undefined {
  const word = normaliseWord(raw).replace(/残疾|级别|等级|级/g, '');
  const at = ['1一壹', '2二贰', '3三叁', '4四肆'].findIndex((set) => word.length === 1 && set.includes(word));
  return at < 0 ? undefined : ((at + 1) as DisabilityLevel);
}

export type SchemeState = 'paying' | 'paused' | 'drawing' | 'drawing-paused' | 'ended' | 'unknown';

const CB = index<'1' | '2' | '4' | '0'>({
  0: '0 00 未参保',
  1: '1 01 正常参保 参保 正常 参保正常',
  2: '2 02 暂停参保 暂停 参保暂停 中断参保',
  4: '4 04 终止参保 终止 参保终止',
});
const JF = index<'1' | '2' | '3'>({
  1: '1 01 参保缴费 正常缴费 缴费',
  2: '2 02 暂停缴费 中断缴费 暂停',
  3: '3 03 终止缴费 停止缴费 终止',
});
const PAIRS: Readonly<Record<string, SchemeState>> = {
  '1,1': 'paying',
  '2,2': 'paused',
  '1,3': 'drawing',
  '2,3': 'drawing-paused',
  '4,3': 'ended',
};

/** The state of a residents' registration from 参保状态 and 缴费状态, as codes or words. */
export function schemeState(cbState: string, jfState: string): SchemeState {
  const cb = CB.get(normaliseWord(cbState));
  const jf = JF.get(normaliseWord(jfState));
  return PAIRS[`${cb},${jf}`] ?? 'unknown';
}

export type EmployeeState = 'current' | 'lapsed' | 'ended';

const EMPLOYEE = index<EmployeeState>({
  current: `
    在职 正常 退休 领取 正常参保 正常缴费 参保缴费 正常待遇 在保 参保 缴费 离退休 离休 退职 供养 在编 在职参保
    正常领取 领取待遇 待遇领取 享受待遇 参保在职 一次性退休 待遇暂停 退休人员 在职人员 在职正常 续保 新参保 参保正常
    正常享受 退休领取 1`,
  lapsed: '暂停 中断 断缴 暂停缴费 中断缴费 暂停参保 参保暂停 停保 停缴 欠费 中断参保 暂停缴费中断 2',
  ended: '终止 终止参保 参保终止 终止缴费 退保 注销 转出 已转出 转移 转移出 清退 死亡 死亡终止 3 4',
});

export interface ReadWord<T> {
  readonly value: T;
  readonly quality?: 'unknown-word';
}

/** A word that is not there or is not known counts as current; the unknown word is a quality item. */
export function employeeState(raw: string): ReadWord<EmployeeState> {
  const word = normaliseWord(raw);
  if (word === '') return { value: 'current' };
  const known = EMPLOYEE.get(word);
  return known === undefined ? { value: 'current', quality: 'unknown-word' } : { value: known };
}

export type RegisterStatus = 'living' | 'dead' | 'moved' | 'cancelled' | 'unknown';

const REGISTER = index<RegisterStatus>({
  living: '管理中 正常 在籍 在册 有效 户籍正常 正常管理',
  dead: '死亡 已死亡 死亡注销 死亡销户 注销死亡',
  moved: '迁出 已迁出 户口迁出 迁往市县外 迁出注销',
  cancelled: '注销 已注销 户口注销 销户 已销户 服兵役注销 出国境注销',
  unknown: '',
});

export function registerStatus(raw: string): RegisterStatus {
  const word = normaliseWord(raw);
  return word === '' ? 'living' : (REGISTER.get(word) ?? 'unknown');
}

export type InsuranceScheme = 'enterprise' | 'public' | 'residents' | 'unknown';

const SCHEMES = index<InsuranceScheme>({
  enterprise: `
    企业职工 城镇企业职工基本养老保险 企业职工基本养老保险 城镇职工基本养老保险 职工基本养老保险 企业养老保险 企业养老
    企业职保 城镇企业职工养老保险 企业职工养老保险 职工养老保险 城镇职工养老保险 职保 110 企业基本养老保险`,
  public: `
    机关事业 机关事业单位养老保险 机关事业单位基本养老保险 机关事业养老保险 机关事业单位工作人员基本养老保险 机关养老
    机关事保 机关保 120 机关事业单位`,
  residents: `
    城乡居民 城乡居民社会养老保险 城乡居民基本养老保险 城乡居民养老保险 新型农村社会养老保险 新农保 城乡居保 居保 170
    城镇居民社会养老保险 城镇居民养老保险`,
  unknown: '',
});

export function insuranceScheme(raw: string): InsuranceScheme {
  return SCHEMES.get(normaliseWord(raw)) ?? 'unknown';
}

export type SurveyAnswer =
  | 'employee-in-province'
  | 'public-in-province'
  | 'employee-elsewhere'
  | 'abroad'
  | 'dead'
  | 'prison'
  | 'military'
  | 'student'
  | 'obligated'
  | 'elsewhere-insured'
  | 'empty-household'
  | 'not-local'
  | 'data-error'
  | 'other'
  | 'refuses'
  | 'willing'
  | 'claims-registered'
  | 'alive'
  | 'migrant'
  | 'unreachable'
  | 'unknown';

const ANSWERS = index<SurveyAnswer>({
  'employee-in-province': `
    参加省职保 参职保（含退休） 参职保 参加职保 已参职保 已参加职保 职保 省职保 参加省内职保 已参加省内企业职保
    参加省内企业职保 省内企业职保 参加企业职保 参加职工养老保险 已参加职工养老保险 参职保退休 企业职保 已参加企业职保
    参加省内职工养老保险 参加企业职工养老保险 200`,
  'public-in-province': `
    参加机关保 参机关保 机关保 参加机关事保 已参加省内机关事保 参加省内机关事保 省内机关事保 机关事保 参加机关事业保险
    参加机关事业养老保险 已参加机关事保 已参机关保 201`,
  'employee-elsewhere': `
    参加省外职保 省外职保 外省职保 已参加外省职工养老保险 参加外省职工养老保险 参加外省职保 外省职工养老保险 省外参职保
    已参加外省职保 已参加省外职保 202`,
  abroad: '出国（境） 出国 出境 已出国（境）定居 出国定居 出国境定居 已出国 境外定居 国外定居 206',
  dead: '死亡未销户 死亡（失踪） 死亡 已死亡 已死亡未销户 失踪 宣告死亡 去世 已去世 死亡未注销 已故 207',
  prison: '服刑 服刑人员 正在服刑 在押 劳教 205',
  military: '参军 现役军人 服役 现役 服兵役 当兵 军人 204',
  student: '在校学生 16岁以上在校生 16岁以上在校学生 在校生 学生 在读 在读学生 大学生 在校大学生 203',
  obligated:
    '法定人员 职工养老保险法定人员（未参保） 职工养老保险法定人员 职保法定人员 法定未参保 法定未参保人员 职保法定人员未参保',
  'elsewhere-insured':
    '异地居保 外省居保 外地居保 参加异地居保 已参加异地居保 异地参加居保 外地参加居保 省外居保 外县居保',
  'empty-household': '空挂户 空挂 空户 空挂人员 查无此人',
  'not-local':
    '户口不在本地 户籍不在本地 非本地户籍 户口已迁出 迁出 已迁出 户籍迁出 户口迁出 不是本地人 非本地户口 非本村人员',
  'data-error': '数据错误 信息错误 数据有误 信息有误 重复数据 身份证错误 错误数据',
  other: '其他 其它 其他人员 其他原因 其它人员 其他情况 208',
  refuses: `
    无参保意愿 自愿放弃 不愿意 不愿参保 不愿意参保 拒绝参保 拒参 放弃 放弃参保 自愿放弃参保 个人不愿意参保 无意愿
    没有参保意愿 不参保`,
  willing: '愿意 愿意参保 有参保意愿 有意愿 同意参保 自愿参保 愿参保',
  'claims-registered': `
    我区参加居保 已参居保 已录入居保 已录入未审核 已参加居保 参加居保 已参保 已参加城乡居保 参加城乡居保 我市参加居保
    我县参加居保 本地参加居保 已参加城乡居民养老保险 已录入 已登记 已参保登记 居保 011`,
  alive: '在世 健在 生存 存活 在世其他情况',
  migrant: '外出务工 外出打工 在外务工 务工 外地务工 在外打工 打工',
  unreachable: '联系不上 人户分离 人户分离联系不上 无法联系 联系不到 失联 下落不明 人户分离无法联系',
  unknown: '',
});

/** What a town's 核实情况 says. A word nobody knows stays `unknown`; nothing is guessed from parts of it. */
export function surveyAnswer(raw: string): SurveyAnswer {
  return ANSWERS.get(normaliseWord(raw)) ?? 'unknown';
}

const YES_NO = index<'yes' | 'no'>({
  yes: '是 愿意 √ ✓ ✔ 1 y yes 有 有意愿 愿意参保 对 同意 愿',
  no: '否 不愿意 × ✗ ✘ x 0 2 n no 无 无意愿 不愿意参保 不愿 不愿参保 不同意 不',
});

/** 是否愿意参保; undefined is not known, and that is not 否. */
export function yesNo(raw: string): 'yes' | 'no' | undefined {
  return YES_NO.get(normaliseWord(raw));
}

const TICKS = new Set(
  ['√', '✓', '✔', '☑', '1', '是', 'y', 'yes', '对', '有', 'v', '∨', 'true', '☑️', '✅'].map(normaliseWord),
);

export function isTick(raw: string): boolean {
  return TICKS.has(normaliseWord(raw));
}
