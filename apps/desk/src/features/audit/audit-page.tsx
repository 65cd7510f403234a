import { trail } from '@quanbao/contract/audit';
import type { AnswerOf } from '@quanbao/contract/route';
import { DatePicker, Drawer, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { usePages } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import './audit.css';
import { Chain } from './chain.tsx';
import { detailLines, detailWords, subjectWords } from './words.ts';

type Line = AnswerOf<typeof trail>['items'][number];

/** Beginnings of acts. */
const ACTS: readonly (readonly [string, string])[] = [
  ['session', '登录、退出、登录失败'],
  ['access', '越权被拒'],
  ['account', '账号'],
  ['person', '看人、显示全号、裁定'],
  ['people', '人员清单、导出'],
  ['conflict', '查看矛盾'],
  ['quality', '查看数据待核'],
  ['finding', '查看一项矛盾'],
  ['findings', '导出矛盾清单'],
  ['delivery', '接收、撤销报送'],
  ['row', '更正号码'],
  ['rejected', '导出拒收原因'],
  ['report', '导出报表'],
  ['settings', '改变选项'],
  ['keys', '更换密钥'],
  ['instance', '备份、恢复'],
];
const DAY = 'YYYY-MM-DD';

const COLUMNS: readonly Column<Line>[] = [
  { key: 'at', title: '时间', width: 160, cell: (line) => line.at },
  { key: 'actor', title: '账号', width: 110, cell: (line) => line.actor },
  { key: 'words', title: '做了什么', width: 150, cell: (line) => line.words },
  { key: 'subject', title: '对象', width: 170, cell: (line) => subjectWords(line.subject) },
  { key: 'detail', title: '内容', width: 430, cell: (line) => detailWords(line.detail) },
  {
    key: 'sealed',
    title: '封存',
    width: 64,
    align: 'center',
    cell: (line) => (line.sealed ? '已封' : '待封'),
  },
];

/** Who did what to what, the newest first, and whether the chain is whole. */
export default function AuditPage() {
  const { query, set } = useHere();
  const { actor, act, subject, from, to } = query;
  const pages = usePages(trail, { query: { actor, act, subject, from, to, limit: 100 } });
  const [open, setOpen] = useState<Line>();
  return (
    <div className="page">
      <h1>留痕</h1>
      <Chain />
      <section className="audit-filters" aria-label="条件">
        <Typed label="账号" value={actor} onSet={(value) => set({ actor: value })} />
        <Select
          aria-label="做了什么"
          placeholder="做了什么"
          allowClear
          style={{ width: 200 }}
          value={act || undefined}
          options={ACTS.map(([value, label]) => ({ value, label }))}
          onChange={(value?: string) => set({ act: value ?? null })}
        />
        <Typed
          label="对象"
          value={subject}
          onSet={(value) => set({ subject: value })}
          hint="例如 delivery 12"
        />
        <DatePicker.RangePicker
          aria-label="日期"
          allowEmpty={[true, true]}
          value={[from ? dayjs(from, DAY) : null, to ? dayjs(to, DAY) : null]}
          onChange={(days) =>
            set({ from: days?.[0]?.format(DAY) ?? null, to: days?.[1]?.format(DAY) ?? null })
          }
        />
      </section>
      <DataTable
        label="留痕"
        columns={COLUMNS}
        rows={pages.rows}
        keyOf={(line) => line.seq}
        onOpen={setOpen}
        more={pages.more}
        onMore={pages.fetchMore}
        loading={pages.loading}
        error={pages.error}
        onRetry={pages.retry}
      />
      <Drawer open={open !== undefined} size={520} title={open?.words} onClose={() => setOpen(undefined)}>
        {open && (
          <dl className="facts column">
            {[
              ['时间', open.at],
              ['账号', open.actor],
              ['行为代码', open.act],
              ['对象', subjectWords(open.subject)],
              ['区划', open.region ?? '—'],
              ['序号', String(open.seq)],
              ['封存', open.sealed ? '已封入链' : '等待封存'],
              ...detailLines(open.detail),
            ].map(([title, value]) => (
              <div key={title}>
                <dt>{title}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
      </Drawer>
    </div>
  );
}

function Typed({
  label,
  value,
  hint,
  onSet,
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly hint?: string;
  readonly onSet: (value: string | null) => void;
}) {
  return (
    <Input.Search
      key={value ?? ''}
      aria-label={label}
      placeholder={hint ? `${label}，${hint}` : label}
      allowClear
      defaultValue={value}
      style={{ width: 190 }}
      onSearch={(text) => onSet(text.trim() || null)}
    />
  );
}
