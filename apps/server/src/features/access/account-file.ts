import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROLES } from '@quanbao/domain/access/roles';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { FastifyRequest } from 'fastify';
import { peek } from '../sources/index.ts';
import type { AccountFields } from './accounts.ts';

const HEADINGS = { login: '账号', name: '姓名', role: '角色', office: '部门', region: '区划代码' } as const;
/** May be missing as a whole. */
const SUBJECT = '统一认证标识';

/** Accounts of a county's offices, towns and villages together. */
const MOST = 2_000;
/** Rows that may stand above the first account: titles and headings. */
const MOST_HEAD = 9;

/** Accounts from one uploaded table, the roles by their Chinese titles or codes. */
export async function readAccountFile(request: FastifyRequest): Promise<AccountFields[]> {
  const dir = await mkdtemp(join(tmpdir(), 'quanbao-accounts-'));
  try {
    const { files } = await request.saveRequestFiles({ tmpdir: dir, limits: { files: 1 } });
    const [file] = files;
    if (file === undefined) throw new Refusal('access.file', '没有收到文件；请选一个 xlsx 或 csv 文件。');
    const tables = await peek({ name: file.filename, path: file.filepath }, MOST + MOST_HEAD + 1);
    return accountsOf(tables.find((table) => !table.hidden && table.rows.length > 0)?.rows ?? []);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function accountsOf(rows: readonly (readonly string[])[]): AccountFields[] {
  const head = rows.findIndex((row) => row.some((cell) => cell.trim() === HEADINGS.login));
  // What is read ends there: a row more and the rest would be left out unseen.
  if (rows.length > MOST + MOST_HEAD || (head >= 0 && rows.length - head - 1 > MOST)) {
    throw new Refusal('access.many', `一张表至多 ${MOST} 个账号；请分成几张表。一个都没有建。`);
  }
  const heading = (rows[head] ?? []).map((cell) => cell.trim());
  const missing = Object.values(HEADINGS).filter(
    (title) => title !== HEADINGS.office && !heading.includes(title),
  );
  if (missing.length > 0) {
    throw new Refusal(
      'access.file',
      `表里缺少列：${missing.join('、')}。第一行应为：${Object.values(HEADINGS).join('、')}。`,
    );
  }
  const at = (row: readonly string[], key: keyof typeof HEADINGS): string =>
    (row[heading.indexOf(HEADINGS[key])] ?? '').trim();
  return rows
    .slice(head + 1)
    .filter((row) => row.some((cell) => cell.trim() !== ''))
    .map((row) => {
      const role = at(row, 'role');
      return {
        login: at(row, 'login'),
        name: at(row, 'name'),
        role: ROLES.find((known) => known.title === role)?.code ?? role,
        office: at(row, 'office'),
        region: at(row, 'region'),
        subject: heading.includes(SUBJECT) ? (row[heading.indexOf(SUBJECT)] ?? '').trim() : '',
      };
    });
}
