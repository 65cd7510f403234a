import { readFile, stat } from 'node:fs/promises';
import * as contract from '@quanbao/contract/field';
import type { AnswerOf, BodyOf } from '@quanbao/contract/route';
import { chinaDay } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { isWithin } from '@quanbao/domain/kernel/region';
import { surveyChoice } from '@quanbao/domain/survey/answers';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { journalOf } from '../../db/journal-of.ts';
import type { Scope } from '../../db/port.ts';
import type { Instance } from '../../instance.ts';
import { visitWorkers } from '../access/index.ts';
import { record } from '../audit/index.ts';
import { noteHandedOver, requireDevice } from './devices.ts';
import { takeWhole } from './media.ts';
import { isPass, openSeal, outboxPass, readHeader } from './outbox-seal.ts';
import { type CommandResult, syncVisits } from './visits.ts';

type Taken = AnswerOf<typeof contract.takeOutbox>;
type Sync = BodyOf<typeof contract.fieldSync>;

/** A phone holds no more pictures than its browser lets it; a file beyond this is none of ours. */
const MOST_BYTES = 200 * 1024 * 1024;
const BATCH = 100;

const Inside = Type.Object({
  device: Type.String({ maxLength: 60 }),
  login: Type.String({ maxLength: 64 }),
  pass: Type.String({ maxLength: 100 }),
  madeAt: Type.String({ maxLength: 40 }),
  commands: Type.Array(Type.Unknown()),
  found: Type.Array(Type.Unknown()),
  pictures: Type.Array(
    Type.Object({ digest: Type.String({ maxLength: 64 }), bytes: Type.Integer({ minimum: 1 }) }),
  ),
});

/**
 * Takes in what a phone exported because it could not send it: as if the phone had sent it itself, under its worker's
 * account. What has arrived already, or arrives later, counts once.
 */
export async function takeOutbox(
  instance: Instance,
  scope: Scope,
  files: readonly { readonly path: string }[],
  now = new Date(),
): Promise<Taken> {
  const [file] = files;
  if (file === undefined || files.length > 1) {
    throw new Refusal('outbox.format', '请选择手机导出的一个文件；几部手机的请逐个接收。');
  }
  return readOutboxFile(instance, scope, file.path, now);
}

export async function readOutboxFile(
  instance: Instance,
  scope: Scope,
  path: string,
  now = new Date(),
): Promise<Taken> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new Refusal('outbox.format', '找不到这个文件；请核对路径。');
  if (found.size > MOST_BYTES) throw new Refusal('outbox.format', '文件太大，不是手机导出的未上报文件。');
  const { inside, worker, pictures } = await opened(instance, scope, await readFile(path));
  const journal = journalOf(worker);
  const results: CommandResult[] = [];
  const said = new Map<string, { day: string; answer: string }>();
  for (const batch of batchesOf(inside, said, results)) {
    // The file may have lain for days: its moments stand as the phone wrote them, none after today.
    const order = { device: inside.device, now: now.toISOString(), ...batch };
    results.push(...(await syncVisits(instance, worker, order, now)).results);
  }
  let taken = 0;
  for (const { digest, bytes } of pictures) {
    if (await takeWhole(instance, journal, digest, bytes)) taken++;
  }
  const count = (status: string) => results.filter((one) => one.status === status).length;
  const answer: Taken = {
    device: inside.device,
    actor: worker.actor,
    madeAt: inside.madeAt,
    applied: count('applied'),
    known: count('known'),
    pictures: taken,
    refused: results
      .filter((one) => one.status === 'refused')
      .map((one) => ({
        ...(said.get(one.command) ?? { day: '', answer: '' }),
        message: one.message ?? '服务器没有说明原因。',
      })),
  };
  await noteHandedOver(instance, worker, inside.device, {
    taken: answer.applied + taken,
    refused: answer.refused.length,
  });
  await instance.db.transaction(journalOf(scope), (tx) =>
    record(tx, {
      county: scope.county,
      actor: scope.actor,
      act: 'outbox.take',
      subject: 'outbox',
      region: worker.region,
      detail: {
        of: worker.actor,
        applied: answer.applied,
        known: answer.known,
        refused: answer.refused.length,
      },
    }),
  );
  return answer;
}

