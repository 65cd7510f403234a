import { createDecipheriv, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFieldCipher, FieldError } from './field.ts';
import { type Keyring, openKeyring } from './keyring.ts';

let dir: string;
let keyring: Keyring;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'field-'));
  keyring = openKeyring(dir).keyring;
});
afterEach(() => rmSync(dir, { recursive: true }));

const ID = '430321194006011234';

function fault(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof FieldError) return error.code;
    throw error;
  }
  return undefined;
}

describe.each(['sm4', 'aes'] as const)('fields in %s', (suite) => {
  it('come back, whatever the text, alone or many at once', () => {
    const cipher = createFieldCipher(keyring, suite);
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 60 })), (values) => {
        const fields = cipher.encryptFields(values);
        expect(cipher.decryptFields(fields)).toEqual(values);
        expect(fields.map(cipher.decryptField)).toEqual(values);
        expect(cipher.decryptFields(values.map(cipher.encryptField))).toEqual(values);
      }),
      { numRuns: 200 },
    );
    const many = Array.from({ length: 30_000 }, (_, i) => (i % 7 === 0 ? '' : `${ID}-${i}`.repeat(i % 4)));
    expect(cipher.decryptFields(cipher.encryptFields(many))).toEqual(many);
    const long = '湘'.repeat(400_000);
    expect(cipher.decryptField(cipher.encryptField(long))).toBe(long);
  });

  it('are plain CTR with an HMAC-SM3 over all of it', () => {
    const cipher = createFieldCipher(keyring, suite);
    const master = keyring.key('field', 1)!;
    const derive = (use: string) =>
      createHmac('sm3', master).update(`quanbao field ${suite} ${use}`).digest();
    const fields = [...cipher.encryptFields([ID, '湘潭县易俗河镇'.repeat(9)]), cipher.encryptField(ID)];
    expect(fields[0]).toHaveLength(48);
    const texts = fields.map((field) => {
      const end = field.length - 16;
      const tag = createHmac('sm3', derive('mac')).update(field.subarray(0, end)).digest().subarray(0, 16);
      expect(field.subarray(end).equals(tag)).toBe(true);
      const iv = Buffer.concat([field.subarray(2, 14), Buffer.alloc(4)]);
      const [name, bytes] = suite === 'sm4' ? ['sm4-ctr', 16] : ['aes-256-ctr', 32];
      return createDecipheriv(name as string, derive('enc').subarray(0, bytes as number), iv)
        .update(field.subarray(14, end))
        .toString();
    });
    expect(texts).toEqual([ID, '湘潭县易俗河镇'.repeat(9), ID]);
    expect(fields[0]!.equals(fields[2]!)).toBe(false);
  });

  it('notice every altered byte, a cut and a foreign key', () => {
    const cipher = createFieldCipher(keyring, suite);
    const field = cipher.encryptField(ID);
    for (let i = 0; i < field.length; i++) {
      const bad = Buffer.from(field);
      bad[i]! ^= 1;
      expect(fault(() => cipher.decryptField(bad))).toMatch(/^field\./);
      expect(fault(() => cipher.decryptFields([field, bad, field]))).toMatch(/^field\./);
      expect(fault(() => cipher.decryptField(field.subarray(0, i)))).toMatch(/^field\./);
    }
    const other = mkdtempSync(join(tmpdir(), 'field-'));
    const foreign = createFieldCipher(openKeyring(other).keyring, suite).encryptField(ID);
    rmSync(other, { recursive: true });
    expect(fault(() => cipher.decryptField(foreign))).toBe('field.tampered');
    foreign[1] = 9;
    expect(fault(() => cipher.decryptField(foreign))).toBe('field.unknown-key');
  });

  it('go over to the current key, and are read in between', () => {
    const cipher = createFieldCipher(keyring, suite);
    const old = cipher.encryptField(ID);
    expect(cipher.reencrypt(old)).toBe(old);
    keyring.rotateDataKey();
    const renewed = cipher.reencrypt(old);
    expect([old[1], renewed[1]]).toEqual([1, 2]);
    expect(cipher.isCurrent(old)).toBe(false);
    expect(cipher.decryptFields([old, renewed, old, old])).toEqual([ID, ID, ID, ID]);
    const bad = Buffer.from(old);
    bad[20]! ^= 1;
    expect(fault(() => cipher.reencrypt(bad))).toBe('field.tampered');
  });
});

it('one suite reads what the other wrote', () => {
  const sm4 = createFieldCipher(keyring);
  const aes = createFieldCipher(keyring, 'aes');
  expect(aes.decryptFields([sm4.encryptField('a'), aes.encryptField('b')])).toEqual(['a', 'b']);
  expect(aes.reencrypt(sm4.encryptField(ID))[0]).toBe(2);
});

it('the blind index is the same for the same number, and survives a rotation', () => {
  const before = createFieldCipher(keyring).blindIndex(ID);
  keyring.rotateDataKey();
  expect(createFieldCipher(openKeyring(dir).keyring).blindIndex(ID)).toBe(before);
  expect(createFieldCipher(keyring).blindIndex('430321194006011235')).not.toBe(before);
});
