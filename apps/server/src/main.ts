import { runCommand } from './cli/run.ts';
import { EXIT } from './cli/terminal.ts';

// `quanbao report … | head` closes our output early; that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.done);
  throw error;
});

const code = await runCommand(process.argv);
if (code !== EXIT.done) process.exitCode = code;