async function opened(instance: Instance, scope: Scope, file: Buffer) {
  const parts = readHeader(file);
  if (parts.header.county !== scope.county) {
    throw new Refusal(
      'outbox.county',
      `这个文件是别的县（${parts.header.county.slice(0, 6)}）的手机导出的；请交给那个县接收。`,
    );
  }
  const plain = openSeal(instance.keyring, parts);
  const end = plain.indexOf(0x0a);
  const damaged = new Refusal('outbox.damaged', '文件里的内容不完整；请在手机上重新导出后再试。');
  let inside: unknown;
  try {
    inside = JSON.parse(plain.subarray(0, end).toString('utf8'));
  } catch {
    throw damaged;
  }
  if (!Value.Check(Inside, inside)) throw damaged;
  const { device, login: actor, pass } = inside;
  if (!isPass(pass, outboxPass(instance.keyring, { county: scope.county, actor, device }))) {
    throw new Refusal('outbox.device', '不认识这部手机：它没有用这个账号下载过名单；不能接收。');
  }
  const workers = await visitWorkers(instance, scope.county, scope.actor);
  const account = workers.find((one) => one.login === actor);
  if (account === undefined) {
    throw new Refusal(
      'outbox.account',
      `账号 ${actor} 已停用，或不能入户摸底；请先由安全管理员恢复账号再接收。`,
    );
  }
  if (!isWithin(account.region, scope.region)) {
    throw new Refusal('report.scope', `账号 ${actor} 不在您的管辖范围内；请交给它所在的乡镇或县里接收。`);
  }
  const worker: Scope = { county: scope.county, region: account.region, actor };
  await requireDevice(instance, worker, device);
  let at = end + 1;
  const pictures = inside.pictures.map(({ digest, bytes }) => {
    const picture = plain.subarray(at, at + bytes);
    at += bytes;
    return { digest, bytes: picture };
  });
  if (at !== plain.length) throw damaged;
  return { inside, worker, pictures };
}

/** What can be read goes on, a hundred at a time and oldest first; what cannot is refused by itself. */
function batchesOf(
  inside: { readonly commands: readonly unknown[]; readonly found: readonly unknown[] },
  said: Map<string, { day: string; answer: string }>,
  results: CommandResult[],
): Pick<Sync, 'commands' | 'found'>[] {
  const note = (one: { command: string; madeAt: string; answer: string }): void => {
    const at = Date.parse(one.madeAt);
    said.set(one.command, {
      day: Number.isNaN(at) ? '' : chinaDay(new Date(at)),
      answer: surveyChoice(one.answer)?.title ?? one.answer,
    });
  };
  const unreadable = (): void => {
    results.push({
      command: '',
      status: 'refused',
      code: 'request.invalid',
      message: '这一条的内容不合要求；请在手机上改正。',
    });
  };
  const commands: Sync['commands'] = [];
  for (const one of inside.commands) {
    if (!Value.Check(contract.FieldCommand, one)) unreadable();
    else {
      note(one);
      commands.push(one);
    }
  }
  const found: NonNullable<Sync['found']> = [];
  for (const one of inside.found) {
    if (!Value.Check(contract.FoundCommand, one)) unreadable();
    else {
      note(one);
      found.push(one);
    }
  }
  const batches: Pick<Sync, 'commands' | 'found'>[] = [];
  for (let i = 0; i < Math.max(commands.length, found.length); i += BATCH) {
    batches.push({ commands: commands.slice(i, i + BATCH), found: found.slice(i, i + BATCH) });
  }
  return batches;
}
