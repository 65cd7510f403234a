import type { Row } from '../survey/list.ts';

/** How somebody stands, in words before colour. */
export function Tag({ row }: { row: Row }) {
  const { standing, answer, incomplete } = row;
  if (standing === 'refused') return <span className="tag bad">被退回</span>;
  if (standing === 'todo') return <span className="tag todo">待走访</span>;
  if (standing === 'rest') return <span className="tag">{row.registered ? '已参保' : '不用走访'}</span>;
  return (
    <span className={incomplete ? 'tag warn' : 'tag good'}>
      {answer}
      {incomplete && ' · 佐证不全'}
      {standing === 'kept' && ' · 未上报'}
    </span>
  );
}
