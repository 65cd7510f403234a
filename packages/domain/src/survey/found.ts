import { isPlainDate, type PlainDate } from '../kernel/plain-date.ts';
import { type IdProblem, maskIdsIn, parseResidentId } from '../kernel/resident-id.ts';

/** What a worker writes down of somebody who is on no list of his village. */
export interface FoundGiven {
  readonly name: string;
  readonly id?: string | undefined;
  /** Month of birth, where the number is not known. */
  readonly birth?: string | undefined;
  readonly sex?: 'male' | 'female' | undefined;
  readonly phone?: string | undefined;
  readonly village: string;
  readonly address: string;
  readonly relation: string;
}

/** The same, in order. */
export interface FoundPerson {
  readonly name: string;
  /** 18 digits; undefined where it is not known. */
  readonly id: string | undefined;
  /** A day by the number, else a month. */
  readonly birth: string;
  readonly sex: 'male' | 'female';
  readonly phone: string | undefined;
  readonly village: string;
  readonly address: string;
  readonly relation: string;
}

const ID_WORDS: Readonly<Record<IdProblem, string>> = {
  'id.blank': '请填写证件号码；查不到的，请选“证件号不详”。',
  'id.length': '证件号码应为 18 位（老证 15 位），请数一数。',
  'id.characters': '证件号码里有不该有的字；末位可以是 X。',
  'id.check-digit': '证件号码的校验位不符，有数字写错或颠倒，请核对证件。',
  'id.date': '证件号码里的出生日期不对，请核对证件。',
  'id.number-cell': '证件号码不完整，请重填。',
  'id.scientific': '证件号码不完整，请重填。',
};

export const FOUND_RELATIONS = ['户主', '配偶', '子女', '父母', '孙辈', '其他亲属', '非亲属'] as const;

export type FoundState = 'open' | 'listed' | 'entered' | 'aside' | 'replaced';
export const FOUND_STATES: Readonly<Record<FoundState, string>> = {
  open: '待处理',
  listed: '已在名单上',
  entered: '已登记',
  aside: '已搁置',
  replaced: '已更正',
};

/** @returns what is wrong, in words for whoever stands at the door. @param on nobody is born after it */
export function readFound(given: FoundGiven, on: PlainDate): FoundPerson | string {
  const name = given.name.trim();
  if (name === '') return '请填写姓名。';
  if (/[\d０-９]/.test(name)) return '姓名里不能有数字。';
  const [address, relation] = [given.address.trim(), given.relation.trim()];
  if (address === '') return '请填写住址（几组几号）。';
  if (relation === '') return '请选择与户主的关系。';
  if ([address, relation].some((text) => maskIdsIn(text) !== text)) {
    return '住址里不能写证件号码，请删去。';
  }
  if (!/^\d{12}$/.test(given.village)) return '请选择在哪个村（社区）发现的。';
  const phone = given.phone?.replace(/[\s-]/g, '') || undefined;
  if (phone !== undefined && !/^\d{7,12}$/.test(phone)) return '电话号码应为 7 至 12 位数字。';
  const rest = { name, phone, village: given.village, address, relation };
  if (given.id !== undefined) {
    const read = parseResidentId(given.id, on);
    if (typeof read === 'string') return ID_WORDS[read];
    return { ...rest, id: read.id, birth: read.birth, sex: read.sex };
  }
  const { birth = '', sex } = given;
  if (sex === undefined) return '证件号不详的，要选性别。';
  if (!/^\d{4}-\d{2}$/.test(birth) || !isPlainDate(`${birth}-01`)) {
    return '证件号不详的，要填出生年月，如 1965-03。';
  }
  if (`${birth}-01` > on || birth < '1850') return '出生年月不对，请再问一问。';
  return { ...rest, id: undefined, birth, sex };
}
