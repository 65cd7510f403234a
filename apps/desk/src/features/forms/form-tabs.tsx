import { forms } from '@quanbao/contract/reports';
import { useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { Go } from '../../ui/go.tsx';

/** All forms side by side: the one that is open, and the way to the others for the same region and day. */
export function FormTabs({ current }: { readonly current: string }) {
  const { href } = useHere();
  const may = useMay();
  const { data } = useRead(forms, {});
  const shown = (data?.items ?? []).filter((form) => form.code !== 'annex3' || may('people.read'));
  return (
    <nav className="form-tabs no-print" aria-label="报表">
      {shown.map((form) => (
        <Go
          key={form.code}
          href={href(`/forms/${form.code}`)}
          title={form.name}
          aria-current={form.code === current ? 'page' : undefined}
        >
          {form.own ? form.name : form.number}
        </Go>
      ))}
      {may('forms.define') && (
        <Go href={href('/forms/own')} aria-current={current === 'own' ? 'page' : undefined}>
          新建自定表
        </Go>
      )}
    </nav>
  );
}
