import { type Engine, engines } from './instance.ts';

/**
 * How often a random fault strikes: `npm run faults` asks for a hundred, the ordinary run for a few, since each costs
 * some starts of the program.
 */
export function rounds(few: number): number {
  return Number(process.env.QUANBAO_ROUNDS ?? few);
}

/** Long runs say what they met, so that a run in which nothing ever struck is noticed. */
export function tell(what: string, outcome: Readonly<Record<string, unknown>>): void {
  if (process.env.QUANBAO_ROUNDS) console.log(what, JSON.stringify(outcome));
}

/**
 * Both engines in a long run; else the server alone where there is one, for on the embedded database each start of the
 * program costs seconds.
 */
export const struck: readonly Engine[] =
  process.env.QUANBAO_ROUNDS || process.env.QUANBAO_FUZZ || !engines.includes('postgres')
    ? engines
    : ['postgres'];
