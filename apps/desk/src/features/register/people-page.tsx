import { people } from '@quanbao/contract/register';
import { Button } from 'antd';
import { useState } from 'react';
import { usePages } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { ExportDialog } from '../../shell/export-dialog.tsx';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { Nothing } from '../../ui/states.tsx';
import type { PersonLine } from './contract.ts';
import { Filters } from './filters.tsx';
import { QUESTION_KEYS, questionOf, sexWords, tagWords } from './question.ts';
import './register.css';
import { SavedFilters } from './saved-filters.tsx';

/** The people who answer a question that stands in the address. */
export default function PeoplePage() {
  const { query, region, asOf, href, go, set } = useHere();
  const may = useMay();
  const [exporting, setExporting] = useState(false);
  const question = questionOf({ ...query, region, asOf });
  const pages = usePages(people, { query: { ...question, limit: 100 } });
  const asked = QUESTION_KEYS.some((key) => key in question);
  const columns: readonly Column<PersonLine>[] = [
    {
      key: 'name',
      title: '姓名',
      width: 92,
      cell: (line) => <Go href={href(`/people/${line.person}`)}>{line.name}</Go>,
    },
    { key: 'id', title: '身份证号码', width: 168, cell: (line) => line.id },
    { key: 'sex', title: '性别', width: 52, align: 'center', cell: (line) => sexWords(line.sex) },
    { key: 'birth', title: '出生日期', width: 100, cell: (line) => line.birth },
    { key: 'place', title: '所在地', width: 220, cell: (line) => line.region.path },
    { key: 'verdict', title: '结论', width: 270, cell: (line) => line.verdict },
    { key: 'column', title: '栏', width: 44, align: 'center', cell: (line) => line.column ?? '—' },
    {
      key: 'paid',
      title: '当年缴费',
      width: 76,
      align: 'center',
      cell: (line) => (line.paid ? '已缴' : '—'),
    },
    {
      key: 'tags',
      title: '标签',
      width: 130,
      cell: (line) => [...line.tags.map(tagWords), ...(line.inRegister ? [] : ['户籍外'])].join('、'),
    },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>人员</h1>
        <SavedFilters question={question} />
        {asked && (
          <Button
            type="text"
            onClick={() => set(Object.fromEntries(QUESTION_KEYS.map((key) => [key, null])))}
          >
            清除条件
          </Button>
        )}
      </div>
      <Filters />
      <DataTable
        label="人员"
        heading={
          pages.first &&
          (question.q || question.delivery) && (
            <Understood words={pages.first.understood} typed={question.q} />
          )
        }
        columns={columns}
        rows={pages.rows}
        keyOf={(line) => line.person}
        onOpen={(line) => go(`/people/${line.person}`)}
        more={pages.more}
        onMore={pages.fetchMore}
        loading={pages.loading}
        error={pages.error}
        onRetry={pages.retry}
        total={pages.first?.total}
        tools={
          may('people.export') && (
            <Button onClick={() => setExporting(true)} disabled={pages.rows.length === 0}>
              导出清单
            </Button>
          )
        }
        empty={
          <Nothing title="没有符合条件的人">
            <p>
              {question.q
                ? '可以换一种写法：姓名的一部分、拼音或首字母、完整的身份证号码、电话、户号、门牌。'
                : '放宽条件，或在右上角换一个区划、换一天。'}
            </p>
          </Nothing>
        }
      />
      {exporting && (
        <ExportDialog
          what="人员清单"
          total={pages.first?.total ?? null}
          of={{ kind: 'people', filter: question }}
          onClose={() => setExporting(false)}
        />
      )}
    </div>
  );
}

function Understood({ words, typed }: { readonly words: string; readonly typed: string | undefined }) {
  if (!typed) return words ? <span className="muted">{words}</span> : null;
  return (
    <span className="muted">
      按“{words}”查找“{typed}”
    </span>
  );
}
