import { ledgerItem } from '@quanbao/contract/ledger';
import { useParams } from '@tanstack/react-router';
import { useRead } from '../../api/queries.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import { ItemLife } from './item-life.tsx';
import './ledger.css';

/** An item's life on a page of its own, for whoever was sent its address. */
export default function ItemPage() {
  const { number } = useParams({ strict: false }) as { number: string };
  const { data, error, refetch } = useRead(ledgerItem, { params: { number } });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (data?.number !== number) return <Loading />;
  return (
    <div className="page ledger-item">
      <h1>
        {data.title}
        {data.subject && `（${data.subject}）`}
      </h1>
      <ItemLife item={data} line={undefined} />
    </div>
  );
}
