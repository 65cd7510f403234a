import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber } from '../audit/index.ts';
import type { PeopleQuestion } from './people.ts';

export interface SavedFilter {
  filter: number;
  name: string;
  question: PeopleQuestion;
}

const MOST = 50;

/** The questions an account has kept for itself. */
export async function listFilters(instance: Instance, scope: Scope, account: number): Promise<SavedFilter[]> {
  return instance.db.transaction(scope, (tx) =>
    tx.query<SavedFilter>(
      'select filter, name, question from saved_filter where county = $1 and account = $2 order by name, filter',
      [scope.county, account],
    ),
  );
}

/** @throws Refusal where the name is taken, or the question holds an ID number or a telephone */
export async function saveFilter(
  instance: Instance,
  scope: Scope,
  account: number,
  given: { readonly name: string; readonly question: PeopleQuestion },
): Promise<SavedFilter> {
  const name = given.name.trim();
  if (name === '') throw new Refusal('filter.name', '请给这个查询起一个名称。');
  const text = `${name} ${given.question.q ?? ''}`;
  if (holdsIdNumber(text) || /\d{7}/.test(text.replace(/[\s-]/g, ''))) {
    throw new Refusal('filter.number', '保存的查询里不能有身份证号码、电话或户号；请去掉后再保存。');
  }
  return instance.db.transaction(scope, async (tx) => {
    const [kept] = await tx.query<{ n: number }>(
      'select count(*)::int as n from saved_filter where county = $1 and account = $2',
      [scope.county, account],
    );
    if ((kept?.n ?? 0) >= MOST) {
      throw new Refusal('filter.many', `最多保存 ${MOST} 个查询；请先删除不用的。`);
    }
    const [row] = await tx.query<SavedFilter>(
      `insert into saved_filter (county, filter, account, name, question)
       select $1, coalesce(max(filter), 0) + 1, $2, $3, $4::jsonb from saved_filter where county = $1
       returning filter, name, question`,
      [scope.county, account, name, JSON.stringify(given.question)],
    );
    return row as SavedFilter;
  });
}

export async function dropFilter(
  instance: Instance,
  scope: Scope,
  account: number,
  filter: number,
): Promise<void> {
  await instance.db.transaction(scope, async (tx) => {
    const gone = await tx.query(
      'delete from saved_filter where county = $1 and account = $2 and filter = $3 returning 1',
      [scope.county, account, filter],
    );
    if (gone.length === 0) throw new Refusal('filter.unknown', '没有这个保存的查询，可能已经删除。');
  });
}
