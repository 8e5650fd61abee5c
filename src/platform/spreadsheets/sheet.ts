import type { CalendarDate } from '../../guideline/calendar.js';

/** One cell: a text, a number, a calendar day, or nothing. */
export type SheetCell = string | number | { readonly day: CalendarDate } | null;

/** A table in one language. Its texts are never formulas. */
export interface Sheet {
  readonly title: string;
  /** `width`: in characters; by default the program that shows the file decides. */
  readonly columns: readonly { readonly heading: string; readonly width?: number }[];
  readonly rows: readonly (readonly SheetCell[])[];
}

export const FILE_FORMATS = ['xlsx', 'csv'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

export const MEDIA_TYPES: Readonly<Record<FileFormat, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
};

export const dayCell = (day: CalendarDate | null): SheetCell => (day === null ? null : { day });
