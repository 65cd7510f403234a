import { birthday, type PlainDate } from '../kernel/plain-date.ts';
import { type Judged, judgeReason } from '../ledger/reasons.ts';
import { answeredFact, speaks, willingOf } from './answer.ts';
import type { Adjudication, Claim, RulePlacement } from './claim.ts';
import type { CoverageContext, PersonJournal } from './context.ts';
import { type Evidence, orderOf } from './evidence.ts';
import { type CoverageSettings, settingsOn } from './settings.ts';
import { SCHEME_ORDER, TAGS, type Willing } from './step-class.ts';
import { type Facts, schemeStateOf } from './verdict.ts';

/** The days on which a person's age begins to matter, found once. */
export interface Ages {
  readonly at16: PlainDate;
  readonly at25: PlainDate;
  readonly at59: PlainDate;
  readonly at60: PlainDate;
  readonly at120: PlainDate;
}

export function agesOf(birth: PlainDate): Ages {
  return {
    at16: birthday(birth, 16),
    at25: birthday(birth, 25),
    at59: birthday(birth, 59),
    at60: birthday(birth, 60),
    at120: birthday(birth, 120),
  };
}

/** Everything true of the person on one day. */
export interface Day {
  readonly on: PlainDate;
  readonly settings: CoverageSettings;
  readonly official: Facts;
  readonly active: readonly Evidence[];
  readonly inRegister: boolean;
  readonly tagBits: number;
  readonly onProvinceList: boolean;
  readonly answers: Answers;
  /** 裁定 on the verdict and on the village in force; the latest of each. */
  readonly decision: Adjudication | undefined;
  readonly placement: Adjudication | undefined;
  /** Villages by rule whose address or household a list still says on the day; the newest first. */
  readonly ruled: readonly RulePlacement[];
}

/** What surveys have said up to a day. */
interface Answers {
  /** The latest that says anything about the person's situation. */
  readonly situation: Evidence | undefined;
  /** The latest that names a village. */
  readonly village: Evidence | undefined;
  /** The latest that names a group of a village, unless a village has been named anew since. */
  readonly group: Evidence | undefined;
  readonly latest: Evidence | undefined;
  /** The latest reason given for not being insured, with its proof. */
  readonly reason: Judged | undefined;
  readonly willing: Willing;
  readonly unclear: boolean;
  readonly villageUnknown: boolean;
  readonly soldier: boolean;
  readonly prisoner: boolean;
}

const UNASKED: Answers = {
  situation: undefined,
  village: undefined,
  group: undefined,
  latest: undefined,
  reason: undefined,
  willing: 'unknown',
  unclear: false,
  villageUnknown: false,
  soldier: false,
  prisoner: false,
};

/** What the evidence, the answers and the decisions say together on one day. */
export function dayOf(
  person: PersonJournal,
  context: CoverageContext,
  evidence: readonly Evidence[],
  answers: readonly Evidence[],
  on: PlainDate,
): Day {
  const official: Facts = {};
  const active: Evidence[] = [];
  let inRegister = false;
  let living = false;
  let onProvinceList = false;
  let tagBits = 0;
  for (const e of evidence) {
    if (e.from > on || on >= e.to || e.fact === 'survey' || e.fact === 'payment-list') continue;
    active.push(e);
    if (e.fact === 'in-register') {
      inRegister = true;
      if ((e.claim.content.st ?? 'living') === 'living') living = true;
      continue;
    }
    if (e.fact === 'on-province-list') onProvinceList = true;
    const key = OFFICIAL[e.fact];
    if (key !== undefined) keepDeciding(official, key, e);
    else {
      const tag = TAGS.indexOf(e.fact as (typeof TAGS)[number]);
      if (tag >= 0) tagBits |= 1 << tag;
    }
  }
  if (living && official.other?.fact === 'register-gone') {
    // 管理中 in one police list beats 迁出 or 注销 in another, as between rows of one list
    delete official.other;
    for (const e of active) if (e.fact === 'residents-elsewhere') keepDeciding(official, 'other', e);
  }
  let decision: Adjudication | undefined;
  let placement: Adjudication | undefined;
  for (const a of person.adjudications) {
    if (a.from > on || on >= a.to) continue;
    if (a.column !== undefined && (decision === undefined || a.id > decision.id)) decision = a;
    if (a.region !== undefined && (placement === undefined || a.id > placement.id)) placement = a;
  }
  return {
    on,
    settings: settingsOn(context.settings, on),
    official,
    active,
    inRegister,
    tagBits,
    onProvinceList,
    answers: answers.length === 0 ? UNASKED : answersUpTo(answers, on),
    decision,
    placement,
    ruled: person.placements?.length ? ruledOn(person.placements, active, on) : NOT_RULED,
  };
}

