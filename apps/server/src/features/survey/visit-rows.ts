import { createHash } from 'node:crypto';
import type { FieldCommand } from '@quanbao/contract/field';
import type { Content } from '@quanbao/domain/coverage/claim';
import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Static } from 'typebox';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { VISITS_SENDER } from '../sources/index.ts';

type Command = Static<typeof FieldCommand>;

/** An answer that may be written down. */
export interface Accepted {
  readonly command: Command;
  readonly region: RegionCode;
  readonly day: PlainDate;
  readonly content: Content;
  readonly phone: string | undefined;
}

/** The answers of one commit as a delivery of the survey. */
export async function insertDelivery(
  tx: Tx,
  scope: Scope,
  seen: Scope,
  delivery: number,
  day: PlainDate,
  fresh: readonly Accepted[],
): Promise<void> {
  const digest = createHash('sha256')
    .update(fresh.map(({ command }) => command.command).join())
    .digest('hex');
  await tx.query(
    `insert into delivery (county, delivery, source, sender, region, as_of, mode, digest, years, counts, actor)
     values ($1, $2, 'survey-workbook', $3, $4, $5, 'delta', $6, '', $7, $8)`,
    [
      scope.county,
      delivery,
      `${VISITS_SENDER}${seen.actor}`,
      seen.region,
      day,
      digest,
      JSON.stringify({ rows: fresh.length, accepted: fresh.length, rejected: 0 }),
      seen.actor,
    ],
  );
  await tx.query('insert into delivery_reading (county, delivery, summary) values ($1, $2, $3)', [
    scope.county,
    delivery,
    JSON.stringify({ files: [], warnings: [] }),
  ]);
}

export async function insertVisits(
  tx: Tx,
  instance: Instance,
  scope: Scope,
  seen: Scope,
  device: string,
  delivery: number,
  fresh: readonly Accepted[],
): Promise<void> {
  const phones = fresh.map(({ phone }) => (phone === undefined ? null : instance.cipher.encryptField(phone)));
  const details = fresh.map(({ command: { attempts, location } }) =>
    attempts === undefined && location === undefined
      ? null
      : instance.cipher.encryptField(JSON.stringify({ attempts, location })),
  );
  const contents = fresh.map(({ content }) => JSON.stringify(content));
  await tx.query(
    `insert into visit (county, command, visit, person_no, delivery, region, actor, device, visited_on, way, content, detail, media)
     select $1, u.command::uuid, u.n, u.person_no, $2, u.region, $3, $4, u.day, u.way, u.content, u.detail,
       coalesce(string_to_array(nullif(u.media, ''), ','), '{}')
     from unnest($5::text[], $6::bigint[], $7::bigint[], $8::text[], $9::text[], $10::text[], $11::text[], $12::bytea[], $13::text[])
       as u (command, n, person_no, region, day, way, content, detail, media)`,
    [
      scope.county,
      delivery,
      seen.actor,
      device,
      fresh.map(({ command }) => command.command),
      fresh.map((_, i) => i + 1),
      fresh.map(({ command }) => command.person),
      fresh.map(({ region }) => region),
      fresh.map(({ day }) => day),
      fresh.map(({ command }) => command.way),
      contents,
      details,
      fresh.map(({ command }) => (command.media ?? []).join()),
    ],
  );
  await tx.query(
    `insert into claim (county, since, person_no, slot, row_no, row_count, content, phone)
     select $1, $2, u.person_no, u.slot, u.n, 1, u.content, u.phone
     from unnest($3::bigint[], $4::text[], $5::int[], $6::text[], $7::bytea[]) as u (person_no, slot, n, content, phone)`,
    [
      scope.county,
      delivery,
      fresh.map(({ command }) => command.person),
      fresh.map(({ command }) => command.command),
      fresh.map((_, i) => i + 1),
      contents,
      phones,
    ],
  );
}

/** Marks an answer as taken back, its claim gone. @returns the person to be judged anew; undefined when it does not stand */
export async function takeBack(tx: Tx, scope: Scope, command: string): Promise<number | undefined> {
  const [visit] = await tx.query<{ person_no: number; delivery: number }>(
    `update visit set undone_at = now(), undone_by = $3 where county = $1 and command = $2::uuid and undone_at is null
     returning person_no, delivery`,
    [scope.county, command, scope.actor],
  );
  if (visit === undefined) return undefined;
  await tx.query('delete from claim where county = $1 and person_no = $2 and since = $3 and slot = $4', [
    scope.county,
    visit.person_no,
    visit.delivery,
    command,
  ]);
  return Number(visit.person_no);
}
