import type { PlainDate } from '../kernel/plain-date.ts';
import type { Said } from './says.ts';
import type { StepClass } from './step-class.ts';
import { ruleOf } from './verdict.ts';
import { columnWords } from './words.ts';

/** The row of the list that decided. */
export interface DecidingRow {
  readonly title: string;
  readonly office: string;
  readonly asOf: PlainDate;
  readonly row: number;
  readonly says: readonly Said[];
}

/** Who the person is and where he lives is known to whoever reads on; what made the difference is not. */
const NO_NEWS = new Set(['姓名', '户籍地址', '所在地', '户号', '与户主关系', '户籍性质', '户主', '用语']);
const MOST_SAID = 3;

/** One or two sentences that a villager understands: who says what, and what follows. */
export function becauseOf(
  facts: StepClass,
  deciding: DecidingRow | undefined,
  person: {
    readonly birth: PlainDate;
    readonly decision?: { readonly reason: string; readonly document: string };
  },
): string {
  const verdict = columnWords(facts);
  if (facts.rank === 0) {
    const { decision } = person;
    const why = decision === undefined ? '' : `，理由：${decision.reason}（材料：${decision.document}）`;
    return `县级经办人员裁定为“${verdict}”${why}。`;
  }
  if (facts.rank === 13) return `${chineseDay(person.birth)}出生，这一天未满16周岁，还不到参保年龄。`;
  if (facts.rank === 14) {
    return '没有名单表明已经参保，也没有名单表明不属于参保范围，所以应当参保、还没有登记。';
  }
  const rule = ruleOf(facts.rank).because;
  if (deciding === undefined) return `${rule}，所以判定为“${verdict}”。`;
  const said = deciding.says
    .filter(({ title }) => !NO_NEWS.has(title))
    .slice(0, MOST_SAID)
    .map(({ title, value }) => `${title}“${value}”`)
    .join('、');
  const list = `${deciding.office}报送的《${deciding.title}》（截至${chineseDay(deciding.asOf)}）第${deciding.row}行`;
  return `${list}${said === '' ? '列有此人' : `写明${said}`}：${rule}，所以判定为“${verdict}”。`;
}

function chineseDay(day: PlainDate): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}
