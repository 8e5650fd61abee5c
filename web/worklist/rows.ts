import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ItemNow } from '../acts/act.js';
import { useCallback, useMemo } from 'react';
import { type ItemOfRow, type ListQuery, type Row, rowsQuery, searchQuery } from '../calls/lists.js';

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
  /** Notes what items are now. The rows stay where they are. */
  readonly renew: (items: readonly ItemNow[]) => void;
}

/** The rows of the list, or what was found by a number, name or phone. */
export function useRows(query: ListQuery, searched: string): Rows {
  const isSearch = searched !== '';
  const queries = useQueryClient();
  const list = useInfiniteQuery({ ...rowsQuery(query), enabled: !isSearch });
  const found = useQuery({ ...searchQuery(searched), enabled: isSearch });
  const pages = list.data?.pages;
  const listed = useMemo(() => pages?.flatMap(({ items }) => items) ?? [], [pages]);
  const renew = (items: readonly ItemNow[]): void => {
    if (items.length === 0) return;
    const renewed = <Page extends { readonly items: readonly Row[] }>(page: Page): Page => ({
      ...page,
      items: page.items.map((row) => withItems(row, items)),
    });
    queries.setQueryData(searchQuery(searched).queryKey, (page) => page && renewed(page));
    queries.setQueryData(
      rowsQuery(query).queryKey,
      (data) => data && { ...data, pages: data.pages.map(renewed) },
    );
  };
  const { refetch } = isSearch ? found : list;
  const reload = useCallback(() => void refetch(), [refetch]);
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = list;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);
  if (isSearch)
    return {
      reload,
      renew,
      rows: found.data?.items ?? [],
      isLoading: found.isPending,
      error: found.error,
      nextError: null,
      loadMore: () => undefined,
      retryMore: () => undefined,
    };
  return {
    reload,
    renew,
    rows: listed,
    isLoading: list.isPending,
    error: pages === undefined ? list.error : null,
    nextError: isFetchNextPageError ? list.error : null,
    loadMore,
    retryMore: () => void fetchNextPage(),
  };
}

/** The same row where none of its items has changed, so that it is not drawn again. */
function withItems(row: Row, items: readonly ItemNow[]): Row {
  const isConcerned = row.items.some(({ id }) => items.some((now) => now.id === id));
  return isConcerned ? { ...row, items: row.items.map((item) => renewedItem(item, items)) } : row;
}

function renewedItem(item: ItemOfRow, items: readonly ItemNow[]): ItemOfRow {
  const now = items.find(({ id }) => id === item.id);
  return now === undefined ? item : { ...item, ...now };
}
