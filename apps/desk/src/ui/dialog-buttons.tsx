import { Button } from 'antd';

interface Props {
  /** What the order is called, such as 导出. */
  readonly act: string;
  readonly busy: boolean;
  readonly onCancel: () => void;
  /** What has to be done first: until then it cannot be ordered. */
  readonly first?: string | undefined;
}

/** The foot of a form in a dialog: order it, or leave. */
export function DialogButtons({ act, busy, onCancel, first }: Props) {
  return (
    <div className="buttons">
      <Button type="primary" htmlType="submit" loading={busy} disabled={first !== undefined}>
        {act}
      </Button>
      <Button onClick={onCancel}>取消</Button>
      {first !== undefined && <span className="muted">{first}</span>}
    </div>
  );
}
