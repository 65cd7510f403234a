import { readAnswers, type UnitAnswers } from '@quanbao/domain/assessment/answers-file';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { Instance } from '../../instance.ts';
import { readSmallTable } from '../sources/index.ts';
import { enterFact, handInSelf } from './answers.ts';
import type { Reach } from './reach.ts';
import { readRound, readUnits } from './store.ts';

interface InputFile {
  readonly name: string;
  readonly path: string;
}

async function answersIn(
  instance: Instance,
  { scope }: Reach,
  no: number,
  file: InputFile,
): Promise<UnitAnswers[]> {
  const rows = await readSmallTable(file);
  return instance.db.transaction(scope, async (tx) => {
    const { content } = await readRound(tx, scope.county, no);
    return readAnswers(rows, content, await readUnits(tx, scope.county, no));
  });
}

/**
 * A sheet may be taken in again: what one row is refused for leaves those before it as they are.
 * @param write tells how many lines it has written, as it goes
 */
async function unitByUnit(
  all: readonly UnitAnswers[],
  write: (one: UnitAnswers, wrote: (lines: number) => void) => Promise<unknown>,
): Promise<{ units: number; lines: number }> {
  let written = 0;
  const wrote = (lines: number): void => {
    written += lines;
  };
  for (const one of all) {
    await write(one, wrote).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      const before = written === 0 ? '没有录入任何一项' : `前面 ${written} 项已经录入`;
      throw new Refusal(error.problem.code, `${one.name}：${error.message}（${before}；改正后整份再录即可）`);
    });
  }
  return { units: all.length, lines: all.reduce((sum, { lines }) => sum + lines.length, 0) };
}

/** 自查评估 of many units out of one sheet. */
export async function handInSelfFile(
  instance: Instance,
  reach: Reach,
  no: number,
  file: InputFile,
  on?: string,
): Promise<{ units: number; lines: number }> {
  return unitByUnit(await answersIn(instance, reach, no, file), async ({ unit, text, lines }, wrote) => {
    await handInSelf(instance, reach, no, { unit, text, lines: [...lines] }, on);
    wrote(lines.length);
  });
}

/** 登记事项 of many units out of one sheet. */
export async function enterFactFile(
  instance: Instance,
  reach: Reach,
  no: number,
  file: InputFile,
): Promise<{ units: number; lines: number }> {
  return unitByUnit(await answersIn(instance, reach, no, file), async ({ unit, lines }, wrote) => {
    for (const line of lines) {
      await enterFact(instance, reach, no, { unit, ...line });
      wrote(1);
    }
  });
}
