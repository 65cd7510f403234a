import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKeyring } from './keyring.ts';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'keys-'));
  path = join(dir, 'keys.json');
});
afterEach(() => rmSync(dir, { recursive: true }));

function refusal(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error.problem.code;
    throw error;
  }
  return undefined;
}

describe('the keyring', () => {
  it('is made once, for its owner only, with a warning to keep a copy', () => {
    const first = openKeyring(dir);
    expect(first.warning).toContain('另存');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir)).toEqual(['keys.json']);
    const second = openKeyring(dir);
    expect(second.warning).toBeUndefined();
    expect(second.keyring.fingerprint).toBe(first.keyring.fingerprint);
    expect(second.keyring.auditKey.equals(first.keyring.auditKey)).toBe(true);
    expect(first.keyring.indexKey).toHaveLength(32);
  });

  it('adds a key when rotated, keeps the old one, and another process learns of it', () => {
    const { keyring } = openKeyring(dir);
    const elsewhere = openKeyring(dir).keyring;
    const old = keyring.key('field', 1)!;
    expect(keyring.rotateDataKey()).toBe(2);
    expect(keyring.current('field')).toBe(2);
    expect(keyring.current('file')).toBe(1);
    expect(keyring.key('field', 1)!.equals(old)).toBe(true);
    expect(keyring.key('field', 2)!.equals(old)).toBe(false);
    expect(elsewhere.key('field', 2)!.equals(keyring.key('field', 2)!)).toBe(true);
    expect(elsewhere.key('field', 3)).toBeUndefined();
    expect(elsewhere.rotateDataKey()).toBe(3);
    expect(elsewhere.rotateFileKey()).toBe(2);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir)).toEqual(['keys.json']);
    writeFileSync(join(dir, '.keys.json.lock'), '');
    expect(refusal(() => keyring.rotateDataKey())).toBe('keys.busy');
  });

  it('is never made anew over data', () => {
    openKeyring(dir);
    rmSync(path);
    expect(refusal(() => openKeyring(dir, { holdsData: true }))).toBe('keys.missing');
    mkdirSync(join(dir, 'files', 'ab'), { recursive: true });
    expect(refusal(() => openKeyring(dir))).toBe('keys.missing');
    expect(existsSync(path)).toBe(false);
  });

  it('notices a damaged file and leaves it alone', () => {
    openKeyring(dir);
    const good = readFileSync(path, 'utf8');
    const digit = good.indexOf('"index": "') + 12;
    const other = good[digit] === '0' ? '1' : '0';
    for (const bad of [
      '',
      '{}',
      'null',
      good.slice(0, 200),
      good.slice(0, digit) + other + good.slice(digit + 1),
    ]) {
      writeFileSync(path, bad);
      expect(refusal(() => openKeyring(dir, { holdsData: false }))).toBe('keys.missing');
      expect(readFileSync(path, 'utf8')).toBe(bad);
    }
  });
});
