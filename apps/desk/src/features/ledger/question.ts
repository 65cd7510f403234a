import {
  CLOSING_PAPER_WORDS,
  LEDGER_KINDS,
  LEDGER_STATES,
  LEDGER_TAG_WORDS,
  LEDGER_TAGS,
  papersClosing,
  STATE_WORDS,
} from '@quanbao/domain/ledger/kinds';
import type { LedgerQuery } from './contract.ts';

type Question = Omit<LedgerQuery, 'after' | 'limit'>;
type Address = Readonly<Record<string, string | undefined>>;

export const QUESTION_KEYS = ['indicator', 'kind', 'state', 'subject', 'tag', 'assignee', 'age'] as const;

/** The question that an address asks of the ledger; what is none is left out. */
export function questionOf(address: Address): Question {
  const asked = [...QUESTION_KEYS, 'region', 'asOf'].map((key) => [key, address[key]?.trim()] as const);
  return Object.fromEntries(asked.filter(([, value]) => value !== undefined && value !== ''));
}

interface Option {
  readonly value: string;
  readonly label: string;
}

export const KIND_OPTIONS: readonly Option[] = LEDGER_KINDS.map(({ kind, title }) => ({
  value: kind,
  label: title,
}));
/** Without one the list holds what is open. */
export const STATE_OPTIONS: readonly Option[] = [
  { value: 'open', label: '未销号' },
  ...LEDGER_STATES.map((state) => ({ value: state, label: STATE_WORDS[state] })),
  { value: 'all', label: '全部状态' },
];
export const TAG_OPTIONS: readonly Option[] = LEDGER_TAGS.map((tag) => ({
  value: tag,
  label: LEDGER_TAG_WORDS[tag],
}));
/** Days in the present state, in the order in which the overview counts them. */
export const AGE_OPTIONS: readonly Option[] = [
  { value: 'week', label: '7天以内' },
  { value: 'month', label: '8—30天' },
  { value: 'quarter', label: '31—90天' },
  { value: 'older', label: '90天以上' },
];

interface Chosen {
  readonly kind: string;
  readonly title: string;
  readonly state: string;
}

/** Why what is chosen cannot be written off by hand; nothing when it can. */
export function notByHand(items: readonly Chosen[]): string | undefined {
  if (items.length === 0) return '先勾选台账';
  const byHand = new Set<string>(
    LEDGER_KINDS.filter((one) => one.byHand !== undefined).map((one) => one.kind),
  );
  const never = [...new Set(items.filter(({ kind }) => !byHand.has(kind)).map(({ title }) => title))];
  if (never.length > 0) return `${never.join('、')}凭依据自动销号，不能人工销号`;
  const kinds = items.map(({ kind }) => kind);
  if (papersClosing(kinds).length === 0) return '所选各种台账要的材料不同，请分开销号';
  if (items.some(({ state }) => state === 'closed')) return '所选的台账里有已经销号的';
  return undefined;
}

/** What proof the kinds ask for, one line a kind. */
export function proofsOf(kinds: readonly string[]): { readonly title: string; readonly proof: string }[] {
  return LEDGER_KINDS.flatMap(({ kind, title, byHand }) =>
    byHand !== undefined && kinds.includes(kind) ? [{ title, proof: byHand.needs }] : [],
  );
}

/** The papers that close all of what is chosen. */
export function paperOptions(kinds: readonly string[]): Option[] {
  return papersClosing(kinds).map((paper) => ({ value: paper, label: CLOSING_PAPER_WORDS[paper] }));
}
