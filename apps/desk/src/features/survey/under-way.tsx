import { jobs } from '@quanbao/contract/sources';
import { Alert, Button } from 'antd';
import { useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';

/** Long work goes on when its page is left; here it is found again, under its kind in the address. */
export function UnderWay({ kind, what }: { readonly kind: 'issue' | 'merge'; readonly what: string }) {
  const { set } = useHere();
  const { data } = useRead(jobs, {});
  const going = data?.items.find((one) => one.kind === kind && ['waiting', 'running'].includes(one.state));
  if (!going) return null;
  return (
    <Alert
      type="info"
      showIcon
      role="status"
      title={`您开始的${what}还在进行，离开页面也不会停。`}
      action={
        <Button size="small" onClick={() => set({ [kind]: going.job })}>
          看进度
        </Button>
      }
    />
  );
}
