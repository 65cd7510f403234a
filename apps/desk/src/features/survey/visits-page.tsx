import { undoVisit, visits } from '@quanbao/contract/field';
import type { AnswerOf } from '@quanbao/contract/route';
import { visitPicture } from '@quanbao/contract/survey';
import { SURVEY_CHOICES } from '@quanbao/domain/survey/answers';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { refreshAll, usePages } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { localTime } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Nothing } from '../../ui/states.tsx';
import { workerWords } from './management.ts';
import './management.css';
import { Owed } from '../../ui/owed.tsx';
import { Pictures, picturesColumn } from './pictures.tsx';

type Visit = AnswerOf<typeof visits>['items'][number];

const WAYS = [
  { value: 'visit', label: '入户' },
  { value: 'call', label: '电话' },
];
const KEYS = ['actor', 'answer', 'way', 'from', 'to', 'person'] as const;

/** What was answered at doors and on the telephone, the newest first. */
export default function VisitsPage() {
  const { query, href, set } = useHere();
  const may = useMay();
  const [open, setOpen] = useState<Visit>();
  const undo = useUndo();
  const asked = Object.fromEntries(
    KEYS.filter((key) => query[key]).map((key) => [key, key === 'person' ? Number(query[key]) : query[key]]),
  );
  const pages = usePages(visits, { query: { ...asked, region: query.region, limit: 100 } });
  const columns: readonly Column<Visit>[] = [
    {
      key: 'name',
      title: '姓名',
      width: 84,
      cell: (one) => <Go href={href(`/people/${one.person}`)}>{one.name || '（无名）'}</Go>,
    },
    { key: 'id', title: '身份证号码', width: 164, cell: ({ id }) => id },
    { key: 'place', title: '所在地', width: 170, cell: ({ region }) => region.path },
    {
      key: 'answer',
      title: '答复',
      width: 270,
      cell: ({ answer, details, attempts, missing, undone }) => (
        <span className={undone ? 'survey-undone' : undefined}>
          {answer}
          {undone && <span className="tag undone">已撤回</span>}
          {details.length > 0 && <small className="survey-sub">{details.join('；')}</small>}
          {attempts.map(({ at, way, number: called }) => (
            <small key={at} className="survey-sub">
              {localTime(at)} {way} {called}
            </small>
          ))}
          {missing && <Owed>仍待核实：{missing}</Owed>}
        </span>
      ),
    },
    {
      key: 'day',
      title: '走访',
      width: 104,
      cell: ({ day, way }) => (
        <>
          {day}
          <small className="survey-sub">{way}</small>
        </>
      ),
    },
    {
      key: 'actor',
      title: '走访员、收到',
      width: 170,
      cell: ({ actor, actorName, receivedAt }) => (
        <>
          <span className="survey-worker" title={workerWords({ login: actor, name: actorName })}>
            {actorName || actor}
          </span>
          <small className="survey-sub">{localTime(receivedAt)}</small>
        </>
      ),
    },
    picturesColumn<Visit>(setOpen),
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>走访记录</h1>
        <span className="muted">
          手机上报和电脑登记的答复，后收到的在前；底册带回的答复在“摸底底册”里看。
        </span>
        {Object.keys(asked).length > 0 && (
          <Button type="text" onClick={() => set(Object.fromEntries(KEYS.map((key) => [key, null])))}>
            清除条件
          </Button>
        )}
      </div>
      <section className="survey-filters" aria-label="条件">
        <Select
          aria-label="答复"
          placeholder="答复"
          style={{ width: 150 }}
          allowClear
          value={query.answer || undefined}
          options={SURVEY_CHOICES.map(({ choice, title }) => ({ value: choice, label: title }))}
          onChange={(value?: string) => set({ answer: value ?? null })}
        />
        <Select
          aria-label="方式"
          placeholder="方式"
          style={{ width: 96 }}
          allowClear
          value={query.way || undefined}
          options={WAYS}
          onChange={(value?: string) => set({ way: value ?? null })}
        />
        <Input.Search
          key={query.actor ?? ''}
          aria-label="走访员账号"
          placeholder="走访员账号"
          style={{ width: 170 }}
          allowClear
          maxLength={64}
          defaultValue={query.actor}
          onSearch={(value) => set({ actor: value.trim() || null })}
        />
        <DatePicker.RangePicker
          aria-label="走访日期"
          allowEmpty={[true, true]}
          placeholder={['走访日期起', '止']}
          value={[query.from ? dayjs(query.from) : null, query.to ? dayjs(query.to) : null]}
          onChange={(days) =>
            set({
              from: days?.[0]?.format('YYYY-MM-DD') ?? null,
              to: days?.[1]?.format('YYYY-MM-DD') ?? null,
            })
          }
        />
      </section>
      <DataTable
        label="走访记录"
        columns={columns}
        rows={pages.rows}
        total={pages.first?.total ?? undefined}
        keyOf={({ command }) => command}
        more={pages.more}
        onMore={pages.fetchMore}
        loading={pages.loading}
        error={pages.error}
        onRetry={pages.retry}
        actionsWidth={72}
        {...(may('findings.decide')
          ? {
              actions: (one: Visit) =>
                one.undone ? null : (
                  <Button size="small" aria-label={`撤回${one.name}的答复`} onClick={() => undo(one)}>
                    撤回
                  </Button>
                ),
            }
          : {})}
        empty={
          <Nothing title={Object.keys(asked).length > 0 ? '没有符合条件的走访' : '还没有走访记录'}>
            <p>手机上报的、在电脑上登记的答复都在这里。</p>
          </Nothing>
        }
      />
      {open && <Pictures of={open} route={visitPicture} onClose={() => setOpen(undefined)} />}
    </div>
  );
}

function useUndo(): (visit: Visit) => void {
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  return ({ command, name, answer, day }) => {
    modal.confirm({
      title: `撤回${name} ${day} 的答复“${answer}”？`,
      content: '此人的结论和台账按其余名单、答复重新判定；这条记录留着，标为已撤回。',
      okText: '撤回答复',
      cancelText: '不撤回',
      onOk: async () => {
        try {
          const { changed } = await call(undoVisit, { params: { command } });
          message.success(changed > 0 ? '已撤回，结论已重新判定。' : '已撤回。');
          await refreshAll(queries);
        } catch (error) {
          message.error(error instanceof Problem ? error.message : '没有撤回，请重试。');
        }
      },
    });
  };
}
