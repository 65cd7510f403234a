// Passwords of tests are hashed at the lowest cost: accounts of nobody, made by the hundred in a run. A hash carries its cost,
// so it is verified as any other.
import { vi } from 'vitest';

vi.mock('@node-rs/argon2', async (original) => {
  const argon2 = await original();
  return {
    ...argon2,
    hash: (password, options) => argon2.hash(password, { ...options, memoryCost: 64, timeCost: 1 }),
  };
});
