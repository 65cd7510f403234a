import { number } from '../../ui/format.ts';

const WORDS: readonly (readonly [key: string, title: string, hint: string])[] = [
  ['rows', '共', '文件里的行数'],
  ['accepted', '接收', '读进来的行'],
  ['new', '新增', '原来名单里没有的人'],
  ['changed', '变化', '内容与原来不同的人'],
  ['same', '相同', '内容与原来一样的人'],
  ['withdrawn', '不再在册', '原来名单里有、这份里没有的人'],
  ['duplicate', '重复', '同一人出现多行'],
  ['unmatched', '未见户籍', '户籍名单里没有的人'],
  ['contradicting', '新矛盾', '新出现的矛盾'],
];

/** What became of the rows of a list. */
export function Counts({ counts, rejected }: { readonly counts: object; readonly rejected: number }) {
  const values = counts as Readonly<Record<string, number | undefined>>;
  return (
    <dl className="counts">
      {WORDS.map(([key, title, hint]) => (
        <div key={key} title={hint}>
          <dt>{title}</dt>
          <dd>{number(values[key] ?? 0)}</dd>
        </div>
      ))}
      <div title="有错、没有读进来的行" className={rejected > 0 ? 'bad' : undefined}>
        <dt>拒收</dt>
        <dd>{number(rejected)}</dd>
      </div>
    </dl>
  );
}
