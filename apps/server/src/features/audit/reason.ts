import { Refusal } from '@quanbao/domain/kernel/problem';
import { holdsIdNumber } from './chain.ts';

/** Why somebody looks or takes out. @throws Refusal when it says nothing, or holds an ID number */
export function requireReason(given: string): string {
  const reason = given.trim();
  if (reason.length < 2) throw new Refusal('person.reason', '请写明事由，例如“电话核实参保意愿”。');
  if (holdsIdNumber(reason)) {
    throw new Refusal('person.reason', '事由里不能写身份证号码；请只写事由。');
  }
  return reason;
}
