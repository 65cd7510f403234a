import { regions } from '@quanbao/contract/regions';
import { sources } from '@quanbao/contract/sources';
import { findSource } from '@quanbao/domain/sources/catalogue';
import { MODE_WORDS, neededColumns } from '@quanbao/domain/sources/words';
import { Alert, Button, DatePicker, Input, Radio, Select, TreeSelect } from 'antd';
import dayjs from 'dayjs';
import { useId, useMemo } from 'react';
import { useRead } from '../../api/queries.ts';
import { regionTree } from '../../shell/region-tree.ts';
import { ColumnChoices } from './column-choices.tsx';
import type { Intention } from './contract.ts';
import type { Part } from './parts.ts';
import { changePart, dropPart, type Receipt, splitPart } from './receipt.ts';

const DAY = 'YYYY-MM-DD';

/** What each list is, as of when, and which column is what: understood by itself, corrected where it is wrong. */
export function CheckStep({ receipt }: { readonly receipt: Receipt }) {
  return receipt.parts.map((part, index) => (
    <PartCard key={part.key} part={part} receipt={receipt} number={index + 1} />
  ));
}

function PartCard({
  part,
  receipt,
  number,
}: {
  readonly part: Part;
  readonly receipt: Receipt;
  readonly number: number;
}) {
  const id = useId();
  const { intention } = part;
  const { uploaded, parts } = receipt;
  const { data: catalogue } = useRead(sources, {});
  const { data: places } = useRead(regions, { query: {} });
  const tree = useMemo(() => (places ? regionTree(places.items, places.root.code) : []), [places]);
  const source = findSource(intention.source);
  const title = source?.title ?? '辨认不出是哪一种名单';
  const change = (more: Partial<Intention>): void => {
    const after = Object.fromEntries(
      Object.entries({ ...intention, ...more }).filter(([, value]) => value !== undefined && value !== ''),
    );
    // What was tried was something else.
    changePart(part.key, {
      intention: { source: '', asOf: '', ...after } as Intention,
      trial: undefined as never,
    });
  };
  const files = intention.files ?? [];
  const tables = uploaded.tables.filter((table) => files.includes(table.file));
  const sheets = [...new Set(tables.map((table) => table.sheet).filter((sheet) => sheet !== ''))];
  const guess = uploaded.guesses.find((one) => one.source === intention.source);
  const remembered = uploaded.remembered[intention.source] ?? {};
  return (
    <section className="card part" aria-labelledby={`${id}-title`}>
      <header className="part-head">
        <h2 id={`${id}-title`}>
          {parts.length > 1 && `第 ${number} 份：`}
          {title}
        </h2>
        {parts.length > 1 && (
          <Button size="small" type="text" onClick={() => dropPart(part.key)}>
            不接收这一份
          </Button>
        )}
      </header>
      <ul className="plain files">
        {files.map((name) => (
          <li key={name}>
            {name}
            {files.length > 1 && (
              <Button size="small" type="link" onClick={() => splitPart(part.key, name)}>
                单独作为一份
              </Button>
            )}
          </li>
        ))}
      </ul>
      {files.length > 1 && (
        <p className="muted">这 {files.length} 个文件是同一种名单、同一天，合为一份接收。</p>
      )}
      {part.receipt !== undefined && (
        <Alert type="info" title="这一份已经提交接收；要改，请到报送记录里撤销后再报。" />
      )}
      <div className="fields">
        <label htmlFor={`${id}-source`}>名单来源</label>
        <Select
          id={`${id}-source`}
          value={intention.source || undefined}
          placeholder="这是哪一种名单"
          showSearch
          optionFilterProp="label"
          className="wide"
          options={(catalogue?.items ?? []).map((one) => ({
            value: one.code,
            label: `${one.title}（${one.office}）`,
          }))}
          onChange={(value: string) => change({ source: value, headerChoices: undefined as never })}
        />
        <label htmlFor={`${id}-day`}>名单截至</label>
        <DatePicker
          id={`${id}-day`}
          value={intention.asOf ? dayjs(intention.asOf, DAY) : null}
          placeholder="哪一天"
          onChange={(day) => change({ asOf: day?.format(DAY) ?? '' })}
        />
        <label htmlFor={`${id}-sender`}>报送单位</label>
        <Input
          id={`${id}-sender`}
          className="wide"
          placeholder={source?.office ?? '默认为来源部门'}
          value={intention.sender ?? ''}
          maxLength={60}
          onChange={(event) => change({ sender: event.target.value })}
        />
        <label htmlFor={`${id}-region`}>只涉及</label>
        <TreeSelect
          id={`${id}-region`}
          className="wide"
          value={intention.region}
          placeholder="全县"
          allowClear
          showSearch
          treeNodeFilterProp="title"
          treeData={tree[0]?.children ?? []}
          onChange={(value?: string) => change({ region: value as string })}
        />
        <span id={`${id}-mode`}>名单是</span>
        <Radio.Group
          aria-labelledby={`${id}-mode`}
          value={intention.mode ?? source?.mode}
          onChange={(event) => change({ mode: event.target.value })}
          options={[
            { value: 'full', label: `${MODE_WORDS.full}：没有列出的人不再在册` },
            { value: 'delta', label: `${MODE_WORDS.delta}：只列有变化的人` },
          ]}
        />
        {sheets.length > 1 && (
          <>
            <label htmlFor={`${id}-sheet`}>工作表</label>
            <Select
              id={`${id}-sheet`}
              className="wide"
              value={intention.sheet ?? ''}
              options={[
                { value: '', label: `凡是找得到表头的都读（${sheets.length} 张中）` },
                ...sheets.map((sheet) => ({ value: sheet, label: `只读“${sheet}”` })),
              ]}
              onChange={(value: string) => change({ sheet: value })}
            />
          </>
        )}
      </div>
      {source && guess && guess.score < 0.6 && guess.complete && (
        <p className="warn-words">列对得上，但文件名看不出是“{source.title}”，请核对来源。</p>
      )}
      {source && <p className="muted">这种名单必须有：{neededColumns(source).join('、')}。</p>}
      {source &&
        tables
          .filter(
            (table) => intention.sheet === undefined || table.sheet === '' || table.sheet === intention.sheet,
          )
          .map((table) => (
            <ColumnChoices
              key={`${table.file} ${table.sheet}`}
              table={table}
              source={source}
              remembered={remembered}
              choices={intention.headerChoices ?? {}}
              onChange={(headerChoices) => change({ headerChoices })}
            />
          ))}
    </section>
  );
}
