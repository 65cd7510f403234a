import { DatePicker, Form, Input } from 'antd';
import type { ReactNode } from 'react';
import { DialogButtons } from './dialog-buttons.tsx';
import { FilePick } from './file-pick.tsx';

interface Props {
  /** What the order is called, such as 裁定. */
  readonly act: string;
  readonly why: { readonly least: number; readonly message: string };
  readonly paper: { readonly id: string; readonly title: string; readonly extra: string };
  /** Shown where no day is chosen. */
  readonly latest: string | undefined;
  readonly file: File | undefined;
  readonly onPick: (file: File | undefined) => void;
  /** Asks what kind of paper it is. */
  readonly sort?: ReactNode;
  readonly busy: boolean;
  readonly onCancel: () => void;
}

/** What an order of the county rests on: why, from when, and the paper that proves it; fields `reason` and `from`. */
export function PaperFields({ act, why, paper, latest, file, onPick, sort, busy, onCancel }: Props) {
  return (
    <>
      <Form.Item
        name="reason"
        label="理由"
        rules={[{ required: true, min: why.least, whitespace: true, message: why.message }]}
      >
        <Input.TextArea rows={3} maxLength={500} showCount />
      </Form.Item>
      <Form.Item name="from" label="自哪一天起" extra="不填则自最近一份名单的日期起。">
        <DatePicker placeholder={latest ?? ''} />
      </Form.Item>
      {sort}
      <Form.Item label={paper.title} required htmlFor={paper.id} extra={paper.extra}>
        <FilePick id={paper.id} label={`${act}材料`} file={file} onPick={onPick} />
      </Form.Item>
      <DialogButtons
        act={act}
        busy={busy}
        onCancel={onCancel}
        first={file ? undefined : `选好材料后才能${act}`}
      />
    </>
  );
}
