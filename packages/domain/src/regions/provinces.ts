import { toHalfWidth } from '../kernel/plain-date.ts';
import type { RegionCode } from '../kernel/region.ts';

/** Two digits, short name, and the rest of the full name. 66 is the 兵团's own code in pension systems. */
const PROVINCES: readonly (readonly [code: string, short: string, rest: string])[] = [
  ['11', '北京', '市'],
  ['12', '天津', '市'],
  ['13', '河北', '省'],
  ['14', '山西', '省'],
  ['15', '内蒙古', '自治区'],
  ['21', '辽宁', '省'],
  ['22', '吉林', '省'],
  ['23', '黑龙江', '省'],
  ['31', '上海', '市'],
  ['32', '江苏', '省'],
  ['33', '浙江', '省'],
  ['34', '安徽', '省'],
  ['35', '福建', '省'],
  ['36', '江西', '省'],
  ['37', '山东', '省'],
  ['41', '河南', '省'],
  ['42', '湖北', '省'],
  ['43', '湖南', '省'],
  ['44', '广东', '省'],
  ['45', '广西', '壮族自治区'],
  ['46', '海南', '省'],
  ['50', '重庆', '市'],
  ['51', '四川', '省'],
  ['52', '贵州', '省'],
  ['53', '云南', '省'],
  ['54', '西藏', '自治区'],
  ['61', '陕西', '省'],
  ['62', '甘肃', '省'],
  ['63', '青海', '省'],
  ['64', '宁夏', '回族自治区'],
  ['65', '新疆', '维吾尔自治区'],
  ['66', '新疆生产建设兵团', ''],
  ['71', '台湾', '省'],
  ['81', '香港', '特别行政区'],
  ['82', '澳门', '特别行政区'],
];

const CODES = new Set(PROVINCES.map(([code]) => code));
const BY_LENGTH = [...PROVINCES].sort((a, b) => b[1].length - a[1].length);

/** 海南藏族自治州 lies in 青海, 河北区 in 天津: a short name followed by these is no province. */
const NOT_A_PROVINCE = /^(?:[区州县镇乡路街村]|藏族|蒙古族)/;

/** What a 行政区划 text or code tells: the two digits of its province, or only whether that is the county's own. */
export function provinceOf(
  county: RegionCode,
  textOrCode: string,
  provinceName: string,
): { readonly own: boolean; readonly code: string | undefined } | undefined {
  const text = toHalfWidth(textOrCode).replace(/[\s'"]/g, '');
  if (text === '') return undefined;
  const own = county.slice(0, 2);
  const found = (code: string) => ({ own: code === own, code });
  const digits = /^(\d{2})(?:\d{2,}(?!\d)|$)/.exec(text)?.[1];
  if (digits !== undefined) return CODES.has(digits) ? found(digits) : undefined;
  if (/^(?:本省|省内)/.test(text)) return found(own);
  if (/^(?:外省|省外|跨省)/.test(text)) return { own: false, code: undefined };
  if (provinceName !== '' && text.startsWith(provinceName)) return found(own);
  for (const [code, short, rest] of BY_LENGTH) {
    if (!text.startsWith(short)) continue;
    if (rest !== '' && text.startsWith(rest, short.length)) return found(code);
    return NOT_A_PROVINCE.test(text.slice(short.length)) ? undefined : found(code);
  }
  return undefined;
}

/**
 * Whether a 行政区划 text or code lies in the county's own province.
 * @returns undefined when it cannot be told: blank, a city without its province, digits of no province
 */
export function isProvinceOf(
  county: RegionCode,
  textOrCode: string,
  provinceName: string,
): boolean | undefined {
  return provinceOf(county, textOrCode, provinceName)?.own;
}

/** 广东, for 44. */
export function provinceName(code: string): string | undefined {
  return PROVINCES.find(([known]) => known === code)?.[1];
}
