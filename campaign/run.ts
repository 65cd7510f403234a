import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { formatRate } from '@quanbao/domain/indicators/indicators';
import { addDays, type PlainDate } from '@quanbao/domain/kernel/plain-date';
import { type OpenedInstance, openInstance } from '../apps/server/src/composition.ts';
import { compareWithTruth, generate, readVisits } from '../apps/server/src/demo/index.ts';
import { addDemoAccounts } from '../apps/server/src/features/access/index.ts';
import { initCounty, readManifest } from '../apps/server/src/features/sources/index.ts';
import { Clock, campaignDays, chinese, FIRST_DAY, SUNDAY, weekday } from './clock.ts';
import { type Campaign, COUNTY, OFFICE, timed, townsOf } from './county.ts';
import { goOut } from './field.ts';
import { type Evening, eveningOf, figuresBody } from './figures.ts';
import { type DayLine, type Depth, Gallery, indexBody } from './gallery.ts';
import { Broken, checkDay } from './invariants.ts';
import { arrivalsOf, receiveLists } from './lists.ts';
import { manage } from './office.ts';
import { report } from './reports.ts';
import { takePictures, withoutScreens } from './screens.ts';

export interface Wanted {
  readonly residents: number;
  readonly seed: number;
  /** Of the campaign's 92, from the first. */
  readonly days?: number | undefined;
  /** Keys, stored files, the offices' lists and an embedded database. */
  readonly work: string;
  readonly url: string | undefined;
  /** Where index.html is written. */
  readonly out: string;
  /** The repository, for the desk that was built; without it no pictures are taken. */
  readonly root?: string | undefined;
  /**
   * Everything is looked at in the last evening only, not on Sundays and, with the originals, at a month's end; the
   * county's calendar asks villages for nothing.
   */
  readonly quick?: boolean | undefined;
  readonly say: (text: string) => void;
  /** For a test: done to the county in the evening, before what must hold is looked at. */
  readonly tamper?: ((campaign: Campaign, day: PlainDate) => Promise<void>) | undefined;
}

export interface Lived {
  readonly days: number;
  readonly broken: Broken | undefined;
}

/** Lives the days one after another, and stops at the first evening on which something does not hold. */
export async function runCampaign(wanted: Wanted): Promise<Lived> {
  const clock = new Clock();
  const instance = await openInstance({ dir: wanted.work, url: wanted.url });
  clock.set(FIRST_DAY);
  clock.start();
  try {
    return await live(wanted, instance, clock);
  } finally {
    clock.stop();
    await instance.close();
  }
}

async function begin(wanted: Wanted, instance: OpenedInstance): Promise<Campaign> {
  const { residents, seed, work, say } = wanted;
  const lists = join(work, 'lists');
  mkdirSync(lists, { recursive: true });
  say(`写出 ${residents} 人的各部门名单`);
  const seconds = new Map<string, number>();
  const start = performance.now();
  const files = await generate({
    county: COUNTY,
    residents,
    seed,
    format: 'mixed',
    dir: lists,
    campaign: true,
    onProgress: say,
  });
  seconds.set('写出各部门名单', (performance.now() - start) / 1000);
  await initCounty(instance, COUNTY, 'county-office');
  await addDemoAccounts(instance, COUNTY);
  return {
    instance,
    gallery: new Gallery(wanted.out),
    lists,
    towns: await townsOf(instance, FIRST_DAY),
    arrivals: arrivalsOf((await readManifest(files.manifest)).deliveries),
    rounds: (await readVisits(lists))?.rounds ?? [],
    residents,
    quick: wanted.quick ?? false,
    kept: { submissions: new Map(), papers: new Map(), sealed: 0, figures: '' },
    begun: new Map(),
    seconds,
  };
}

async function live(wanted: Wanted, instance: OpenedInstance, clock: Clock): Promise<Lived> {
  const { say, root } = wanted;
  const campaign = await begin(wanted, instance);
  const noPictures = root === undefined ? '未拍屏幕截图' : withoutScreens(root);
  if (noPictures !== undefined) say(noPictures);
  const lines: DayLine[] = [];
  const evenings: Evening[] = [];
  let broken: Broken | undefined;
  const days = campaignDays(wanted.days);
  for (const day of days) {
    clock.set(day);
    const start = performance.now();
    const ends = day === days.at(-1);
    const depth = depthOf(day, ends, wanted.quick ?? false);
    const said: string[] = [];
    try {
      for (const part of [receiveLists, goOut, manage, report]) said.push(...(await part(campaign, day)));
      await wanted.tamper?.(campaign, day);
      await checkDay(campaign, day, depth);
      if (ends && wanted.days === undefined) said.push(await againstTruth(campaign, day, say));
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      broken = error;
      break;
    }
    if (root !== undefined && noPictures === undefined)
      await timed(campaign, '屏幕截图', () => takePictures(campaign, day, root));
    const evening = await eveningOf(campaign, day, (performance.now() - start) / 1000);
    evenings.push(evening);
    lines.push({ day, said, figures: figuresOf(evening), depth });
    say(
      `${day}　${evening.seconds.toFixed(1)} 秒　应保未保 ${evening.open}　覆盖率 ${formatRate(evening.coverage)}`,
    );
  }
  const sizes = await sizesOf(wanted, campaign, evenings);
  const { gallery, seconds } = campaign;
  gallery.top(
    'index.html',
    TITLE,
    indexBody(gallery, lines, cover(evenings, sizes, broken), broken?.message),
  );
  gallery.top('figures.html', '数据与用时', figuresBody(evenings, seconds, sizes));
  return { days: lines.length, broken };
}

