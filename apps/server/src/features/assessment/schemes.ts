import type * as contract from '@quanbao/contract/assessment';
import type { AnswerOf } from '@quanbao/contract/route';
import { checkScheme } from '@quanbao/domain/assessment/check';
import type { Scheme } from '@quanbao/domain/assessment/scheme';
import { SHIPPED_SCHEMES } from '@quanbao/domain/assessment/shipped';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { holdsIdNumber, record } from '../audit/index.ts';

type Head = AnswerOf<typeof contract.schemes>['items'][number];
interface Stored {
  readonly head: Head;
  readonly content: Scheme;
}

/** The county's newest version of each, and what is shipped where it has none. */
export async function schemesOf(tx: Tx, county: RegionCode): Promise<Stored[]> {
  const rows = await tx.query<{ content: Scheme; version: number; actor: string; madeAt: Date }>(
    `select distinct on (scheme) content, version, actor, made_at as "madeAt" from assessment_scheme
     where county = $1 order by scheme, version desc`,
    [county],
  );
  const own = rows.map(({ content, version, actor, madeAt }) => ({
    head: headOf(content, Number(version), actor, new Date(madeAt).toISOString()),
    content,
  }));
  const shipped = SHIPPED_SCHEMES.filter(({ code }) => !own.some(({ head }) => head.code === code));
  return [...own, ...shipped.map((content) => ({ head: headOf(content, 0, null, null), content }))];
}

function headOf(content: Scheme, version: number, actor: string | null, madeAt: string | null): Head {
  const { code, title, assessed, from, document, sure, full, lines } = content;
  return { code, title, assessed, from, document, sure, full, lines: lines.length, version, actor, madeAt };
}

/** The newest version of a scheme. @throws Refusal for a code that is no scheme's */
export async function schemeOf(tx: Tx, county: RegionCode, code: string): Promise<Stored> {
  const all = await schemesOf(tx, county);
  const found = all.find(({ head }) => head.code === code);
  if (found === undefined) {
    const known = all.map(({ head }) => `${head.code}（${head.title}）`).join('、');
    throw new Refusal('assessment.scheme-unknown', `没有考核方案“${code}”；可用的有：${known}。`);
  }
  return found;
}

/**
 * What a scheme said on a day: the newest version that had begun by then, or what is shipped where none had.
 * @throws Refusal for a code that is no scheme's, and for a day before all its versions
 */
export async function schemeOn(tx: Tx, county: RegionCode, code: string, day: PlainDate): Promise<Scheme> {
  await schemeOf(tx, county, code);
  const rows = await tx.query<{ content: Scheme }>(
    'select content from assessment_scheme where county = $1 and scheme = $2 order by version desc',
    [county, code],
  );
  const versions = [
    ...rows.map(({ content }) => content),
    ...SHIPPED_SCHEMES.filter((one) => one.code === code),
  ];
  const found = versions.find(({ from }) => from <= day);
  if (found !== undefined) return found;
  const [first] = versions.map(({ from }) => from).sort();
  throw new Refusal('assessment.day', `方案自 ${first} 起用；请选这一天或以后的日期。`);
}

export async function saveScheme(
  instance: Instance,
  scope: Scope,
  content: Scheme,
): Promise<{ version: number }> {
  checkScheme(content);
  if (holdsIdNumber(JSON.stringify(content))) {
    throw new Refusal('assessment.scheme', '方案里不能有身份证号码。');
  }
  return instance.db.transaction(scope, async (tx) => {
    const [row] = await tx.query<{ version: number }>(
      `insert into assessment_scheme (county, scheme, version, content, document, actor)
       select $1, $2, coalesce(max(version), 0) + 1, $3::text::jsonb, $4, $5 from assessment_scheme
       where county = $1 and scheme = $2 returning version`,
      [scope.county, content.code, JSON.stringify(content), content.document, scope.actor],
    );
    const version = Number(row?.version);
    await record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'assessment.scheme',
      subject: `scheme ${content.code}`,
      region: scope.county,
      detail: { version, document: content.document },
    });
    return { version };
  });
}
