import { splitGroup } from '@quanbao/domain/addresses/groups';
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useSession } from '../api/session.ts';
import { type QueryValue, queryText } from '../api/url.ts';

type Query = Readonly<Record<string, QueryValue>>;

export interface Here {
  /** The region asked about: the account's own until another is chosen. */
  readonly region: string;
  /** The day asked about: the latest until another is chosen; undefined before the first household register. */
  readonly asOf: string | undefined;
  readonly query: Readonly<Record<string, string>>;
  /** An address in the desk that keeps region and day. */
  readonly href: (path: string, query?: Query) => string;
  /** Changes the query of this page; null takes a value away. */
  readonly set: (changes: Query) => void;
  readonly go: (path: string, query?: Query) => void;
}

/** Pages that go below the village; of the others a group's village is asked about. */
const WITH_GROUPS = /^\/(people|items|ledger|forms)(?![^/])(?!\/own)/;

function regionFor(path: string, region: string | undefined): string | undefined {
  return region === undefined || WITH_GROUPS.test(path) ? region : splitGroup(region).region;
}

/** Region and day are the same on every page, and stand in the address, so that a page can be sent on. */
export function useHere(): Here {
  const session = useSession();
  const query = useSearch({ strict: false }) as Readonly<Record<string, string>>;
  const navigate = useNavigate();
  const { history } = useRouter();
  const { region, asOf } = query;
  const href = useCallback(
    (path: string, more: Query = {}) => path + queryText({ region: regionFor(path, region), asOf, ...more }),
    [region, asOf],
  );
  return {
    region: region ?? session.account.region.code,
    asOf: asOf ?? session.days?.latest,
    query,
    href,
    set: (changes) =>
      void navigate({ to: '.', search: (was: Query) => withoutBlanks({ ...was, ...changes }) } as never),
    go: (path, more) => history.push(href(path, more)),
  };
}

function withoutBlanks(query: Query): Query {
  return Object.fromEntries(
    Object.entries(query).filter(([, v]) => v !== null && v !== undefined && v !== ''),
  );
}
