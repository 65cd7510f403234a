import { deliveryReasons, trialReasons } from '@quanbao/contract/sources';
import { Alert, Button } from 'antd';
import { download } from '../../api/call.ts';
import { useMay } from '../../api/session.ts';
import { number } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { Report } from './contract.ts';
import { Counts } from './counts.tsx';
import { EffectsView } from './effects-view.tsx';
import { RejectedTable } from './rejected-table.tsx';

/** What a list would change, or has changed: counts, effects, rows that were refused, headings. */
export function ReportView({ report, job }: { readonly report: Report; readonly job: string }) {
  const may = useMay();
  return (
    <div className="report">
      {report.unchanged && <Alert type="info" showIcon title="与已经收到的名单完全相同，没有任何变化。" />}
      {report.warnings.map((warning) => (
        <Alert key={warning} type="warning" showIcon title={warning} />
      ))}
      <Counts counts={report} rejected={report.rejectedCount} />
      {!report.unchanged && (
        <EffectsView
          effects={report.effects}
          asOf={report.asOf}
          {...(report.delivery === null ? {} : { delivery: report.delivery })}
        />
      )}
      {report.rejectedCount > 0 && (
        <RejectedTable
          rows={report.rejected}
          total={report.rejectedCount}
          tools={may('lists.send') && <ReasonsButton job={job} delivery={report.delivery} />}
        />
      )}
      <HeadingsRead tables={report.tables} />
    </div>
  );
}

/** The sender's own file with a column of reasons, to send back. */
export function ReasonsButton({
  job,
  delivery,
}: {
  readonly job?: string;
  readonly delivery: number | null;
}) {
  const { busy, failure, run } = useAct();
  const fetchIt = (): Promise<unknown> =>
    delivery !== null
      ? download(deliveryReasons, { params: { delivery } })
      : download(trialReasons, { params: { job: job ?? '' } });
  return (
    <>
      <Button loading={busy} onClick={() => void run(fetchIt)}>
        下载带拒收原因的原文件
      </Button>
      {failure !== undefined && <Failure error={failure} />}
    </>
  );
}

export function HeadingsRead({ tables }: { readonly tables: Report['tables'] }) {
  return tables.map(({ file, sheet, headerRow, rows, used, unused }) => (
    <details className="columns" key={`${file} ${sheet}`}>
      <summary>
        {file}
        {sheet && ` · ${sheet}`}：{number(rows)} 行，表头在第 {headerRow} 行，用到 {Object.keys(used).length}{' '}
        列
      </summary>
      <p>用到的表头：{Object.values(used).join('、') || '无'}</p>
      {unused.length > 0 && <p>没有用到的表头：{unused.join('、')}</p>}
    </details>
  ));
}
