import { addAccounts } from '@quanbao/contract/access';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { sendForm } from '../../api/call.ts';
import { FilePick } from '../../ui/file-pick.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import type { Handed } from './passwords-dialog.tsx';

interface Props {
  readonly onClose: () => void;
  readonly onDone: (made: readonly Handed[]) => void;
}

/** Many accounts from one table: all of them or none. */
export function AccountsFile({ onClose, onDone }: Props) {
  const [file, setFile] = useState<File>();
  const { busy, failure, run } = useAct();
  const send = (): void => {
    if (!file) return;
    const form = new FormData();
    form.append('file', file, file.name);
    void run(async () => onDone((await sendForm(addAccounts, form)).accounts));
  };
  return (
    <Modal open title="按表格批量新建账号" footer={null} onCancel={onClose} destroyOnHidden>
      <p>
        xlsx 或 csv，第一行是表头：<strong>账号、姓名、角色、部门、区划代码</strong>
        。角色写名称（如“乡镇经办”），部门只有部门经办要填；用省统一身份认证的，可另加一列
        <strong>统一认证标识</strong>。有一行不对，就一个都不建。一张表至多 2000 个账号。
      </p>
      {failure !== undefined && <Failure error={failure} />}
      <FilePick label="账号表格" accept=".xlsx,.csv" file={file} onPick={setFile} />
      <div className="buttons">
        <Button type="primary" loading={busy} disabled={!file} onClick={send}>
          新建
        </Button>
        <Button onClick={onClose}>取消</Button>
      </div>
    </Modal>
  );
}
