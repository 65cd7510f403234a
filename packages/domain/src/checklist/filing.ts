import type { PlainDate } from '../kernel/plain-date.ts';

/** 备案、上报 that the plan asks for: which paper reaches which office by when (沅人社发〔2020〕44号 附件2 第4项, 四、第四阶段). */
export const YUANJIANG_FILINGS: readonly {
  readonly title: string;
  readonly office: string;
  readonly due: PlainDate;
}[] = [
  { title: '扩面和征缴任务台账、实施方案', office: '益阳市人社局、益阳市税务局', due: '2020-08-31' },
  { title: '全覆盖行动自查评估情况', office: '益阳市人社局', due: '2020-10-31' },
];

export type FilingState = 'due' | 'late' | 'sent' | 'received' | 'answered';
export const FILING_WORDS: Readonly<Record<FilingState, string>> = {
  due: '待报',
  late: '逾期未报',
  sent: '已报出',
  received: '已有回执',
  answered: '已答复',
};

export function filingState(
  filing: {
    readonly due: PlainDate;
    readonly sent: PlainDate | null;
    readonly receipt: string;
    readonly answer: string;
  },
  day: PlainDate,
): FilingState {
  if (filing.sent === null || filing.sent > day) return filing.due < day ? 'late' : 'due';
  if (filing.answer !== '') return 'answered';
  return filing.receipt === '' ? 'sent' : 'received';
}
