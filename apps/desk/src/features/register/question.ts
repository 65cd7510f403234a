import { FACT_WORDS } from '@quanbao/domain/coverage/words';
import type { PeopleQuery } from './contract.ts';

type Question = Omit<PeopleQuery, 'after' | 'limit'>;
type Address = Readonly<Record<string, string | undefined>>;

export const QUESTION_KEYS = [
  'q',
  'indicator',
  'column',
  'registered',
  'paid',
  'willing',
  'tag',
  'ageBand',
  'delivery',
  'unplaced',
] as const;

const WILLING = ['yes', 'no', 'unknown'] as const;

/** The question that an address asks; what is none is left out. */
export function questionOf(address: Address): Question {
  const { q, indicator, tag, ageBand, region, asOf } = address;
  const whole = (text: string | undefined): number | undefined =>
    text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
  const flag = (text: string | undefined): boolean | undefined =>
    text === 'true' ? true : text === 'false' ? false : undefined;
  const asked = {
    q,
    region,
    asOf,
    indicator,
    column: whole(address.column),
    registered: flag(address.registered),
    paid: flag(address.paid),
    willing: WILLING.find((word) => word === address.willing),
    tag,
    ageBand,
    delivery: whole(address.delivery),
    unplaced: flag(address.unplaced),
  };
  return Object.fromEntries(Object.entries(asked).filter(([, v]) => v !== undefined && v !== ''));
}

export const WILLING_WORDS: Readonly<Record<string, string>> = {
  yes: '愿意',
  no: '不愿意',
  unknown: '未答复',
};
export const AGE_WORDS: Readonly<Record<string, string>> = {
  'under-16': '未满16周岁',
  '16-59': '16—59周岁',
  '60-plus': '60周岁及以上',
};

export function tagWords(tag: string): string {
  return FACT_WORDS[tag as keyof typeof FACT_WORDS] ?? tag;
}

export function sexWords(sex: string): string {
  return sex === 'male' ? '男' : '女';
}
