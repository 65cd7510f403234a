import type { Column } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import './management.css';

interface Person {
  readonly person: number;
  readonly name: string;
  readonly id: string;
  readonly region: { readonly path: string };
}

/** Who somebody on a work list is and where, his name opening his page. */
export function whoColumns<Row extends Person>(href: (path: string) => string): Column<Row>[] {
  return [
    {
      key: 'name',
      title: '姓名',
      width: 90,
      cell: (one) => <Go href={href(`/people/${one.person}`)}>{one.name || '（无名）'}</Go>,
    },
    { key: 'id', title: '身份证号码', width: 170, cell: ({ id }) => id },
    { key: 'place', title: '所在地', width: 190, cell: ({ region }) => region.path },
  ];
}

/** The last visit with its day and worker below it. */
export function LastVisit({
  of,
}: {
  readonly of: { readonly answer: string; readonly day: string; readonly worker: string };
}) {
  return (
    <>
      {of.answer}
      <small className="survey-sub">
        {of.day}，{of.worker}
      </small>
    </>
  );
}
