import { printedPoints } from '../../indicators/change.ts';
import { indicator } from '../../indicators/indicators.ts';
import type { Reference } from '../../indicators/reference.ts';
import type { PlainDate } from '../../kernel/plain-date.ts';
import { foundAt, numberRun, type PaperFigures, type PlaceFigures, ranked } from './figures.ts';
import type { Run } from './paper.ts';
import type { Placeholder } from './placeholder.ts';
import { countedWord, dayOf, unitsWord } from './words.ts';

type Figure = Extract<Placeholder, { type: 'figure' }>;
type Ranked = ReturnType<typeof ranked>[number];

/** How many are named at either end of a ranking, and of a list of those behind. */
const ENDS = 3;
const NAMED = 6;

const text = (words: string): Run => ({ text: words });

/** The runs of a placeholder; undefined where it has nothing to say. */
export function say(figures: PaperFigures, figure: Figure): readonly Run[] | undefined {
  const { what, indicator: code } = figure;
  const region = figure.region ?? figures.region.code;
  const day = dayOf(what === 'change' || what === 'falls' ? 'today' : figure.day, figures.day);
  const since = dayOf(figure.day, figures.day);
  const at = { indicator: code, region, day };
  switch (what) {
    case 'value':
    case 'pace':
      return plain(figures, { what, ...at });
    case 'change':
      return moved(figures, { what, ...at, since });
    case 'gap':
      return against(figures, { what, ...at });
    case 'ranking':
      return ranking(figures, code, day);
    case 'falls':
      return listed(figures.days[day]?.places ?? [], (place) => {
        const reference: Reference = { what: 'change', indicator: code, region: place, day, since };
        const found = foundAt(figures, reference);
        if (found === undefined || found === null || found >= 0) return undefined;
        return { order: found, runs: [...(moved(figures, reference) ?? [])] };
      });
    case 'behind':
      return listed(figures.days[day]?.places ?? [], (place) => {
        const reference: Reference = { what: 'gap', indicator: code, region: place, day };
        const found = foundAt(figures, reference);
        if (found === undefined || found === null || found >= 0) return undefined;
        return { order: found, runs: [text('滞后'), numberRun(figures, reference), text('个百分点')] };
      });
    default:
      return listed(
        figures.days[day]?.places ?? [],
        (place) => {
          const reference: Reference = { what: 'value', indicator: code, region: place, day };
          const found = foundAt(figures, reference);
          if (found === undefined || found === null) return undefined;
          // By the people, not by the print: 99.996 % is printed 100.00 % and has not reached it.
          if (found >= 1 !== (what === 'reached')) return undefined;
          return { order: what === 'reached' ? -found : found, runs: [numberRun(figures, reference)] };
        },
        what === 'missed' ? Number.POSITIVE_INFINITY : NAMED,
      );
  }
}

function plain(figures: PaperFigures, reference: Reference): readonly Run[] | undefined {
  const found = foundAt(figures, reference);
  if (found === undefined || found === null) return undefined;
  return [numberRun(figures, reference)];
}

/** 提高1.23个百分点, 减少12人, 持平 */
function moved(figures: PaperFigures, reference: Reference): readonly Run[] | undefined {
  const found = foundAt(figures, reference);
  if (found === undefined || found === null) return undefined;
  if (found === 0) return [text('持平')];
  const { kind, unit } = indicator(reference.indicator);
  const way = kind === 'rate' ? ['提高', '下降'] : ['增加', '减少'];
  return [
    text(found > 0 ? (way[0] as string) : (way[1] as string)),
    numberRun(figures, reference),
    text(kind === 'rate' ? '个百分点' : unit),
  ];
}

/** 滞后于时间进度6.50个百分点 */
function against(figures: PaperFigures, reference: Reference): readonly Run[] | undefined {
  const found = foundAt(figures, reference);
  if (found === undefined || found === null) return undefined;
  if (found === 0) return [text('与时间进度持平')];
  return [
    text(found > 0 ? '超前于时间进度' : '滞后于时间进度'),
    numberRun(figures, reference),
    text('个百分点'),
  ];
}

