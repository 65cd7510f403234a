import { headcounts, signHeadcount } from '@quanbao/contract/survey';
import { HEADCOUNT_WORDS, type HeadcountState, headcountDrift } from '@quanbao/domain/survey/headcount';
import { App, Button, Select } from 'antd';
import { call } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { useRead } from '../../api/queries.ts';
import { useMay, useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { PeopleLink } from '../../shell/people-link.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { localTime, longDay, number, signed } from '../../ui/format.ts';
import { Failure, Loading, NoRegister, Nothing } from '../../ui/states.tsx';
import type { VillageCount } from './management.ts';
import './management.css';

const TONE: Readonly<Record<string, string>> = { unsigned: '', signed: 'in-force', moved: 'quality' };
const LEVELS: Readonly<Record<string, string>> = { town: '乡镇代签', county: '县代签' };

/** 核实户籍人口、核准应参保人数: who has signed which figures, who has not, and what has moved since. */
export default function HeadcountPage() {
  const { query, asOf, set } = useHere();
  const may = useMay();
  const { data, error, isFetching, refetch } = useRead(
    headcounts,
    { query: { region: query.region, asOf } },
    { enabled: asOf !== undefined },
  );
  const sign = useSign(asOf, () => void refetch());
  if (asOf === undefined) return <NoRegister title="还没有户籍人口名单，暂时不能核定人数" />;
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  const rows = data.villages.filter(({ state }) => query.state === undefined || state === query.state);
  const columns: readonly Column<VillageCount>[] = [
    { key: 'village', title: '村（社区）', width: 220, cell: ({ village }) => village.path },
    {
      key: 'population',
      title: '户籍人口',
      width: 84,
      align: 'right',
      cell: ({ village, population }) => (
        <PeopleLink of={{ indicator: 'population', region: village.code }}>{number(population)}</PeopleLink>
      ),
    },
    {
      key: 'inScope',
      title: '应参保人数',
      width: 90,
      align: 'right',
      cell: ({ village, inScope }) => (
        <PeopleLink of={{ indicator: 'in-scope', region: village.code }}>{number(inScope)}</PeopleLink>
      ),
    },
    {
      key: 'state',
      title: '核定',
      width: 84,
      cell: ({ state }) => (
        <span className={`tag ${TONE[state] ?? ''}`}>{HEADCOUNT_WORDS[state as HeadcountState]}</span>
      ),
    },
    {
      key: 'signed',
      title: '核定的数字',
      width: 300,
      cell: (one) => <SignedFigures of={one} />,
    },
    {
      key: 'who',
      title: '核定人、时间',
      width: 190,
      cell: ({ versions: [last] }) =>
        last && (
          <span className="survey-signer">
            {last.signer}
            {LEVELS[last.level] && <span className="tag">{LEVELS[last.level]}</span>}
            <small className="survey-sub">{localTime(last.at)}</small>
          </span>
        ),
    },
  ];
  const open = data.villages.length - data.signed;
  return (
    <div className="page">
      <div className="page-head">
        <h1>人数核定</h1>
        <span className="muted">
          {data.region.path}，{longDay(data.asOf)}：{number(data.villages.length)} 个村（社区），已核定{' '}
          {number(data.signed)} 个（其中 {number(data.moved)} 个后来有变动），未核定 {number(open)} 个。
        </span>
        <Select
          aria-label="核定情况"
          placeholder="全部"
          allowClear
          style={{ width: 120 }}
          value={query.state || undefined}
          options={Object.entries(HEADCOUNT_WORDS).map(([value, label]) => ({ value, label }))}
          onChange={(value?: string) => set({ state: value ?? null })}
        />
      </div>
      <DataTable
        label="人数核定"
        columns={columns}
        rows={rows}
        keyOf={({ village }) => village.code}
        loading={isFetching}
        actionsWidth={86}
        {...(may('visits.write')
          ? {
              actions: (one: VillageCount) =>
                one.state === 'signed' ? null : (
                  <Button
                    size="small"
                    aria-label={`${one.state === 'moved' ? '重新核定' : '核定'}：${one.village.name}`}
                    onClick={() => sign(one)}
                  >
                    {one.state === 'moved' ? '重新核定' : '核定'}
                  </Button>
                ),
            }
          : {})}
        empty={<Nothing title="没有符合条件的村（社区）" />}
      />
      <p className="muted">
        户籍人口数即附件4第3栏，应参保人数即附件5第3栏，与报表同一口径。核定的是当天的数字；后来名单、走访使数字变动的，显示“已变动”，可以重新核定，以前的各版保留。
      </p>
    </div>
  );
}

/** The latest version, by how much it has moved, and the versions before. */
function SignedFigures({ of }: { readonly of: VillageCount }) {
  const [last, ...before] = of.versions;
  if (last === undefined) return null;
  const drift = headcountDrift(last, of);
  return (
    <>
      户籍 {number(last.population)}、应参保 {number(last.inScope)}
      {of.state === 'moved' && (
        <b className="survey-drift">
          （现在{drift.population !== 0 && ` 户籍 ${signed(drift.population)}`}
          {drift.inScope !== 0 && ` 应参保 ${signed(drift.inScope)}`}）
        </b>
      )}
      <small className="survey-sub">
        第 {last.version} 版，{last.day} 的数字
        {before.length > 0 && (
          <details>
            <summary>以前 {before.length} 版</summary>
            {before.map((one) => (
              <span key={one.version} className="survey-version">
                第 {one.version} 版：{one.day}，户籍 {number(one.population)}、应参保 {number(one.inScope)}，
                {one.signer}
              </span>
            ))}
          </details>
        )}
      </small>
    </>
  );
}

function useSign(asOf: string | undefined, onDone: () => void): (village: VillageCount) => void {
  const { account } = useSession();
  const { modal, message } = App.useApp();
  return ({ village, population, inScope }) => {
    const forOthers = account.region.code.length < 12;
    modal.confirm({
      title: `${forOthers ? '代' : ''}核定${village.name}的人数？`,
      content: (
        <>
          <p>
            截至 {asOf}：户籍人口 <b>{number(population)}</b> 人，应参保 <b>{number(inScope)}</b> 人。
          </p>
          <p className="muted">
            核定表示已经入户核实；记下账号和时间，形成一版。
            {forOthers && '您不是村（社区）账号，记为代签。'}
          </p>
        </>
      ),
      okText: '核定',
      cancelText: '不核定',
      onOk: async () => {
        try {
          const { version } = await call(signHeadcount, {
            body: { village: village.code, day: asOf as string, population, inScope },
          });
          message.success(`已核定，第 ${version} 版。`);
        } catch (error) {
          message.error(error instanceof Problem ? error.message : '没有核定，请重试。');
        }
        onDone();
      },
    });
  };
}
