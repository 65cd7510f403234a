import type { Command } from 'commander';
import { initCounty } from '../features/sources/index.ts';
import { print, printJson, withInstance } from './terminal.ts';

export function addInstanceCommands(program: Command): void {
  program
    .command('init')
    .description('建立一个空的县：区划入库，不含任何人员')
    .requiredOption('--county <CODE>', '6 位县级代码；430981 沅江市、450324 全州县随软件提供')
    .option('--divisions <FILE.csv>', '其他县的区划')
    .option('--json', '输出 JSON')
    .action((options: { county: string; divisions?: string; json?: boolean }) =>
      withInstance(async (instance) => {
        const made = await initCounty(instance, options.county, 'county-office', options);
        if (options.json) printJson(made);
        else
          print(
            `已建立 ${made.name}（${made.county}）：${made.towns} 个乡镇，${made.villages} 个村（社区）。`,
          );
      }),
    );
}
