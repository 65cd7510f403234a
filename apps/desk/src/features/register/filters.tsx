import { AGE_BANDS, TAGS, WILLING } from '@quanbao/domain/coverage/step-class';
import { COLUMN_WORDS } from '@quanbao/domain/coverage/words';
import { INDICATORS } from '@quanbao/domain/indicators/indicators';
import { Select, Tag } from 'antd';
import { GroupFilter } from '../../shell/group-filter.tsx';
import { useHere } from '../../shell/here.ts';
import { AGE_WORDS, tagWords, WILLING_WORDS } from './question.ts';

interface Choice {
  readonly key: string;
  readonly title: string;
  readonly width: number;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

const YES_NO = (yes: string, no: string) => [
  { value: 'true', label: yes },
  { value: 'false', label: no },
];

const CHOICES: readonly Choice[] = [
  {
    key: 'indicator',
    title: '指标',
    width: 200,
    options: INDICATORS.filter((one) => one.kind === 'count' && one.over === 'people').map(
      ({ code, name }) => ({
        value: code,
        label: name,
      }),
    ),
  },
  {
    key: 'column',
    title: '附件3栏',
    width: 180,
    options: Object.entries(COLUMN_WORDS).map(([value, words]) => ({ value, label: `${value} ${words}` })),
  },
  { key: 'registered', title: '参保登记', width: 120, options: YES_NO('已参保登记', '未参保登记') },
  { key: 'paid', title: '当年缴费', width: 120, options: YES_NO('当年已缴费', '当年未缴费') },
  {
    key: 'willing',
    title: '参保意愿',
    width: 104,
    options: WILLING.map((value) => ({ value, label: WILLING_WORDS[value] ?? value })),
  },
  {
    key: 'tag',
    title: '标签',
    width: 130,
    options: TAGS.map((value) => ({ value, label: tagWords(value) })),
  },
  {
    key: 'ageBand',
    title: '年龄',
    width: 128,
    options: AGE_BANDS.map((value) => ({ value, label: AGE_WORDS[value] ?? value })),
  },
];

/** Conditions on how people stand; each one stands in the address. */
export function Filters() {
  const { query, set } = useHere();
  return (
    <section className="filters" aria-label="条件">
      {query.q && <Condition words={`查找：${query.q}`} onDrop={() => set({ q: null })} />}
      {query.delivery && (
        <Condition words={`结论由第 ${query.delivery} 号报送改变`} onDrop={() => set({ delivery: null })} />
      )}
      {query.unplaced === 'true' && <Condition words="未分村社区" onDrop={() => set({ unplaced: null })} />}
      <GroupFilter />
      {CHOICES.map(({ key, title, width, options }) => (
        <Select
          key={key}
          aria-label={title}
          placeholder={title}
          style={{ width }}
          allowClear
          showSearch
          optionFilterProp="label"
          popupMatchSelectWidth={false}
          value={query[key] || undefined}
          options={[...options]}
          onChange={(value?: string) => set({ [key]: value ?? null })}
        />
      ))}
    </section>
  );
}

function Condition({ words, onDrop }: { readonly words: string; readonly onDrop: () => void }) {
  return (
    <Tag closable={{ 'aria-label': `去掉条件：${words}` }} onClose={onDrop} color="processing">
      {words}
    </Tag>
  );
}
