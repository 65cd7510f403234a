import { isPlainDate, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Scope, Tx } from '../../db/port.ts';
import { workDay } from '../reports/index.ts';

/** The day asked about, else the day of work. A list of tasks needs no register. */
export async function dayAsked(tx: Tx, scope: Scope, asked?: PlainDate): Promise<PlainDate> {
  if (asked === undefined) return workDay(tx, scope, new Date());
  if (isPlainDate(asked)) return asked;
  throw new Refusal('checklist.day', '日期应为 2020-08-31 的样子。');
}

/** The day something was done on, which may be noted later; never before it was done. */
export async function dayOfAct(tx: Tx, scope: Scope, asked?: PlainDate): Promise<PlainDate> {
  const day = await dayAsked(tx, scope, asked);
  if (asked !== undefined && day > (await workDay(tx, scope, new Date()))) {
    throw new Refusal('checklist.day', '这一天还没有到；请填今天或以前的日期。');
  }
  return day;
}