function named(figures: PaperFigures, group: readonly Ranked[], code: string, day: PlainDate): Run[] {
  const runs: Run[] = [];
  for (const [i, { place, rank }] of group.entries()) {
    const next = group[i + 1];
    const tied = next !== undefined && next.rank === rank;
    const first = i === 0 || group[i - 1]?.rank !== rank;
    runs.push(text(`${i > 0 ? '、' : ''}${place.name}`));
    if (tied) continue;
    runs.push(
      text(first ? '（' : '（并列，'),
      numberRun(figures, { what: 'value', indicator: code, region: place.code, day }),
      text('）'),
    );
  }
  return runs;
}

/** Whole groups of equals from one end, as far as they are no more than `most`. */
function groups(all: readonly Ranked[], most: number): Ranked[] {
  const taken: Ranked[] = [];
  for (let at = 0; at < all.length; ) {
    const group = all.slice(at).filter(({ rank }) => rank === all[at]?.rank);
    if (taken.length + group.length > most) break;
    taken.push(...group);
    at += group.length;
  }
  return taken;
}

/** 排名前三位的是…；排名后三位的是… : fewer where there are few, none where all are equal. */
function ranking(figures: PaperFigures, code: string, day: PlainDate): readonly Run[] | undefined {
  const all = ranked(figures, code, day);
  const [best] = all;
  if (best === undefined || best.rank === null || all.length < 2) return undefined;
  const value = (one: Ranked): Run =>
    numberRun(figures, { what: 'value', indicator: code, region: one.place.code, day });
  if (all.every(({ rank }) => rank === 1)) {
    return [text(`${unitsWord(figures.region, figures.days[day]?.places ?? [])}持平，均为`), value(best)];
  }
  const most = Math.min(ENDS, Math.floor(all.length / 2));
  const top = groups(all, most);
  const bottom = groups(all.toReversed(), most).reverse();
  const runs: Run[] = [];
  if (top.length > 0) {
    runs.push(text(top.length === 1 ? '排名第一位的是' : `排名前${countedWord(top.length)}位的是`));
    runs.push(...named(figures, top, code, day));
  } else {
    const first = all.filter(({ rank }) => rank === 1);
    const shown = first.slice(0, NAMED);
    runs.push(text(`${shown.map(({ place }) => place.name).join('、')}${first.length > NAMED ? '等' : ''}`));
    runs.push(text('并列第一，均为'), value(best));
  }
  const last = all.at(-1) as Ranked;
  if (bottom.length > 0) {
    runs.push(text(bottom.length === 1 ? '；排名末位的是' : `；排名后${countedWord(bottom.length)}位的是`));
    runs.push(...named(figures, bottom, code, day));
  } else {
    const end = all.filter(({ rank }) => rank === last.rank);
    const shown = end.slice(0, NAMED);
    runs.push(text(`；${shown.map(({ place }) => place.name).join('、')}${end.length > NAMED ? '等' : ''}`));
    runs.push(text('并列末位，均为'), value(last));
  }
  return runs;
}

/** 草尾镇（滞后6.50个百分点）、南嘴镇（…）等: the furthest first. */
function listed(
  places: readonly PlaceFigures[],
  of: (place: string) => { readonly order: number; readonly runs: readonly Run[] } | undefined,
  most = NAMED,
): readonly Run[] | undefined {
  const found = places.flatMap((place) => {
    const one = of(place.code);
    return one === undefined ? [] : [{ name: place.name, ...one }];
  });
  if (found.length === 0) return undefined;
  found.sort((a, b) => printedPoints(a.order) - printedPoints(b.order));
  const runs = found
    .slice(0, most)
    .flatMap(({ name, runs: own }, i) => [text(`${i > 0 ? '、' : ''}${name}（`), ...own, text('）')]);
  return found.length > most ? [...runs, text('等')] : runs;
}
