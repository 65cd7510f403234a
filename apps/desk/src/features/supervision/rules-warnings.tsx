import { previewWarnings } from '@quanbao/contract/supervision';
import { findIndicator, INDICATORS } from '@quanbao/domain/indicators/indicators';
import {
  BASES,
  BASIS_TITLES,
  type Basis,
  COLOUR_WORDS,
  COLOURS,
  type Colour,
  planOfRate,
} from '@quanbao/domain/supervision/warning';
import { Button, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { ScrollBox } from '../../ui/scroll-box.tsx';
import { Failure } from '../../ui/states.tsx';
import { RulesHead } from './rules-head.tsx';
import type { Rules } from './words.ts';

type Rule = Rules['warnings']['body'][number];
interface Props {
  readonly rules: readonly Rule[];
  readonly said: Pick<Rules['warnings'], 'from' | 'document'>;
  readonly write: boolean;
  /** Can be tried as they stand. */
  readonly sound: boolean;
  readonly onChange: (rules: Rule[]) => void;
}

/** What a threshold is counted in: points of a rate, else the count's own unit. */
export function unitOf(indicator: string): string {
  const found = findIndicator(indicator);
  return found === undefined || found.kind === 'rate' ? '个百分点' : found.unit;
}

const INDICATOR_OPTIONS = INDICATORS.filter(({ better }) => better !== 'none').map(({ code, name }) => ({
  value: code,
  label: name,
}));

/** Each line with its indicator as it is defined, its three steps, and whom they would mark by today's figures. */
export function WarningRules({ rules, said, write, sound, onChange }: Props) {
  const set = (at: number, rule: Rule): void => onChange(rules.with(at, rule));
  const add = (): void => {
    const code = freshCode(rules);
    onChange([
      ...rules,
      {
        code,
        title: '参保缴费率过低',
        indicator: 'paying-rate',
        basis: 'fixed',
        yellow: 90,
        orange: null,
        red: null,
        source: '本县自定',
      },
    ]);
  };
  return (
    <section className="card" aria-labelledby="rule-warnings">
      <RulesHead
        id="rule-warnings"
        title="预警档次"
        said={said}
        add={write ? { words: '增加一项', onAdd: add } : undefined}
      />
      <ScrollBox label="预警档次表格">
        <table className="data rule-table" aria-label="预警档次">
          <colgroup>
            <col style={{ width: 180 }} />
            <col style={{ width: 200 }} />
            <col style={{ width: 226 }} />
            <col style={{ width: 70 }} />
            <col style={{ width: 70 }} />
            <col style={{ width: 70 }} />
            <col style={{ width: 76 }} />
            <col style={{ width: 164 }} />
            {write && <col style={{ width: 64 }} />}
          </colgroup>
          <thead>
            <tr>
              <th scope="col">名称</th>
              <th scope="col">指标</th>
              <th scope="col">怎么比</th>
              {COLOURS.map((colour) => (
                <th key={colour} scope="col" className="center">
                  {COLOUR_WORDS[colour]}
                </th>
              ))}
              <th scope="col">单位</th>
              <th scope="col">到哪档下督办单</th>
              {write && <th scope="col" className="no-print" aria-label="删去" />}
            </tr>
          </thead>
          <tbody>
            {rules.map((rule, at) => (
              <Row
                key={rule.code}
                rule={rule}
                write={write}
                onChange={(next) => set(at, next)}
                onDrop={() => onChange(rules.toSpliced(at, 1))}
              />
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {write && <Preview rules={rules} sound={sound} />}
    </section>
  );
}

function freshCode(rules: readonly Rule[]): string {
  for (let n = rules.length + 1; ; n++) {
    if (!rules.some(({ code }) => code === `own-${n}`)) return `own-${n}`;
  }
}

interface RowProps {
  readonly rule: Rule;
  readonly write: boolean;
  readonly onChange: (rule: Rule) => void;
  readonly onDrop: () => void;
}

function Row({ rule, write, onChange, onDrop }: RowProps) {
  const found = findIndicator(rule.indicator);
  const definition = <small className="sup-sub">{found?.definition}</small>;
  if (!write) {
    return (
      <tr>
        <th scope="row">{rule.title}</th>
        <td>
          {found?.name ?? rule.indicator}
          {definition}
        </td>
        <td>{basisWords(rule)}</td>
        {COLOURS.map((colour) => (
          <td key={colour} className="center">
            {rule[colour] ?? '—'}
          </td>
        ))}
        <td>{unitOf(rule.indicator)}</td>
        <td>{orderWords(rule)}</td>
      </tr>
    );
  }
  const setOrder = (order: Colour | 'none'): void => {
    const { order: _, orderDays, ...rest } = rule;
    onChange(order === 'none' ? rest : { ...rest, order, orderDays: orderDays ?? 7 });
  };
  const setBasis = (basis: Basis): void => {
    const { days, ...rest } = rule;
    onChange(basis === 'previous' ? { ...rest, basis, days: days ?? 7 } : { ...rest, basis });
  };
  return (
    <tr>
      <td>
        <Input
          aria-label={`${rule.title}的名称`}
          size="small"
          maxLength={40}
          value={rule.title}
          onChange={(event) => onChange({ ...rule, title: event.target.value })}
        />
        <small className="sup-sub">{rule.source}</small>
      </td>
      <td>
        <Select
          aria-label={`${rule.title}的指标`}
          size="small"
          className="rule-wide"
          showSearch
          optionFilterProp="label"
          popupMatchSelectWidth={false}
          value={rule.indicator}
          options={INDICATOR_OPTIONS}
          onChange={(indicator) => onChange({ ...rule, indicator })}
        />
        {definition}
      </td>
      <td>
        <Select
          aria-label={`${rule.title}怎么比`}
          size="small"
          className="rule-wide"
          popupMatchSelectWidth={false}
          value={rule.basis}
          options={BASES.map((basis) => ({
            value: basis,
            label: BASIS_TITLES[basis],
            disabled: basis === 'plan' && planOfRate(rule.indicator) === undefined,
          }))}
          onChange={setBasis}
        />
        {rule.basis === 'previous' && (
          <span className="rule-days">
            与{' '}
            <InputNumber
              aria-label={`${rule.title}与几天前比`}
              size="small"
              min={1}
              max={366}
              value={rule.days ?? null}
              onChange={(days) => onChange({ ...rule, days: days ?? 1 })}
            />{' '}
            天前比
          </span>
        )}
      </td>
      {COLOURS.map((colour) => (
        <td key={colour}>
          <InputNumber
            aria-label={`${rule.title}${COLOUR_WORDS[colour]}`}
            size="small"
            className="rule-wide"
            controls={false}
            placeholder="—"
            value={rule[colour]}
            onChange={(limit) => onChange({ ...rule, [colour]: limit })}
          />
        </td>
      ))}
      <td>{unitOf(rule.indicator)}</td>
      <td>
        <Select
          aria-label={`${rule.title}到哪档下督办单`}
          size="small"
          className="rule-order"
          value={rule.order ?? 'none'}
          options={[
            { value: 'none', label: '不自动提示' },
            ...COLOURS.map((colour) => ({
              value: colour,
              label: `${COLOUR_WORDS[colour]}色起`,
              disabled: rule[colour] === null,
            })),
          ]}
          onChange={setOrder}
        />
        {rule.order && (
          <span className="rule-days">
            限{' '}
            <InputNumber
              aria-label={`${rule.title}督办几日内答复`}
              size="small"
              min={1}
              max={366}
              value={rule.orderDays ?? null}
              onChange={(orderDays) => onChange({ ...rule, orderDays: orderDays ?? 1 })}
            />{' '}
            日内答复
          </span>
        )}
      </td>
      <td className="no-print">
        <Button type="link" size="small" danger aria-label={`删去：${rule.title}`} onClick={onDrop}>
          删去
        </Button>
      </td>
    </tr>
  );
}

export function basisWords(rule: Pick<Rule, 'basis' | 'days'>): string {
  return rule.basis === 'previous' ? `比 ${rule.days} 天前变差` : BASIS_TITLES[rule.basis];
}

export function orderWords({ order, orderDays }: Pick<Rule, 'order' | 'orderDays'>): string {
  return order === undefined ? '不自动提示' : `${COLOUR_WORDS[order]}色起，限 ${orderDays} 日内答复`;
}

/** Whom the thresholds as they stand on the screen would mark. */
function Preview({ rules, sound }: { readonly rules: readonly Rule[]; readonly sound: boolean }) {
  const { asOf } = useHere();
  const { data, error } = useRead(
    previewWarnings,
    { body: { warnings: structuredClone(rules) as Rule[], ...(asOf ? { asOf } : {}) } },
    { enabled: sound && asOf !== undefined },
  );
  if (!sound) return <p className="rule-preview muted">档次改正以后，这里显示哪些单位会亮灯。</p>;
  if (asOf === undefined) return <p className="rule-preview muted">还没有户籍人口名单，不能试算。</p>;
  if (error) return <Failure error={error} />;
  if (!data) return null;
  return (
    <section className="rule-preview" aria-label="试算" role="status">
      <h3>试算：按这些档次，{data.asOf} 的数字会亮灯的单位</h3>
      <ul className="plain">
        {data.rules.map(({ code, places, judged, of }) => (
          <li key={code}>
            <b>{rules.find((rule) => rule.code === code)?.title}</b>
            {COLOURS.toReversed().map((colour) => (
              <Marked key={colour} colour={colour} places={places.filter((one) => one.colour === colour)} />
            ))}
            <span className="muted">
              {judged === 0
                ? '没有可比的数（没有下达任务，或前期没有名单）'
                : `不亮灯 ${judged - places.length} 个${judged < of ? `，无数可比 ${of - judged} 个` : ''}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const NAMED = 4;

function Marked({
  colour,
  places,
}: {
  readonly colour: Colour;
  readonly places: readonly { readonly name: string; readonly words: string }[];
}) {
  const [all, setAll] = useState(false);
  if (places.length === 0) return null;
  const shown = all ? places : places.slice(0, NAMED);
  return (
    <span className="rule-marked">
      <span className={`sup-cell ${colour}`}>
        {COLOUR_WORDS[colour]} {places.length}
      </span>{' '}
      {shown.map(({ name, words }, at) => (
        <span key={name} title={words}>
          {at > 0 && '、'}
          {name}
        </span>
      ))}
      {places.length > NAMED && (
        <button type="button" className="text-button" onClick={() => setAll(!all)}>
          {all ? '收起' : `等 ${places.length} 个`}
        </button>
      )}
    </span>
  );
}
