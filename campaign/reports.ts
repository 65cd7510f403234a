import { createHash } from 'node:crypto';
import { addDays, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import type { FormTable } from '@quanbao/domain/reports/forms';
import { DEFAULT_DUTIES, periodOf, type Rhythm } from '@quanbao/domain/supervision/calendar';
import { PAPER_WORDS, type PaperKind } from '@quanbao/domain/supervision/paper/paper';
import {
  decideSubmission,
  prepareSubmission,
  submitSubmission,
} from '../apps/server/src/features/supervision/index.ts';
import {
  draftPaper,
  issuePaper,
  openPaper,
  paperDocx,
} from '../apps/server/src/features/supervision/papers/index.ts';
import { setRules } from '../apps/server/src/features/supervision/rules.ts';
import { FIRST_DAY, weekday } from './clock.ts';
import { type Campaign, COUNTY, OFFICE, placeScope, timed } from './county.ts';

const MONDAY = 1;
const END = '2020-10-31';

/** Everything that is owed on the day: 附件5 week by week, 附件4 month by month, bulletins. */
export async function report(campaign: Campaign, day: PlainDate): Promise<string[]> {
  const said: string[] = [];
  if (campaign.quick && day === FIRST_DAY) said.push(await lighten(campaign));
  const yesterday = addDays(day, -1);
  const submit = (what: string, work: () => Promise<string[]>): Promise<void> =>
    timed(campaign, what, work).then((words) => void said.push(...words));
  if (weekday(day) === MONDAY) {
    await submit('附件5 周报', () => weekly(campaign, day, yesterday));
    await submit('通报印发', () => paper(campaign, day, 'weekly', yesterday));
  }
  const [, , date] = day.split('-').map(Number) as [number, number, number];
  const last = addDays(day, -date);
  if (last >= FIRST_DAY) {
    if (date === 2) await submit('附件4 月报', () => ofVillages(campaign, last));
    if (date === 3) await submit('附件4 月报', () => ofTowns(campaign, last));
    if (date === 5) {
      await submit('附件4 月报', () => ofCounty(campaign, day, last));
      await submit('通报印发', () => paper(campaign, day, 'monthly', last));
    }
  }
  if (day === '2020-10-10') {
    await submit('附件5 季报', async () => {
      await send(campaign, { form: 'annex5', every: 'quarter', region: COUNTY, upTo: '2020-09-30' }, day);
      return ['向益阳市报送第三季度附件5'];
    });
    await submit('通报印发', () => paper(campaign, day, 'quarterly', '2020-09-30'));
  }
  if (day === END) {
    await submit('附件4 月报', async () => [
      ...(await ofVillages(campaign, day)),
      ...(await ofTowns(campaign, day)),
      ...(await ofCounty(campaign, day, day)),
    ]);
    for (const kind of ['monthly', 'report', 'acceptance'] as const)
      await submit('通报印发', () => paper(campaign, day, kind, day));
  }
  return said;
}

async function lighten({ instance }: Campaign): Promise<string> {
  const calendar = DEFAULT_DUTIES.filter(({ level }) => level !== 'village');
  const document = '基层减负，附件4由镇（场、街道）填报';
  await setRules(instance, OFFICE, { from: FIRST_DAY, calendar: [...calendar], document });
  return '调整报送日历：村（社区）不单独报送附件4';
}

interface Owed {
  readonly form: 'annex4' | 'annex5';
  readonly every: Rhythm;
  readonly region: string;
  readonly upTo: PlainDate;
}

/** Prepared, submitted and approved; its digest is remembered from the moment it is sent. @returns its table */
async function send(
  campaign: Campaign,
  { form, every, region, upTo }: Owed,
  shown?: PlainDate,
): Promise<void> {
  const { instance, kept, gallery } = campaign;
  const own = region === COUNTY ? OFFICE : placeScope(region, region.length === 9 ? 'town' : 'village');
  const { code: period } = periodOf(every, upTo);
  const { submission, version } = await prepareSubmission(instance, own, {
    form,
    every,
    region,
    period,
    reporter: region === COUNTY ? '何立新' : '经办员',
  });
  await submitSubmission(instance, own, submission);
  const above = region.length > 9 ? placeScope(region.slice(0, 9), 'town') : OFFICE;
  await decideSubmission(instance, above, submission, 'approve');
  const [row] = await instance.db.transaction(OFFICE, (tx) =>
    tx.query<{ body: string }>(
      'select body from submission_version where county = $1 and submission = $2::int and version = $3::int',
      [COUNTY, submission, version],
    ),
  );
  const body = row?.body ?? '';
  kept.submissions.set(`${submission}/${version}`, createHash('sha256').update(body).digest('hex'));
  if (shown === undefined) return;
  const table = JSON.parse(body) as FormTable;
  await gallery.form(shown, table, `${table.form.number} ${EVERY[every]}（${table.asOf}）`);
}

const EVERY: Readonly<Record<Rhythm, string>> = { week: '周报', month: '月报', quarter: '季报' };

async function weekly(campaign: Campaign, day: PlainDate, upTo: PlainDate): Promise<string[]> {
  for (const { code } of campaign.towns)
    await send(campaign, { form: 'annex5', every: 'week', region: code, upTo });
  await send(campaign, { form: 'annex5', every: 'week', region: COUNTY, upTo }, day);
  return [`${campaign.towns.length} 个镇（场、街道）报送上周附件5，审定后汇总报益阳市`];
}

async function ofVillages(campaign: Campaign, upTo: PlainDate): Promise<string[]> {
  if (campaign.quick) return [];
  let sent = 0;
  for (const town of campaign.towns)
    for (const { code } of town.villages) {
      await send(campaign, { form: 'annex4', every: 'month', region: code, upTo });
      sent++;
    }
  return [`${sent} 个村（社区）报送${Number(upTo.slice(5, 7))}月附件4`];
}

async function ofTowns(campaign: Campaign, upTo: PlainDate): Promise<string[]> {
  for (const { code } of campaign.towns)
    await send(campaign, { form: 'annex4', every: 'month', region: code, upTo });
  return [`${campaign.towns.length} 个镇（场、街道）报送${Number(upTo.slice(5, 7))}月附件4`];
}

async function ofCounty(campaign: Campaign, day: PlainDate, upTo: PlainDate): Promise<string[]> {
  await send(campaign, { form: 'annex4', every: 'month', region: COUNTY, upTo }, day);
  return [`全市${Number(upTo.slice(5, 7))}月附件4汇总报益阳市`];
}

async function paper(
  campaign: Campaign,
  day: PlainDate,
  kind: PaperKind,
  upTo: PlainDate,
): Promise<string[]> {
  const { instance, kept, gallery } = campaign;
  const { paper: number } = await draftPaper(instance, OFFICE, { kind, day: upTo });
  const issued = await issuePaper(instance, OFFICE, number, { dated: day });
  const opened = await openPaper(instance, OFFICE, number);
  kept.papers.set(number, issued.digest);
  gallery.paper(day, opened.paper, Buffer.from(await paperDocx(opened.paper)));
  return [`印发《${opened.paper.title.replaceAll('\n', '')}》（${issued.number}，${PAPER_WORDS[kind]}）`];
}
