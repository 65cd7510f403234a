import { addressRulesFile } from '@quanbao/contract/addresses';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Modal } from 'antd';
import { useState } from 'react';
import { sendForm } from '../../api/call.ts';
import { FilePick } from '../../ui/file-pick.tsx';
import { number } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';
import { refreshRules } from './refresh.ts';

interface Props {
  /** The town whose rules they are to be; none for the account's own place. */
  readonly town: string | undefined;
  readonly whose: string;
  readonly onClose: () => void;
}

/** A table of rules that the office kept in a workbook: all of it or nothing. */
export function RulesFile({ town, whose, onClose }: Props) {
  const [file, setFile] = useState<File>();
  const [replace, setReplace] = useState(false);
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { busy, failure, run } = useAct();
  const send = async (): Promise<void> => {
    if (!file) return;
    const form = new FormData();
    form.append('file', file, file.name);
    const done = await run(async () => {
      const report = await sendForm(addressRulesFile, form, undefined, {
        ...(town ? { owner: town } : {}),
        ...(replace ? { replace } : {}),
      });
      message.success(
        `读到 ${number(report.read)} 条：新增 ${number(report.added)} 条，已有 ${number(report.same)} 条，停用 ${number(report.retired)} 条。`,
      );
    });
    if (!done) return;
    await refreshRules(queries);
    onClose();
  };
  return (
    <Modal open title={`从表格导入${whose}的规则`} footer={null} onCancel={onClose} destroyOnHidden>
      <p>
        xlsx 或 csv，第一行是表头：<strong>种类、文字、村代码</strong>（或村名称）；街道门牌另有
        <strong>单双、起号、止号</strong>
        ，还可以有不含、自、止、备注。种类写文字、街道门牌、单位小区或同户；几段文字用顿号或竖线分开。有一行不对，就一条都不写入。
      </p>
      {failure !== undefined && <Failure error={failure} />}
      <FilePick label="规则表格" accept=".xlsx,.xls,.csv" file={file} onPick={setFile} />
      <Checkbox checked={replace} onChange={(event) => setReplace(event.target.checked)}>
        这就是全部规则：表里没有的停用，次序按表格
      </Checkbox>
      <div className="buttons">
        <Button type="primary" loading={busy} disabled={!file} onClick={() => void send()}>
          导入
        </Button>
        <Button onClick={onClose}>取消</Button>
      </div>
    </Modal>
  );
}
