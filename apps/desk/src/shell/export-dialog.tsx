import { exportLedger } from '@quanbao/contract/ledger';
import { exportFindings, exportPeople } from '@quanbao/contract/register';
import { exportAnnex3 } from '@quanbao/contract/reports';
import type { BodyOf } from '@quanbao/contract/route';
import { App, Checkbox, Form, Input, Modal } from 'antd';
import { download } from '../api/call.ts';
import { useMay } from '../api/session.ts';
import { DialogButtons } from '../ui/dialog-buttons.tsx';
import { number } from '../ui/format.ts';
import { Failure } from '../ui/states.tsx';
import { useAct } from '../ui/use-act.ts';

type Exported =
  | { readonly kind: 'people'; readonly filter: BodyOf<typeof exportPeople>['filter'] }
  | { readonly kind: 'annex3'; readonly filter: Omit<BodyOf<typeof exportAnnex3>, 'reason' | 'reveal'> }
  | { readonly kind: 'findings'; readonly filter: BodyOf<typeof exportFindings>['filter'] }
  | { readonly kind: 'ledger'; readonly filter: BodyOf<typeof exportLedger>['filter'] };
interface Order {
  readonly reason: string;
  readonly reveal?: boolean;
}

function downloadOf(of: Exported, { reason, reveal }: Order): Promise<string> {
  const order = { reason, ...(reveal ? { reveal } : {}) };
  switch (of.kind) {
    case 'people':
      return download(exportPeople, { body: { filter: of.filter, ...order } });
    case 'annex3':
      return download(exportAnnex3, { body: { ...of.filter, ...order } });
    case 'findings':
      return download(exportFindings, { body: { filter: of.filter, ...order } });
    case 'ledger':
      return download(exportLedger, { body: { filter: of.filter, reason } });
  }
}

interface Props {
  readonly what: string;
  readonly total: number | null;
  readonly of: Exported;
  readonly onClose: () => void;
}

/** A list leaves the system only with a reason, and the reason is printed on it. */
export function ExportDialog({ what, total, of, onClose }: Props) {
  const may = useMay();
  const { message } = App.useApp();
  const { busy, failure, run } = useAct();
  const send = async (order: Order): Promise<void> => {
    const done = await run(async () => {
      message.success(`已导出 ${await downloadOf(of, order)}`);
    });
    if (done) onClose();
  };
  return (
    <Modal open title={`导出${what}`} footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">
        {total === null ? '' : `共 ${number(total)} ${of.kind === 'ledger' ? '笔' : '人'}。`}
        {of.kind === 'ledger' && '身份证号码遮盖中间八位。'}
        导出的时间、账号和事由会留痕，并印在清单上。含个人信息，用后请妥善保管或销毁。
      </p>
      {failure !== undefined && <Failure error={failure} />}
      <Form layout="vertical" onFinish={(values) => void send(values)}>
        <Form.Item
          name="reason"
          label="事由"
          rules={[{ required: true, min: 2, whitespace: true, message: '请写明为什么导出，例如“入户核实”' }]}
        >
          <Input autoFocus maxLength={200} placeholder="例如：入户核实未参保人员" />
        </Form.Item>
        {may('people.reveal') && of.kind !== 'ledger' && (
          <Form.Item name="reveal" valuePropName="checked">
            <Checkbox>
              {of.kind === 'annex3'
                ? '身份证号码和电话显示全号（不勾选则遮盖）'
                : '身份证号码显示全号（不勾选则遮盖中间八位）'}
            </Checkbox>
          </Form.Item>
        )}
        <DialogButtons act="导出" busy={busy} onCancel={onClose} />
      </Form>
    </Modal>
  );
}
