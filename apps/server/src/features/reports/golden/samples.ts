import { ANNEX1_YUANJIANG } from '@quanbao/domain/reports/annex1-yuanjiang';
import { annex3Row } from '@quanbao/domain/reports/annex3';
import {
  ANNEX1,
  ANNEX4,
  ANNEX5,
  annex1Rows,
  type FormDefinition,
  type FormTable,
  formRow,
} from '@quanbao/domain/reports/forms';
import type { Annex3Head } from '../render/annex3-xlsx.ts';

const YUANJIANG = { code: '430981', name: '沅江市' };
const TOWNS = [
  ['430981006', '琼湖街道'],
  ['430981008', '胭脂湖街道'],
  ['430981102', '四季红镇'],
  ['430981105', '泗湖山镇'],
  ['430981107', '南嘴镇'],
  ['430981108', '新湾镇'],
  ['430981110', '茶盘洲镇'],
  ['430981112', '南大膳镇'],
  ['430981113', '黄茅洲镇'],
  ['430981114', '草尾镇'],
  ['430981115', '阳罗洲镇'],
  ['430981116', '共华镇'],
  ['430981401', '南洞庭湿地保护与发展事务中心'],
  ['430981402', '漉湖湿地保护与发展事务中心'],
  ['430981', '未分村社区'],
] as const;

/** Counts that foot: parts are chosen, sums follow. The last row has nobody in scope. */
function townCounts(i: number): Record<string, number> {
  const last = i === TOWNS.length - 1;
  const base = last ? 0 : 900 + 613 * ((i * 5) % 14);
  const part = (n: number) => Math.floor(base / n);
  const counts: Record<string, number> = {
    'employee-in-province': part(5),
    'public-in-province': part(21),
    'employee-elsewhere': part(13),
    obligated: part(97),
    student: part(9),
    military: part(431),
    prison: part(389),
    abroad: part(997),
    dead: part(57),
    other: last ? 3 : part(8),
    refuses: part(51),
    willing: part(12),
    'not-asked': part(143),
    registered: base * 4,
  };
  const registered = counts.registered as number;
  counts['not-registered'] = (counts.refuses ?? 0) + (counts.willing ?? 0) + (counts['not-asked'] ?? 0);
  counts['in-scope'] = registered + counts['not-registered'];
  counts['due-payers'] = Math.floor(registered * 0.7);
  counts['due-paid'] = Math.floor(counts['due-payers'] * 0.83);
  counts.paid = counts['due-paid'];
  const reasons = [
    'employee-in-province',
    'public-in-province',
    'employee-elsewhere',
    'obligated',
    'student',
  ];
  reasons.push('military', 'prison', 'abroad', 'dead', 'other');
  counts.population = reasons.reduce((a, code) => a + (counts[code] ?? 0), counts['in-scope']);
  return counts;
}

/** 草尾镇, its villages, and those whom no village could be found for. */
const VILLAGES = [
  ['430981114001', '草尾社区'],
  ['430981114002', '大同闸社区'],
  ['430981114201', '和平村'],
  ['430981114248', '大福村'],
  ['430981114249', '目平湖国家湿地公园管理处南岸渔民新村'],
  ['430981114', '未分村社区'],
] as const;

function tableOf(
  form: FormDefinition,
  region: { readonly code: string; readonly name: string },
  places: readonly (readonly [code: string, name: string])[],
  quarantined: number,
): FormTable {
  const all = places.map((_, i) => townCounts(i === places.length - 1 ? TOWNS.length - 1 : i));
  const countIn = (counts: Record<string, number>) => (code: string) => counts[code] ?? 0;
  const rows = places.map(([code, name], i) => {
    const kept = name === '未分村社区' ? quarantined : 0;
    return formRow(form, { code, name }, countIn(all[i] as Record<string, number>), kept);
  });
  const sum = (code: string) => all.reduce((a, counts) => a + (counts[code] ?? 0), 0);
  return {
    form,
    region,
    county: YUANJIANG,
    asOf: '2020-08-31',
    unit: region.code === YUANJIANG.code ? '沅江市人力资源和社会保障局' : '沅江市草尾镇人民政府',
    reporter: '李四',
    contact: '0737-2720000',
    rows,
    total: formRow(form, { code: region.code, name: '合计' }, sum, quarantined),
  };
}

const CAOWEI = { code: '430981114', name: '草尾镇' };

export const annex4Sample = tableOf(ANNEX4, YUANJIANG, TOWNS, 12);
export const annex5Sample = tableOf(ANNEX5, YUANJIANG, TOWNS, 12);
export const annex4TownSample = tableOf(ANNEX4, CAOWEI, VILLAGES, 3);
export const annex5TownSample = tableOf(ANNEX5, CAOWEI, VILLAGES, 3);

export const annex1Sample: FormTable = {
  form: ANNEX1,
  region: YUANJIANG,
  county: YUANJIANG,
  asOf: '2020-07-31',
  unit: '沅江市人力资源和社会保障局',
  ...annex1Rows(ANNEX1_YUANJIANG.units),
};

export const annex3Head: Annex3Head = {
  region: { code: '430981114', name: '草尾镇' },
  county: YUANJIANG,
  asOf: '2020-08-31',
  unit: '沅江市草尾镇人民政府',
  reporter: '李四',
  contact: '0737-2720000',
};

const REASONS = [
  '正常缴费',
  '省内企业职保，在职，沅江市XX食品有限公司',
  '',
  '外省职工养老保险：广东省，在职',
  '',
  '湖南城市学院，预计2022年6月毕业',
];

/** Invented people; the check digits of their numbers are wrong on purpose. */
export function* annex3People(count: number): Generator<string[]> {
  for (let i = 0; i < count; i++) {
    const column = i % 3 === 0 ? 7 + ((i / 3) % 11) : 7;
    yield annex3Row({
      regionCode: '430981114201',
      divisionName: '草尾镇',
      name: i % 7 === 3 ? '欧阳张三' : '张三',
      id: `43098119${String(600101 + (i % 28)).padStart(6, '0')}${String(i % 1000).padStart(3, '0')}X`,
      birth: `1960-01-${String((i % 28) + 1).padStart(2, '0')}`,
      address: `湖南省沅江市草尾镇和平村第${(i % 14) + 1}村民小组${i + 1}号`,
      column,
      registered: i % 2 === 0,
      willing: (['unknown', 'yes', 'no'] as const)[i % 3] as 'yes',
      phone: `138${String(i).padStart(8, '0')}`,
      reasonText:
        column === 7
          ? i % 3 === 2
            ? '外出务工，2020年8月12日电话联系，本人称暂不愿意参保，待返乡后签订意愿书'
            : ''
          : (REASONS[column - 7] ?? '其他：空挂户，村委会证明'),
      sight: column !== 14,
    });
  }
}
