import { isLimited } from '../../tenancy/caller.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { FieldFault } from '../../platform/domain-error.js';
import type { CalendarDate } from '../../guideline/calendar.js';
import { faultsOf } from '../../guideline/fact-faults.js';
import type { Message } from '../../guideline/message.js';
import { RESECTION_EVENT } from '../../guideline/roster-facts.js';
import { datedFact, factTitle, type WithEvents } from '../../guideline/vocabulary.js';
import type { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import { folded, withoutHanSpaces } from '../../patients/folded.js';
import { contradictionsOf } from '../../patients/patient-input.js';
import type { Patient } from '../../patients/patient.entity.js';
import { patientOf } from '../../patients/patients.service.js';
import { eventOf, factOf, factsOf, isSameFact } from '../../patients/recorded-events.js';
import { outOfReachFault } from '../../patients/out-of-scope.js';
import { personsNamed } from '../../patients/responsible-nurse.js';
import { type ParsedRow, type RosterEntry, rosterColumn } from './rows/import-rows.js';
import { type ValidatedRow, type ImportResult, rejectedRow, type RowResult } from './import-result.js';
import { ambiguousMrn, historiesOf, identitiesOf, patientsByMrn } from './known-patients.js';
import { askAboutDuplicates, compareWithOthers } from './roster-duplicates.js';
import { CourseValidation } from './roster-course.js';
import { msg } from '../../platform/messages/dictionary.js';
import { inTurns } from '../../platform/turns.js';

/** The most events that an error names, of those that differ from a row. */
const MOST_NAMED = 10;

export interface RosterValidation {
  readonly enrolledOn: CalendarDate;
  /** Whether a person is asked about a row that may be a known patient. */
  readonly duplicates: 'warn' | 'ask';
  /** Called before each row with the number of rows before it. */
  readonly onRow: (done: number) => void;
}

/**
 * A new mrn is a new patient, unless the identity number is another patient's. For a known one the administrative
 * fields are updated, and a blank cell changes nothing; a clinical fact that differs from the record is refused,
 * because one of the two is wrong.
 */
export async function validateRoster(
  tx: HospitalTransaction,
  file: readonly ParsedRow<RosterEntry>[],
  { enrolledOn, duplicates, onRow }: RosterValidation,
): Promise<ImportResult> {
  const known = await patientsByMrn(
    tx,
    file.map(({ mrn }) => mrn),
  );
  const revealed = await identitiesOf(tx, known.all);
  const histories = await historiesOf(tx, known.all);
  const withinReach = await reachOf(tx, file);
  const linesByMrn = new Map<string, number>();
  const validateRow = ({ line, mrn, parsed }: ParsedRow<RosterEntry>): ValidatedRow => {
    const before = linesByMrn.get(folded(mrn));
    linesByMrn.set(folded(mrn), line);
    const rejected = (errors: readonly FieldFault[]): ValidatedRow => ({
      row: rejectedRow(line, mrn, errors),
    });
    if ('faults' in parsed) return { row: rejectedRow(line, mrn, parsed.faults, parsed.notShown) };
    if (before !== undefined) return rejected([mrnTwice(line, mrn, before)]);
    const existing = known.of(mrn);
    if (existing === 'ambiguous') return rejected([ambiguousMrn(line, mrn)]);
    const merged = existing ? known.mergedFault(line, mrn, existing) : null;
    if (merged) return rejected([merged]);
    const history = existing ? (histories.get(existing.id) ?? []) : [];
    const validated = existing
      ? validateKnown(line, { ...existing, ...revealed.get(existing.id) }, history, parsed.value, guideline)
      : validateNew(line, tx, parsed.value, enrolledOn);
    return course.added(validated, history, parsed.value);
  };
  const course = new CourseValidation(tx);
  const { guideline = {} } = tx.hospital;
  const validated = await inTurns(file, (row, at) => {
    onRow(at);
    return withinReach(validateRow(row));
  });
  const compared = await compareWithOthers(tx, validated);
  const good = duplicates === 'ask' ? askAboutDuplicates(compared, file) : compared;
  const written = (result: RowResult['result']): Patient[] =>
    good.flatMap(({ row, patient }) => (patient && row.result === result ? [patient] : []));
  return {
    rows: good.map(({ row }) => row),
    created: written('created'),
    updated: written('updated'),
    ...course.withRises(
      good.flatMap(({ row, events = [] }) =>
        row.result === 'created' || row.result === 'updated' ? events : [],
      ),
    ),
  };
}

function validateNew(
  line: number,
  tx: HospitalTransaction,
  entry: RosterEntry,
  enrolledOn: CalendarDate,
): ValidatedRow {
  const patient = patientOf({ ...entry.patient, enrolledOn }, tx);
  const events = entry.events.map((event) => eventOf(patient, event, tx));
  const errors = faultsOf(factsOf(patient, events), tx.today, tx.hospital.guideline ?? {}).map(
    ({ pointer, code, message }) => ({
      pointer: `/rows/${line}/${rosterColumn(pointer)}`,
      code,
      message,
    }),
  );
  errors.push(...contradictionsIn(line, patient));
  const { mrn } = patient;
  return errors.length > 0
    ? { row: rejectedRow(line, mrn, errors) }
    : { row: { line, mrn, result: 'created', errors }, patient, events };
}

const contradictionsIn = (line: number, patient: Patient): FieldFault[] =>
  contradictionsOf(patient).map((fault) => ({ ...fault, pointer: `/rows/${line}/identity_number` }));

function validateKnown(
  line: number,
  patient: Patient,
  history: readonly ClinicalEvent[],
  { patient: input, events }: RosterEntry,
  guideline: WithEvents,
): ValidatedRow {
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
    const column = event.type === RESECTION_EVENT ? 'resection_date' : 'lynch';
    const named = factTitle(event, guideline);
    const dates = recorded.slice(0, MOST_NAMED).map((one) => datedFact(factOf(one)));
    differs(
      column,
      dates.length === 0
        ? msg('event-not-recorded', { event: named })
        : msg('event-differs', { recorded: dates, event: named }),
    );
  }
  // A spreadsheet may spread the characters of a name: 李 敏 is 李敏.
  const name = withoutHanSpaces(patient.name) === withoutHanSpaces(input.name) ? patient.name : input.name;
  const {
    sex,
    phone = patient.phone,
    identityNumber = patient.identityNumber,
    responsibleNurse = patient.responsibleNurse,
    department = patient.department,
    ward = patient.ward,
    group = patient.group,
    distanceKm = patient.distanceKm,
  } = input;
  const identityShared = patient.identityShared && identityNumber === patient.identityNumber;
  const changed = {
    ...patient,
    ...{ name, sex, phone, identityNumber, identityShared, responsibleNurse, department },
    ...{ ward, group, distanceKm },
  };
  if (changed.identityNumber !== patient.identityNumber || changed.sex !== patient.sex)
    errors.push(...contradictionsIn(line, changed));
  const { mrn } = input;
  if (errors.length > 0) return { row: rejectedRow(line, mrn, errors) };
  const same = UPDATED.every((field) => changed[field] === patient[field]);
  const result = same ? 'unchanged' : 'updated';
  return { row: { line, mrn, result, errors }, patient: changed, before: patient };
}

