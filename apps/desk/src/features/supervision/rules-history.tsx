import { supervisionRuleHistory } from '@quanbao/contract/supervision';
import { findIndicator } from '@quanbao/domain/indicators/indicators';
import { type DutyLevel, LEVEL_WORDS, RHYTHM_WORDS, type Rhythm } from '@quanbao/domain/supervision/calendar';
import { ESCALATED_TO_WORDS } from '@quanbao/domain/supervision/order';
import { useRead } from '../../api/queries.ts';
import { localTime } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { basisWords, orderWords, unitOf } from './rules-warnings.tsx';
import type { RuleWriting } from './words.ts';

const RULE_WORDS: Readonly<Record<string, string>> = {
  calendar: '报送日历',
  warnings: '预警档次',
  escalation: '督办升级',
};

/** Every writing: from when, by whom, upon what, and what it says. */
export function RulesHistory() {
  const { data, error } = useRead(supervisionRuleHistory, {});
  return (
    <section className="card" aria-labelledby="rule-history">
      <h2 id="rule-history">历次修改</h2>
      {error && <Failure error={error} />}
      {data?.items.length === 0 && <p className="muted">县里还没有改过，都是随系统提供的。</p>}
      {data?.items.map((one) => (
        <details key={`${one.rule}${one.from}`} className="rule-writing">
          <summary>
            自 {one.from} 起 {RULE_WORDS[one.rule] ?? one.rule}：{one.document}
            <span className="muted">
              （{one.actor} {localTime(one.at)}）
            </span>
          </summary>
          <ul>
            {linesOf(one).map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  );
}

function linesOf({ calendar = [], warnings = [], escalation = [] }: RuleWriting): string[] {
  return [
    ...warnings.map(
      (rule) =>
        `${rule.title}：${findIndicator(rule.indicator)?.name ?? rule.indicator}，${basisWords(rule)}；黄 ${rule.yellow ?? '—'}，橙 ${rule.orange ?? '—'}，红 ${rule.red ?? '—'}（${unitOf(rule.indicator)}）；督办单：${orderWords(rule)}`,
    ),
    ...escalation.map(
      ({ days, title, to }) => `督办单逾期 ${days} 日：${title}（${ESCALATED_TO_WORDS[to ?? 'county']}）`,
    ),
    ...calendar.map(({ form, every, level, dueDays }) => {
      const { title, to } = LEVEL_WORDS[level as DutyLevel];
      return `${form} ${RHYTHM_WORDS[every as Rhythm]}：${title}报${to}，期后 ${dueDays} 日内`;
    }),
  ];
}
