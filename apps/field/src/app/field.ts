import type { Session as SessionSchema, signIn } from '@quanbao/contract/access';
import type {
  fieldMediaPiece,
  fieldMediaState,
  fieldPack,
  fieldSync,
  fieldVillages,
} from '@quanbao/contract/field';
import type { AnswerOf } from '@quanbao/contract/route';
import { PHONE_DAYS, PHONE_PEOPLE } from '@quanbao/domain/survey/devices';
import type { Static } from 'typebox';
import { call, keepCsrf } from '../api/call.ts';
import { Problem } from '../api/problem.ts';
import {
  type Entry,
  isUnsent,
  type KeptAttempt,
  type Outbox,
  openOutbox,
  type WaitingPicture,
} from '../outbox/outbox.ts';
import { type OutboxKey, sealOutbox } from '../outbox/seal.ts';
import { backoff, makeSender, ordersOf, type Sender } from '../outbox/sender.ts';
import type { Change, Shelf } from '../store/shelf.ts';
import { type Pack, packOf } from '../survey/list.ts';
import { changePin, createVault, hasVault, type Sealed, unlock, type Vault } from '../vault/vault.ts';

type Session = Static<typeof SessionSchema>;
export type Villages = AnswerOf<typeof fieldVillages>['items'];

const DAY = 86_400_000;
/** A phone that has nothing to send says so once an hour, while it is used and online; sooner when it holds other than it said. */
const REPORT_EVERY = 3_600_000;
/** Said wherever what is on the phone can be neither read nor written. */
export const STORAGE_WORDS =
  '手机存储读不出或写不进。请关掉再打开；还不行就清理手机空间，不要清除浏览器数据，里面有没上报的答复。';
const SENDING = 'quanbao-field-send';
const CONTACT = 'quanbao-field-contact';
const OUTBOX_KEY = 'outbox-key';
/** The people on the lists, and the numbers called of them. */
const GONE: readonly Change[] = [{ clear: 'villages' }, { clear: 'attempts' }];

/** What is known without the PIN: nothing of it is personal. */
interface Contact {
  readonly device: string;
  /** The latest moment seen: a clock set back gives no more time. */
  readonly at: number;
  readonly seen: number;
  readonly keepDays: number;
}

/** Who uses this phone; sealed. */
interface Worker {
  readonly login: string;
  readonly name: string;
  readonly place: string;
  readonly csrf: string;
}

type Door = 'loading' | 'sign-in' | 'new-pin' | 'locked' | 'villages' | 'open';

export interface View {
  readonly door: Door;
  readonly worker: Worker | undefined;
  readonly packs: readonly Pack[];
  readonly entries: readonly Entry[];
  readonly pictures: readonly WaitingPicture[];
  readonly attempts: readonly KeptAttempt[];
  /** sending, or how the last try ended; broken: the phone's own storage failed. */
  readonly line: 'idle' | 'sending' | 'waiting' | 'signed-out' | 'disabled' | 'broken';
  /** Why the last try came to nothing; when the lists were wiped, why. */
  readonly notice: string;
}

/** The app apart from its screens: what is on the phone, who may see it, and what is on its way. */
export class Field {
  private readonly shelf: Shelf;
  private readonly listeners = new Set<() => void>();
  private vault: Vault | undefined;
  private sender: Sender | undefined;
  private fresh: Session | undefined;
  private failures = 0;
  private reportedAt = Number.NEGATIVE_INFINITY;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = false;
  private again = false;
  outbox: Outbox | undefined;
  view: View = {
    door: 'loading',
    worker: undefined,
    packs: [],
    entries: [],
    pictures: [],
    attempts: [],
    line: 'idle',
    notice: '',
  };