/**
 * Rejects a row with a patient whom the caller could not see: the database would refuse to store it. The nurse is the
 * person to whom the database will resolve the name.
 */
async function reachOf(
  tx: HospitalTransaction,
  file: readonly ParsedRow<RosterEntry>[],
): Promise<(validated: ValidatedRow) => ValidatedRow> {
  const { caller } = tx;
  if (!isLimited(caller)) return (validated) => validated;
  const nurses = file.flatMap(({ parsed }) =>
    'value' in parsed ? (parsed.value.patient.responsibleNurse ?? []) : [],
  );
  const persons = await personsNamed(tx, new Set(nurses));
  return (validated) => {
    const { row, patient, before } = validated;
    if (!patient || row.result === 'unchanged') return validated;
    const { department, responsibleNurse } = patient;
    const recorded = before?.responsibleNurse === responsibleNurse ? before.responsiblePersonId : null;
    const responsiblePersonId = recorded ?? persons.get(responsibleNurse ?? '') ?? null;
    const fault = outOfReachFault(caller, { department, responsibleNurse, responsiblePersonId });
    if (fault === null) return validated;
    const column = fault.pointer === '/department' ? 'department' : 'responsible_nurse';
    return { row: rejectedRow(row.line, row.mrn, [{ ...fault, pointer: `/rows/${row.line}/${column}` }]) };
  };
}

const UPDATED = [
  ...(['name', 'sex', 'phone', 'identityNumber', 'responsibleNurse', 'department'] as const),
  ...(['ward', 'group', 'distanceKm'] as const),
];

const mrnTwice = (line: number, mrn: string, before: number): FieldFault => ({
  pointer: `/rows/${line}/mrn`,
  code: 'mrn-twice',
  message: msg('mrn-twice', { mrn, before }),
});
