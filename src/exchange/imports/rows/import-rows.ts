import { z } from 'zod';
import type { FieldFault } from '../../../platform/domain-error.js';
import { CLINICAL_EVENT_TYPES, EVENT_FIELDS, EXAM_EVENT } from '../../../guideline/facts.js';
import type { Guideline } from '../../../guideline/guideline.js';
import { MEASUREMENTS } from '../../../guideline/measurements.js';
import { RESECTION_EVENT, rosterFacts } from '../../../guideline/roster-facts.js';
import { eventTitle } from '../../../guideline/vocabulary.js';
import { faultsOfIssues } from '../../../platform/http/input-faults.js';
import {
  CalendarDay,
  type ClinicalEventInput,
  eventForm,
  fieldsNeeded,
} from '../../../patients/clinical-event-input.js';
import { tidied } from '../../../patients/folded.js';
import { IdentityNumber, Mrn, PatientInput, Phone } from '../../../patients/patient-input.js';
import { text } from '../../../platform/text.js';
import type { CsvRow, CsvShape } from './csv.js';
import { readDistance } from './distance.js';
import { issue } from '../../../platform/messages/issues.js';

export const ROSTER_COLUMNS: CsvShape = {
  required: [
    'mrn',
    'name',
    'sex',
    'birth_date',
    'diagnosis_date',
    'primary_site',
    'stage',
    'resection_date',
    'preoperative_colonoscopy',
  ],
  optional: [
    'lynch',
    'phone',
    'responsible_nurse',
    'department',
    'ward',
    'group',
    'distance_km',
    'identity_number',
  ],
};

/**
 * `cea_ng_ml`: the code and the unit of a measurement, as the name of a column; `cea_ng_ml_limit` contains the
 * laboratory's limit.
 */
const VALUE_COLUMNS = Object.values(MEASUREMENTS)
  .flat()
  .map(({ code, unit }) => ({
    code,
    unit,
    column: `${code}_${unit}`.toLowerCase().replace(/[^a-z0-9]+/g, '_'),
  }));
const limitColumn = (column: string): string => `${column}_limit`;

/** The columns of an events file for fields of events. */
const FIELD_COLUMNS: readonly string[] = ['site', 'activity', 'outcome'];

export const EVENT_COLUMNS: CsvShape = {
  required: ['mrn', 'type', 'date'],
  optional: [
    ...FIELD_COLUMNS,
    ...VALUE_COLUMNS.flatMap(({ column }) => [column, limitColumn(column)]),
    'confirmed',
  ],
};

// Words of wards for an unknown value.
const NOTHING_KNOWN =
  /^(?:|0|不详|不祥|不明|未详|未知|未留|未填|未提供|无|没有|暂无|无电话|n\/?a|nil|none|null|unknown|[-‐-―_/\\.·~*?？]+)$/iu;

/** A cell that may be empty: blank, or one of these words. */
const optional = <Output>(cell: z.ZodType<Output, string>) =>
  z
    .string()
    .transform((typed) => (NOTHING_KNOWN.test(tidied(typed)) ? undefined : typed))
    .pipe(cell.optional())
    .optional();

/** Kilometres in a cell, such as 12, 12.5 or 12 km. */
const Distance = z.string().transform((typed, ctx): number => {
  const km = readDistance(typed);
  if (km !== undefined) return km;
  ctx.addIssue({ code: 'custom', message: issue('distance-form') });
  return z.NEVER;
});

const RESECTION = EVENT_FIELDS[RESECTION_EVENT];

const RosterCells = z.object({
  mrn: Mrn,
  name: text(200),
  sex: z.enum(['male', 'female', 'other', 'unknown']),
  birth_date: CalendarDay,
  diagnosis_date: CalendarDay,
  primary_site: z.enum(RESECTION.site),
  stage: z.enum(RESECTION.stage),
  resection_date: CalendarDay,
  preoperative_colonoscopy: z.enum(RESECTION.preoperativeColonoscopy),
  lynch: z.enum(['yes', 'no', '']).optional(),
  phone: optional(Phone),
  responsible_nurse: optional(text(100)),
  department: optional(text(100)),
  ward: optional(text(100)),
  group: optional(text(100)),
  distance_km: optional(Distance),
  identity_number: optional(IdentityNumber),
});

/** A patient in a roster: administrative fields and the first facts of the history. */
export interface RosterEntry {
  readonly patient: PatientInput;
  readonly events: readonly ClinicalEventInput[];
  /** What a spreadsheet reports after the operation: visits, recurrence, an end. */
  readonly course?: readonly CourseEntry[];
  /** A person said that this is not the patient of the same name and birth date. */
  readonly separate?: boolean;
}

/** One event of the course, and the cell that it comes from. */
export interface CourseEntry {
  readonly event: ClinicalEventInput;
  readonly row: number;
  readonly field: string;
  readonly column: string | null;
  readonly written: string;
  /** A person confirmed a value that contradicts another one. */
  readonly confirmed: boolean;
}

/** The part of a guideline that declares recordable data in addition to what the program knows. */
export type DeclaredNames = Pick<Guideline, 'activities' | 'events'>;

/** How the rows of an events file are parsed under one guideline. */
export interface EventCells {
  readonly cells: ReturnType<typeof cellsUnder>;
  readonly event: ReturnType<typeof eventForm>;
}

export const eventCells = (declared: DeclaredNames): EventCells => ({
  cells: cellsUnder(declared),
  event: eventForm(declared),
});

/** Whether the events file has columns for all required fields of this type of event. */
const isImportable = (type: string, guideline: DeclaredNames): boolean =>
  fieldsNeeded(type, guideline).every((field) => FIELD_COLUMNS.includes(field));

