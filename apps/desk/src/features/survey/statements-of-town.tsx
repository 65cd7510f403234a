import { fullStatements, statementPlaces, statements } from '@quanbao/contract/survey';
import { Button, Progress, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { call } from '../../api/call.ts';
import { useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Nothing } from '../../ui/states.tsx';
import { FullDialog } from './full-dialog.tsx';
import { Statement, type Statements, WHO, type Who } from './statement-sheet.tsx';

/** A browser lays out no more sheets at once without keeping somebody waiting for minutes. */
const MOST = 2_000;

interface PlaceLine {
  readonly region: { readonly code: string; readonly path: string };
  readonly people: number;
}

/** 意愿书 of a town or the county: chosen villages, one after the other, in one print. */
export function StatementsOfTown({ who }: { readonly who: Who }) {
  const { region, href, set } = useHere();
  const may = useMay();
  const [keys, setKeys] = useState<ReadonlySet<string | number>>(new Set());
  const [asking, setAsking] = useState(false);
  const { data, error, refetch } = useRead(statementPlaces, { query: { region, who } });
  const making = useMaking();
  const places = data?.places ?? [];
  const chosen = places.filter((one) => keys.has(one.region.code));
  const sheets = chosen.reduce((sum, { people }) => sum + people, 0);
  const tooMany = sheets > MOST;
  if (making.sheets) return <Sheets of={making.sheets} onBack={making.drop} />;
  const columns: readonly Column<PlaceLine>[] = [
    {
      key: 'place',
      title: '村（社区）',
      width: 300,
      cell: (one) => (
        <Go href={href('/statements', { region: one.region.code, who: who === 'all' ? who : null })}>
          {one.region.path}
        </Go>
      ),
    },
    { key: 'people', title: '张数', width: 500, cell: ({ people }) => number(people) },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>意愿书</h1>
        <Select
          aria-label="印给谁"
          style={{ width: 270 }}
          value={who}
          options={[...WHO]}
          onChange={(value) => set({ who: value === 'refusing' ? null : value })}
        />
        <span className="muted">勾选村（社区），按村依次排好，一次打印；点村名只印一个村。</span>
      </div>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {making.failure !== undefined && <Failure error={making.failure} />}
      {making.done !== undefined && (
        <div className="statement-making" role="status">
          <span>
            正在排版：{number(making.done)} / {number(chosen.length)} 个村（社区）
          </span>
          <Progress percent={Math.round((100 * making.done) / Math.max(1, chosen.length))} />
          <Button size="small" onClick={making.stop}>
            停止
          </Button>
        </div>
      )}
      <DataTable
        label="各村（社区）要印的意愿书"
        heading={
          <span className="muted">
            {tooMany
              ? `所选 ${number(sheets)} 张，一次最多 ${number(MOST)} 张，请少选几个村`
              : `所选 ${number(chosen.length)} 个村（社区），${number(sheets)} 张`}
          </span>
        }
        columns={columns}
        rows={places}
        keyOf={(one) => one.region.code}
        selection={{ keys, onChange: setKeys }}
        loading={!data && !error}
        tools={
          <>
            {may('people.reveal') && (
              <Button
                disabled={sheets === 0 || tooMany || making.done !== undefined}
                onClick={() => setAsking(true)}
              >
                印全号……
              </Button>
            )}
            <Button
              type="primary"
              disabled={sheets === 0 || tooMany || making.done !== undefined}
              onClick={() =>
                void making.start(chosen, (code) => call(statements, { query: { region: code, who } }))
              }
            >
              排版所选
            </Button>
          </>
        }
        empty={
          <Nothing title="没有要签意愿书的人">
            <p>答复不愿参保、还没有签意愿书的人会出现在这里；也可以改为全部应保未保的。</p>
          </Nothing>
        }
      />
      {data && data.unplaced > 0 && (
        <p className="muted">另有 {number(data.unplaced)} 人还没有分到村（社区），分到以后再印。</p>
      )}
      {asking && (
        <FullDialog
          onClose={() => setAsking(false)}
          onReason={async (reason) => {
            setAsking(false);
            await making.start(chosen, (code) =>
              call(fullStatements, { body: { region: code, who, reason } }),
            );
          }}
        />
      )}
    </div>
  );
}

/** Village after village, so that what takes long shows how far it is and can be stopped. */
function useMaking() {
  const [done, setDone] = useState<number>();
  const [sheets, setSheets] = useState<readonly Statements[]>();
  const [failure, setFailure] = useState<unknown>();
  const run = useRef(0);
  useEffect(
    () => () => {
      run.current++;
    },
    [],
  );
  return {
    done,
    sheets,
    failure,
    async start(places: readonly PlaceLine[], read: (code: string) => Promise<Statements>): Promise<void> {
      const mine = ++run.current;
      const made: Statements[] = [];
      setFailure(undefined);
      try {
        for (const { region } of places) {
          setDone(made.length);
          const next = await read(region.code);
          if (run.current !== mine) return;
          made.push(next);
        }
        setSheets(made);
      } catch (error) {
        if (run.current === mine) setFailure(error);
      } finally {
        if (run.current === mine) setDone(undefined);
      }
    },
    stop(): void {
      run.current++;
      setDone(undefined);
    },
    drop(): void {
      setSheets(undefined);
    },
  };
}

function Sheets({ of, onBack }: { readonly of: readonly Statements[]; readonly onBack: () => void }) {
  const people = of.reduce((sum, one) => sum + one.people.length, 0);
  const more = of.reduce((sum, one) => sum + one.more, 0);
  return (
    <div className="page">
      <div className="page-head no-print">
        <h1>意愿书</h1>
        <span className="muted">
          {number(of.length)} 个村（社区），{number(people)} 张，每人一页
          {more > 0 && `；另有 ${number(more)} 人所在的村人太多，请按组分次打印`}
        </span>
        <div className="page-tools">
          <Button onClick={onBack}>返回重选</Button>
          <Button type="primary" onClick={() => window.print()}>
            打印
          </Button>
        </div>
      </div>
      {of.flatMap((village) =>
        village.people.map((one) => (
          <Statement key={one.person} of={one} county={village.county} facts={village.facts} />
        )),
      )}
    </div>
  );
}
