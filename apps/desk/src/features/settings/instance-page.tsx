import { instance, makeBackup } from '@quanbao/contract/settings';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { call } from '../../api/call.ts';
import { queryKey, useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { fileSize, localTime, number } from '../../ui/format.ts';
import { Failure, Loading, Nothing } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';

/** What runs here, how full it is, and its backups. */
export default function InstancePage() {
  const may = useMay();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { data, error, refetch } = useRead(instance, {});
  const { busy, failure, run } = useAct();
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  const backUp = (): void => {
    void run(async () => {
      const made = await call(makeBackup);
      message.success(`已备份到 ${made.name}（${fileSize(made.bytes)}）。`);
      await queries.invalidateQueries({ queryKey: queryKey(instance) });
    });
  };
  const facts: readonly (readonly [string, string])[] = [
    ['版本', data.version],
    ['运行环境', `Node.js ${data.node.replace(/^v/, '')}`],
    ['数据库', data.database],
    [
      '人员',
      `${number(data.people)} 人${data.ceiling === null ? '' : `，这个数据库至多 ${number(data.ceiling)} 人`}`,
    ],
    ['数据密钥', `第 ${data.keyId} 号`],
  ];
  return (
    <div className="page">
      <h1>系统与备份</h1>
      <section className="card" aria-label="系统状态">
        <dl className="facts">
          {facts.map(([title, value]) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      {failure !== undefined && <Failure error={failure} />}
      <DataTable
        label="备份"
        heading={
          <>
            <h2>备份</h2>
            <span className="muted">加密，在数据目录的 backups 下；请定期拷到别的机器。</span>
          </>
        }
        tools={
          may('backups.write') && (
            <Button type="primary" loading={busy} onClick={backUp}>
              立即备份
            </Button>
          )
        }
        columns={[
          { key: 'name', title: '文件', width: 420, cell: (one) => one.name },
          { key: 'bytes', title: '大小', width: 110, align: 'right', cell: (one) => fileSize(one.bytes) },
          { key: 'at', title: '时间', width: 160, cell: (one) => localTime(one.at) },
        ]}
        rows={data.backups}
        keyOf={(one) => one.name}
        empty={
          <Nothing title="还没有备份">
            <p>备份含全部数据和密钥之外的一切，恢复时要用密钥。</p>
          </Nothing>
        }
      />
    </div>
  );
}
