import type { CalendarDate } from '../../../guideline/calendar.js';
import { WARD_BESIDE_DEPARTMENT } from '../../../guideline/roster-dictionary.js';
import { rosterFacts } from '../../../guideline/roster-facts.js';
import { DomainError, type FieldFault, invalid } from '../../../platform/domain-error.js';
import { msg } from '../../../platform/messages/dictionary.js';
import { factKey } from '../../../patients/event-history.js';
import type { EventCells, ImportKind, RosterEntry } from '../rows/import-rows.js';
import { columnName as letterOf, type Sheet, TABLE_LIMITS } from '../tables/table.js';
import { readTextTable } from '../tables/text-table.js';
import { isWorkbook, readWorkbook, tooManyRows } from '../tables/workbook.js';
import { type Answer, GivenAnswers } from './answers.js';
import { examplesOf } from './column-examples.js';
import { readCourse } from './course.js';
import { readEventRow } from './event-row.js';
import { issueRoom, PatientRows } from './group.js';
import { type Column, fieldName, headingForm, type HeadingMap } from './headings.js';
import { type PlacedRow, type PlacedSheet, placedSheet } from './layout.js';
import { type PatientTexts, readPatient, readWhose } from './patient.js';
import type { SheetReport, TableReading, TableRow } from './table-row.js';
import { compareRows, type FilePatient, findPatients } from './repeats.js';

/** What is needed to read a spreadsheet. */
export interface TableContext {
  readonly kind: ImportKind;
  readonly today: CalendarDate;
  readonly map: HeadingMap;
  readonly answers: readonly Answer[];
  readonly events: EventCells;
}

type Placed = PlacedSheet & { readonly sheet: Sheet };

/** Reads a spreadsheet: every row is a patient, belongs to one, or is reported as skipped. */
export function readTable(bytes: Buffer, context: TableContext): TableReading {
  const sheets = isWorkbook(bytes) ? readWorkbook(bytes) : [readTextTable(bytes)];
  const placed: Placed[] = [];
  const reports = sheets.map((sheet): SheetReport => {
    const skipped = (why: SheetReport['why']): SheetReport => ({
      name: sheet.name,
      state: 'skipped',
      why: why ?? 'blank',
      columns: [],
    });
    if (sheet.hidden) return skipped('hidden');
    if (sheet.rows.length === 0) return skipped('blank');
    const found = placedSheet(sheet, context.kind, context.map);
    if (!found || (isAboutCourse(found.columns, context.kind) && !hasField(found.columns, 'mrn')))
      return skipped('no-headings');
    const columns = chosenColumns(found);
    const chosen = { ...found, columns, rows: inColumns(found.rows, columns), sheet };
    placed.push(chosen);
    return {
      name: sheet.name,
      state: 'read',
      headerRow: found.headerRow,
      columns: chosen.columns.map((column) => reported(column, found.rows)),
    };
  });
  if (placed.length === 0)
    throw invalid('no-headings', msg('no-headings'), [
      { pointer: '/file', code: 'no-headings', message: msg('no-headings') },
    ]);
  const count = placed.reduce(
    (sum, { rows }) => sum + rows.filter(({ kind }) => kind !== 'skipped').length,
    0,
  );
  if (count > TABLE_LIMITS.rows) throw tooManyRows();
  refuseColumns(placed, context.kind, reports);
  const answers = new GivenAnswers(
    context.answers,
    placed.length === 1 ? (placed[0]?.sheet.name ?? null) : null,
  );
  const rows =
    context.kind === 'roster' ? rosterRows(placed, context, answers) : eventRows(placed, context, answers);
  refuseUnknownAnswers(context.answers, answers);
  return { sheets: reports, rows };
}

const reported = (column: Column, rows: readonly PlacedRow[]): SheetReport['columns'][number] => ({
  index: column.index,
  column: letterOf(column.index),
  heading: column.heading.slice(0, 200),
  field: fieldName(column),
  by: column.by,
  examples: examplesOf(rows, column.index),
});

const OF_SEVERAL_THE_FIRST = ['department', 'ward', 'group', 'responsible_nurse'];

/**
 * Of several columns that say where a patient lies or who cares, the first counts; the others are named as not read. A column 病区 is
 * the ward if another one has the department.
 */
function chosenColumns({ columns: found }: PlacedSheet): readonly Column[] {
  const mayBeWard = ({ field, by, heading }: Column): boolean =>
    field === 'department' && by === 'dictionary' && WARD_BESIDE_DEPARTMENT.includes(headingForm(heading));
  const hasDepartment = found.some((column) => column.field === 'department' && !mayBeWard(column));
  const columns = hasDepartment
    ? found.map((column) => (mayBeWard(column) ? { ...column, field: 'ward' } : column))
    : found;
  const seen = new Set<string>();
  return columns.map((column) => {
    if (column.field === null || !OF_SEVERAL_THE_FIRST.includes(column.field)) return column;
    if (seen.has(column.field)) return { ...column, field: null, by: 'unknown' };
    seen.add(column.field);
    return column;
  });
}

