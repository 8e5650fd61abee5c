import type {
  CellAnswer,
  ImportKind,
  ImportQuestion,
  ImportReport,
  ImportRow,
  ImportSheet,
} from '../calls/imports.js';

export type Step = 'file' | 'columns' | 'check' | 'done';

/** Headings to fields; null: the column is not read. */
export type Mapping = Readonly<Record<string, string | null>>;

/** A file on its way in: what a person decided about it, and what the server last said. */
export interface Draft {
  readonly step: Step;
  readonly kind: ImportKind;
  readonly file?: File;
  readonly mapping: Mapping;
  /** By the cell that each concerns. */
  readonly answers: Readonly<Record<string, CellAnswer>>;
  /** The sheets as understood, also where their columns were refused. */
  readonly sheets?: readonly ImportSheet[];
  readonly report?: ImportReport;
  /** What is running: the check of the rows, or the import itself. */
  readonly running?: 'check' | 'import';
  readonly error?: unknown;
  /** Whether something was decided that the report does not know yet. */
  readonly isChanged: boolean;
}

export const EMPTY: Draft = { step: 'file', kind: 'roster', mapping: {}, answers: {}, isChanged: false };

/** Another file of the same kind: nothing of what was decided about the one before counts. */
export const withFile = ({ kind }: Draft, file: File): Draft => ({ ...EMPTY, kind, file });

export const withMeaning = (draft: Draft, heading: string, field: string | null): Draft => ({
  ...draft,
  mapping: { ...draft.mapping, [heading]: field },
  isChanged: true,
});

/** A value in place of a cell; undefined takes it back. */
export function withAnswer(draft: Draft, key: string, answer: CellAnswer | undefined): Draft {
  const answers = Object.fromEntries(Object.entries(draft.answers).filter(([other]) => other !== key));
  return {
    ...draft,
    answers: answer === undefined ? answers : { ...answers, [key]: answer },
    isChanged: true,
  };
}

/**
 * After a check. The columns come first where one of them is not known and was not decided; otherwise the rows. Answers
 * stay: the server accepts them again.
 */
export function withReport(draft: Draft, report: ImportReport): Draft {
  const { sheets } = report;
  const asksForColumns =
    draft.step === 'file' && (sheets ?? []).some(({ columns }) => columns.some(isUnknown));
  return {
    ...draft,
    ...(sheets && { sheets }),
    report,
    step: report.written ? 'done' : asksForColumns ? 'columns' : 'check',
    running: undefined,
    error: undefined,
    isChanged: false,
  };
}

/** After a refusal, which may say how the columns were understood, or contain the whole report. */
export function withRefusal(
  draft: Draft,
  error: unknown,
  { sheets, report }: { readonly sheets?: readonly ImportSheet[]; readonly report?: ImportReport },
): Draft {
  if (report) return { ...withReport({ ...draft, step: 'check' }, report), error };
  const step = sheets ? 'columns' : draft.step;
  return { ...draft, ...(sheets && { sheets }), step, running: undefined, error };
}

const isUnknown = ({ by }: ImportSheet['columns'][number]): boolean => by === 'unknown';

/** Rows that a person has to look at. */
export const needsPerson = ({ result, errors }: ImportRow): boolean =>
  result === 'asked' || result === 'rejected' || errors.length > 0;

export const questionKey = ({ id }: ImportQuestion): string => id;
export const cellKey = (row: ImportRow, field: string): string =>
  JSON.stringify([row.sheet ?? null, row.row ?? row.line, field]);

/** The name of the field at the end of a pointer: `/sheets/2024年/rows/6/stage`; the whole row has none. */
export const fieldOfPointer = (pointer: string): string | undefined => {
  const [, field] = /\/rows\/\d+\/([^/]+)/.exec(pointer) ?? [];
  return field?.replace(/~1/g, '/').replace(/~0/g, '~');
};
