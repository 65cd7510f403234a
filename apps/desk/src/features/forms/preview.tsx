import { previewForm } from '@quanbao/contract/reports';
import { Refusal } from '@quanbao/domain/kernel/problem';
import { ownForm } from '@quanbao/domain/reports/own-form';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useEffect, useState } from 'react';
import { call } from '../../api/call.ts';
import { useHere } from '../../shell/here.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import type { OwnForm } from './contract.ts';
import { FIRST, tidy } from './draft.ts';
import { FormBody } from './form-body.tsx';
import { Sheet } from './sheet.tsx';

/** Why the draft is no form yet; undefined when it is one. */
function wrongWith(draft: OwnForm): string | undefined {
  const short = draft.columns.findIndex((column) => column.formula && column.formula.of.length < 2);
  if (short >= 0) return `第${FIRST + short}栏的算式至少要两个栏次。`;
  try {
    ownForm(draft);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.problem.message;
    throw error;
  }
}

/** The form as it would be printed now, with the real figures of the region and day. */
export function Preview({ draft }: { readonly draft: OwnForm }) {
  const { region, asOf } = useHere();
  const settled = useSettled(draft);
  const body = tidy(settled);
  const wrong = wrongWith(body);
  const { data, error } = useQuery({
    queryKey: [previewForm.url, body, region, asOf],
    queryFn: () => call(previewForm, { body, query: { region, asOf } }),
    enabled: wrong === undefined && asOf !== undefined,
    placeholderData: keepPreviousData,
  });
  return (
    <section aria-label="预览" className="preview">
      <h2>预览</h2>
      {wrong !== undefined && <Alert type="info" showIcon title={wrong} />}
      {error && <Failure error={error} />}
      {!data && !error && wrong === undefined && <Loading />}
      {data && wrong === undefined && (
        <>
          {data.failures.length > 0 && (
            <Alert
              type="warning"
              showIcon
              title={`核对不符 ${data.failures.length} 处：${data.failures[0]}`}
            />
          )}
          <Sheet layout={data.layout}>
            <FormBody form={data} preview />
          </Sheet>
        </>
      )}
    </section>
  );
}

/** The draft once nobody has typed for a moment. */
function useSettled(draft: OwnForm): OwnForm {
  const [settled, setSettled] = useState(draft);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(draft), 400);
    return () => clearTimeout(timer);
  }, [draft]);
  return settled;
}
