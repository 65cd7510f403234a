import { ledgerItem, personItems } from '@quanbao/contract/ledger';
import { useParams } from '@tanstack/react-router';
import { useRead } from '../../api/queries.ts';
import { useHere } from '../../shell/here.ts';
import { Failure, Loading } from '../../ui/states.tsx';
import type { Life } from './contract.ts';
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
      <OfPerson item={data} />
    </div>
  );
}

/** With whom it is of and where, as the ledger of the day has it. */
function OfPerson({ item }: { readonly item: Life }) {
  const { asOf } = useHere();
  const { data } = useRead(personItems, { params: { person: item.person }, query: { asOf } });
  return <ItemLife item={item} line={data?.items.find((line) => line.number === item.number)} />;
}