/** The rows with the chosen meaning of each cell's column, without the cells of those that are not read. */
function inColumns(rows: readonly PlacedRow[], columns: readonly Column[]): PlacedRow[] {
  const keyOf = ({ index, heading }: Column): string => `${index} ${heading}`;
  const changed = new Map(
    columns
      .filter(({ field, by }) => field === 'ward' || (field === null && by === 'unknown'))
      .map((column) => [keyOf(column), column]),
  );
  if (changed.size === 0) return [...rows];
  return rows.map((row) => ({
    ...row,
    cells: row.cells.flatMap((cell) => {
      const column = changed.get(keyOf(cell.column)) ?? cell.column;
      return column.field === null ? [] : [{ ...cell, column }];
    }),
  }));
}

const MAY_BE_SEVERAL = ['phone', 'stage', 'visit_date', 'measured', ...OF_SEVERAL_THE_FIRST];

const ABOUT_PATIENT = ['birth_date', 'diagnosis_date', 'resection_date', 'primary_site', 'stage'];

const hasField = (columns: readonly Column[], field: string): boolean =>
  columns.some((column) => column.field === field);

/** Whether a sheet of a roster has visits and events of patients alone, who stand in another sheet. */
const isAboutCourse = (columns: readonly Column[], kind: ImportKind): boolean =>
  kind === 'roster' && !ABOUT_PATIENT.some((field) => hasField(columns, field));

function requiredColumns(columns: readonly Column[], kind: ImportKind): readonly string[] {
  if (kind === 'events') return ['mrn', 'type', 'date'];
  return isAboutCourse(columns, kind) ? ['mrn'] : ['mrn', 'name'];
}

function refuseColumns(placed: readonly Placed[], kind: ImportKind, sheets: readonly SheetReport[]): void {
  const faults: FieldFault[] = [];
  const fault = (field: string, code: string, message: FieldFault['message']): void =>
    void faults.push({ pointer: `/header/${field}`, code, message });
  for (const { columns, rows } of placed) {
    for (const field of requiredColumns(columns, kind))
      if (!columns.some((column) => column.field === field)) {
        const example = JSON.stringify({
          [columns.find((one) => one.by === 'unknown')?.heading ?? '…']: field,
        });
        fault(field, 'missing-column', msg('field-without-column', { field, example }));
      }
    for (const field of new Set(columns.flatMap((column) => column.field ?? []))) {
      const same = columns.filter((column) => column.field === field);
      if (same.length < 2 || MAY_BE_SEVERAL.includes(field) || !contradict(rows, field)) continue;
      const headings = same.map(({ heading }) => heading);
      const example = JSON.stringify(
        Object.fromEntries(headings.map((heading, at) => [heading, at === 0 ? field : null])),
      );
      fault(field, 'column-twice', msg('column-meant-twice', { columns: headings, field, example }));
    }
  }
  if (faults.length > 0)
    throw new DomainError(
      'invalid',
      'wrong-columns',
      msg('wrong-columns', { faults: faults.slice(0, 20).map(({ message }) => message) }),
      faults.slice(0, 20),
      { sheets },
    );
}

/** Whether a row has different texts in two columns of one field. */
const contradict = (rows: readonly PlacedRow[], field: string): boolean =>
  rows.some(
    ({ cells }) =>
      new Set(cells.flatMap(({ column, cell }) => (column.field === field ? [cell.text.trim()] : []))).size >
      1,
  );

function refuseUnknownAnswers(given: readonly Answer[], answers: GivenAnswers): void {
  const faults = answers.unused().map((at): FieldFault => ({
    pointer: `/answers/${at}`,
    code: 'answer-unknown',
    message: msg('answer-unknown', { answer: JSON.stringify(given[at]) }),
  }));
  const [first] = faults;
  if (first) throw invalid('answer-unknown', first.message, faults.slice(0, 20));
}

interface Group {
  readonly rows: PatientRows;
  readonly leftOut: boolean;
  patient?: FilePatient;
}

function rosterRows(placed: readonly Placed[], { today }: TableContext, answers: GivenAnswers): TableRow[] {
  const groups: Group[] = [];
  const room = issueRoom();
  const groupOf = new Map<PlacedRow, Group>();
  for (const { rows, columns } of placed) {
    let members: PlacedRow[] = [];
    for (const row of rows) {
      if (row.kind === 'skipped') continue;
      if (row.kind === 'patient') members = [row];
      else members.push(row);
      if (row.kind === 'patient')
        groups.push({
          rows: new PatientRows(members, columns, answers, room),
          leftOut: isLeftOut(row, answers),
        });
      const group = groups.at(-1);
      if (group) groupOf.set(row, group);
    }
  }
  for (const group of groups) {
    if (group.leftOut) continue;
    const texts = isVisits(group) ? readWhose(group.rows) : readPatient(group.rows, today);
    group.patient = { rows: group.rows, texts, course: readCourse(group.rows, texts) };
  }
  const patients = groups.flatMap(({ patient }) => patient ?? []);
  compareRows(groups.flatMap((group) => (isVisits(group) ? [] : (group.patient ?? []))));
  findPatients(
    groups.flatMap((group) => (isVisits(group) ? (group.patient ?? []) : [])),
    patients,
  );
  for (const { again, course, rows } of patients) if (again && rows.isClear) addTo(again, course);
  return numbered(placed, groupOf);
}

