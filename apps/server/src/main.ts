import { Refusal } from '@quanbao/domain/kernel/problem';
import { CommanderError } from 'commander';
import { buildProgram } from './cli/program.ts';
import { EXIT } from './cli/terminal.ts';

const json = process.argv.includes('--json');

try {
  await buildProgram().parseAsync(process.argv);
} catch (error) {
  if (error instanceof Refusal) {
    process.stderr.write(`${error.problem.message}\n`);
    if (json) process.stdout.write(`${JSON.stringify({ problem: error.problem })}\n`);
    process.exitCode = EXIT.refused;
  } else if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  } else {
    process.stderr.write(
      `程序出错，没有完成：${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = 70;
  }
}
