import { readingKeys } from '@quanbao/domain/register/search';
import { pinyin } from 'pinyin-pro';

const REMEMBERED = 200_000;
const known = new Map<string, readonly string[]>();

/** What a typed reading of the name may begin with, the whole first: 曾国藩 → zengguofan, guofan, … */
export function readingsOf(name: string): readonly string[] {
  let keys = known.get(name);
  if (keys === undefined) {
    const syllables = pinyin(name, { toneType: 'none', type: 'array', surname: 'head', v: true })
      .map((syllable) => syllable.toLowerCase())
      .filter((syllable) => /^[a-z]+$/.test(syllable));
    keys = readingKeys(syllables);
    if (known.size >= REMEMBERED) known.clear();
    known.set(name, keys);
  }
  return keys;
}
