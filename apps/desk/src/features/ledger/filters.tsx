import { findIndicator } from '@quanbao/domain/indicators/indicators';
import { regionLevel } from '@quanbao/domain/kernel/region';
import { seesSource } from '@quanbao/domain/sources/sight';
import { Input, Select, Tag } from 'antd';
import { useSession } from '../../api/session.ts';
import { GroupFilter } from '../../shell/group-filter.tsx';
import { useHere } from '../../shell/here.ts';
import { AGE_OPTIONS, KIND_OPTIONS, STATE_OPTIONS, TAG_OPTIONS } from './question.ts';

const CHOICES = [
  { key: 'kind', title: '种类', width: 150, options: KIND_OPTIONS },
  { key: 'state', title: '未销号', width: 116, options: STATE_OPTIONS },
  { key: 'age', title: '处在现状态', width: 130, options: AGE_OPTIONS },
  { key: 'tag', title: '组别', width: 150, options: TAG_OPTIONS },
] as const;

function indicatorName(code: string): string {
  return findIndicator(code)?.name ?? code;
}

/** Conditions on items; each one stands in the address. */
export function Filters() {
  const { account } = useSession();
  const { query, set } = useHere();
  const level = regionLevel(account.region.code) ?? 'village';
  const mayAsk = (kind: string): boolean => kind !== 'obligated' || seesSource(level, 'employees-obligated');
  return (
    <section className="ledger-filters" aria-label="条件">
      {query.subject && (
        <Tag
          color="processing"
          closable={{ 'aria-label': `去掉条件：${query.subject}` }}
          onClose={() => set({ subject: null })}
        >
          事项：{query.subject}
        </Tag>
      )}
      {query.indicator && (
        <Tag
          color="processing"
          closable={{ 'aria-label': `去掉条件：${indicatorName(query.indicator)}` }}
          onClose={() => set({ indicator: null, open: null })}
        >
          指标：{indicatorName(query.indicator)}
        </Tag>
      )}
      <GroupFilter />
      {CHOICES.map(({ key, title, width, options }) => (
        <Select
          key={key}
          aria-label={key === 'state' ? '状态' : title}
          placeholder={key === 'state' && query.indicator ? '状态' : title}
          style={{ width }}
          allowClear
          popupMatchSelectWidth={false}
          value={query[key] || undefined}
          options={options.filter(({ value }) => mayAsk(value))}
          onChange={(value?: string) => set({ [key]: value ?? null, open: null })}
        />
      ))}
      <Input.Search
        key={query.assignee ?? ''}
        aria-label="承办人"
        placeholder="承办人"
        style={{ width: 170 }}
        allowClear
        maxLength={64}
        defaultValue={query.assignee}
        onSearch={(value) => set({ assignee: value.trim() || null, open: null })}
      />
    </section>
  );
}
