import type { Problem } from '@quanbao/domain/kernel/problem';
import { CommanderError } from 'commander';
import { sayable, TROUBLES } from '../trouble.ts';
import { withHint } from './hints.ts';
import { buildProgram, lastUsageError } from './program.ts';
import { EXIT, maskNumbers, printJson } from './terminal.ts';

/** A fault of ours (EX_SOFTWARE): nothing a clerk did. */
const INTERNAL = 70;
/** The machine's (EX_UNAVAILABLE): the database went away, the disk is full. */
const UNAVAILABLE = 69;

/** Runs one command line. @returns its exit code, unless a check set `process.exitCode` */
export async function runCommand(argv: readonly string[]): Promise<number> {
  const answer = (problem: Problem): void => {
    if (wantsJson(argv)) printJson({ problem });
  };
  try {
    await buildProgram().parseAsync(argv);
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.done;
      answer({ code: 'usage', message: lastUsageError() });
      return EXIT.usage;
    }
    const said = sayable(error);
    if (said !== undefined) {
      const { code, message } = withHint(said.problem);
      const problem = { code, message: maskNumbers(message) };
      process.stderr.write(`${problem.message}\n`);
      answer(problem);
      return TROUBLES.includes(code) ? UNAVAILABLE : EXIT.refused;
    }
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`程序出错，没有完成：${maskNumbers(told)}\n`);
    answer({ code: 'internal', message: '程序出错，没有完成；详情见标准错误输出。' });
    return INTERNAL;
  }
}

/** Machines that asked for JSON get it for a refusal too. */
function wantsJson(argv: readonly string[]): boolean {
  return (
    argv.includes('--json') || argv.includes('--format=json') || argv[argv.indexOf('--format') + 1] === 'json'
  );
}
