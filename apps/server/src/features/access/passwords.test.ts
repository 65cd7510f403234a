import { expect, it, vi } from 'vitest';

// As the product hashes; other tests do it at the lowest cost.
vi.doUnmock('@node-rs/argon2');
vi.resetModules();
const { hashPassword, isPassword } = await import('./passwords.ts');

it('hashes at the cost that is recommended, and knows the password again', async () => {
  const stored = await hashPassword('Quanbao-2020');
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await isPassword(stored, 'Quanbao-2020')).toBe(true);
  expect(await isPassword(stored, 'Quanbao-2021')).toBe(false);
  expect(await isPassword(undefined, 'Quanbao-2020')).toBe(false);
});
