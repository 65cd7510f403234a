import type { fieldMediaPiece, fieldMediaState, fieldSync } from '@quanbao/contract/field';
import type { AnswerOf, BodyOf } from '@quanbao/contract/route';
import { Problem } from '../api/problem.ts';
import { type Command, type Entry, heldOf, type Outbox, type WaitingPicture } from './outbox.ts';

export interface Server {
  sync(body: BodyOf<typeof fieldSync>): Promise<AnswerOf<typeof fieldSync>>;
  mediaState(digest: string): Promise<AnswerOf<typeof fieldMediaState>>;
  mediaPiece(digest: string, body: BodyOf<typeof fieldMediaPiece>): Promise<AnswerOf<typeof fieldMediaPiece>>;
}

const BATCH = 20;
const PIECE = 64 * 1024;
const SMALLEST_PIECE = 8 * 1024;

/** What the server said of one answer. */
type Receipt = Parameters<Outbox['settle']>[0][number];

/** Nothing is left; something was sent and there may be more. */
type Step = 'empty' | 'sent';

export interface Sender {
  /** Sends a batch of answers, or else one piece of a picture. @throws Problem when it did not get through */
  step(): Promise<Step>;
  /** Says that this phone is there, and what it holds, though it has nothing to send. */
  report(): Promise<void>;
  /** Whether the server knows what this phone holds. */
  isTold(): Promise<boolean>;
}

/** As the server takes them: answers of the list, and of people found. */
export function ordersOf(commands: readonly Command[]) {
  const found = commands.filter((one) => one.found !== undefined);
  return {
    commands: commands.filter((one) => one.found === undefined),
    ...(found.length > 0 && { found }),
  };
}

/** Answers first, oldest first; pictures in pieces between them, so that a large one never holds up an answer. */
export function makeSender(outbox: Outbox, server: Server, device: string, clock: () => Date): Sender {
  /** How much of the picture under way the server has. */
  let under: { digest: string; received: number; bytes: Uint8Array<ArrayBuffer> } | undefined;
  let piece = PIECE;

  /** What the server was told last that this phone holds. */
  let told = '';

  /** What is left on this phone once these are taken. */
  const heldAfter = async (batch: readonly Entry[] = []) => {
    const going = new Set(batch.map(({ number }) => number));
    const [entries, pictures] = await Promise.all([outbox.entries(), outbox.pictures()]);
    return heldOf(entries, pictures, going);
  };
  const sync = async (batch: readonly Entry[]): Promise<AnswerOf<typeof fieldSync>> => {
    const held = await heldAfter(batch);
    const orders = ordersOf(batch.map(({ command }) => command));
    const answer = await server.sync({ device, now: clock().toISOString(), ...held, ...orders });
    told = JSON.stringify(held);
    return answer;
  };

  const sendAnswers = async (batch: readonly Entry[]): Promise<void> => {
    let answer: AnswerOf<typeof fieldSync>;
    try {
      answer = await sync(batch);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      // The whole batch was refused because of one: halve it until that one stands alone.
      const [first] = batch;
      if (batch.length === 1 && first !== undefined) {
        await outbox.settle([{ entry: first, refused: error.message }], clock().toISOString());
        return;
      }
      const middle = Math.ceil(batch.length / 2);
      await sendAnswers(batch.slice(0, middle));
      await sendAnswers(batch.slice(middle));
      return;
    }
    const byCommand = new Map(batch.map((entry) => [entry.command.command, entry]));
    const receipts = answer.results.flatMap(({ command, status, message }): Receipt[] => {
      const entry = byCommand.get(command);
      if (entry === undefined) return [];
      return status === 'refused'
        ? [{ entry, refused: message ?? '服务器没有说明原因。' }]
        : [{ entry, refused: null, said: message }];
    });
    if (receipts.length === 0) {
      throw new Problem(0, 'field.no-receipt', '服务器没有回执；稍后自动重发。');
    }
    await outbox.settle(receipts, clock().toISOString());
  };

  const sendPiece = async ({ digest, number }: WaitingPicture): Promise<void> => {
    try {
      if (under?.digest !== digest) {
        const bytes = await outbox.picture(number);
        const { received, complete } = await server.mediaState(digest);
        if (complete) return await outbox.settlePicture(number, null);
        under = { digest, received, bytes };
      }
      const { received, bytes } = under;
      const state = await server.mediaPiece(digest, {
        offset: received,
        total: bytes.length,
        base64: base64(bytes.subarray(received, received + piece)),
      });
      piece = Math.min(PIECE, piece * 2);
      under = { ...under, received: state.received };
      if (state.complete) {
        under = undefined;
        await outbox.settlePicture(number, null);
      }
    } catch (error) {
      under = undefined;
      if (isUnreadable(error)) return outbox.settlePicture(number, error.message);
      piece = Math.max(SMALLEST_PIECE, piece / 2);
      throw error;
    }
  };

  return {
    async report() {
      await sync([]);
    },
    isTold: async () => told === JSON.stringify(await heldAfter()),
    async step() {
      const waiting = (await outbox.entries()).filter(({ state }) => state === 'waiting');
      if (waiting.length > 0) {
        await sendAnswers(waiting.slice(0, BATCH));
        return 'sent';
      }
      const next = (await outbox.pictures()).find(({ refused }) => refused === null);
      if (next === undefined) return 'empty';
      await sendPiece(next);
      return 'sent';
    },
  };
}

/** Refused for what it is, not for who sends it or when: sending it again would change nothing. */
function isUnreadable(error: unknown): error is Problem {
  if (!(error instanceof Problem)) return false;
  // What a gateway on the way says has no code of ours.
  if (error.code === 'field.unexplained' || error.code.startsWith('access.')) return false;
  return [400, 413, 422].includes(error.status);
}

/** Milliseconds until the next try: twice as long each time, not all phones of a county at once. */
export function backoff(failures: number, chance: number): number {
  return Math.min(300_000, 2_000 * 2 ** Math.min(failures - 1, 10)) * (0.5 + chance / 2);
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8_192) text += String.fromCharCode(...bytes.subarray(i, i + 8_192));
  return btoa(text);
}
