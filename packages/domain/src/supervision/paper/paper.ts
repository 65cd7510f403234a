import type { PlainDate } from '../../kernel/plain-date.ts';
import type { RegionCode } from '../../kernel/region.ts';
import type { HeaderCell } from '../../reports/forms.ts';

/** What an office writes of the campaign, and how often (Y10.1, Y16, Q5.3, Q6.1b). */
export const PAPER_KINDS = ['weekly', 'monthly', 'acceptance', 'report', 'quarterly'] as const;
export type PaperKind = (typeof PAPER_KINDS)[number];
export const PAPER_WORDS: Readonly<Record<PaperKind, string>> = {
  weekly: '周报',
  monthly: '月通报',
  acceptance: '验收通报',
  report: '情况报告',
  quarterly: '季度分析',
};
/** Whom a town writes for are its own villages: it passes no acceptance and reports to no government. */
export const TOWN_KINDS: readonly PaperKind[] = ['weekly', 'monthly', 'quarterly'];

export type PaperState = 'draft' | 'issued' | 'withdrawn';
export const PAPER_STATES: Readonly<Record<PaperState, string>> = {
  draft: '草稿',
  issued: '已印发',
  withdrawn: '已撤回',
};

/** A piece of text; a number says by its reference where it comes from. */
export interface Run {
  readonly text: string;
  readonly reference?: string;
}

export interface Bar {
  readonly label: string;
  readonly value: Run;
  /** 0–1 of the whole width; null where nothing is known. */
  readonly share: number | null;
}

export type Block =
  | { readonly type: 'heading'; readonly text: string }
  /** `by`: whoever wrote it by hand; absent where it was computed. */
  | { readonly type: 'paragraph'; readonly runs: readonly Run[]; readonly by?: string }
  | {
      readonly type: 'table';
      readonly title: string;
      readonly head: readonly string[];
      readonly rows: readonly (readonly Run[])[];
    }
  | {
      readonly type: 'form';
      /** 附件5 */
      readonly number: string;
      readonly title: string;
      readonly meta: string;
      readonly header: readonly HeaderCell[];
      readonly headerRows: number;
      readonly widths: readonly number[];
      /** A cell is several runs where its words hold numbers. */
      readonly rows: readonly (readonly (readonly Run[])[])[];
    }
  | { readonly type: 'bars'; readonly title: string; readonly bars: readonly Bar[] };

/** What is printed. */
export interface Paper {
  readonly kind: PaperKind;
  readonly region: { readonly code: RegionCode; readonly name: string };
  readonly day: PlainDate;
  /** Over the red line; empty where the paper has none. */
  readonly redHead: string;
  /** 发文字号 */
  readonly number: string;
  readonly title: string;
  /** 主送 */
  readonly to: string;
  readonly blocks: readonly Block[];
  /** 落款 */
  readonly offices: readonly string[];
  readonly dated: string;
  /** 抄送 */
  readonly cc: string;
}

/** Every run of the paper's body, in the order it is read. */
export function runsOf(paper: Pick<Paper, 'blocks'>): Run[] {
  return paper.blocks.flatMap((block): Run[] => {
    if (block.type === 'heading') return [];
    if (block.type === 'paragraph') return [...block.runs];
    if (block.type === 'bars') return block.bars.map(({ value }) => value);
    return block.type === 'table' ? block.rows.flat() : block.rows.flat(2);
  });
}

/** The numbers of the paper, each where it first stands. */
export function numbersOf(paper: Pick<Paper, 'blocks'>): { text: string; reference: string }[] {
  const seen = new Map<string, { text: string; reference: string }>();
  for (const { text, reference } of runsOf(paper)) {
    if (reference !== undefined && !seen.has(reference)) seen.set(reference, { text, reference });
  }
  return [...seen.values()];
}
