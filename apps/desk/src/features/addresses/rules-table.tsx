import { addressRules, orderAddressRules, retireAddressRule } from '@quanbao/contract/addresses';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { call } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { useSession } from '../../api/session.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { localTime } from '../../ui/format.ts';
import { Nothing } from '../../ui/states.tsx';
import type { Rule } from './contract.ts';
import { refreshRules } from './refresh.ts';
import { moved, validity } from './rule-text.ts';

interface Props {
  readonly rules: readonly Rule[];
  readonly loading: boolean;
  readonly onEdit: (rule: Rule) => void;
  readonly tools: ReactNode;
}

/** The rules in the order in which they are tried. */
export function RulesTable({ rules, loading, onEdit, tools }: Props) {
  const { account } = useSession();
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  const [moving, setMoving] = useState(false);
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      message.error(error instanceof Problem ? error.message : '没有改动，请重试。');
    }
    await refreshRules(queries);
  };
  const move = async (rule: Rule, by: -1 | 1): Promise<void> => {
    const numbers = moved(rules, rule, by);
    if (!numbers) return;
    setMoving(true);
    await attempt(() => call(orderAddressRules, { body: { owner: rule.owner.code, numbers } }));
    setMoving(false);
  };
  const retire = (rule: Rule): void => {
    modal.confirm({
      title: `停用第 ${rule.number} 号规则？`,
      content: '以后不再按它归村；已按它归村的人不变，要退回请撤回那一次分村。',
      okText: '停用',
      cancelText: '不停用',
      onOk: () => attempt(() => call(retireAddressRule, { params: { number: rule.number } })),
    });
  };
  const columns: readonly Column<Rule>[] = [
    { key: 'number', title: '号', width: 48, align: 'right', cell: (rule) => rule.number },
    {
      key: 'words',
      title: '规则',
      width: 360,
      cell: (rule) => (
        <>
          <span className="tag">{rule.kindTitle}</span> {rule.words}
          {rule.unreachable && <span className="addresses-dead">永远用不上：{rule.unreachable}</span>}
          {validity(rule) && <span className="addresses-note">{validity(rule)}</span>}
          {rule.note && <span className="addresses-note">{rule.note}</span>}
        </>
      ),
    },
    {
      key: 'village',
      title: '归入',
      width: 170,
      cell: ({ village }) => (village ? <span title={village.path}>{village.name}</span> : '随同户'),
    },
    {
      key: 'owner',
      title: '属于',
      width: 96,
      cell: ({ owner }) => (owner.code.length <= 6 ? '全县' : owner.name),
    },
    {
      key: 'by',
      title: '写于',
      width: 150,
      cell: ({ actor, madeAt }) => `${actor}，${localTime(madeAt).slice(5)}`,
    },
  ];
  return (
    <DataTable
      label="规则"
      heading={<h2>规则（从上到下，先符合的先用）</h2>}
      columns={columns}
      rows={rules}
      keyOf={({ number }) => number}
      loading={loading}
      actionsWidth={196}
      actions={(rule) =>
        rule.owner.code.startsWith(account.region.code) && (
          <span className="addresses-actions">
            <Button
              size="small"
              aria-label={`第 ${rule.number} 号上移`}
              disabled={moving || !moved(rules, rule, -1)}
              onClick={() => void move(rule, -1)}
            >
              ↑
            </Button>
            <Button
              size="small"
              aria-label={`第 ${rule.number} 号下移`}
              disabled={moving || !moved(rules, rule, 1)}
              onClick={() => void move(rule, 1)}
            >
              ↓
            </Button>
            <Button size="small" onClick={() => onEdit(rule)}>
              修改
            </Button>
            <Button size="small" onClick={() => retire(rule)}>
              停用
            </Button>
          </span>
        )
      }
      tools={tools}
      empty={
        <Nothing title="还没有规则">
          <p>点上面最多见的写法，或“新增规则”；已有对照表的，用“从表格导入”。</p>
        </Nothing>
      }
    />
  );
}

/** What the table shows, as one text: changes with it. */
export function versionOf(rules: readonly Rule[]): string {
  return `${addressRules.url} ${rules.map((rule) => rule.number).join()}`;
}
