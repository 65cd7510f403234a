import type { FieldCommand } from '@quanbao/contract/field';
import type { DeskVisit } from '@quanbao/contract/survey';
import { addDays, isPlainDate, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { PROOFS, type Proof, reasonOf } from '@quanbao/domain/ledger/reasons';
import { surveyChoice, WAY_WORDS } from '@quanbao/domain/survey/answers';
import type { Static } from 'typebox';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope, Tx } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { record } from '../audit/index.ts';
import { dropFiles, nameFiles, readStored } from '../originals/index.ts';
import { loadRegionTree } from '../regions/index.ts';
import { kindOf } from './pictures.ts';
import { contentOf, surveyDay, syncVisits } from './visits.ts';

type Command = Static<typeof FieldCommand>;

/** What a visit entered at a desk says it came from, in place of a device. */
const DESK = '电脑';

/**
 * An answer that came on paper or by telephone to the office: the same answer as one from a phone, judged by the same
 * rules. A refusal with its signed statement makes the item 已落实, never 销号.
 * @param document kept already (originals/keepFile); dropped again when this is refused
 */
export async function enterVisit(
  instance: Instance,
  scope: Scope,
  visit: Static<typeof DeskVisit>,
  document?: { readonly name: string; readonly digest: string },
  now = new Date(),
): Promise<{ command: string }> {
  const files = document === undefined ? [] : [document.digest];
  try {
    const proof = PROOFS.find((one) => one === visit.proof);
    if (visit.proof !== undefined && proof === undefined) {
      throw new Refusal('visit.proof', '佐证应为意愿书、走访记录或证明材料；请重新选择。');
    }
    if (document === undefined && (proof === 'statement' || proof === 'document')) {
      throw new Refusal('visit.proof', '登记了意愿书或证明材料，请附上扫描件（PDF、JPEG 或 PNG）。');
    }
    const scanned = document === undefined ? undefined : await readStored(instance, document.digest);
    if (scanned !== undefined && kindOf(scanned) === undefined) {
      throw new Refusal('visit.document', '扫描件只能是 PDF、JPEG 或 PNG；请转换后再上传。');
    }
    // The scan is there before the visit that names it: whoever sees the visit can open it.
    if (scanned !== undefined) {
      await instance.db.transaction(journalOf(scope), async (tx) => {
        await nameFiles(tx, instance, scope, files);
        await tx.query(
          `insert into media (county, digest, total, actor, stored) values ($1, $2, $3, $4, $2)
           on conflict (county, digest) do update set stored = excluded.stored`,
          [scope.county, files[0], scanned.length, scope.actor],
        );
      });
    }
    try {
      await send(instance, scope, visit, { proof, files }, now);
    } catch (error) {
      await instance.db.transaction(journalOf(scope), (tx) => unnameFiles(tx, scope, files));
      throw error;
    }
    await instance.db.transaction(journalOf(scope), (tx) =>
      record(tx, {
        county: scope.county,
        actor: scope.actor,
        act: 'visit.enter',
        subject: `person ${visit.person}`,
        region: scope.region,
        detail: { answer: visit.answer, ...(proof && { proof }) },
      }),
    );
    return { command: visit.command };
  } finally {
    await dropFiles(instance, journalOf(scope), files);
  }
}

/** What neither a visit nor a found person names is noted as kept for nothing, to be dropped. */
async function unnameFiles(tx: Tx, { county }: Scope, files: readonly string[]): Promise<void> {
  await tx.query(
    `with unnamed as (delete from media m where m.county = $1 and m.digest = any($2::text[])
       and not exists (select 1 from visit v where v.county = $1 and m.digest = any(v.media))
       and not exists (select 1 from found_person f where f.county = $1 and m.digest = any(f.media)) returning m.digest)
     insert into stored_file (county, digest) select $1, digest from unnamed on conflict do nothing`,
    [county, [...files]],
  );
}

async function send(
  instance: Instance,
  scope: Scope,
  visit: Static<typeof DeskVisit>,
  { proof, files }: { readonly proof: Proof | undefined; readonly files: readonly string[] },
  now: Date,
): Promise<void> {
  const today = await surveyDay(instance, journalOf(scope), now);
  if (!isPlainDate(visit.day) || visit.day > today.day) {
    throw new Refusal('visit.day', `签名或谈话的日期不对，不能晚于 ${today.day}；请改正后再试。`);
  }
  const madeAt = `${addDays(visit.day, -today.shift)}T12:00:00+08:00`;
  const reason = reasonOf(surveyChoice(visit.answer)?.reason ?? '');
  const command: Command = {
    command: visit.command,
    person: visit.person,
    madeAt,
    way: visit.way,
    answer: visit.answer,
    ...(visit.reason === undefined ? {} : { reason: visit.reason }),
    // The office writes down one attempt, with its day and way.
    ...((reason?.attempts ?? 0) > 0 && { attempts: [{ at: madeAt, way: WAY_WORDS[visit.way] }] }),
    ...(visit.remark === undefined ? {} : { remark: visit.remark }),
    ...(proof === undefined ? {} : { proofs: [proof] }),
    ...(files.length === 0 ? {} : { media: [...files] }),
  };
  const { results } = await syncVisits(
    instance,
    scope,
    { device: DESK, now: now.toISOString(), commands: [command] },
    now,
  );
  const [result] = results;
  if (result?.status === 'refused') {
    throw new Refusal(result.code ?? 'visit.refused', result.message ?? '没有登记；请再试一次。');
  }
  if (result?.status === 'known') await requireSame(instance, scope, command, visit.day);
}

/** @throws Refusal when what has this number already is another answer, or was taken back: nothing was entered now */
async function requireSame(
  instance: Instance,
  scope: Scope,
  command: Command,
  day: PlainDate,
): Promise<void> {
  const same = await instance.db.transaction(journalOf(scope), async (tx) => {
    const { content } = contentOf(command, await loadRegionTree(tx, scope.county), instance, day);
    return tx.query(
      `select 1 from visit where county = $1 and command = $2::uuid and actor = $3 and person_no = $4::bigint
         and content = $5 and media = $6::text[] and undone_at is null`,
      [
        scope.county,
        command.command,
        scope.actor,
        command.person,
        JSON.stringify(content),
        [...(command.media ?? [])],
      ],
    );
  });
  if (same.length > 0) return;
  throw new Refusal(
    'visit.known',
    '刚才已经登记过一条，内容和现在填的不同，或已经撤回；这一次没有登记，请核对走访记录后重新打开本页登记。',
  );
}
