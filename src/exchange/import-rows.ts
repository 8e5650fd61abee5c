import { z } from 'zod';
import type { FieldFault } from '../domain-error.js';
import { CLINICAL_EVENT_TYPES, CLOSING_EVENTS } from '../guideline/facts.js';
import { faultsOfIssues } from '../input-faults.js';
import { CalendarDay, ClinicalEventInput } from '../patients/clinical-event-input.js';
import { Mrn, PatientInput } from '../patients/patient-input.js';
import { text } from '../text.js';
import type { CsvRow, CsvShape } from './csv.js';
import { issue } from '../platform/messages/issues.js';

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
  optional: ['lynch', 'phone', 'responsible_nurse', 'department'],
};

export const EVENT_COLUMNS: CsvShape = { required: ['mrn', 'type', 'date'], optional: ['site'] };

const optionalText = (max: number) =>
  z
    .literal('')
    .transform(() => undefined)
    .or(text(max))
    .optional();

const RosterCells = z.object({
  mrn: Mrn,
  name: text(200),
  sex: z.enum(['male', 'female', 'other', 'unknown']),
  birth_date: CalendarDay,
  diagnosis_date: CalendarDay,
  primary_site: z.enum(['colon', 'rectum']),
  stage: z.enum(['I', 'II', 'III', 'IV']),
  resection_date: CalendarDay,
  preoperative_colonoscopy: z.enum(['complete', 'incomplete']),
  lynch: z.enum(['yes', 'no', '']).optional(),
  phone: optionalText(40),
  responsible_nurse: optionalText(100),
  department: optionalText(100),
});

/** A patient as the roster gives one: administrative fields and the first facts of the history. */
export interface RosterEntry {
  readonly patient: PatientInput;
  readonly events: readonly ClinicalEventInput[];
}

/** Event types whose fields the events file has columns for. */
const IMPORTABLE = [
  'liver_metastasis_diagnosed',
  'liver_ned',
  'recurrence',
  'conversion_therapy_ended',
  'lynch_syndrome_confirmed',
  ...CLOSING_EVENTS,
] as const;

const EventCells = z.object({
  mrn: Mrn,
  type: z.enum(CLINICAL_EVENT_TYPES).refine((type) => IMPORTABLE.some((one) => one === type), {
    error: ({ input }) => issue('type-not-importable', { type: String(input) }),
  }),
  date: CalendarDay,
  site: optionalText(100),
});

export interface EventEntry {
  readonly mrn: string;
  readonly event: ClinicalEventInput;
}

type Parsed<T> = { readonly value: T } | { readonly faults: FieldFault[] };

const faultsIn = (row: CsvRow, error: z.ZodError): FieldFault[] =>
  faultsOfIssues(error.issues).map((fault) => ({ ...fault, pointer: `/rows/${row.line}${fault.pointer}` }));

/** A surgery of a roster was done to cure: that is whom the list is of. Lynch syndrome counts from the diagnosis. */
export function rosterEntry(row: CsvRow): Parsed<RosterEntry> {
  const parsed = RosterCells.safeParse(row.cells);
  if (!parsed.success) return { faults: faultsIn(row, parsed.error) };
  const cells = parsed.data;
  const events: ClinicalEventInput[] = [
    {
      type: 'primary_resection',
      date: cells.resection_date,
      site: cells.primary_site,
      stage: cells.stage,
      intent: 'curative',
      preoperativeColonoscopy: cells.preoperative_colonoscopy,
    },
  ];
  if (cells.lynch === 'yes') events.push({ type: 'lynch_syndrome_confirmed', date: cells.diagnosis_date });
  return {
    value: {
      patient: {
        mrn: cells.mrn,
        name: cells.name,
        sex: cells.sex,
        birthDate: cells.birth_date,
        diagnosisDate: cells.diagnosis_date,
        phone: cells.phone,
        responsibleNurse: cells.responsible_nurse,
        department: cells.department,
      },
      events,
    },
  };
}

export function eventEntry(row: CsvRow): Parsed<EventEntry> {
  const parsed = EventCells.safeParse(row.cells);
  if (!parsed.success) return { faults: faultsIn(row, parsed.error) };
  const { mrn, type, date, site } = parsed.data;
  const event = ClinicalEventInput.safeParse({ type, date, ...(site !== undefined && { site }) });
  return event.success ? { value: { mrn, event: event.data } } : { faults: faultsIn(row, event.error) };
}

/** The column of the roster that a fault of a patient's facts is about. */
export function rosterColumn(pointer: string): string {
  if (pointer === '/birthDate') return 'birth_date';
  if (pointer.startsWith('/events/0')) return 'resection_date';
  return 'diagnosis_date';
}
