import { Any } from 'typeorm';
import type { HospitalTransaction } from '../access/hospital-scope.js';
import type { FieldFault } from '../domain-error.js';
import type { CalendarDate } from '../guideline/calendar.js';
import { faultsOf } from '../guideline/facts.js';
import type { Message } from '../guideline/message.js';
import type { ClinicalEvent } from '../patients/clinical-event.entity.js';
import { revealIdentities } from '../patients/identity.js';
import { Patient } from '../patients/patient.entity.js';
import {
  eventOf,
  factsOf,
  isSameFact,
  LOCKED_PATIENT,
  patientOf,
  standingEvents,
} from '../patients/patients.service.js';
import type { CsvRow } from './csv.js';
import { type RosterEntry, rosterColumn, rosterEntry } from './import-rows.js';
import { type Judgement, rejectedRow, type RowResult } from './judgement.js';
import { msg } from '../platform/messages/dictionary.js';

/**
 * A new mrn is a new patient. For a known one the administrative fields are brought up to date; a
 * clinical fact that differs from what is recorded is refused, because one of the two is wrong.
 */
export async function judgeRoster(
  tx: HospitalTransaction,
  csv: readonly CsvRow[],
  enrolledOn: CalendarDate,
): Promise<Judgement> {
  const mrns = csv.map(({ cells }) => cells['mrn'] ?? '');
  const registered = await tx.db.find(Patient, {
    where: { hospitalId: tx.hospital.id, mrn: Any(mrns) },
    lock: LOCKED_PATIENT,
  });
  const revealed = await revealIdentities(tx, registered);
  const known = new Map(
    registered.map((patient) => [patient.mrn, { ...patient, ...revealed.get(patient.id) }]),
  );
  const histories = await standingEvents(
    tx,
    [...known.values()].map(({ id }) => id),
  );

  const rows: RowResult[] = [];
  const [created, updated, events]: [Patient[], Patient[], ClinicalEvent[]] = [[], [], []];
  const linesByMrn = new Map<string, number>();
  for (const row of csv) {
    const mrn = row.cells['mrn'] ?? '';
    const parsed = rosterEntry(row);
    const before = linesByMrn.get(mrn);
    linesByMrn.set(mrn, row.line);
    if ('faults' in parsed) rows.push(rejectedRow(row.line, mrn, parsed.faults));
    else if (before !== undefined) rows.push(rejectedRow(row.line, mrn, [mrnTwice(row.line, mrn, before)]));
    else {
      const existing = known.get(mrn);
      const judged = existing
        ? judgeKnown(row.line, existing, histories.get(existing.id) ?? [], parsed.value)
        : judgeNew(row.line, tx, parsed.value, enrolledOn);
      rows.push({ line: row.line, mrn, result: judged.result, errors: judged.errors });
      if (judged.result === 'created') created.push(judged.patient);
      if (judged.result === 'updated') updated.push(judged.patient);
      events.push(...judged.events);
    }
  }
  return { rows, created, updated, events };
}

interface Judged {
  readonly result: RowResult['result'];
  readonly patient: Patient;
  readonly events: readonly ClinicalEvent[];
  readonly errors: readonly FieldFault[];
}

function judgeNew(
  line: number,
  tx: HospitalTransaction,
  entry: RosterEntry,
  enrolledOn: CalendarDate,
): Judged {
  const patient = patientOf({ ...entry.patient, enrolledOn }, tx);
  const events = entry.events.map((event) => eventOf(patient, event, tx));
  const errors = faultsOf(factsOf(patient, events), tx.today).map(({ pointer, code, message }) => ({
    pointer: `/rows/${line}/${rosterColumn(pointer)}`,
    code,
    message,
  }));
  return errors.length > 0
    ? { result: 'rejected', patient, events: [], errors }
    : { result: 'created', patient, events, errors };
}

function judgeKnown(
  line: number,
  patient: Patient,
  history: readonly ClinicalEvent[],
  { patient: input, events }: RosterEntry,
): Judged {
  const errors: FieldFault[] = [];
  const differs = (column: string, message: Message): void =>
    void errors.push({
      pointer: `/rows/${line}/${column}`,
      code: 'differs-from-record',
      message,
    });
  const recordedIs = (recorded: string): Message => msg('differs-from-record', { recorded });
  if (patient.birthDate !== input.birthDate) differs('birth_date', recordedIs(patient.birthDate));
  if (patient.diagnosisDate !== input.diagnosisDate)
    differs('diagnosis_date', recordedIs(patient.diagnosisDate));
  for (const event of events) {
    const recorded = history.filter(({ type }) => type === event.type);
    if (recorded.some((one) => isSameFact(one, event))) continue;
    const column = event.type === 'primary_resection' ? 'resection_date' : 'lynch';
    const { type } = event;
    const dates = recorded.map(({ date, detail }) => `${date} ${JSON.stringify(detail)}`);
    differs(
      column,
      dates.length === 0
        ? msg('event-not-recorded', { type })
        : msg('event-differs', { recorded: dates, type }),
    );
  }
  if (errors.length > 0) return { result: 'rejected', patient, events: [], errors };

  const { name, sex, phone = null, responsibleNurse = null, department = patient.department } = input;
  const same =
    patient.name === name &&
    patient.sex === sex &&
    patient.phone === phone &&
    patient.responsibleNurse === responsibleNurse &&
    patient.department === department;
  return {
    result: same ? 'unchanged' : 'updated',
    patient: { ...patient, name, sex, phone, responsibleNurse, department },
    events: [],
    errors,
  };
}

const mrnTwice = (line: number, mrn: string, before: number): FieldFault => ({
  pointer: `/rows/${line}/mrn`,
  code: 'mrn-twice',
  message: msg('mrn-twice', { mrn, before }),
});
