import { Command } from 'commander';
import { addDeliveryCommands } from './deliveries.ts';
import { addDemoCommands } from './demo.ts';
import { addInstanceCommands } from './instance.ts';
import { addRegisterCommands } from './register.ts';
import { addReportCommands } from './reports.ts';

export function buildProgram(): Command {
  const program = new Command('quanbao')
    .description('全保：收各部门名单，逐人判定覆盖情形，出法定报表')
    .showHelpAfterError('（用 --help 查看用法）')
    .exitOverride()
    .configureHelp({ showGlobalOptions: false });
  addInstanceCommands(program);
  addDeliveryCommands(program);
  addDemoCommands(program);
  addReportCommands(program);
  addRegisterCommands(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}
