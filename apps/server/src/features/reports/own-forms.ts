import { Refusal } from '@quanbao/domain/kernel/problem';
import { FORMS, type FormDefinition } from '@quanbao/domain/reports/forms';
import { type OwnFormDefinition, ownForm } from '@quanbao/domain/reports/own-form';
import type { Scope, Tx } from '../../db/port.ts';
import { holdsIdNumber, record } from '../audit/index.ts';

export async function ownForms(tx: Tx, scope: Scope): Promise<OwnFormDefinition[]> {
  const rows = await tx.query<{ definition: OwnFormDefinition }>(
    'select definition from own_form where county = $1 order by code',
    [scope.county],
  );
  return rows.map((row) => row.definition);
}

/** @throws Refusal form.unknown */
export async function findForm(tx: Tx, scope: Scope, code: string): Promise<FormDefinition> {
  if (code === 'annex4' || code === 'annex5') return FORMS[code];
  const [row] = await tx.query<{ definition: OwnFormDefinition }>(
    'select definition from own_form where county = $1 and code = $2',
    [scope.county, code],
  );
  if (row === undefined) throw new Refusal('form.unknown', `没有名为 ${code} 的报表；请从报表目录里选。`);
  return ownForm(row.definition);
}

export async function defineOwnForm(
  tx: Tx,
  scope: Scope,
  own: OwnFormDefinition,
): Promise<OwnFormDefinition> {
  if (own.code in FORMS) throw new Refusal('own-form.code', '这个代码是法定表的；请换一个代码。');
  if (holdsIdNumber(JSON.stringify(own))) throw new Refusal('own-form.text', '表里不能写身份证号码。');
  ownForm(own);
  await tx.query(
    `insert into own_form (county, code, definition, actor) values ($1, $2, $3, $4)
     on conflict (county, code) do update set definition = excluded.definition, actor = excluded.actor, changed_at = now()`,
    [scope.county, own.code, JSON.stringify(own), scope.actor],
  );
  await record(tx, {
    county: scope.county,
    actor: scope.actor,
    act: 'form.define',
    subject: `form ${own.code}`,
    detail: { name: own.name, columns: own.columns.length },
  });
  return own;
}

export async function dropOwnForm(tx: Tx, scope: Scope, code: string): Promise<void> {
  const gone = await tx.query('delete from own_form where county = $1 and code = $2 returning 1', [
    scope.county,
    code,
  ]);
  if (gone.length === 0) throw new Refusal('form.unknown', `没有名为 ${code} 的自定表。`);
  await record(tx, { county: scope.county, actor: scope.actor, act: 'form.drop', subject: `form ${code}` });
}
