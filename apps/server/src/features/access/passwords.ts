import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { Refusal } from '@quanbao/domain/kernel/problem';

/** OWASP's second choice of parameters: 19 MiB, two passes; about 80 ms on an office machine. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), COST);
}

let nobody: Promise<string> | undefined;

/** @param stored undefined for an account that is not there: the answer takes as long */
export async function isPassword(stored: string | undefined, password: string): Promise<boolean> {
  nobody ??= hashPassword(randomPassword());
  const right = await verify(stored ?? (await nobody), password.normalize('NFKC'));
  return stored !== undefined && right;
}

/** Without letters and digits that are read for one another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** A first password to be told to somebody, who must change it. */
export function randomPassword(): string {
  for (;;) {
    const password = Array.from({ length: 12 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
    if (weakness(password, '') === undefined) return password;
  }
}

/** At least ten characters of three kinds, as the classified-protection rules (等保) ask of offices. */
function weakness(password: string, login: string): string | undefined {
  if (password.length < 10) return '密码至少 10 位。';
  if (password.length > 128) return '密码最多 128 位。';
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password)).length;
  if (kinds < 3) return '密码要有大写字母、小写字母、数字、符号中的三种。';
  if (login !== '' && password.toLowerCase().includes(login.toLowerCase())) return '密码里不能有账号名。';
  if (/(.)\1{3}/.test(password)) return '密码里不能有连续四个相同的字符。';
  return undefined;
}

/** @throws Refusal `access.weak` saying what is missing */
export function requireStrong(password: string, login: string): void {
  const weak = weakness(password, login);
  if (weak !== undefined) throw new Refusal('access.weak', weak);
}
