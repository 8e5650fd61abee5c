import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ListsController } from '../../src/worklist/lists/lists.controller.js';
import type { WorklistController } from '../../src/worklist/lists/worklist.controller.js';
import type { WorklistPatient } from '../../src/worklist/lists/worklist-views.js';
import type { SavedQuery } from '../../src/worklist/lists/saved-query.js';
import type { z } from 'zod';
import { type AnswerOf, askEarly, call, get, type Query } from './http.js';

export type Lists = AnswerOf<ListsController['all']>;
export type ListName = Lists['lists'][number]['list'];
export type Count = Lists['lists'][number]['count'];
export type SavedList = Lists['saved'][number];
export type ListQuery = z.input<typeof SavedQuery>;

/** One patient of a list with everything that is open. */
export type Row = z.input<typeof WorklistPatient>;
export type ItemOfRow = Row['items'][number];
interface RowPage {
  readonly items: Row[];
  readonly nextCursor: string | null;
}

const LISTS = '/lists';
const ROWS = '/worklist';
/** Few rows fill a screen, and the first ones are waited for. */
const FIRST_PAGE = 50;
const PAGE = 100;

/** The lists with their counts. */
export const listsQuery = queryOptions({
  queryKey: ['lists'],
  queryFn: ({ signal }) => get<Lists>(LISTS, undefined, signal),
});

const pageAfter = (query: ListQuery, cursor?: string): Query => ({
  ...(query as Query),
  view: 'patients',
  limit: cursor === undefined ? FIRST_PAGE : PAGE,
  cursor,
});

/** Asks for what a list shows first, while the session is still being read. */
export function readListEarly(query: ListQuery): void {
  askEarly(ROWS, pageAfter(query));
  askEarly(LISTS);
}

/**
 * The rows of a list, page by page. They stay as they were read until the reader asks for them again: a row must not
 * move under the cursor.
 */
export const rowsQuery = (query: ListQuery) =>
  infiniteQueryOptions({
    queryKey: ['rows', query],
    queryFn: ({ pageParam, signal }) => get<RowPage>(ROWS, pageAfter(query, pageParam), signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    staleTime: Infinity,
    gcTime: 0, // a list that is opened again is read again
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/** Patients by whole number, name or phone. An address must not contain a name, so it is sent in the body. */
export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    queryFn: ({ signal }) =>
      call<AnswerOf<WorklistController['search']>>('POST', '/worklist/search', { body: { q }, signal }),
    staleTime: Infinity,
    gcTime: 0,
  });

export const saveList = (name: string, query: ListQuery, shared: boolean): Promise<SavedList> =>
  call('POST', '/lists', { body: { name, query, shared } });

export const removeList = (id: string): Promise<void> => call('DELETE', `/lists/${id}`);
