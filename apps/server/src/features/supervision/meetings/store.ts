import type { PlainDate } from '@quanbao/domain/kernel/plain-date';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { RegionCode } from '@quanbao/domain/kernel/region';
import type { DecisionState, MeetingKind } from '@quanbao/domain/supervision/meeting';
import type { Scope, Tx } from '../../../db/port.ts';

export interface MeetingRow {
  meeting: number;
  region: RegionCode;
  kind: MeetingKind;
  title: string;
  day: PlainDate;
  agenda: string;
  attended: string;
  actor: string;
}

interface DecisionRow {
  decision: number;
  meeting: number;
  region: RegionCode;
  text: string;
  unit: string;
  due: PlainDate;
  state: DecisionState;
  result: string;
  item: string;
}

const MEETING = 'meeting, region, kind, title, day, agenda, attended, actor';
const DECISION = 'decision, meeting, region, text, unit, due_day as due, state, result, item';
/** A county meets weekly and monthly. */
const MOST = 200;

export async function meetingRows(tx: Tx, scope: Scope, day: PlainDate): Promise<MeetingRow[]> {
  const rows = await tx.query<MeetingRow>(
    `select ${MEETING} from meeting where county = $1 and day <= $2 order by day desc, meeting desc limit ${MOST}`,
    [scope.county, day],
  );
  return rows.map((row) => ({ ...row, meeting: Number(row.meeting) }));
}

/** @throws Refusal meeting.unknown, also for one of another place */
export async function readMeeting(tx: Tx, scope: Scope, meeting: number): Promise<MeetingRow> {
  const [row] = await tx.query<MeetingRow>(
    `select ${MEETING} from meeting where county = $1 and meeting = $2`,
    [scope.county, meeting],
  );
  if (row === undefined) throw new Refusal('meeting.unknown', '没有这次会议，或不在您的管辖范围。');
  return row;
}

/** @throws Refusal decision.unknown, also for one that asks nothing of the scope */
export async function readDecision(
  tx: Tx,
  scope: Scope,
  key: { readonly meeting: number; readonly decision: number },
  lock = '',
): Promise<DecisionRow> {
  const [row] = await tx.query<DecisionRow>(
    `select ${DECISION} from meeting_decision where county = $1 and meeting = $2 and decision = $3 ${lock}`,
    [scope.county, key.meeting, key.decision],
  );
  if (row === undefined) throw new Refusal('decision.unknown', '没有这项议定事项，或不在您的管辖范围。');
  return row;
}

/** Those that ask something of the scope, the open ones first. */
export async function decisionRows(tx: Tx, scope: Scope): Promise<DecisionRow[]> {
  return tx.query<DecisionRow>(
    `select ${DECISION} from meeting_decision where county = $1 order by state desc, due_day, meeting, decision limit ${MOST * 5}`,
    [scope.county],
  );
}
