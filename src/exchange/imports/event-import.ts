import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { CalendarDate } from '../../guideline/calendar.js';
import { valuesOf } from '../../guideline/measured-exam.js';
import { earlier } from '../../guideline/planned-item.js';
import type { FieldFault } from '../../platform/domain-error.js';
import type { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import { EventHistory, messageOfLimit } from '../../patients/event-history.js';
import { measuredEvent } from '../../patients/measured-event.js';
import type { Patient } from '../../patients/patient.entity.js';
import { eventOf } from '../../patients/recorded-events.js';
import { withRiseReasons } from '../../patients/rise-reasons.js';
import { type EventEntry, eventFault, type ParsedRow } from './rows/import-rows.js';
import { type ImportResult, rejectedRow, type RowResult } from './import-result.js';
import { msg } from '../../platform/messages/dictionary.js';
import { Turns } from '../../platform/turns.js';
import { ambiguousMrn, historiesOf, patientsByMrn } from './known-patients.js';

/**
 * Validates each row against the saved history and the good rows before it. A fact that is already recorded changes
 * nothing.
 */
export async function validateEvents(
  tx: HospitalTransaction,
  file: readonly ParsedRow<EventEntry>[],
  onRow: (done: number) => void,
): Promise<ImportResult> {
  const mrns = file.map(({ mrn }) => mrn);
  const patients = await patientsByMrn(tx, mrns);
  const recorded = await historiesOf(tx, patients.all);
  const histories = new Map<string, EventHistory>();

  const rows: RowResult[] = [];
  const events: ClinicalEvent[] = [];
  const turns = new Turns();
  for (const { line, mrn, parsed } of file) {
    await turns.next();
    onRow(rows.length);
    const patient = patients.of(mrn);
    const merged = patient && patient !== 'ambiguous' ? patients.mergedFault(line, mrn, patient) : null;
    if ('faults' in parsed) rows.push(rejectedRow(line, mrn, parsed.faults, parsed.notShown));
    else if (patient === 'ambiguous') rows.push(rejectedRow(line, mrn, [ambiguousMrn(line, mrn)]));
    else if (!patient) rows.push(rejectedRow(line, mrn, [unknownMrn(line, mrn)]));
    else if (merged) rows.push(rejectedRow(line, mrn, [merged]));
    else {
      const history =
        histories.get(patient.id) ??
        new EventHistory(patient, recorded.get(patient.id), tx.hospital.guideline);
      histories.set(patient.id, history);
      const { result, event } = validateEvent(line, tx, patient, history, parsed.value);
      rows.push(result);
      if (event) {
        history.add(event);
        events.push(event);
      }
    }
  }
  return { rows, created: [], updated: [], ...withRises(tx, events, histories) };
}

/**
 * Adds the reasons of risen values, whatever the order of the rows: in the new events, and in recorded ones after them (`assessed`).
 */
export function withRises(
  tx: HospitalTransaction,
  added: readonly ClinicalEvent[],
  histories: ReadonlyMap<string, EventHistory>,
): Pick<ImportResult, 'events' | 'assessed'> {
  const measured = added.filter(({ detail }) => valuesOf(detail).length > 0);
  const since = new Map<string, CalendarDate>();
  for (const { patientId, date } of measured)
    since.set(patientId, earlier(since.get(patientId) ?? date, date));
  const assessed = new Map<string, ClinicalEvent>();
  for (const [patientId, date] of since) {
    const events = histories.get(patientId)?.events ?? [];
    for (const event of withRiseReasons(tx.hospital, events, date)) assessed.set(event.id, event);
  }
  const isAdded = new Set(added.map(({ id }) => id));
  return {
    events: added.map((event) => assessed.get(event.id) ?? event),
    assessed: [...assessed.values()].filter(({ id }) => !isAdded.has(id)),
  };
}

function validateEvent(
  line: number,
  tx: HospitalTransaction,
  patient: Patient,
  history: EventHistory,
  { mrn, event: input, valueColumns }: EventEntry,
): { result: RowResult; event?: ClinicalEvent } {
  const measured = measuredEvent(tx, input, history, 'confirm-in-file');
  const rejected = (faults: readonly FieldFault[]): { result: RowResult } => ({
    result: rejectedRow(
      line,
      mrn,
      faults.map((fault) => eventFault(line, valueColumns, fault)),
    ),
  });
  if ('faults' in measured) return rejected(measured.faults);
  if (history.same(measured.fact)) return { result: { line, mrn, result: 'unchanged', errors: [] } };
  const limit = history.limitReached(measured.fact);
  if (limit !== null) return { result: rejectedRow(line, mrn, [tooMany(line, limit)]) };
  if (measured.doubts.length > 0) return rejected(measured.doubts);
  // What an imported file says of the time before the enrolment is history.
  const isHistory = measured.fact.date < patient.enrolledOn;
  const event = eventOf(patient, measured.fact, tx, { ...measured, isHistory });
  const errors = history.faultsWith(measured.fact, tx.today).map(({ code, message }) => ({
    pointer: `/rows/${line}/date`,
    code,
    message,
  }));
  return errors.length > 0
    ? { result: rejectedRow(line, mrn, errors) }
    : { result: { line, mrn, result: 'created', errors }, event };
}

const unknownMrn = (line: number, mrn: string) => ({
  pointer: `/rows/${line}/mrn`,
  code: 'unknown-mrn',
  message: msg('unknown-mrn', { mrn }),
});

const tooMany = (line: number, limit: number): FieldFault => ({
  pointer: `/rows/${line}/mrn`,
  code: 'too-many-events',
  message: messageOfLimit(limit),
});
