import type { AnswerOf, Route } from '@quanbao/contract/route';
import {
  keepPreviousData,
  QueryClient,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import { call, type Input } from './call.ts';
import { Problem } from './problem.ts';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 1 && error instanceof Problem && error.status === 0,
    },
  },
});

/** What an act may have changed anywhere: whatever is on screen is read again, but for the session. */
export function refreshAll(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
}

export function queryKey(route: Route, input?: unknown): readonly unknown[] {
  return [route.url, input ?? {}];
}

const read = call as <Answer>(route: Route, input: unknown) => Promise<Answer>;

/** Reads a route; the last answer stays on screen while the next one is fetched. */
export function useRead<const R extends Route>(
  route: R,
  input: Input<R>,
  options: {
    readonly enabled?: boolean;
    /** Asked again by itself, in milliseconds. */
    readonly every?: number | undefined;
  } = {},
): UseQueryResult<AnswerOf<R>, Error> {
  return useQuery<AnswerOf<R>, Error>({
    queryKey: queryKey(route, input),
    queryFn: () => read<AnswerOf<R>>(route, input),
    placeholderData: keepPreviousData as never,
    enabled: options.enabled ?? true,
    refetchInterval: options.every ?? false,
  });
}

type ItemOf<Answer> = Answer extends { readonly items: readonly (infer Item)[] } ? Item : never;
export interface Pages<Item, Answer> {
  readonly rows: readonly Item[];
  /** The first page, for totals and words. */
  readonly first: Answer | undefined;
  readonly more: boolean;
  readonly loading: boolean;
  readonly error: Error | null;
  readonly fetchMore: () => void;
  readonly retry: () => void;
}

/** Reads a list page by page with the server's cursor (`after`, `next`). */
export function usePages<const R extends Route>(
  route: R,
  input: Input<R>,
): Pages<ItemOf<AnswerOf<R>>, AnswerOf<R>> {
  type Answer = AnswerOf<R> & { items: ItemOf<AnswerOf<R>>[]; next: string | null };
  const { query, ...rest } = input as { readonly query?: Readonly<Record<string, unknown>> };
  const pages = useInfiniteQuery({
    queryKey: [...queryKey(route, input), 'pages'],
    queryFn: ({ pageParam }) =>
      read<Answer>(route, { ...rest, query: pageParam === null ? query : { ...query, after: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  return {
    rows: pages.data?.pages.flatMap((page) => page.items) ?? [],
    first: pages.data?.pages[0],
    more: pages.hasNextPage,
    loading: pages.isFetching,
    error: pages.error,
    fetchMore: () => void pages.fetchNextPage(),
    retry: () => void pages.refetch(),
  };
}
