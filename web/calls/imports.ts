import { queryOptions } from '@tanstack/react-query';
import type { ImportFilesController } from '../../src/exchange/imports/import-files.controller.js';
import type { ImportsController } from '../../src/exchange/imports/imports.controller.js';
import { addressOf, type AnswerOf, call, get } from './http.js';

export type ImportReport = AnswerOf<ImportsController['import']>;
export type ImportKind = ImportReport['kind'];
export type ImportRow = ImportReport['rows'][number];
export type ImportSheet = NonNullable<ImportReport['sheets']>[number];
export type ImportColumn = ImportSheet['columns'][number];
export type ImportQuestion = NonNullable<ImportRow['questions']>[number];
export type ImportField = AnswerOf<ImportFilesController['fields']>['items'][number];
export type ImportRun = AnswerOf<ImportFilesController['list']>['items'][number];

/** What stands in place of a cell: by the question about it, or by its place. */
export type CellAnswer =
  | { readonly id: string; readonly value: string }
  | { readonly sheet: string | null; readonly row: number; readonly field: string; readonly value: string };

export interface ImportRequest {
  readonly file: File;
  readonly kind: ImportKind;
  readonly mapping: Readonly<Record<string, string | null>>;
  readonly answers: readonly CellAnswer[];
  readonly dryRun: boolean;
  readonly acceptGood?: boolean;
}

const HOUR_MS = 3_600_000;
const FOLLOWED_EVERY_MS = 1000;

/** Sends the whole file; it answers once all rows are checked, and written unless it is a dry run. */
export function importFile({
  file,
  mapping,
  answers,
  kind,
  dryRun,
  acceptGood = false,
}: ImportRequest): Promise<ImportReport> {
  const form = new FormData();
  form.set('kind', kind);
  form.set('dryRun', String(dryRun));
  form.set('acceptGood', String(acceptGood));
  if (Object.keys(mapping).length > 0) form.set('mapping', JSON.stringify(mapping));
  if (answers.length > 0) form.set('answers', JSON.stringify(answers));
  form.set('file', file);
  return call('POST', '/imports', { form, withinMs: HOUR_MS });
}

/** What a column can contain. */
export const importFieldsQuery = (kind: ImportKind) =>
  queryOptions({
    queryKey: ['import-fields', kind],
    queryFn: ({ signal }) =>
      get<AnswerOf<ImportFilesController['fields']>>('/imports/fields', { kind }, signal),
    staleTime: Infinity,
  });

/** The imports of the last days, the newest first. Read again while one runs. */
export const importRunsQuery = queryOptions({
  queryKey: ['imports'],
  queryFn: ({ signal }) => get<AnswerOf<ImportFilesController['list']>>('/imports', undefined, signal),
  staleTime: 0,
  refetchInterval: ({ state }) =>
    state.data?.items.some((run) => run.state === 'running') === true ? FOLLOWED_EVERY_MS : false,
});

export const templateAddress = addressOf('/imports/template.xlsx');
export const rejectedRowsAddress = (id: string): string => addressOf(`/imports/${id}/rejected.xlsx`);
