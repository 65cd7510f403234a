import { rotateKeys } from '@quanbao/contract/settings';
import { Alert, App, Button } from 'antd';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { number } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';

/** A new key for what is kept encrypted; everything is written again under it. */
export default function KeysPage() {
  const { modal } = App.useApp();
  const [done, setDone] = useState<{ key: number; values: number }>();
  const { busy, failure, run } = useAct();
  const ask = (): void => {
    modal.confirm({
      title: '更换数据密钥？',
      content:
        '已存的身份证号码、电话和文件会逐一改用新密钥加密，人多时要几分钟到几十分钟，其间照常使用。请先确认有备份。',
      okText: '更换',
      cancelText: '不更换',
      onOk: () => {
        void run(async () => setDone(await call(rotateKeys)));
      },
    });
  };
  return (
    <div className="page narrow">
      <h1>数据密钥</h1>
      <section className="card" aria-label="更换数据密钥">
        <p>
          身份证号码、电话和上传的文件都加密保存。有人离岗、密钥文件可能泄露，或到了规定的期限，就更换密钥；旧密钥只在改写完成前保留。
        </p>
        {failure !== undefined && <Failure error={failure} />}
        {done && (
          <Alert
            type="success"
            showIcon
            role="status"
            title={`已改用第 ${done.key} 号密钥，改写 ${number(done.values)} 项。请把新的密钥文件另存一份。`}
          />
        )}
        <div className="buttons">
          <Button danger loading={busy} onClick={ask}>
            更换数据密钥……
          </Button>
        </div>
      </section>
    </div>
  );
}
