import type { Problem } from '@quanbao/domain/kernel/problem';

/** A refusal says what to do in words that hold on the desk, too; here one does it by a command or an option. */
const HINTS: Readonly<Record<string, string>> = {
  'annex2.region': '用 quanbao checklist derive 制定，去掉 --region 看全县的',
  'fix.ambiguous': '用 --file 写文件名，用 --sheet 写工作表名',
  'fix.exists': '用 quanbao undo F编号 撤销',
  'fix.unknown': '用 quanbao rejected 报送编号 查看',
  'import.heading-unknown': '表头由 --map 写明',
  'import.source-unknown': '用 quanbao sources 查看来源目录',
  'import.withdrawals': '确认用 --accept-withdrawals，按变动接收用 --delta',
  'rejected.unknown': '用 quanbao deliveries 查看编号',
  'workbook.decided': '用 quanbao survey contradictions 查看',
  'workbook.no-stamp': '其他摸底表用 quanbao import --source survey-workbook',
  'undo.unknown': '用 quanbao deliveries 查看编号',
};

export function withHint({ code, message }: Problem): Problem {
  const hint = HINTS[code];
  return { code, message: hint === undefined ? message : `${message}（${hint}）` };
}
