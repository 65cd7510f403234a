import type { AnswerOf } from '@quanbao/contract/route';
import type {
  check,
  checks,
  covers,
  headcounts,
  revisits,
  roundPeople,
  roundProgress,
  rounds,
  statements,
} from '@quanbao/contract/survey';

export type RoundLine = AnswerOf<typeof rounds>['items'][number];
export type Progress = AnswerOf<typeof roundProgress>;
export type PlaceLine = Progress['places'][number];
export type WorkerLine = Progress['workers'][number];
export type TaskLine = AnswerOf<typeof roundPeople>['items'][number];
export type RevisitLine = AnswerOf<typeof revisits>['items'][number];
export type CoveredVillage = AnswerOf<typeof covers>['villages'][number];
export type CheckLine = AnswerOf<typeof checks>['items'][number];
export type CheckView = AnswerOf<typeof check>;
export type DrawnLine = CheckView['items'][number];
export type VillageCount = AnswerOf<typeof headcounts>['villages'][number];
export type StatementLine = AnswerOf<typeof statements>['people'][number];

/** The round that the address names, or the newest that still runs. */
export function chosenRound(items: readonly RoundLine[], asked: string | undefined): RoundLine | undefined {
  return items.find(({ round }) => String(round) === asked) ?? items.find(({ ended }) => !ended) ?? items[0];
}

/** Lowest share first: whoever has most to do stands on top. */
export function laggingFirst(places: readonly PlaceLine[]): PlaceLine[] {
  return places.toSorted((a, b) => (a.rate ?? 2) - (b.rate ?? 2) || b.listed - a.listed);
}

/** What somebody is called: his name, with the login where a name alone may be two people's. */
export function workerWords({ login, name }: { readonly login: string; readonly name: string }): string {
  return name === '' ? login : `${name}（${login}）`;
}

/** How long ago, in days and hours: 3天5小时. */
export function ageWords(since: string, now: number): string {
  const hours = Math.max(0, Math.floor((now - Date.parse(since)) / 3_600_000));
  if (hours < 1) return '不到1小时';
  if (hours < 24) return `${hours}小时`;
  return hours % 24 === 0 ? `${hours / 24}天` : `${Math.floor(hours / 24)}天${hours % 24}小时`;
}
