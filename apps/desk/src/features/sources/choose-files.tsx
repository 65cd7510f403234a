import { upload } from '@quanbao/contract/sources';
import { Button } from 'antd';
import { useState } from 'react';
import { sendForm } from '../../api/call.ts';
import { useSession } from '../../api/session.ts';
import { DropZone } from '../../ui/drop-zone.tsx';
import { fileSize } from '../../ui/format.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import { partsOf } from './parts.ts';
import { setReceipt, useReceipt } from './receipt.ts';

const KINDS = '.xlsx,.xls,.csv,.txt';

/** The first step: one file or many, dropped or chosen. */
export function ChooseFiles({ onTaken }: { readonly onTaken: () => void }) {
  const { account } = useSession();
  const receipt = useReceipt(account.login);
  const [sending, setSending] = useState<readonly File[]>([]);
  const [failure, setFailure] = useState<unknown>();

  const send = async (files: readonly File[]): Promise<void> => {
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
    }
  };
  return (
    <>
      {failure !== undefined && <Failure error={failure} />}
      <DropZone className="drop" label="拖入名单文件" inputLabel="名单文件" accept={KINDS} onFiles={send}>
        {(choose) =>
          sending.length > 0 ? (
            <Loading
              words={`正在上传 ${sending.length} 个文件（${fileSize(sending.reduce((all, f) => all + f.size, 0))}）并辨认……`}
            />
          ) : (
            <>
              <p className="drop-title">把名单文件拖到这里</p>
              <Button type="primary" onClick={choose}>
                选择文件
              </Button>
              <p className="muted">
                xlsx、xls、csv、txt，可以一次放入多个文件、多种名单。先辨认和试算，不写入；您确认以后才接收。
              </p>
            </>
          )
        }
      </DropZone>
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