function depthOf(day: PlainDate, ends: boolean, quick: boolean): Depth {
  if (ends) return 'originals';
  if (quick) return 'day';
  if (day.slice(5, 7) !== addDays(day, 1).slice(5, 7)) return 'originals';
  return weekday(day) === SUNDAY ? 'stored' : 'day';
}

/** Every cell of every place on nineteen days, against a count that the product has never seen. */
async function againstTruth(
  campaign: Campaign,
  day: PlainDate,
  say: (text: string) => void,
): Promise<string> {
  return timed(campaign, '与独立答案逐格核对', async () => {
    const { cells, differences } = await compareWithTruth(campaign.instance, OFFICE, campaign.lists);
    const [first] = differences;
    if (first !== undefined) {
      for (const one of differences.slice(0, 20)) say(JSON.stringify(one));
      const where = `${first.form} ${first.day} ${first.name} 第 ${first.column} 栏（共 ${differences.length} 格不同）`;
      throw new Broken(day, `报表与独立答案 ${where}`, first.found, first.expected);
    }
    return `附件4、附件5 共 ${cells} 格与独立计算的答案逐格核对，全部相同`;
  });
}

const TITLE = '沅江市城乡居保全覆盖专项行动每日记录';

function figuresOf(one: Evening): DayLine['figures'] {
  return [
    ['应覆盖', one.inScope.toLocaleString('en-US')],
    ['已登记', one.registered.toLocaleString('en-US')],
    ['应保未保', one.open.toLocaleString('en-US')],
    ['覆盖率', formatRate(one.coverage)],
    ['缴费率', formatRate(one.paying)],
    ...(one.verified === null ? [] : [['核实完成', formatRate(one.verified)] as const]),
  ];
}

function cover(
  evenings: readonly Evening[],
  sizes: Readonly<Record<string, string>>,
  broken: Broken | undefined,
): string {
  const [first, last] = [evenings[0], evenings.at(-1)];
  if (first === undefined || last === undefined) return `<div class="cover"><h1>${TITLE}</h1></div>`;
  const card = (name: string, value: string): string => `<div><b>${value}</b><span>${name}</span></div>`;
  const held = broken === undefined ? '每日核对全部相符。' : '';
  return `<div class="cover"><h1>${TITLE}</h1><p>2020年8月1日至${chinese(last.day)}，共 ${evenings.length} 天。人员均为虚构。${held}</p>
<div class="cards">${card('户籍人口', sizes.户籍人口 ?? '')}${card('覆盖率（期初）', formatRate(first.coverage))}${card('覆盖率（期末）', formatRate(last.coverage))}${card('应保未保（期初）', first.open.toLocaleString('en-US'))}${card('应保未保（期末）', last.open.toLocaleString('en-US'))}${card('核实任务完成', last.verified === null ? '—' : formatRate(last.verified))}${card('报送名单', sizes.报送 ?? '')}${card('手机走访', sizes.手机走访 ?? '')}</div></div>`;
}

async function sizesOf(
  wanted: Wanted,
  campaign: Campaign,
  evenings: readonly Evening[],
): Promise<Record<string, string>> {
  const { instance } = campaign;
  const [row] = await instance.db.asOwner((tx) =>
    tx.query<Record<string, string>>(
      `select (select count(*) from person)::text as "人员",
         (select count(*) from delivery)::text as "报送",
         (select count(*) from visit)::text as "手机走访",
         (select count(*) from ledger_item)::text as "台账时段",
         (select count(*) from submission_version)::text as "报送报表",
         (select count(*) from paper where state = 'issued')::text as "印发材料",
         (select count(*) from supervision_order)::text as "督办单",
         (select count(*) from audit_event)::text as "留痕条数",
         round(pg_database_size(current_database()) / 1048576.0)::text as "数据库（MB）"`,
    ),
  );
  const fixed = (n: number): string => n.toFixed(0);
  return {
    户籍人口: wanted.residents.toLocaleString('en-US'),
    ...row,
    '名单文件（MB）': fixed(sizeOf(campaign.lists)),
    '加密原件（MB）': fixed(sizeOf(wanted.work) - sizeOf(campaign.lists)),
    数据库: wanted.url === undefined ? '内置' : 'PostgreSQL',
    '内存峰值（MB，本进程）': fixed(process.resourceUsage().maxRSS / 1024),
    '全程用时（秒）': fixed(evenings.reduce((sum, { seconds }) => sum + seconds, 0)),
  };
}

function sizeOf(dir: string): number {
  let bytes = 0;
  for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size;
  return bytes / 1024 ** 2;
}
