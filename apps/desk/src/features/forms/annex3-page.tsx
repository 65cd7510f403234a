import { annex3 } from '@quanbao/contract/reports';
import { Button } from 'antd';
import { useState } from 'react';
import { usePages } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { ExportDialog } from '../../shell/export-dialog.tsx';
import { GroupFilter } from '../../shell/group-filter.tsx';
import { useHere } from '../../shell/here.ts';
import { number } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Failure, Loading, Nothing } from '../../ui/states.tsx';
import { NoDay } from './form-page.tsx';
import { FormTabs } from './form-tabs.tsx';
import { Sheet } from './sheet.tsx';

const NAME_COLUMN = 2;

/** 附件3: a line for each person, fetched as one goes; numbers masked. */
export default function Annex3Page() {
  const { region, asOf, href } = useHere();
  const may = useMay();
  const [exporting, setExporting] = useState(false);
  const pages = usePages(annex3, { query: { region, asOf, limit: 100 } });
  if (asOf === undefined) return <NoDay />;
  const { first, rows } = pages;
  return (
    <div className="page">
      <div className="page-head no-print">
        <FormTabs current="annex3" />
        <div className="page-tools">
          <GroupFilter />
          {may('people.export') && <Button onClick={() => setExporting(true)}>导出 xlsx</Button>}
          <Button onClick={() => window.print()}>打印已显示的行</Button>
        </div>
      </div>
      <p className="muted no-print">
        屏幕上的身份证号码和电话已遮盖。
        {may('people.export') && '导出的 xlsx 含全部人员，要写明事由，每次导出都留痕。'}
      </p>
      {pages.error && <Failure error={pages.error} retry={pages.retry} />}
      {!first && !pages.error && <Loading />}
      {first && (
        <Sheet layout={first.layout}>
          <tbody>
            {rows.map((line) => (
              <tr key={line.person}>
                {line.texts.map((text, index) => {
                  const column = first.layout.columns[index];
                  const left = column?.kind === 'text' || column?.kind === 'remark';
                  return (
                    <td key={column?.number} className={left ? 'left' : undefined}>
                      {index === NAME_COLUMN ? <Go href={href(`/people/${line.person}`)}>{text}</Go> : text}
                    </td>
                  );
                })}
              </tr>
            ))}
            {rows.length === 0 && (
              <tr>
                <td colSpan={first.layout.columns.length}>
                  <Nothing title="这里没有需要列入附件3的人员" />
                </td>
              </tr>
            )}
          </tbody>
        </Sheet>
      )}
      <div className="table-foot no-print" role="status">
        已显示 {number(rows.length)} 人
        {pages.more && (
          <Button onClick={pages.fetchMore} loading={pages.loading}>
            再取 100 人
          </Button>
        )}
      </div>
      {exporting && (
        <ExportDialog
          what="附件3"
          total={null}
          of={{ kind: 'annex3', filter: { region, asOf } }}
          onClose={() => setExporting(false)}
        />
      )}
    </div>
  );
}
