import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Field, View } from '../app/field.ts';
import { FoundPage } from './found-page.tsx';
import { HouseholdPage } from './household-page.tsx';
import { ListPage } from './list-page.tsx';
import { LockPage, NewPinPage } from './lock-page.tsx';
import { MorePage } from './more-page.tsx';
import { OutboxPage } from './outbox-page.tsx';
import { SignInPage } from './sign-in-page.tsx';
import { FieldContext } from './use-field.ts';
import { VillagesPage } from './villages-page.tsx';
import { VisitPage } from './visit-page.tsx';

/** Which screen: the door first, behind it by address, so that the phone's back key goes back. */
export function Screens({ field }: { field: Field }) {
  const view = useSyncExternalStore(field.subscribe, field.snapshot);
  return (
    <FieldContext value={{ field, view }}>
      <Door door={view.door} />
    </FieldContext>
  );
}

function Door({ door }: { door: View['door'] }) {
  switch (door) {
    case 'loading':
      return <main className="page" />;
    case 'sign-in':
      return <SignInPage />;
    case 'new-pin':
      return <NewPinPage />;
    case 'locked':
      return <LockPage />;
    case 'villages':
      return <VillagesPage />;
    case 'open':
      return <Inside />;
  }
}

function Inside() {
  const [, where = '', ...rest] = useHash().split('/');
  const what = rest.map(decodeURIComponent).join('/');
  switch (where) {
    case 'household':
      return <HouseholdPage key={what} household={what} />;
    case 'visit':
      return (
        <VisitPage key={what} person={Number(rest[0])} instead={rest[1] ? Number(rest[1]) : undefined} />
      );
    case 'found':
      return <FoundPage key={what} instead={rest[0] ? Number(rest[0]) : undefined} />;
    case 'outbox':
      return <OutboxPage />;
    case 'villages':
      return <VillagesPage />;
    case 'more':
      return <MorePage />;
    default:
      return <ListPage />;
  }
}

function useHash(): string {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const moved = (): void => {
      setHash(location.hash);
      scrollTo(0, 0);
    };
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  return hash;
}
