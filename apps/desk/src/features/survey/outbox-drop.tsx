import { takeOutbox } from '@quanbao/contract/field';
import type { AnswerOf } from '@quanbao/contract/route';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { sendForm } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import { refreshAll } from '../../api/queries.ts';
import { DropZone } from '../../ui/drop-zone.tsx';
import { number } from '../../ui/format.ts';
import { Loading } from '../../ui/states.tsx';
import './survey.css';

type Taken = AnswerOf<typeof takeOutbox>;
interface Outcome {
  readonly file: string;
  readonly taken?: Taken;
  readonly failure?: string;
}

/** Files that phones exported because they could not send: taken in one by one, each answer once. */
export function OutboxDrop() {
  const queries = useQueryClient();
  const [sending, setSending] = useState('');
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const send = async (files: readonly File[]): Promise<void> => {
    setOutcomes([]);
    for (const file of files) {
      setSending(file.name);
      const form = new FormData();
      form.append('files', file, file.name);
      let outcome: Outcome;
      try {
        outcome = { file: file.name, taken: await sendForm(takeOutbox, form) };
      } catch (error) {
        const failure = error instanceof Problem ? error.message : '没有收下，请再试一次。';
        outcome = { file: file.name, failure };
      }
      setOutcomes((before) => [...before, outcome]);
    }
    setSending('');
    await refreshAll(queries);
  };
  return (
    <>
      <DropZone
        className="book-drop"
        label="拖入手机导出的文件"
        inputLabel="手机导出的文件"
        accept=".outbox"
        onFiles={send}
      >
        {(choose) =>
          sending === '' ? (
            <>
              <span>手机实在报不上去：在手机“上报”页导出文件，拖到这里，或</span>
              <Button onClick={choose}>选择文件</Button>
              <span className="muted">不用开屏密码；每条只算一次。</span>
            </>
          ) : (
            <Loading words={`正在接收 ${sending}……`} />
          )
        }
      </DropZone>
      {outcomes.map(({ file, taken, failure }) => (
        <Alert
          key={file}
          type={failure !== undefined ? 'error' : taken && taken.refused.length > 0 ? 'warning' : 'success'}
          showIcon
          role={failure === undefined ? 'status' : 'alert'}
          title={failure === undefined && taken ? takenWords(taken) : `${file}：${failure}`}
          description={
            taken &&
            taken.refused.length > 0 && (
              <ul>
                {taken.refused.map((one, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: two may be refused in the same words
                  <li key={i}>
                    {[one.day, one.answer].filter((word) => word !== '').join(' ')}：{one.message}
                  </li>
                ))}
              </ul>
            )
          }
        />
      ))}
    </>
  );
}

function takenWords({ actor, applied, known, pictures, refused }: Taken): string {
  const words = [
    `新记入 ${number(applied)} 条`,
    ...(known > 0 ? [`早已收到 ${number(known)} 条`] : []),
    ...(pictures > 0 ? [`照片和签名 ${number(pictures)} 张`] : []),
    ...(refused.length > 0 ? [`退回 ${number(refused.length)} 条，请走访员改正后重报`] : []),
  ];
  return `账号 ${actor} 的手机：${words.join('，')}。`;
}
