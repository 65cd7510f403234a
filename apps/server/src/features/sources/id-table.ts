/**
 * From right ID numbers to whole numbers, for a million of them: outside the heap, twelve bytes a place. A map of texts
 * took ten times that, and each text was moved twice by the collection of young objects before it stayed.
 */
export class IdTable {
  #keys = new Float64Array(1 << 12);
  #values = new Int32Array(1 << 12);
  #size = 0;

  /** @returns the number, or undefined for an ID that is not there */
  get(id: string): number | undefined {
    const at = this.#find(keyOf(id));
    return this.#keys[at] === 0 ? undefined : this.#values[at];
  }

  /** @param value a whole number of 32 bits */
  set(id: string, value: number): void {
    if ((value | 0) !== value) throw new Error(`${value} does not fit`);
    const key = keyOf(id);
    let at = this.#find(key);
    if (this.#keys[at] === 0) {
      if (2 * ++this.#size > this.#keys.length) {
        this.#grow();
        at = this.#find(key);
      }
      this.#keys[at] = key;
    }
    this.#values[at] = value;
  }

  /** Where the key is, or the free place where it belongs. */
  #find(key: number): number {
    const keys = this.#keys;
    const mask = keys.length - 1;
    const high = Math.floor(key / 2 ** 32);
    let hash = Math.imul((key - high * 2 ** 32) | 0, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
    hash ^= hash >>> 15;
    let at = hash & mask;
    while (keys[at] !== 0 && keys[at] !== key) at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#keys = new Float64Array(2 * keys.length);
    this.#values = new Int32Array(2 * keys.length);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as number;
      if (key === 0) continue;
      const at = this.#find(key);
      this.#keys[at] = key;
      this.#values[at] = values[i] as number;
    }
  }
}

/** Seventeen digits in 53 bits: a month needs four, a day five. The eighteenth follows from them. */
function keyOf(id: string): number {
  const days = (digits(id, 6, 10) << 9) | (digits(id, 10, 12) << 5) | digits(id, 12, 14);
  return digits(id, 0, 6) * 2 ** 33 + days * 2 ** 10 + digits(id, 14, 17);
}

function digits(id: string, from: number, to: number): number {
  let n = 0;
  for (let i = from; i < to; i++) n = n * 10 + id.charCodeAt(i) - 48;
  return n;
}
