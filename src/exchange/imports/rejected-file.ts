import type { ReadContent } from './import-readers.js';
import type { RowResult } from './import-result.js';
import type { RejectedFile, RejectedRow } from './rejected-rows.js';
import type { SheetReport } from './roster/table-row.js';

/** The rows that were not taken, as they stand in the file. */
export function rejectedFile(
  { rows, headings, sheets, tableRows }: ReadContent,
  results: readonly RowResult[],
): RejectedFile {
  const isTable = sheets.length > 0;
  const cells = isTable ? tableRows.map((row) => row.cells) : rows.map((row) => row.cells ?? []);
  const rejected = results.flatMap(({ line, sheet = null, result, errors }, at): RejectedRow[] =>
    result === 'rejected' || result === 'asked'
      ? [
          {
            sheet,
            row: line,
            cells: cells[at] ?? [],
            reasons: errors.map(({ pointer, message }) => ({
              column: headingOf(sheets, sheet, pointer),
              message,
            })),
          },
        ]
      : [],
  );
  return {
    rows: rejected,
    headings: isTable
      ? Object.fromEntries(sheets.map((one) => [one.name ?? '', titlesOf(one)]))
      : { '': headings },
  };
}

/** The headings at their places; a column without a heading has none. */
function titlesOf({ columns }: SheetReport): string[] {
  const titles: string[] = [];
  for (const { index, heading } of columns) titles[index] = heading;
  return Array.from({ length: titles.length }, (_, at) => titles[at] ?? '');
}

function headingOf(sheets: readonly SheetReport[], name: string | null, pointer: string): string | null {
  const field = pointer.split('/').at(-1) ?? '';
  const columns = sheets.find((one) => one.name === name)?.columns ?? [];
  return columns.find((one) => one.field === field)?.heading ?? (/^\d+$/.test(field) ? null : field);
}
