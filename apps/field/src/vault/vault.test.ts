import { describe, expect, it } from 'vitest';
import { memoryShelf } from '../store/memory.ts';
import { changePin, createVault, isWeakPin, TRIES, unlock } from './vault.ts';

/** Few rounds: what is tested is not how slow they are. */
const ROUNDS = 1_000;
const never = async (): Promise<void> => {
  throw new Error('wiped');
};

describe('the vault', () => {
  it('opens by its PIN and by no other, and what it sealed lies where it was sealed for', async () => {
    const shelf = memoryShelf();
    const made = await createVault(shelf, '274918', ROUNDS);
    const sealed = await made.seal('outbox', { name: '陈海' });
    expect(await unlock(shelf, '274919', never)).toEqual({ left: TRIES - 1 });
    const found = await unlock(shelf, '274918', never);
    if (!('vault' in found)) throw new Error('locked');
    expect(await found.vault.open('outbox', sealed)).toEqual({ name: '陈海' });
    await expect(found.vault.open('villages', sealed)).rejects.toThrow();
  });

  it('seals the same twice differently, and tells a changed byte', async () => {
    const vault = await createVault(memoryShelf(), '274918', ROUNDS);
    const [one, two] = await Promise.all([vault.seal('outbox', 'x'), vault.seal('outbox', 'x')]);
    expect(new Uint8Array(one.data)).not.toEqual(new Uint8Array(two.data));
    new Uint8Array(one.data).fill(7, 0, 1);
    await expect(vault.open('outbox', one)).rejects.toThrow();
  });

  it('neither the key nor the PIN lies on the shelf', async () => {
    const shelf = memoryShelf();
    await createVault(shelf, '274918', ROUNDS);
    expect(shelf.text()).not.toContain('274918');
  });

  it('wipes at the fifth wrong PIN; a right one before it gives all tries back', async () => {
    const shelf = memoryShelf();
    await createVault(shelf, '274918', ROUNDS);
    let wiped = 0;
    const wipe = async (): Promise<void> => {
      wiped++;
      await shelf.write([{ clear: 'meta' }]);
    };
    for (const left of [4, 3, 2, 1]) expect(await unlock(shelf, '000000', wipe)).toEqual({ left });
    expect(await unlock(shelf, '274918', wipe)).toHaveProperty('vault');
    for (const left of [4, 3, 2, 1, 0]) expect(await unlock(shelf, '000000', wipe)).toEqual({ left });
    expect(wiped).toBe(1);
    expect(await unlock(shelf, '274918', wipe)).toEqual({ left: 0 });
  });

  it('counts a try before it is made: killing the tab gives none back', async () => {
    const shelf = memoryShelf();
    await createVault(shelf, '274918', ROUNDS);
    for (const left of [4, 3, 2, 1]) expect(await unlock(shelf, '000000', never)).toEqual({ left });
    shelf.killAfter(1);
    await expect(unlock(shelf, '000000', () => shelf.write([{ clear: 'meta' }]))).rejects.toThrow('killed');
    shelf.killAfter(Number.POSITIVE_INFINITY);
    let wiped = false;
    await unlock(shelf, '274918', async () => {
      wiped = true;
    });
    expect(wiped).toBe(true);
  });

  it('changes its PIN and keeps what it sealed', async () => {
    const shelf = memoryShelf();
    const sealed = await (await createVault(shelf, '274918', ROUNDS)).seal('outbox', 1);
    expect(await changePin(shelf, '111119', '135924')).toBe(false);
    expect(await changePin(shelf, '274918', '135924')).toBe(true);
    const found = await unlock(shelf, '135924', never);
    expect('vault' in found && (await found.vault.open('outbox', sealed))).toBe(1);
  });

  it('knows the PINs that are tried first', () => {
    for (const pin of ['000000', '123456', '987654', '121212', '112211']) expect(isWeakPin(pin)).toBe(true);
    expect(isWeakPin('274918')).toBe(false);
  });
});
