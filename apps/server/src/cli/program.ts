import { Command } from 'commander';
import { addAddressCommands } from './addresses.ts';
import { addAssessCommands } from './assess.ts';
import { addBulletinCommand } from './bulletins.ts';
import { addChecklistCommands } from './checklist.ts';
import { CHINESE_HELP, errorInChinese } from './chinese.ts';
import { addDeliveryCommands } from './deliveries.ts';
import { addDemoCommands } from './demo.ts';
import { addImportCommand } from './import.ts';
import { addInstanceCommands } from './instance.ts';
import { addLedgerCommands } from './ledger.ts';
import { addRegisterCommands } from './register.ts';
import { addReportCommands } from './reports.ts';
import { addServeCommands } from './serve.ts';
import { addSettingsCommand } from './settings.ts';
import { addSupervisionCommands } from './supervision.ts';
import { addSurveyCommands } from './survey.ts';
import { addTargetCommands } from './targets.ts';
import { maskNumbers } from './terminal.ts';

let usageError = '用法不对；请用 --help 查看。';

/** What was wrong with the command line, as it was told. */
export function lastUsageError(): string {
  return usageError;
}

export function buildProgram(): Command {
  const program = new Command('quanbao')
    .description('全保：收各部门名单，逐人判定覆盖情形，出法定报表')
    .usage('<命令> [选项]')
    .helpOption('-h, --help', '显示用法')
    .helpCommand('help [命令]', '显示某个命令的用法')
    .showHelpAfterError('（用 --help 查看用法）')
    .exitOverride()
    .configureHelp(CHINESE_HELP)
    .configureOutput({
      outputError: (message, write) => {
        usageError = maskNumbers(errorInChinese(message));
        write(`${usageError}\n`);
      },
    });
  addInstanceCommands(program);
  addImportCommand(program);
  addDeliveryCommands(program);
  addDemoCommands(program);
  addReportCommands(program);
  addRegisterCommands(program);
  addLedgerCommands(program);
  addSurveyCommands(program);
  addSupervisionCommands(program);
  addAddressCommands(program);
  addChecklistCommands(program);
  addTargetCommands(program);
  addBulletinCommand(program);
  addAssessCommands(program);
  addServeCommands(program);
  addSettingsCommand(program);
  return program;
}
