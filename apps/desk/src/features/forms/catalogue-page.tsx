import { forms } from '@quanbao/contract/reports';
import { useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading } from '../../ui/states.tsx';

export default function CataloguePage() {
  const { href } = useHere();
  const may = useMay();
  const { data, error, refetch } = useRead(forms, {});
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  const shown = data.items.filter((form) => form.code !== 'annex3' || may('people.read'));
  return (
    <div className="page narrow">
      <h1>报表</h1>
      <p className="muted">按所选区划和日期出表，与印发表样一致。表中每个人数都可以打开名单。</p>
      <ul className="catalogue">
        {shown.map((form) => (
          <li key={form.code} className="card">
            <Go href={href(`/forms/${form.code}`)}>
              <strong>{form.number}</strong> {form.name}
            </Go>
            {form.own && may('forms.define') && <Go href={href('/forms/own', { form: form.code })}>修改</Go>}
          </li>
        ))}
      </ul>
      {may('forms.define') && (
        <p>
          <Go href={href('/forms/own')}>新建本县自定表</Go>
          <span className="muted">：由指标和公式组成，和法定表一样可以下载、打印、打开名单。</span>
        </p>
      )}
    </div>
  );
}
