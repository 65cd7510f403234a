import type { Scope } from './port.ts';

/** Answers kept; one is some thousand numbers at most. */
const MOST = 400;

/** Answers of one open database, the least lately used forgotten first. */
export class Memory {
  readonly #answers = new Map<string, Promise<unknown>>();

  /** Whoever asks while the answer is being made waits for it; should that fail, he makes it himself. */
  async answer<T>(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(key) as Promise<T> | undefined;
    if (known !== undefined) {
      this.#answers.delete(key);
      this.#answers.set(key, known);
      return known.catch(make);
    }
    const made = make();
    this.#answers.set(key, made);
    made.catch(() => {
      if (this.#answers.get(key) === made) this.#answers.delete(key);
    });
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MOST) break;
      this.#answers.delete(oldest);
    }
    return made;
  }
}

/** Whether a statement may change something; one that only mentions it costs a remembered answer, no more. */
export function mayWrite(sql: string): boolean {
  return /\b(insert|update|delete|truncate|copy|merge|create|drop|alter)\b/i.test(sql);
}

/** Two transactions of the same sight are shown the same by every row policy. */
export function sightOf({ county, region, duty, sources }: Scope): string {
  return [county, region, duty ?? '', ...(sources ?? [])].join(' ');
}
