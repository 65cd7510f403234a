import { remarkPaper } from '@quanbao/contract/papers';
import { App, Button, Input } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { OpenedPaper } from './contract.ts';

interface Props {
  readonly opened: OpenedPaper;
  readonly onSaved: () => void;
}

/** Words of people, part by part; figures are written as placeholders, so that they are not typed. */
export function Remarks({ opened, onSaved }: Props) {
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const [texts, setTexts] = useState<readonly string[]>(() =>
    opened.sections.map((_, section) =>
      opened.remarks
        .filter((one) => one.section === section)
        .map((one) => one.text)
        .join('\n'),
    ),
  );
  const save = (): void =>
    void run(async () => {
      await call(remarkPaper, {
        params: { paper: opened.line.paper },
        body: { texts: texts.map((text, section) => ({ section, text })) },
      });
      message.success('已保存，左边是补充后的全文。');
      onSaved();
    });
  return (
    <section className="card">
      <h2>补充文字</h2>
      <p className="muted">
        加在各部分后面，标为人工补充。要写数字，请写成占位符，如 {'{coverage-rate}'}，由系统填。
      </p>
      {failure !== undefined && <Failure error={failure} />}
      {opened.sections.map((heading, section) => {
        const label = heading === '' ? `第 ${section + 1} 部分（无标题）` : heading;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
          <div key={section} className="paper-field">
            <span aria-hidden>{label}</span>
            <Input.TextArea
              aria-label={`补充文字：${label}`}
              autoSize={{ minRows: 1, maxRows: 8 }}
              maxLength={3000}
              value={texts[section] ?? ''}
              onChange={({ target }) =>
                setTexts(texts.map((text, i) => (i === section ? target.value : text)))
              }
            />
          </div>
        );
      })}
      <Button type="primary" loading={busy} onClick={save}>
        保存补充文字
      </Button>
    </section>
  );
}
