import { formFile, form as formRoute } from '@quanbao/contract/reports';
import { useParams } from '@tanstack/react-router';
import { Alert, App, Button, DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { download } from '../../api/call.ts';
import { useRead } from '../../api/queries.ts';
import { useMay, useSession } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { longDay } from '../../ui/format.ts';
import { Failure, Loading, Nothing } from '../../ui/states.tsx';
import { FormBody } from './form-body.tsx';
import { FormTabs } from './form-tabs.tsx';
import { Sheet } from './sheet.tsx';

/** What stands where a statutory form has its number. */
const OWN = '自定表';

export default function FormPage() {
  const { form = '' } = useParams({ strict: false }) as { form?: string };
  const { region, asOf, query, go } = useHere();
  const may = useMay();
  const against = query.against;
  const { data, error, refetch } = useRead(
    formRoute,
    { params: { form }, query: { region, asOf, against } },
    { enabled: asOf !== undefined },
  );
  if (asOf === undefined) return <NoDay />;
  return (
    <div className="page">
      <div className="page-head no-print">
        <FormTabs current={form} />
        <div className="page-tools">
          {data?.layout.number === OWN && may('forms.define') && (
            <Button onClick={() => go('/forms/own', { form })}>修改格式</Button>
          )}
          <Against />
          <XlsxButton form={form} />
          <Button onClick={() => window.print()}>打印</Button>
        </div>
      </div>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && data.form === form && (
        <>
          <Footing failures={data.failures} />
          <Sheet
            layout={data.layout}
            note={
              <>
                {data.note && <p>{data.note}</p>}
                {data.against && <p>每格下方为与{longDay(data.against)}相比的增减；率的增减单位是百分点。</p>}
              </>
            }
          >
            <FormBody form={data} />
          </Sheet>
        </>
      )}
    </div>
  );
}

export function NoDay() {
  return (
    <Nothing title="还出不了报表">
      <p>报表从户籍人口数起。先接收公安的户籍人口名单。</p>
    </Nothing>
  );
}

function Footing({ failures }: { readonly failures: readonly string[] }) {
  const may = useMay();
  if (failures.length === 0) {
    return (
      <p className="foots no-print">
        表内、表间关系核对无误。{may('people.read') && '点任一数字，打开这些人的名单。'}
      </p>
    );
  }
  return (
    <Alert
      type="error"
      showIcon
      className="no-print"
      role="alert"
      title={`这张表有 ${failures.length} 处不平，不能上报`}
      description={
        <ul>
          {failures.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      }
    />
  );
}

/** The other day that differences are shown against. */
function Against() {
  const { days } = useSession();
  const { query, asOf, set } = useHere();
  const [id] = useState('against');
  if (!days) return null;
  return (
    <div className="against">
      <span id={id}>比较</span>
      <DatePicker
        aria-labelledby={id}
        placeholder="选另一天"
        value={query.against ? dayjs(query.against) : null}
        minDate={dayjs(days.first)}
        maxDate={dayjs(days.last)}
        disabledDate={(day) => day.format('YYYY-MM-DD') === asOf}
        onChange={(day) => set({ against: day ? day.format('YYYY-MM-DD') : null })}
      />
    </div>
  );
}

export function XlsxButton({ form }: { readonly form: string }) {
  const { region, asOf } = useHere();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const fetchIt = async (): Promise<void> => {
    setBusy(true);
    try {
      const name = await download(formFile, { params: { form }, query: { region, asOf } });
      void message.success(`已下载 ${name}`);
    } catch (error) {
      void message.error(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button loading={busy} onClick={() => void fetchIt()}>
      下载 xlsx
    </Button>
  );
}
