import { upload } from '@quanbao/contract/sources';
import { Button } from 'antd';
import { type DragEvent, useRef, useState } from 'react';
import { sendForm } from '../../api/call.ts';
import { useSession } from '../../api/session.ts';
import { fileSize } from '../../ui/format.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import { partsOf } from './parts.ts';
import { setReceipt, useReceipt } from './receipt.ts';

const KINDS = '.xlsx,.xls,.csv,.txt';

/** The first step: one file or many, dropped or chosen. */
export function ChooseFiles({ onTaken }: { readonly onTaken: () => void }) {
  const { account } = useSession();
  const receipt = useReceipt(account.login);
  const input = useRef<HTMLInputElement>(null);
  const [sending, setSending] = useState<readonly File[]>([]);
  const [over, setOver] = useState(false);
  const [failure, setFailure] = useState<unknown>();

  const send = async (files: readonly File[]): Promise<void> => {
    if (files.length === 0) return;
    setSending(files);
    setFailure(undefined);
    const form = new FormData();
    for (const file of files) form.append('file', file, file.name);
    try {
      const uploaded = await sendForm(upload, form);
      setReceipt({ login: account.login, uploaded, parts: partsOf(uploaded) });
      onTaken();
    } catch (error) {
      setFailure(error);
    } finally {
      setSending([]);
      if (input.current) input.current.value = '';
    }
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void send([...event.dataTransfer.files]);
  };
  return (
    <>
      {failure !== undefined && <Failure error={failure} />}
      <section
        className={over ? 'drop over' : 'drop'}
        aria-label="拖入名单文件"
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {sending.length > 0 ? (
          <Loading
            words={`正在上传 ${sending.length} 个文件（${fileSize(sending.reduce((all, f) => all + f.size, 0))}）并辨认……`}
          />
        ) : (
          <>
            <p className="drop-title">把名单文件拖到这里</p>
            <Button type="primary" onClick={() => input.current?.click()}>
              选择文件
            </Button>
            <p className="muted">
              xlsx、xls、csv、txt，可以一次放入多个文件、多种名单。先辨认和试算，不写入；您确认以后才接收。
            </p>
          </>
        )}
        <input
          ref={input}
          type="file"
          multiple
          hidden
          accept={KINDS}
          aria-label="名单文件"
          onChange={(event) => void send([...(event.target.files ?? [])])}
        />
      </section>
      {receipt?.parts.some((part) => part.receipt === undefined) && sending.length === 0 && (
        <section className="card" aria-label="已上传的文件">
          <h2>已上传，尚未办完</h2>
          <ul className="plain">
            {receipt.uploaded.files.map(({ name, bytes }) => (
              <li key={name}>
                {name} <span className="muted">{fileSize(bytes)}</span>
              </li>
            ))}
          </ul>
          <Button onClick={onTaken}>继续办理这些文件</Button>
        </section>
      )}
    </>
  );
}
