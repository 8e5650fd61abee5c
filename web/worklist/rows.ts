import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type ListQuery, type Row, rowsQuery, searchQuery } from '../calls/lists.js';

export interface Rows {
  readonly rows: readonly Row[];
  readonly isLoading: boolean;
  /** Why there are no rows. */
  readonly error: unknown;
  /** Why there are no more rows than these. */
  readonly nextError: unknown;
  readonly loadMore: () => void;
  readonly retryMore: () => void;
  readonly reload: () => void;
}

/** The rows of the list, or what was found by a number, name or phone. */
export function useRows(query: ListQuery, searched: string): Rows {
  const isSearch = searched !== '';
  const list = useInfiniteQuery({ ...rowsQuery(query), enabled: !isSearch });
  const found = useQuery({ ...searchQuery(searched), enabled: isSearch });
  const pages = list.data?.pages;
  const listed = useMemo(() => pages?.flatMap(({ items }) => items) ?? [], [pages]);
  if (isSearch)
    return {
      rows: found.data?.items ?? [],
      isLoading: found.isPending,
      error: found.error,
      nextError: null,
      loadMore: () => undefined,
      retryMore: () => undefined,
      reload: () => void found.refetch(),
    };
  return {
    rows: listed,
    isLoading: list.isPending,
    error: pages === undefined ? list.error : null,
    nextError: list.isFetchNextPageError ? list.error : null,
    loadMore: () => {
      if (list.hasNextPage && !list.isFetching && !list.isFetchNextPageError) void list.fetchNextPage();
    },
    retryMore: () => void list.fetchNextPage(),
    reload: () => void list.refetch(),
  };
}
