import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { Remark } from '@quanbao/domain/supervision/paper/compose';
import type { PaperKind, PaperState } from '@quanbao/domain/supervision/paper/paper';
import type { Scope, Tx } from '../../../db/port.ts';

export interface PaperRow {
  readonly paper: number;
  readonly region: RegionCode;
  readonly kind: PaperKind;
  readonly day: PlainDate;
  readonly maker: 'county' | 'town';
  readonly state: PaperState;
  readonly remarks: readonly Remark[];
  readonly actor: string;
  readonly madeAt: string;
  readonly title: string | null;
  readonly number: string | null;
  readonly dated: string | null;
  readonly digest: string;
  readonly issuedBy: string | null;
  readonly issuedAt: string | null;
  readonly withdrawnBy: string | null;
  readonly withdrawnReason: string | null;
}

const AT = (column: string): string =>
  `to_char(${column} at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')`;
const COLUMNS = `paper, region, kind, day, maker, state, remarks, actor, ${AT('made_at')} as "madeAt", title, number, dated,
  digest, issued_by as "issuedBy", ${AT('issued_at')} as "issuedAt", withdrawn_by as "withdrawnBy",
  withdrawn_reason as "withdrawnReason"`;
/** Two a week of a county and its towns for a year would be fewer. */
const MOST = 500;

function rowOf(row: PaperRow): PaperRow {
  return { ...row, paper: Number(row.paper) };
}

export async function listRows(tx: Tx, scope: Scope, kind?: PaperKind): Promise<PaperRow[]> {
  const rows = await tx.query<PaperRow>(
    `select ${COLUMNS} from paper where county = $1 and ($2::text is null or kind = $2)
     order by day desc, paper desc limit ${MOST}`,
    [scope.county, kind ?? null],
  );
  return rows.map(rowOf);
}

/** @throws Refusal paper.unknown, also of one that is not the scope's to read */
export async function readRow(tx: Tx, scope: Scope, paper: number): Promise<PaperRow> {
  const [row] = await tx.query<PaperRow>(`select ${COLUMNS} from paper where county = $1 and paper = $2`, [
    scope.county,
    paper,
  ]);
  if (row === undefined)
    throw new Refusal('paper.unknown', '没有这份材料，或者它不在您的管辖范围、还没有印发；请从列表里选。');
  return rowOf(row);
}

/** Of an issued or withdrawn one. */
export async function readFrozen(tx: Tx, scope: Scope, paper: number): Promise<string> {
  const [row] = await tx.query<{ frozen: string }>(
    `select frozen from paper where county = $1 and paper = $2 and state <> 'draft'`,
    [scope.county, paper],
  );
  if (row === undefined) throw new Error(`paper ${paper} was never issued`);
  return row.frozen;
}

export async function lineThere(
  tx: Tx,
  scope: Scope,
  { region, kind, day, maker }: Pick<PaperRow, 'region' | 'kind' | 'day' | 'maker'>,
  state: PaperState,
): Promise<number | undefined> {
  const [row] = await tx.query<{ paper: number }>(
    'select paper from paper where county = $1 and region = $2 and kind = $3 and day = $4 and maker = $5 and state = $6',
    [scope.county, region, kind, day, maker, state],
  );
  return row && Number(row.paper);
}