const isVisits = ({ rows }: Group): boolean => isAboutCourse(rows.columns, 'roster');

const isLeftOut = ({ sheet, row }: PlacedRow, answers: GivenAnswers): boolean =>
  answers.of(sheet, row, 'row', null, '') === 'skip' || answers.of(sheet, row, 'person', null, '') === 'skip';

/** The later rows of a patient add what the earlier ones do not say. */
function addTo(patient: FilePatient, course: FilePatient['course']): void {
  const known = new Set(patient.course.map(({ event }) => factKey(event)));
  for (const one of course) if (!known.has(factKey(one.event))) patient.course.push(one);
}

function numbered(placed: readonly Placed[], groupOf: ReadonlyMap<PlacedRow, Group>): TableRow[] {
  const lines = new Map<PatientRows, number>();
  let line = 0;
  const all = placed.flatMap(({ rows }) => rows.map((row) => ({ row, line: ++line })));
  for (const { row, line: at } of all) {
    const group = groupOf.get(row);
    if (group && row.kind === 'patient') lines.set(group.rows, at);
  }
  return all.map(({ row, line: at }): TableRow => {
    const group = groupOf.get(row);
    const about = { line: at, sheet: row.sheet, row: row.row, cells: textsOf(row) };
    if (row.kind === 'skipped' || !group)
      return { ...about, mrn: '', state: 'skipped', why: row.why ?? 'blank', issues: [] };
    if (row.kind === 'continuation') {
      const of = { sheet: group.rows.sheet, row: group.rows.row, line: lines.get(group.rows) ?? 0 };
      return { ...about, mrn: group.patient?.texts.mrn ?? '', state: 'continuation', of, issues: [] };
    }
    return { ...about, ...rowOf(group, lines) };
  });
}

function rowOf(
  { patient, leftOut, rows }: Group,
  lines: ReadonlyMap<PatientRows, number>,
): Pick<TableRow, 'mrn' | 'state' | 'issues' | 'entry' | 'of' | 'why'> {
  if (leftOut || !patient) return { mrn: '', state: 'skipped', why: 'left-out', issues: [] };
  const { mrn } = patient.texts;
  const { issues } = rows;
  const { again } = patient;
  if (!rows.isClear) return { mrn, state: 'held', issues };
  if (again) {
    const of = { sheet: again.rows.sheet, row: again.rows.row, line: lines.get(again.rows) ?? 0 };
    return { mrn, state: 'again', of, issues };
  }
  return { mrn, state: 'ready', issues, entry: entryOf(patient) };
}

/** The content of a patient about whom nothing was asked. */
function entryOf({ texts, course, rows }: FilePatient): RosterEntry {
  const { mrn, name, sex, birthDate, diagnosisDate, resectionDate } = texts;
  const { site, stage, preoperativeColonoscopy, lynch, intent } = texts;
  const known = [name, sex, birthDate, diagnosisDate, resectionDate, site, stage, preoperativeColonoscopy];
  if (known.some((one) => one === undefined))
    throw new Error('A row without questions has all required fields.');
  const { phone, identityNumber, responsibleNurse, department, ward, group, distanceKm } =
    texts as Required<PatientTexts>;
  const required = { name, sex, birthDate, diagnosisDate } as Pick<
    RosterEntry['patient'],
    'name' | 'sex' | 'birthDate' | 'diagnosisDate'
  >;
  return {
    patient: {
      ...{ mrn, ...required, phone, identityNumber, responsibleNurse, department },
      ...{ ward, group, distanceKm },
    },
    events: rosterFacts({
      resectionDate,
      diagnosisDate,
      site,
      stage,
      preoperativeColonoscopy,
      lynch,
      intent,
    } as Parameters<typeof rosterFacts>[0]),
    course,
    separate: rows.answerAt(rows.row, 'person') === 'separate',
  };
}

function eventRows(placed: readonly Placed[], context: TableContext, answers: GivenAnswers): TableRow[] {
  let line = 0;
  const room = issueRoom();
  return placed.flatMap(({ rows, columns }) =>
    rows.map((row): TableRow => {
      const about = { line: ++line, sheet: row.sheet, row: row.row, cells: textsOf(row) };
      if (row.kind === 'skipped')
        return { ...about, mrn: '', state: 'skipped', why: row.why ?? 'blank', issues: [] };
      if (isLeftOut(row, answers))
        return { ...about, mrn: '', state: 'skipped', why: 'left-out', issues: [] };
      return {
        ...about,
        ...readEventRow(new PatientRows([row], columns, answers, room), about.line, context.events),
      };
    }),
  );
}

const MOST_KEPT = 200;
const textsOf = ({ texts = [] }: PlacedRow): string[] => texts.map((text) => text.slice(0, MOST_KEPT));