const cellsUnder = (declared: DeclaredNames) =>
  z.object({
    mrn: Mrn,
    type: z
      .enum([...new Set<string>([...CLINICAL_EVENT_TYPES, ...Object.keys(declared.events ?? {})])])
      .refine((type) => isImportable(type, declared), {
        error: ({ input }) => issue('type-not-importable', { event: eventTitle(String(input), declared) }),
      }),
    date: CalendarDay,
    site: optional(text(100)),
    activity: optional(text(100)),
    outcome: optional(text(100)),
    confirmed: z.enum(['yes', 'no', '']).optional(),
  });

export interface EventEntry {
  readonly mrn: string;
  readonly event: ClinicalEventInput;
  /** The columns of its measured values, in their order. */
  readonly valueColumns: readonly string[];
}

/** The content of a row, or its own problems. */
type Parsed<T> =
  | { readonly value: T }
  /** `notShown`: the number of further errors beyond the maximum of a file. */
  | { readonly faults: readonly FieldFault[]; readonly notShown?: number };

/** A row with parsed cells. */
export interface ParsedRow<T> {
  /** In the file; the header is line 1. */
  readonly line: number;
  readonly mrn: string;
  readonly parsed: Parsed<T>;
  /** The cells as written, for the file of rejected rows. */
  readonly cells?: readonly string[];
}

export type ImportKind = 'roster' | 'events';

/** The content of a row in a file of each kind. */
export interface Entries {
  readonly roster: RosterEntry;
  readonly events: EventEntry;
}

export const COLUMNS: Readonly<Record<ImportKind, CsvShape>> = {
  roster: ROSTER_COLUMNS,
  events: EVENT_COLUMNS,
};

export function parsedRow(
  kind: ImportKind,
  row: CsvRow,
  events: EventCells,
): ParsedRow<RosterEntry | EventEntry> {
  const parsed = kind === 'roster' ? rosterEntry(row) : eventEntry(row, events);
  return { line: row.line, mrn: row.cells['mrn'] ?? '', parsed, cells: Object.values(row.cells) };
}

const faultsIn = (row: CsvRow, error: z.ZodError): FieldFault[] =>
  faultsOfIssues(error.issues).map((fault) => ({ ...fault, pointer: `/rows/${row.line}${fault.pointer}` }));

function rosterEntry(row: CsvRow): Parsed<RosterEntry> {
  const parsed = RosterCells.safeParse(row.cells);
  if (!parsed.success) return { faults: faultsIn(row, parsed.error) };
  const cells = parsed.data;
  const events = rosterFacts({
    resectionDate: cells.resection_date,
    diagnosisDate: cells.diagnosis_date,
    site: cells.primary_site,
    stage: cells.stage,
    preoperativeColonoscopy: cells.preoperative_colonoscopy,
    lynch: cells.lynch === 'yes',
  });
  return {
    value: {
      patient: {
        mrn: cells.mrn,
        name: cells.name,
        sex: cells.sex,
        birthDate: cells.birth_date,
        diagnosisDate: cells.diagnosis_date,
        phone: cells.phone,
        identityNumber: cells.identity_number,
        responsibleNurse: cells.responsible_nurse,
        department: cells.department,
        ward: cells.ward,
        group: cells.group,
        distanceKm: cells.distance_km,
      },
      events,
    },
  };
}

function eventEntry(row: CsvRow, { cells, event: form }: EventCells): Parsed<EventEntry> {
  const parsed = cells.safeParse(row.cells);
  if (!parsed.success) return { faults: faultsIn(row, parsed.error) };
  const { mrn, confirmed, ...fields } = parsed.data;
  const columns = VALUE_COLUMNS.filter(({ column }) =>
    [column, limitColumn(column)].some((one) => row.cells[one]),
  );
  const given = Object.fromEntries(Object.entries(fields).filter(([column]) => row.cells[column]));
  const event = form.safeParse({
    ...given,
    ...(columns.length > 0 && { values: columns.map((column) => writtenValue(row, column)) }),
    ...(confirmed === 'yes' && fields.type === EXAM_EVENT && { confirmed: true }),
  });
  const valueColumns = columns.map(({ column }) => column);
  if (event.success) return { value: { mrn, event: event.data, valueColumns } };
  const faults = faultsOfIssues(event.error.issues).map((fault) => eventFault(row.line, valueColumns, fault));
  return { faults };
}

/** The unit of the column applies where the cell has none of its own. */
function writtenValue({ cells }: CsvRow, { code, unit, column }: (typeof VALUE_COLUMNS)[number]): object {
  const limit = cells[limitColumn(column)] ?? '';
  const referenceLimit = /^\d{1,9}(\.\d{1,9})?$/.test(limit) ? Number(limit) : limit;
  return { code, value: cells[column] ?? '', unit, ...(limit !== '' && { referenceLimit }) };
}

/** A problem of a row's event, with the column that it is about. */
export function eventFault(line: number, valueColumns: readonly string[], fault: FieldFault): FieldFault {
  const [, index, field] = /^\/values\/(\d+)\/(\w+)/.exec(fault.pointer) ?? [];
  const column = valueColumns[index === undefined ? 0 : Number(index)] ?? '';
  const named = field === 'referenceLimit' ? limitColumn(column) : column;
  const pointer = fault.pointer.startsWith('/values') ? `/${named}` : fault.pointer;
  return { ...fault, pointer: `/rows/${line}${pointer}` };
}

/** The roster column for a problem of a patient's facts. */
export function rosterColumn(pointer: string): string {
  if (pointer === '/birthDate') return 'birth_date';
  if (pointer.startsWith('/events/0')) return 'resection_date';
  return 'diagnosis_date';
}
