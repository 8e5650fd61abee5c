import { queryOptions } from '@tanstack/react-query';
import type { ExportListController } from '../../src/exchange/bulk-export/export-list.controller.js';
import { type AnswerOf, call, get } from './http.js';

type Controller = ExportListController;
export type BulkExport = AnswerOf<Controller['list']>['items'][number];

export const exportsKey = ['bulk-exports'] as const;

const FOLLOWED_EVERY_MS = 2000;

/** The exports that run or can be fetched. Followed while one runs. */
export const exportsQuery = queryOptions({
  queryKey: exportsKey,
  queryFn: ({ signal }) => get<AnswerOf<Controller['list']>>('/bulk-exports', undefined, signal),
  refetchInterval: ({ state }) =>
    state.data?.items.some((one) => one.state === 'running') === true ? FOLLOWED_EVERY_MS : false,
});

export const beginExport = (wish: {
  readonly types?: readonly string[];
  readonly since?: string;
}): Promise<AnswerOf<Controller['begin']>> => call('POST', '/bulk-exports', { body: wish });

export const endExport = (id: string): Promise<void> => call('DELETE', `/bulk-exports/${id}`);
