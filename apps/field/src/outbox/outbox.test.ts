import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../api/problem.ts';
import { memoryShelf } from '../store/memory.ts';
import { createVault, type Vault } from '../vault/vault.ts';
import { type Command, type Outbox, openOutbox, type VisitCommand } from './outbox.ts';
import { backoff, makeSender, type Server } from './sender.ts';

const command = (person: number, more: Partial<VisitCommand> = {}): VisitCommand => ({
  command: crypto.randomUUID(),
  person,
  madeAt: '2020-08-31T08:00:00Z',
  way: 'visit',
  answer: 'willing',
  ...more,
});
const answer = (one: Command) => ({ command: one, missing: [], pictures: [] });

/** Takes answers and pieces as the service does: each answer once, a piece only where the last one ended. */
function fakeServer(options: { refuse?: (one: Command) => string | undefined } = {}) {
  const applied: string[] = [];
  const sizes: number[] = [];
  const files = new Map<string, Uint8Array>();
  const offline = (): never => {
    throw new Problem(0, 'field.unreachable', '连不上');
  };
  const server: Server = {
    async sync({ commands }) {
      sizes.push(commands.length);
      if (commands.some((one) => one.answer === 'malformed')) {
        throw new Problem(400, 'request.invalid', '请求的内容不合要求');
      }
      return {
        wanted: [],
        results: commands.map((one) => {
          const why = options.refuse?.(one);
          if (why !== undefined) {
            return { command: one.command, status: 'refused', code: 'visit.person', message: why };
          }
          const known = applied.includes(one.command);
          if (!known) applied.push(one.command);
          return { command: one.command, status: known ? 'known' : 'applied', code: null, message: null };
        }),
      };
    },
    mediaState: async (digest) => ({
      received: files.get(digest)?.length ?? 0,
      complete: isWhole(files.get(digest), digest),
    }),
    async mediaPiece(digest, { offset, base64 }) {
      const there = files.get(digest) ?? new Uint8Array();
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      if (offset === there.length) files.set(digest, Uint8Array.from([...there, ...bytes]));
      const now = files.get(digest) ?? new Uint8Array();
      return { received: now.length, complete: isWhole(now, digest) };
    },
  };
  return { server, applied, sizes, files, offline };
}
/** Stands for SHA-256: what matters is that it is the content's own. */
const sha = (bytes: Uint8Array): string =>
  `${bytes.length}-${bytes.reduce((sum, byte) => (sum * 31 + byte) % 4_294_967_291, 7)}`;
const isWhole = (bytes: Uint8Array | undefined, digest: string): boolean =>
  bytes !== undefined && sha(bytes) === digest;

const bytesOf = (size: number, seed: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: size }, (_, i) => (i * 31 + seed) % 251);

async function opened() {
  const shelf = memoryShelf();
  const vault: Vault = await createVault(shelf, '274918', 1_000);
  return { shelf, vault, outbox: openOutbox(shelf, vault) };
}
const senderOf = (outbox: Outbox, server: Server) =>
  makeSender(outbox, server, 'phone', () => new Date('2020-08-31T08:00:00Z'));
async function drain(outbox: Outbox, server: Server): Promise<void> {
  const sender = senderOf(outbox, server);
  for (let i = 0; i < 500; i++) {
    const step = await sender.step().catch((error) => {
      if (!(error instanceof Problem)) throw error;
      return 'sent';
    });
    if (step === 'empty') return;
  }
  throw new Error('never empty');
}

