import { createHash, createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createHmacSm3, prepareHmacSm3, selfTestSm3, sm3 } from './sm3.ts';

describe('SM3', () => {
  it('gives the example of GB/T 32905', () => {
    expect(sm3(Buffer.from('abc')).toString('hex')).toBe(
      '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
    );
    selfTestSm3();
  });

  it('agrees with OpenSSL at every length to 300 bytes', () => {
    for (let n = 0; n <= 300; n++) {
      const data = randomBytes(n);
      expect(sm3(data).equals(createHash('sm3').update(data).digest())).toBe(true);
    }
  });
});

describe('HMAC-SM3', () => {
  it('agrees with OpenSSL for texts of every length, ASCII or not, and keys short and long', () => {
    for (const keyBytes of [0, 16, 32, 64, 65, 200]) {
      const key = randomBytes(keyBytes);
      const hmac = createHmacSm3(key);
      for (let n = 0; n <= 140; n++) {
        for (const text of ['7'.repeat(n), `${'x'.repeat(n)}湘`, 'é'.repeat(n), `${'𠮷'.repeat(n)}`]) {
          expect(hmac(text).equals(createHmac('sm3', key).update(text).digest())).toBe(true);
        }
      }
    }
  });

  it('works on part of a buffer, and as a uuid', () => {
    const key = randomBytes(32);
    const { into, uuid } = prepareHmacSm3(key);
    const data = randomBytes(500);
    const out = Buffer.alloc(40);
    into(data, 13, 477, out, 5, 16);
    const expected = createHmac('sm3', key).update(data.subarray(13, 477)).digest();
    expect(out.subarray(5, 21).equals(expected.subarray(0, 16))).toBe(true);
    expect(out[21]).toBe(0);
    const hex = createHmac('sm3', key).update('430321194006011234').digest('hex').slice(0, 32);
    expect(uuid('430321194006011234').replaceAll('-', '')).toBe(hex);
    expect(uuid('430321194006011234')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });
});
