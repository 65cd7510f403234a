import type { RegionCode } from '../kernel/region.ts';
import { answeredColumn, answeredFact, saysAlive } from './answer.ts';
import type { Claim } from './claim.ts';
import type { CoverageContext } from './context.ts';
import type { Ages, Day } from './day.ts';
import type { Evidence } from './evidence.ts';
import { isRegistered } from './step-class.ts';
import { officialVerdict, schemeStateOf, type Verdict } from './verdict.ts';

/** Conflicts and quality items of one day; each is a step by day like the verdict itself. */
export function kindsOn(
  context: CoverageContext,
  day: Day,
  evidence: readonly Evidence[],
  verdict: Verdict,
  region: RegionCode,
  paid: boolean,
  everPaid: boolean,
  ages: Ages,
): string[] {
  const kinds: string[] = [];
  const { official: f, on, answers, decision, inRegister } = day;
  const scheme = schemeStateOf(f.scheme);
  const registered = isRegistered(scheme);
  const employed = f.employee ?? f.public ?? f.elsewhere;
  // a 裁定 that names another column has found the death, or the settling abroad, to be untrue
  const dead = f.death !== undefined && (decision === undefined || decision.column === 16);
  const abroad = f.abroad !== undefined && (decision === undefined || (decision.column ?? 0) >= 15);
  if (dead && scheme === 'drawing') kinds.push('dead-drawing');
  else if (dead && (registered || employed !== undefined)) kinds.push('dead-insured');
  if (f.prison !== undefined && scheme === 'drawing') kinds.push('prison-drawing');
  if (abroad && scheme === 'drawing') kinds.push('abroad-drawing');
  if (employed !== undefined && (scheme === 'paying' || scheme === 'drawing'))
    kinds.push('duplicate-insured');
  if (f.elsewhere !== undefined && twoProvinces(day)) kinds.push('two-provinces');
  if (scheme === 'drawing' && on < ages.at60 && (f.scheme as Evidence).claim.since.asOf <= on)
    kinds.push('drawing-under-60');
  if (paid && !registered) kinds.push('paid-unregistered');
  const answered =
    answers.situation === undefined ? undefined : answeredFact(answers.situation.claim.content);
  if (on >= ages.at25 && (f.student !== undefined || answered === 'student') && decision === undefined)
    kinds.push('student-over-25');
  if (f.student !== undefined && registered) kinds.push('student-registered');
  if (f.military !== undefined && registered) kinds.push('soldier-registered');
  const soldier = f.military !== undefined || answers.soldier;
  const prisoner = f.prison !== undefined || answers.prisoner;
  if (soldier && prisoner && decision === undefined) kinds.push('military-and-prison');
  if (registered && !inRegister) kinds.push('not-in-register');
  if (scheme === 'unknown') kinds.push('unknown-state-pair');
  for (const e of day.active) {
    if (e.fact === 'unknown-word' && e.claim.since.source !== 'residents-scheme')
      addOnce(kinds, 'unknown-word');
    else if (e.fact === 'place-unknown') addOnce(kinds, 'place-unknown');
    else if (e.fact === 'residents-here' && !registered) addOnce(kinds, 'registered-here-elsewhere');
    else if (e.fact === 'in-register' && e.claim.content.dis === 1) addOnce(kinds, 'register-disagrees');
  }
  if (namesDiffer(day)) kinds.push('name-differs');
  if (inRegister && region.length < 12) kinds.push('no-village');
  const listed = context.paymentsFrom !== undefined && context.paymentsFrom <= on;
  if (listed && (scheme === 'paying' || scheme === 'paused') && !everPaid && inRegister)
    kinds.push('never-paid');
  if (on >= ages.at120 && verdict.column !== 16) kinds.push('implausible-age');
  if (answers.latest !== undefined) answerFindings(kinds, context, day, evidence, registered);
  return kinds;
}

function addOnce(kinds: string[], kind: string): void {
  if (!kinds.includes(kind)) kinds.push(kind);
}

/** Current in an employees' scheme here and elsewhere, or in two other provinces. */
function twoProvinces(day: Day): boolean {
  if ((day.official.employee ?? day.official.public) !== undefined) return true;
  let other: string | undefined;
  for (const e of day.active) {
    if (e.fact !== 'elsewhere-current' || e.province === undefined) continue;
    if (other !== undefined && e.province !== other) return true;
    other = e.province;
  }
  return false;
}

function answerFindings(
  kinds: string[],
  context: CoverageContext,
  day: Day,
  evidence: readonly Evidence[],
  registered: boolean,
): void {
  const { answers } = day;
  const situation = answers.situation;
  if (situation !== undefined && day.decision === undefined) {
    const { content } = situation.claim;
    const official = officialVerdict(day.official, day.settings);
    const answered = answeredColumn(content);
    if (official !== undefined && answered !== undefined && answered !== official.column)
      kinds.push('survey-differs');
    if (saysAlive(content) && contradictsDeath(day, situation, evidence)) kinds.push('dead-but-alive');
    if (content.w === 'claims-registered' && !registered) kinds.push('claim-unregistered');
  }
  if (answers.unclear) addOnce(kinds, 'unknown-word');
  if (answers.villageUnknown) kinds.push('village-unknown');
  const placed = answers.village;
  const town = placed?.claim.since.region;
  if (placed !== undefined && town !== undefined && town.length >= 9) {
    const village = placed.claim.content.g as RegionCode;
    const now = context.regionOn(village, day.on) ?? village;
    if (!now.startsWith(context.regionOn(town, day.on) ?? town)) kinds.push('village-outside-town');
  }
}

/** Who was seen alive and died afterwards contradicts nobody; a death without a day does, unless the register agreed then. */
function contradictsDeath(day: Day, answer: Evidence, evidence: readonly Evidence[]): boolean {
  const death = day.official.death;
  if (death === undefined) return false;
  if (death.from <= answer.from) return true;
  if (death.dated) return false;
  return !evidence.some(
    (e) =>
      e.fact === 'in-register' &&
      e.claim.content.st !== 'dead' &&
      e.from <= answer.from &&
      answer.from < e.to,
  );
}

function namesDiffer(day: Day): boolean {
  let name: string | undefined;
  const differs = (claim: Claim): boolean => {
    const written = claim.content.n;
    if (written === undefined || written === name) return false;
    const other = bareName(written);
    if (name === undefined) name = other;
    return name !== other;
  };
  for (const e of day.active) if (differs(e.claim)) return true;
  return day.answers.latest !== undefined && differs(day.answers.latest.claim);
}

const NOT_NAME = /[\s·•・.．\u200b\u3000]/g;

function bareName(name: string): string {
  return /[\s·•・.．\u200b\u3000]/.test(name) ? name.replace(NOT_NAME, '') : name;
}
