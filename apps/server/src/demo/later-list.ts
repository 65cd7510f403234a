import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scope } from '../db/port.ts';
import { receive } from '../features/sources/index.ts';
import type { Instance } from '../instance.ts';
import { type Day, iso } from './days.ts';
import type { Heard, ToldAnswer } from './truth.ts';

const FILE = '补报_死亡人员_县人民医院_20201031.csv';
const AS_OF = '2020-10-31';
/** Days that somebody is called dead before the day on which a phone has met him. */
const BEFORE = 12;
/** A list that comes in after the visits speaks of so many of them, one a village. */
const MOST = 5;

interface Met {
  readonly id: string;
  readonly name: string;
  /** Of the village where he stands. */
  readonly village: string;
  readonly heard: Heard;
  readonly answer: ToldAnswer;
}

/** A late list of deaths that contradicts some visits: whoever told a phone his wish is dead since before, it says. */
export class LaterList {
  readonly #rows: { readonly met: Met; readonly died: Day }[] = [];

  consider(met: Met): void {
    const there = this.#rows.some((row) => row.met.village === met.village);
    if (met.answer.willing === undefined || there || this.#rows.length >= MOST) return;
    this.#rows.push({ met, died: met.answer.visit - BEFORE });
  }

  /** What it adds to what has been heard of somebody. */
  tell(heard: Heard): void {
    const row = this.#rows.find(({ met }) => met.heard === heard);
    if (row !== undefined) heard.deaths.push({ day: row.died, month: false });
  }

  /** Of a county so small that no phone has met anybody there is none. */
  write(dir: string): void {
    if (this.#rows.length === 0) return;
    const lines = this.#rows.map(({ met: { id, name }, died }) => `${id},${name},${iso(died)},医院`);
    writeFileSync(join(dir, FILE), `${['身份证号码,姓名,死亡日期,来源', ...lines].join('\n')}\n`);
  }
}

/** Receives the late list. @returns how many people it speaks of */
export async function receiveLaterList(instance: Instance, county: string, dir: string): Promise<number> {
  const path = join(dir, FILE);
  if (!existsSync(path)) return 0;
  const office: Scope = { county, region: county, actor: 'county' };
  const [report] = await receive(instance, office, [
    {
      source: 'deaths',
      asOf: AS_OF,
      sender: '县人民医院',
      mode: 'delta',
      files: [{ name: FILE, path }],
    },
  ]);
  return report?.accepted ?? 0;
}
