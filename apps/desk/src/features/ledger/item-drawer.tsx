import { ledgerItem } from '@quanbao/contract/ledger';
import { Button, Drawer } from 'antd';
import { useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import type { ItemLine } from './contract.ts';
import { ItemLife } from './item-life.tsx';

interface Props {
  readonly number: string;
  /** As the list has it, where it does. */
  readonly line: ItemLine | undefined;
  /** The item under this one in the list. */
  readonly next: string | undefined;
}

/** An item's life beside the list it was opened from. */
export function ItemDrawer({ number, line, next }: Props) {
  const { set } = useHere();
  const { data, error, refetch } = useRead(ledgerItem, { params: { number } });
  const shown = data?.number === number ? data : undefined;
  return (
    <Drawer
      open
      size={760}
      title={shown ? `${shown.title}${line ? `：${line.name}` : ''}` : '正在读取……'}
      onClose={() => set({ open: null })}
      extra={next && <Button onClick={() => set({ open: next })}>下一笔</Button>}
    >
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!shown && !error && <Loading />}
      {shown && <ItemLife item={shown} line={line} />}
    </Drawer>
  );
}
