import { loadChecklist, loadChecklistFile } from '@quanbao/contract/checklist';
import { App, DatePicker, Form, Input, Modal, Radio } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { call, sendForm } from '../../api/call.ts';
import { useSession } from '../../api/session.ts';
import { DialogButtons } from '../../ui/dialog-buttons.tsx';
import { FilePick } from '../../ui/file-pick.tsx';
import { number } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { useAct } from '../../ui/use-act.ts';

interface Props {
  readonly onClose: () => void;
  readonly onMade: (list: number) => void;
}
interface Fields {
  readonly origin: 'yuanjiang' | 'quanzhou' | 'own' | 'file';
  readonly title?: string;
  readonly deadline?: Dayjs | null;
}

/** A list from the product, from a sheet, or an empty one. */
export function LoadDialog({ onClose, onMade }: Props) {
  const { account } = useSession();
  const { message } = App.useApp();
  const isCounty = account.region.code.length === 6;
  const [form] = Form.useForm<Fields>();
  const origin = Form.useWatch('origin', form) ?? (isCounty ? 'yuanjiang' : 'own');
  const [file, setFile] = useState<File>();
  const { busy, failure, run } = useAct();
  const load = async (fields: Fields): Promise<void> => {
    let made: number | undefined;
    await run(async () => {
      const { list, items } = await make(fields, file);
      message.success(`已载入 ${number(items)} 项。`);
      made = list;
    });
    if (made !== undefined) onMade(made);
  };
  const choices = [
    ...(isCounty
      ? [
          { value: 'yuanjiang', label: '附件2 重点任务分工表（十项，四个阶段）' },
          { value: 'quanzhou', label: '全州县扩面征缴工作任务清单（二十五项）' },
        ]
      : []),
    { value: 'file', label: '表格文件（xlsx、csv，表头同附件2或任务清单）' },
    { value: 'own', label: '空清单，自己逐项添加' },
  ];
  return (
    <Modal open title="载入任务清单" footer={null} onCancel={onClose} destroyOnHidden>
      {failure !== undefined && <Failure error={failure} />}
      <Form
        form={form}
        layout="vertical"
        initialValues={{ origin: isCounty ? 'yuanjiang' : 'own' }}
        onFinish={(fields) => void load(fields)}
      >
        <Form.Item name="origin" label="从哪里来">
          <Radio.Group className="stacked" options={choices} />
        </Form.Item>
        {origin === 'yuanjiang' && (
          <Form.Item
            name="deadline"
            label="完成时限（倒排）"
            extra="不填则用文件里的日期（2020年10月31日）；填了别的日期，各阶段和各项时限一起倒排。"
          >
            <DatePicker placeholder="2020-10-31" />
          </Form.Item>
        )}
        {origin === 'own' && (
          <Form.Item
            name="title"
            label="清单名称"
            rules={[{ required: true, min: 2, whitespace: true, message: '请写清单名称（至少两个字）' }]}
          >
            <Input maxLength={80} />
          </Form.Item>
        )}
        {origin === 'file' && (
          <Form.Item label="文件" required htmlFor="checklist-file">
            <FilePick
              id="checklist-file"
              label="清单文件"
              accept=".xlsx,.xls,.csv"
              file={file}
              onPick={setFile}
            />
          </Form.Item>
        )}
        <DialogButtons
          act="载入"
          busy={busy}
          onCancel={onClose}
          first={origin === 'file' && !file ? '请先选择文件' : undefined}
        />
      </Form>
    </Modal>
  );
}

function make({ origin, title, deadline }: Fields, file: File | undefined) {
  if (origin !== 'file') {
    return call(loadChecklist, {
      body: {
        origin,
        ...(title ? { title } : {}),
        ...(deadline && origin === 'yuanjiang' ? { deadline: deadline.format('YYYY-MM-DD') } : {}),
      },
    });
  }
  const form = new FormData();
  if (file) form.append('file', file, file.name);
  return sendForm(loadChecklistFile, form);
}