describe('the outbox', () => {
  it('sends oldest first, twenty at once, and keeps what has its receipt until a newer list', async () => {
    const { outbox } = await opened();
    const all = Array.from({ length: 45 }, (_, i) => command(i));
    for (const one of all) await outbox.save(answer(one));
    const { server, applied, sizes } = fakeServer();
    await drain(outbox, server);
    expect(applied).toEqual(all.map((one) => one.command));
    expect(sizes).toEqual([20, 20, 5]);
    expect(new Set((await outbox.entries()).map(({ state }) => state))).toEqual(new Set(['done']));
    expect(await outbox.forgotten('2020-08-31T07:00:00Z')).toEqual([]);
    expect(await outbox.forgotten('2020-08-31T09:00:00Z')).toHaveLength(45);
  });

  it('tells with each batch what the phone holds after it, what came back and pictures too, and since when', async () => {
    const { outbox } = await opened();
    const day = (n: number) => `2020-08-${String(n).padStart(2, '0')}T08:00:00.000Z`;
    const photo = bytesOf(10, 1);
    await outbox.save({
      command: command(0, { madeAt: day(3), media: [sha(photo)] }),
      missing: [],
      pictures: [{ digest: sha(photo), bytes: photo }],
    });
    for (let n = 1; n < 45; n++) await outbox.save(answer(command(n, { madeAt: day(n < 20 ? 4 : 5) })));
    const { server } = fakeServer({ refuse: (one) => (one.person === 10 ? '此人已迁出' : undefined) });
    const told: unknown[] = [];
    const sender = senderOf(outbox, {
      ...server,
      sync: (body) => {
        told.push([body.waiting, body.oldest, body.commands.length]);
        return server.sync(body);
      },
    });
    while ((await sender.step()) === 'sent');
    expect(told).toEqual([
      // 25 answers and the picture, which is as old as the answer that named it.
      [26, day(3), 20],
      [7, day(3), 20],
      [2, day(3), 5],
    ]);
    // The picture got through since.
    expect(await sender.isTold()).toBe(false);
    await sender.report();
    expect(told.at(-1)).toEqual([1, day(4), 0]);
    expect(await sender.isTold()).toBe(true);
    const [refused] = (await outbox.entries()).filter(({ state }) => state === 'refused');
    await outbox.drop(refused?.number as number);
    expect(await sender.isTold()).toBe(false);
    await sender.report();
    expect(told.at(-1)).toEqual([0, undefined, 0]);
  });

  it('shows a refused answer in the words of the server, and holds up none of the rest', async () => {
    const { outbox } = await opened();
    const all = [command(1), command(2), command(3)];
    for (const one of all) await outbox.save(answer(one));
    const { server, applied } = fakeServer({
      refuse: (one) => (one.person === 2 ? '此人已迁出' : undefined),
    });
    await drain(outbox, server);
    expect(applied).toEqual([all[0]?.command, all[2]?.command]);
    const [refused] = (await outbox.entries()).filter(({ state }) => state === 'refused');
    expect(refused?.message).toBe('此人已迁出');
    const again = command(2, { answer: 'alive' });
    await outbox.save({ ...answer(again), instead: refused?.number });
    expect((await outbox.entries()).filter(({ state }) => state === 'refused')).toEqual([]);
  });

  it('one answer that no server can read is found among the others and set aside', async () => {
    const { outbox } = await opened();
    for (let i = 0; i < 20; i++)
      await outbox.save(answer(command(i, i === 7 ? { answer: 'malformed' } : {})));
    const { server, applied } = fakeServer();
    await drain(outbox, server);
    expect(applied).toHaveLength(19);
    const refused = (await outbox.entries()).filter(({ state }) => state === 'refused');
    expect(refused.map((entry) => entry.command.person)).toEqual([7]);
  });

  it('what a gateway on the way says is no refusal: everything waits', async () => {
    const { outbox } = await opened();
    await outbox.save(answer(command(1)));
    const { server } = fakeServer();
    for (const status of [400, 401, 403, 404, 409, 429, 500, 502, 503]) {
      const gateway = {
        ...server,
        sync: async () => {
          throw new Problem(status, 'field.unexplained', '');
        },
      };
      await expect(senderOf(outbox, gateway).step()).rejects.toThrow(Problem);
    }
    const gone = {
      ...server,
      sync: async () => {
        throw new Problem(401, 'access.signed-out', '没有登录');
      },
    };
    await expect(senderOf(outbox, gone).step()).rejects.toThrow('没有登录');
    expect((await outbox.entries()).map(({ state }) => state)).toEqual(['waiting']);
  });

  it('saves answer, pictures and attempts whole or not at all', async () => {
    const { shelf, outbox } = await opened();
    const photo = bytesOf(1_000, 1);
    await outbox.tried({ person: 1, at: '2020-08-31T08:00:00Z', way: '电话', number: '13800000000' });
    const [attempt] = await outbox.attempts();
    const save = {
      command: command(1, { media: [sha(photo)] }),
      missing: [],
      pictures: [{ digest: sha(photo), bytes: photo }],
      attempts: [attempt?.key as number],
    };
    shelf.killAfter(0);
    await expect(outbox.save(save)).rejects.toThrow('killed');
    expect([await outbox.entries(), await outbox.pictures()]).toEqual([[], []]);
    expect(await outbox.attempts()).toHaveLength(1);
    shelf.killAfter(Number.POSITIVE_INFINITY);
    await outbox.save(save);
    expect(await outbox.entries()).toHaveLength(1);
    expect(await outbox.pictures()).toHaveLength(1);
    expect(await outbox.attempts()).toEqual([]);
  });

  it('keeps calls and doors that stayed shut until the answer; one tapped by mistake goes', async () => {
    const shelf = memoryShelf();
    const vault = await createVault(shelf, '274918', 1_000);
    const outbox = openOutbox(shelf, vault);
    // As an earlier version kept it: a call.
    const call = { person: 1, at: '2020-08-30T08:00:00Z', number: '13800000000' };
    await shelf.write([{ put: 'attempts', value: await vault.seal('attempts', call) }]);
    const door = { person: 1, at: '2020-08-31T08:00:00Z', way: '上门', number: '' } as const;
    await outbox.tried(door);
    const kept = await outbox.attempts();
    expect(kept).toMatchObject([{ ...call, way: '电话' }, door]);
    await outbox.untried(kept[1]?.key as number);
    expect(await outbox.attempts()).toEqual(kept.slice(0, 1));
  });

  it('nothing of an answer can be read on the shelf', async () => {
    const { shelf, outbox } = await opened();
    const photo = new TextEncoder().encode('陈海的意愿书') as Uint8Array<ArrayBuffer>;
    const secret = command(1, { remark: '住在老屋', phone: '13812345678' });
    await outbox.save({
      command: secret,
      missing: ['缺本人签名的意愿书'],
      pictures: [{ digest: sha(photo), bytes: photo }],
    });
    await outbox.tried({ person: 1, at: '2020-08-31T08:00:00Z', way: '电话', number: '13812345678' });
    for (const word of ['老屋', '13812345678', 'willing', '意愿书', secret.command]) {
      expect(shelf.text()).not.toContain(word);
    }
  });

  it('a refused answer that is given up takes its pictures with it, but not those of another', async () => {
    const { outbox } = await opened();
    const [own, shared] = [bytesOf(10, 1), bytesOf(10, 2)];
    const picture = (bytes: Uint8Array<ArrayBuffer>) => ({ digest: sha(bytes), bytes });
    const one = command(1, { media: [sha(own), sha(shared)] });
    await outbox.save({ command: one, missing: [], pictures: [picture(own), picture(shared)] });
    await outbox.save({
      command: command(2, { media: [sha(shared)] }),
      missing: [],
      pictures: [picture(shared)],
    });
    await outbox.drop((await outbox.entries())[0]?.number as number);
    expect((await outbox.pictures()).map(({ digest }) => digest)).toEqual([sha(shared)]);
  });

  it('a picture that the server does not take is set aside, and the next goes on', async () => {
    const { outbox } = await opened();
    const [bad, good] = [bytesOf(100, 1), bytesOf(100, 2)];
    for (const bytes of [bad, good]) {
      await outbox.save({
        command: command(1, { media: [sha(bytes)] }),
        missing: [],
        pictures: [{ digest: sha(bytes), bytes }],
      });
    }
    const { server, files } = fakeServer();
    await drain(outbox, {
      ...server,
      mediaPiece: async (digest, body) => {
        if (digest === sha(bad)) throw new Problem(422, 'media.digest', '照片损坏');
        return server.mediaPiece(digest, body);
      },
    });
    expect(await outbox.pictures()).toMatchObject([{ digest: sha(bad), refused: '照片损坏' }]);
    expect(files.has(sha(good))).toBe(true);
  });

  it('arrives whole and once whatever is dropped, sent twice, or killed between two writes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('ok', 'lost before', 'lost after', 'killed'), {
          minLength: 5,
          maxLength: 60,
        }),
        fc.array(fc.integer({ min: 0, max: 150_000 }), { minLength: 1, maxLength: 6 }),
        async (line, sizes) => {
          const { shelf, vault } = await opened();
          let outbox = openOutbox(shelf, vault);
          const { server, applied, files, offline } = fakeServer();
          const shots = sizes.map((size, i) => bytesOf(size, i));
          const all = shots.map((bytes, i) => command(i, bytes.length > 0 ? { media: [sha(bytes)] } : {}));
          for (const [i, one] of all.entries()) {
            const bytes = shots[i] as Uint8Array<ArrayBuffer>;
            const pictures = bytes.length > 0 ? [{ digest: sha(bytes), bytes }] : [];
            await outbox.save({ command: one, missing: [], pictures });
          }
          let turn = 0;
          const shaky =
            <Args extends unknown[], Answer>(act: (...args: Args) => Promise<Answer>) =>
            async (...args: Args): Promise<Answer> => {
              const fate = line[turn++];
              if (fate === 'lost before') return offline();
              const said = await act(...args);
              if (fate === 'killed') shelf.killAfter(0);
              return fate === 'lost after' ? offline() : said;
            };
          const shakyServer: Server = {
            sync: shaky(server.sync),
            mediaState: shaky(server.mediaState),
            mediaPiece: shaky(server.mediaPiece),
          };
          let sender = senderOf(outbox, shakyServer);
          for (let i = 0; i < 300; i++) {
            const step = await sender.step().catch((error: Error) => error);
            if (step === 'empty') break;
            if (step instanceof Error && step.message === 'killed') {
              shelf.killAfter(Number.POSITIVE_INFINITY);
              outbox = openOutbox(shelf, vault);
              sender = senderOf(outbox, shakyServer);
            }
          }
          shelf.killAfter(Number.POSITIVE_INFINITY);
          await drain(outbox, server);
          expect(applied).toEqual(all.map((one) => one.command));
          expect((await outbox.entries()).every(({ state }) => state === 'done')).toBe(true);
          expect(await outbox.pictures()).toEqual([]);
          for (const bytes of shots)
            if (bytes.length > 0) expect(isWhole(files.get(sha(bytes)), sha(bytes))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('waits longer each time, never more than five minutes', () => {
    expect([1, 2, 3, 20].map((failures) => backoff(failures, 1))).toEqual([2_000, 4_000, 8_000, 300_000]);
    expect(backoff(1, 0)).toBe(1_000);
  });
});