const NOT_RULED: readonly RulePlacement[] = [];

function ruledOn(
  placements: readonly RulePlacement[],
  active: readonly Evidence[],
  on: PlainDate,
): RulePlacement[] {
  const said = ({ address, household }: RulePlacement): boolean =>
    active.some(({ fact, claim: { content } }) =>
      address === '' ? fact === 'in-register' && content.h === household : content.a === address,
    );
  return placements
    .filter((one) => one.from <= on && on < one.to && said(one))
    .sort((a, b) => b.application - a.application);
}

function answersUpTo(answers: readonly Evidence[], on: PlainDate): Answers {
  let { situation, village, group, latest, reason, willing, unclear, villageUnknown, soldier, prisoner } =
    UNASKED;
  for (const e of answers) {
    if (e.from > on) break;
    const { content } = e.claim;
    latest = e;
    reason = judgeReason(content, e.from, reason) ?? reason;
    if (speaks(content)) situation = e;
    if (content.q === 1 || speaks(content)) unclear = content.q === 1;
    if (content.g !== undefined) {
      village = e;
      group = undefined;
    }
    // A town's list that names no village may mean any of its villages.
    if (content.gr !== undefined && (content.g ?? e.claim.since.region).length >= 12) group = e;
    if (content.g !== undefined || content.gx === 1) villageUnknown = content.gx === 1;
    willing = willingOf(content) ?? willing;
    const fact = answeredFact(content);
    if (fact === 'military') soldier = true;
    if (fact === 'prison') prisoner = true;
  }
  return { situation, village, group, latest, reason, willing, unclear, villageUnknown, soldier, prisoner };
}

const OFFICIAL: Partial<Record<Evidence['fact'], keyof Facts>> = {
  death: 'death',
  'register-dead': 'death',
  abroad: 'abroad',
  'employee-current': 'employee',
  'public-current': 'public',
  'elsewhere-current': 'elsewhere',
  scheme: 'scheme',
  'employee-lapsed': 'lapsedEmployee',
  'public-lapsed': 'lapsedPublic',
  'elsewhere-lapsed': 'lapsedElsewhere',
  prison: 'prison',
  military: 'military',
  student: 'student',
  obligated: 'obligated',
  'residents-elsewhere': 'other',
  'register-gone': 'other',
};

/** Of several lists that prove one fact, the earliest start decides, then the list of the earlier day: never the order of rows or of receipt. */
function keepDeciding(facts: Facts, key: keyof Facts, e: Evidence): void {
  const held = facts[key];
  if (held === undefined) facts[key] = e;
  else if (key === 'scheme' && schemeRank(e) !== schemeRank(held)) {
    if (schemeRank(e) < schemeRank(held)) facts[key] = e;
  } else if (e.from < held.from || (e.from === held.from && precedes(e.claim, held.claim))) facts[key] = e;
}

function schemeRank(e: Evidence): number {
  return SCHEME_ORDER.indexOf(schemeStateOf(e));
}

function precedes(a: Claim, b: Claim): boolean {
  if (a.since.id !== b.since.id) return orderOf(a.since, b.since) < 0;
  return a.row < b.row;
}
