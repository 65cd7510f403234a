import { contradictions } from '@quanbao/contract/workbooks';
import { Segmented } from 'antd';
import { useRead } from '../../api/queries.ts';
import { useMay } from '../../api/session.ts';
import { useHere } from '../../shell/here.ts';
import { number } from '../../ui/format.ts';
import { Contradictions } from './contradictions.tsx';
import { Issues } from './issues.tsx';
import { Returns } from './returns.tsx';
import './survey.css';

const TABS = ['issues', 'returns', 'contradictions'] as const;

/** 底册 in Excel: handed out to villages, audited when they come back, merged with what phones wrote, decided. */
export default function BooksPage() {
  const { query, region, set } = useHere();
  const may = useMay();
  const tab = TABS.find((one) => one === query.tab) ?? 'issues';
  const { data } = useRead(contradictions, { query: { region, limit: 1 } });
  const waiting = data?.total ?? 0;
  return (
    <div className="page">
      <div className="page-head">
        <h1>摸底底册</h1>
        <Segmented
          aria-label="环节"
          value={tab}
          options={[
            { value: 'issues', label: '下发' },
            { value: 'returns', label: '返回与合并' },
            { value: 'contradictions', label: waiting > 0 ? `矛盾裁决（${number(waiting)}）` : '矛盾裁决' },
          ]}
          onChange={(value) => set({ tab: value === 'issues' ? null : value, open: null })}
        />
        <span className="muted">
          {tab === 'contradictions' && !may('workbooks.merge') ? UNDECIDED : WORDS[tab]}
        </span>
      </div>
      {tab === 'issues' && <Issues />}
      {tab === 'returns' && <Returns />}
      {tab === 'contradictions' && <Contradictions />}
    </div>
  );
}

const UNDECIDED = '表里和现有答复都改过，而且不一样；由乡镇或县裁决，这里只看。';
const WORDS = {
  issues: '每村一份 Excel，号码受保护，下拉选择；记下发时的答复，作为合并的底。',
  returns: '逐行审核，给出意见；采用的行与手机走访三方合并，可以撤销。',
  contradictions: '表里和现有答复都改过，而且不一样；请择一采用，留下姓名和时间。',
} as const;
