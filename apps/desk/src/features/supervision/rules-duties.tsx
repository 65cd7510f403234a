import { forms as formsRoute } from '@quanbao/contract/reports';
import {
  DUTY_LEVELS,
  type DutyLevel,
  LEVEL_WORDS,
  RHYTHM_WORDS,
  RHYTHMS,
  type Rhythm,
} from '@quanbao/domain/supervision/calendar';
import { ESCALATED_TO_WORDS, type EscalatedTo } from '@quanbao/domain/supervision/order';
import { Button, Input, InputNumber, Select } from 'antd';
import { useRead } from '../../api/queries.ts';
import { ScrollBox } from '../../ui/scroll-box.tsx';
import { RulesHead, type SaidBy } from './rules-head.tsx';
import type { Rules } from './words.ts';

type Level = Rules['escalation']['body'][number];
type Duty = Rules['calendar']['body'][number];
interface Part<One> {
  readonly said: SaidBy;
  readonly write: boolean;
  readonly onChange: (next: One[]) => void;
}

/** Who hears of an order that is not answered in time. */
export function EscalationRules({
  levels,
  said,
  write,
  onChange,
}: Part<Level> & { readonly levels: readonly Level[] }) {
  const set = (at: number, changes: Partial<Level>): void =>
    onChange(levels.map((level, i) => (i === at ? { ...level, ...changes } : level)));
  return (
    <section className="card" aria-labelledby="rule-escalation">
      <RulesHead
        id="rule-escalation"
        title="督办升级"
        said={said}
        add={
          write
            ? {
                words: '增加一级',
                full: levels.length >= 6,
                onAdd: () => onChange([...levels, { days: (levels.at(-1)?.days ?? 0) + 3, title: '' }]),
              }
            : undefined
        }
      />
      {levels.length === 0 && <p className="muted">逾期不升级。</p>}
      <ul className="plain rule-lines">
        {levels.map((level, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a level is its place
          <li key={at}>
            督办单逾期{' '}
            {write ? (
              <InputNumber
                aria-label={`第 ${at + 1} 级逾期几日`}
                size="small"
                min={1}
                max={365}
                value={level.days}
                onChange={(days) => set(at, { days: days ?? 1 })}
              />
            ) : (
              level.days
            )}{' '}
            日：{' '}
            {write ? (
              <Input
                aria-label={`第 ${at + 1} 级报给谁`}
                size="small"
                className="rule-why"
                maxLength={60}
                value={level.title}
                onChange={(event) => set(at, { title: event.target.value })}
              />
            ) : (
              level.title
            )}{' '}
            {write ? (
              <Select
                aria-label={`第 ${at + 1} 级告知谁`}
                size="small"
                value={level.to ?? 'county'}
                options={Object.entries(ESCALATED_TO_WORDS).map(([value, label]) => ({ value, label }))}
                onChange={(to: EscalatedTo) => set(at, { to })}
              />
            ) : (
              `（${ESCALATED_TO_WORDS[level.to ?? 'county']}）`
            )}
            {write && (
              <Button
                type="link"
                size="small"
                danger
                className="no-print"
                aria-label={`删去第 ${at + 1} 级`}
                onClick={() => onChange(levels.toSpliced(at, 1))}
              >
                删去
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

const codeOf = ({ form, every, level }: Pick<Duty, 'form' | 'every' | 'level'>): string =>
  `${form}-${every}-${level}`;

/** Which form who owes, how often, and how many days after the period's end. */
export function CalendarRules({
  duties,
  said,
  write,
  onChange,
}: Part<Duty> & { readonly duties: readonly Duty[] }) {
  const { data } = useRead(formsRoute, {});
  const listed = (data?.items ?? []).filter(({ code, own }) => own || ['annex4', 'annex5'].includes(code));
  const nameOf = (code: string): string => {
    const found = listed.find((form) => form.code === code);
    return found === undefined ? code : `${found.number} ${found.name}`;
  };
  const set = (at: number, changes: Partial<Duty>): void =>
    onChange(
      duties.map((duty, i) => {
        if (i !== at) return duty;
        const next = { ...duty, ...changes };
        return 'dueDays' in changes ? next : { ...next, code: codeOf(next) };
      }),
    );
  const add = (): void => {
    const free = listed
      .flatMap(({ code }) =>
        RHYTHMS.flatMap((every) => DUTY_LEVELS.map((level) => ({ form: code, every, level }))),
      )
      .find((one) => !duties.some((duty) => codeOf(duty) === codeOf(one)));
    if (free) onChange([...duties, { ...free, code: codeOf(free), dueDays: 3 }]);
  };
  return (
    <section className="card" aria-labelledby="rule-calendar">
      <RulesHead
        id="rule-calendar"
        title="报送日历"
        said={said}
        add={write ? { words: '增加一行', onAdd: add } : undefined}
      />
      <ScrollBox label="报送日历的规则表格">
        <table className="data rule-table" aria-label="报送日历的规则">
          <colgroup>
            <col />
            <col style={{ width: 130 }} />
            <col style={{ width: 200 }} />
            <col style={{ width: 190 }} />
            {write && <col style={{ width: 64 }} />}
          </colgroup>
          <thead>
            <tr>
              <th scope="col">表</th>
              <th scope="col">报期</th>
              <th scope="col">谁报给谁</th>
              <th scope="col">期限</th>
              {write && <th scope="col" className="no-print" aria-label="删去" />}
            </tr>
          </thead>
          <tbody>
            {duties.map((duty, at) => {
              const { title, to } = LEVEL_WORDS[duty.level as DutyLevel];
              const name = `${nameOf(duty.form)}${RHYTHM_WORDS[duty.every as Rhythm]}${title}`;
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: a line changes its code while it is edited
                <tr key={at}>
                  <td>
                    {write ? (
                      <Select
                        aria-label={`第 ${at + 1} 行的表`}
                        size="small"
                        className="rule-wide"
                        value={duty.form}
                        options={listed.map(({ code }) => ({ value: code, label: nameOf(code) }))}
                        onChange={(form) => set(at, { form })}
                      />
                    ) : (
                      nameOf(duty.form)
                    )}
                  </td>
                  <td>
                    {write ? (
                      <Select
                        aria-label={`第 ${at + 1} 行的报期`}
                        size="small"
                        className="rule-wide"
                        value={duty.every}
                        options={RHYTHMS.map((every) => ({ value: every, label: RHYTHM_WORDS[every] }))}
                        onChange={(every) => set(at, { every })}
                      />
                    ) : (
                      RHYTHM_WORDS[duty.every as Rhythm]
                    )}
                  </td>
                  <td>
                    {write ? (
                      <Select
                        aria-label={`第 ${at + 1} 行谁报`}
                        size="small"
                        className="rule-wide"
                        value={duty.level}
                        options={DUTY_LEVELS.map((level) => ({
                          value: level,
                          label: `${LEVEL_WORDS[level].title}报${LEVEL_WORDS[level].to}`,
                        }))}
                        onChange={(level) => set(at, { level })}
                      />
                    ) : (
                      `${title}报${to}`
                    )}
                  </td>
                  <td>
                    期后{' '}
                    {write ? (
                      <InputNumber
                        aria-label={`${name}期后几日`}
                        size="small"
                        min={0}
                        max={60}
                        value={duty.dueDays}
                        onChange={(dueDays) => set(at, { dueDays: dueDays ?? 0 })}
                      />
                    ) : (
                      duty.dueDays
                    )}{' '}
                    日内
                  </td>
                  {write && (
                    <td className="no-print">
                      <Button
                        type="link"
                        size="small"
                        danger
                        aria-label={`删去：${name}`}
                        onClick={() => onChange(duties.toSpliced(at, 1))}
                      >
                        删去
                      </Button>
                    </td>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}
