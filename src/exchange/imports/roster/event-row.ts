import { EVENT_WORDS } from '../../../guideline/roster-dictionary.js';
import { plainText } from '../../../guideline/roster-reading.js';
import { MEASUREMENTS } from '../../../guideline/measurements.js';
import { tidied } from '../../../patients/folded.js';
import { msg } from '../../../platform/messages/dictionary.js';
import { type EventCells, parsedRow } from '../rows/import-rows.js';
import { columnName, isBlankText, type PatientRows } from './group.js';
import type { TableRow } from './table-row.js';

/** Reads one row of an events file, in the form that the columns of the CSV file have. */
export function readEventRow(
  rows: PatientRows,
  line: number,
  events: EventCells,
): Pick<TableRow, 'mrn' | 'state' | 'issues' | 'entry'> {
  const mrn = tidied(rows.text('mrn').text).slice(0, 64);
  const date = rows.text('date');
  const day = isBlankText(date) ? undefined : rows.date(date);
  if (isBlankText(date))
    rows.ask(date, 'required', msg('ask-required', { column: columnName(date), options: [] }));
  if (!rows.isClear) return { mrn, state: 'held', issues: rows.issues };
  const cells: Record<string, string> = { mrn, type: typeOf(rows.text('type').text), date: day ?? '' };
  for (const field of ['site', 'activity', 'outcome', 'confirmed']) {
    const read = rows.text(field);
    if (!isBlankText(read)) cells[field] = tidied(read.text);
  }
  for (const { column, cell } of rows.texts('measured')) {
    const unit =
      Object.values(MEASUREMENTS)
        .flat()
        .find(({ code }) => code === column.code)?.unit ?? '';
    cells[`${column.code}_${unit}`.toLowerCase().replace(/[^a-z0-9]+/g, '_')] = tidied(cell.text);
  }
  for (const { field } of rows.columns)
    if (field !== null && !(field in cells) && /_/.test(field)) cells[field] = tidied(rows.text(field).text);
  const { parsed } = parsedRow('events', { line, cells }, events);
  if ('value' in parsed) return { mrn, state: 'ready', issues: rows.issues, entry: parsed.value };
  for (const { pointer, code, message } of parsed.faults)
    rows.refuse(rows.text(pointer.split('/').at(-1) ?? ''), code, message);
  return { mrn, state: 'held', issues: rows.issues };
}

/** The type of event, by its own name or by the words of wards. */
function typeOf(written: string): string {
  const plain = plainText(written);
  const [known] = Object.entries(EVENT_WORDS).find(([, words]) => words.includes(plain)) ?? [];
  return known ?? tidied(written);
}