  constructor(shelf: Shelf) {
    this.shelf = shelf;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  snapshot = (): View => this.view;

  private show(change: Partial<View>): void {
    this.view = { ...this.view, ...change };
    for (const listener of this.listeners) listener();
  }

  async start(): Promise<void> {
    const notice = await this.wipeIfOld();
    this.show({ door: (await hasVault(this.shelf)) ? 'locked' : 'sign-in', notice });
  }

  private async contact(): Promise<Contact> {
    const kept = await this.shelf.get<Contact>('meta', 'contact');
    return kept ?? { device: crypto.randomUUID(), at: Date.now(), seen: Date.now(), keepDays: PHONE_DAYS };
  }

  /** Read and written in one turn: neither a look at the age nor a contact undoes the other. */
  private inTurn<Value>(work: (contact: Contact, now: number) => Promise<Value>): Promise<Value> {
    return navigator.locks.request(CONTACT, async () => {
      const contact = await this.contact();
      return work(contact, Math.max(Date.now(), contact.seen));
    }) as Promise<Value>;
  }

  /** Lists go after keepDays without contact; answers that were not sent stay, sealed. */
  private wipeIfOld(): Promise<string> {
    return this.inTurn(async (contact, now) => {
      const old = now - contact.at > contact.keepDays * DAY;
      const there = old && (this.view.packs.length > 0 || (await this.shelf.all('villages')).length > 0);
      await this.shelf.write([
        { put: 'meta', key: 'contact', value: { ...contact, seen: now } },
        ...(old ? GONE : []),
      ]);
      if (old) this.show({ packs: [], attempts: [] });
      return there
        ? `超过 ${contact.keepDays} 天没有联网，名单已从手机清除；没上报的答复还在。联网登录后请重新下载名单。`
        : '';
    });
  }

  /** Whoever left it open for weeks finds no lists either: what is too old goes before anything is sent. */
  async seenAgain(): Promise<void> {
    try {
      const notice = await this.wipeIfOld();
      if (notice !== '') this.show({ notice });
    } catch {
      return this.broken();
    }
    this.send();
  }

  private broken(): void {
    this.show({ line: 'broken', notice: STORAGE_WORDS });
  }

  private async contacted(keepDays?: number): Promise<void> {
    await this.inTurn((contact, now) => {
      const value = { ...contact, at: now, seen: now, keepDays: keepDays ?? contact.keepDays };
      return this.shelf.write([{ put: 'meta', key: 'contact', value }]);
    });
  }

  /** @throws Problem */
  async signIn(given: { login: string; password: string; code?: string }): Promise<void> {
    let session: Session;
    try {
      session = await call<typeof signIn>('POST', '/api/session', { body: given });
    } catch (error) {
      if (error instanceof Problem && error.code === 'access.disabled') await this.revoke(error.message);
      throw error;
    }
    if (session.account.mustChange) {
      throw new Problem(0, 'access.must-change', '首次登录请先在电脑上修改密码，再到手机上登录。');
    }
    if (!session.permissions.includes('visits.write')) {
      throw new Problem(0, 'access.forbidden', '这个账号不能入户摸底；请用村（社区）或乡镇的账号登录。');
    }
    const { worker } = this.view;
    if (worker !== undefined && worker.login !== session.account.login) {
      throw new Problem(0, 'field.other', `这部手机是账号 ${worker.login} 的；换人使用请先清除本机。`);
    }
    keepCsrf(session.csrf);
    this.fresh = session;
    if (this.vault === undefined) return this.show({ door: 'new-pin' });
    await this.keepWorker(session);
    await this.contacted();
    this.show({
      line: 'idle',
      notice: '',
      door: this.inside(),
    });
    this.send();
  }

  /** Signs in again without losing what is open. */
  askSignIn(): void {
    this.show({ door: 'sign-in' });
  }

  /** Without a list one is fetched first, unless there is something else to be got off the phone. */
  private inside(): Door {
    const { packs, entries } = this.view;
    return packs.length === 0 && !entries.some(isUnsent) ? 'villages' : 'open';
  }

  backIn(): void {
    this.show({ door: this.inside() });
  }

  private async keepWorker({ account, csrf }: Session): Promise<void> {
    const worker: Worker = { login: account.login, name: account.name, place: account.region.path, csrf };
    const sealed = await (this.vault as Vault).seal('meta', worker);
    await this.shelf.write([{ put: 'meta', key: 'worker', value: sealed }]);
    this.show({ worker });
  }

  async setPin(pin: string): Promise<void> {
    const session = this.fresh as Session;
    const vault = await createVault(this.shelf, pin);
    await this.openUp(vault);
    await this.keepWorker(session);
    await this.contacted();
    this.show({ door: 'villages' });
  }

  /** @returns tries that are left; undefined when it is open */
  async unlock(pin: string): Promise<number | undefined> {
    const notice = await this.wipeIfOld();
    if (notice !== '') this.show({ notice });
    const unlocked = await unlock(this.shelf, pin, () => this.wipe());
    if (!('vault' in unlocked)) {
      if (unlocked.left === 0) this.show({ door: 'sign-in', notice: '密码连续输错，本机内容已全部清除。' });
      return unlocked.left;
    }
    await this.openUp(unlocked.vault);
    const sealed = await this.shelf.get<Sealed>('meta', 'worker');
    // Switched off between PIN and account: nothing was on the phone yet.
    if (sealed === undefined) {
      await this.wipe();
      this.show({ door: 'sign-in' });
      return undefined;
    }
    const worker = await unlocked.vault.open<Worker>('meta', sealed);
    keepCsrf(worker.csrf);
    this.show({ worker, door: this.inside() });
    this.send();
    return undefined;
  }

  private async openUp(vault: Vault): Promise<void> {
    this.vault = vault;
    this.outbox = openOutbox(this.shelf, vault);
    const { device } = await this.contact();
    this.sender = makeSender(
      this.outbox,
      {
        sync: (body) => call<typeof fieldSync>('POST', '/api/field/sync', { body }),
        mediaState: (digest) =>
          call<typeof fieldMediaState>('GET', '/api/field/media/:digest', { params: { digest } }),
        mediaPiece: (digest, body) =>
          call<typeof fieldMediaPiece>('POST', '/api/field/media/:digest', { params: { digest }, body }),
      },
      device,
      () => new Date(),
    );
    const kept = await this.shelf.all<Sealed>('villages');
    const packs = await Promise.all(kept.map(({ value }) => vault.open<Pack>('villages', value)));
    this.show({ packs: packs.map(packOf) });
    await this.refresh();
  }

  /** Reads anew what was written down. */
  async refresh(): Promise<void> {
    if (this.outbox === undefined) return;
    const [entries, pictures, attempts] = await Promise.all([
      this.outbox.entries(),
      this.outbox.pictures(),
      this.outbox.attempts(),
    ]);
    this.show({ entries, pictures, attempts });
  }

  /** @returns whether the old PIN was right */
  changePin(old: string, pin: string): Promise<boolean> {
    return changePin(this.shelf, old, pin);
  }

  lock(): void {
    clearTimeout(this.timer);
    keepCsrf('');
    this.vault = undefined;
    this.outbox = undefined;
    this.sender = undefined;
    this.show({
      door: 'locked',
      worker: undefined,
      packs: [],
      entries: [],
      pictures: [],
      attempts: [],
      line: 'idle',
    });
  }

  /** @throws Problem */
  async villages(): Promise<Villages> {
    return (await this.guarded(() => call<typeof fieldVillages>('GET', '/api/field/villages'))).items;
  }

  /** @throws Problem when there are too many, or one cannot be fetched; what was there before then stays */
  async download(codes: readonly string[], onVillage: (done: number) => void): Promise<void> {
    const vault = this.vault as Vault;
    const begun = new Date().toISOString();
    const { device } = await this.contact();
    const packs: Pack[] = [];
    for (const village of codes) {
      const patience = 600_000;
      const query = { village, device };
      const pack = await this.guarded(() =>
        call<typeof fieldPack>('GET', '/api/field/pack', { query, patience }),
      );
      // By the clock that its answers go by: one that is wrong by days counts the days on rightly all the same.
      packs.push({ ...pack, madeAt: begun });
      onVillage(packs.length);
    }
    const people = packs.reduce((sum, pack) => sum + pack.people.length, 0);
    if (people > PHONE_PEOPLE) throw tooMany(people);
    const sealed = await Promise.all(packs.map((pack) => vault.seal('villages', pack)));
    // Kept apart from the lists: it is wanted when these have been wiped already.
    const key = packs.find((pack) => pack.outbox !== null)?.outbox;
    const changes: Change[] = [
      ...(key ? [{ put: 'meta', key: OUTBOX_KEY, value: await vault.seal('meta', key) } as const] : []),
      { clear: 'villages' },
      ...sealed.map((value, i): Change => ({ put: 'villages', key: i, value })),
      // What the server had before the list was made is in the list.
      ...(await (this.outbox as Outbox).forgotten(begun)),
    ];
    await this.shelf.write(changes);
    await this.contacted(Math.min(...packs.map((pack) => pack.keepDays)));
    this.show({ packs, door: 'open' });
    await this.refresh();
  }

  private async guarded<Value>(ask: () => Promise<Value>): Promise<Value> {
    try {
      const answer = await ask();
      await this.contacted();
      return answer;
    } catch (error) {
      await this.noticeRefusal(error);
      throw error;
    }
  }

  /** Signed out: the answers wait for the next sign-in. Forbidden: the lists are not his any more. */
  private async noticeRefusal(error: unknown): Promise<boolean> {
    if (!(error instanceof Problem)) return false;
    if (isCutOff(error)) {
      await this.revoke(error.message);
      return true;
    }
    if (error.code !== 'access.signed-out' && error.code !== 'access.csrf') return false;
    this.show({ line: 'signed-out', notice: '登录已过期，请重新登录；没上报的答复都在手机里。' });
    return true;
  }

  private async revoke(why: string): Promise<void> {
    await this.shelf.write(GONE);
    this.show({
      packs: [],
      attempts: [],
      line: 'disabled',
      notice: `${why} 名单已从手机清除；没上报的答复仍加密保存。`,
    });
  }

  async wipe(): Promise<void> {
    await this.shelf.write([
      { clear: 'meta' },
      { clear: 'villages' },
      { clear: 'outbox' },
      { clear: 'attempts' },
      { clear: 'media' },
    ]);
  }

  async clearAll(): Promise<void> {
    await this.wipe();
    this.lock();
    this.show({ door: 'sign-in', notice: '本机内容已清除。' });
  }

  /** Written down already; now it is shown and sent. */
  async saved(): Promise<void> {
    await this.refresh();
    this.send();
  }

  /** Sends until nothing is left; after a failure tries again, later each time. */
  send(): void {
    // Nothing gets through before he has signed in again.
    if (this.sender === undefined || this.view.line === 'disabled' || this.view.line === 'signed-out') return;
    if (this.busy) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.busy = true;
    this.again = false;
    // Two windows of one phone take turns.
    void navigator.locks
      .request(SENDING, () => this.sendAll())
      .catch(() => this.broken())
      .finally(() => {
        this.busy = false;
        if (this.again) this.send();
      });
  }

  private async sendAll(): Promise<void> {
    try {
      for (;;) {
        const { sender } = this;
        if (sender === undefined) return;
        this.show({ line: 'sending' });
        const step = await sender.step();
        this.failures = 0;
        await this.refresh();
        if (step === 'empty') break;
        this.reportedAt = Date.now();
        await this.contacted();
      }
      if (await this.report()) this.show({ line: 'idle', notice: '' });
    } catch (error) {
      this.failures++;
      if (!(await this.noticeRefusal(error))) {
        if (error instanceof Problem) this.show({ line: 'waiting', notice: error.message });
        else this.broken();
        this.timer = setTimeout(() => this.send(), backoff(this.failures, Math.random()));
      }
    }
  }

  /** Without it, a phone that has nothing to send would count as silent, and what it gave since as held. Offline it is left for the next time. @returns false when it was cut off */
  private async report(): Promise<boolean> {
    if (this.sender === undefined) return true;
    if (Date.now() - this.reportedAt < REPORT_EVERY && (await this.sender.isTold())) return true;
    try {
      await this.sender.report();
      this.reportedAt = Date.now();
      await this.contacted();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (!isCutOff(error)) return true;
      await this.revoke(error.message);
      return false;
    }
    return true;
  }

  /** Everything that the server has not taken, what it sent back too, for the county alone to open. @throws Problem before the first list */
  async exported(): Promise<Blob> {
    const { vault, outbox } = this;
    const sealed = await this.shelf.get<Sealed>('meta', OUTBOX_KEY);
    if (vault === undefined || outbox === undefined || sealed === undefined) {
      throw new Problem(0, 'field.no-key', '还没有县里的加密钥匙；请联网更新一次名单，再导出。');
    }
    const unsent = (await outbox.entries()).filter(isUnsent);
    // One that is no picture would be refused again, and hold up what comes after it in the file.
    const pictures = await Promise.all(
      (await outbox.pictures())
        .filter(({ refused }) => refused === null)
        .map(async ({ number, digest }) => ({ digest, bytes: await outbox.picture(number) })),
    );
    const { commands, found = [] } = ordersOf(unsent.map(({ command }) => command));
    const inside = {
      device: (await this.contact()).device,
      login: this.view.worker?.login,
      madeAt: new Date().toISOString(),
      commands,
      found,
    };
    return sealOutbox(await vault.open<OutboxKey>('meta', sealed), inside, pictures);
  }

  /** Nothing is being sent while this is done. */
  undisturbed<Value>(work: () => Promise<Value>): Promise<Value> {
    return navigator.locks.request(SENDING, work) as Promise<Value>;
  }
}

/** The account or this phone is not let in any more: the lists go. */
function isCutOff({ code }: Problem): boolean {
  return ['access.disabled', 'access.forbidden', 'device.revoked'].includes(code);
}

function tooMany(people: number): Problem {
  return new Problem(
    0,
    'field.too-many',
    `共 ${people} 人，超过一部手机的 ${PHONE_PEOPLE} 人上限。请少选几个村（社区），或按村分给几位协办员。`,
  );
}
