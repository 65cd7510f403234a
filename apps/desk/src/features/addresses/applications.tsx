import { undoAddressApplication } from '@quanbao/contract/addresses';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { call } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { localTime, number } from '../../ui/format.ts';
import type { Application } from './contract.ts';
import { refreshPlaces } from './refresh.ts';

const COLUMNS: readonly Column<Application>[] = [
  { key: 'n', title: '次', width: 46, align: 'right', cell: (one) => one.application },
  { key: 'at', title: '时间', width: 136, cell: (one) => localTime(one.madeAt) },
  {
    key: 'where',
    title: '范围',
    width: 150,
    cell: (one) => (one.region.code.length <= 6 ? '全县' : one.region.name),
  },
  {
    key: 'people',
    title: '归村',
    width: 200,
    cell: (one) => `${number(one.people)} 人（未分村 ${number(one.unplaced)} 人中）`,
  },
  {
    key: 'rules',
    title: '按哪些规则',
    width: 300,
    cell: (one) => ruleCounts(one),
  },
  { key: 'from', title: '自', width: 96, cell: (one) => one.from },
  { key: 'actor', title: '经办', width: 90, cell: (one) => one.actor },
  {
    key: 'state',
    title: '状态',
    width: 72,
    cell: (one) =>
      one.undone ? (
        <span className="tag undone" title={`${one.undone.by} 撤回于 ${localTime(one.undone.at)}`}>
          已撤回
        </span>
      ) : (
        <span className="tag in-force">有效</span>
      ),
  },
];

const SHOWN = 4;

function ruleCounts({ rules }: Application): string {
  const words = rules.slice(0, SHOWN).map((rule) => `第 ${rule.number} 号 ${number(rule.people)} 人`);
  return `${words.join('、')}${rules.length > SHOWN ? ` 等 ${rules.length} 条` : ''}`;
}

/** Each time the rules were applied, and how to take it back. */
export function Applications({ applications }: { readonly applications: readonly Application[] }) {
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  const undo = ({ application, people }: Application): void => {
    modal.confirm({
      title: `撤回第 ${application} 次分村？`,
      content: `那次归村的 ${number(people)} 人退回原处；规则不变，撤回留痕。`,
      okText: '撤回',
      cancelText: '不撤回',
      onOk: async () => {
        try {
          const done = await call(undoAddressApplication, { params: { number: application } });
          message.success(`已撤回，${number(done.people)} 人退回。`);
        } catch (error) {
          message.error(error instanceof Problem ? error.message : '没有撤回，请重试。');
        }
        await refreshPlaces(queries);
      },
    });
  };
  if (applications.length === 0) return null;
  return (
    <DataTable
      label="历次分村"
      heading={<h2>历次分村</h2>}
      columns={COLUMNS}
      rows={applications}
      keyOf={(one) => one.application}
      actionsWidth={72}
      actions={(one) =>
        one.undone ? null : (
          <Button size="small" aria-label={`撤回第 ${one.application} 次分村`} onClick={() => undo(one)}>
            撤回
          </Button>
        )
      }
    />
  );
}
