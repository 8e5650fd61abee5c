import { type HospitalTransaction, notePatient } from '../../tenancy/hospital-scope.js';
import type { FieldFault } from '../../platform/domain-error.js';
import {
  areProbablyOne,
  type Duplicate,
  duplicatesOf,
  refusalOf,
  UNLIKE_ALWAYS,
} from '../../patients/duplicates.js';
import { folded } from '../../patients/folded.js';
import { identityNumberForm } from '../../patients/identity-number.js';
import { possibleAmong } from '../../patients/possible-duplicates.js';
import type { Patient } from '../../patients/patient.entity.js';
import type { ParsedRow, RosterEntry } from './rows/import-rows.js';
import { type ValidatedRow, rejectedRow, type RowResult } from './import-result.js';
import { msg } from '../../platform/messages/dictionary.js';
import { inBatches, inTurns } from '../../platform/turns.js';

// Candidates asked about in one statement.
const BATCH = 200;

type Recorded = ReadonlyMap<string, readonly Duplicate[]>;

/**
 * The same rows, compared with the record and the earlier rows. A row with another patient's mrn or identity number
 * is rejected; a row that may be the same person as another patient is written, with a warning.
 */
export async function compareWithOthers(
  tx: HospitalTransaction,
  validated: readonly ValidatedRow[],
): Promise<readonly ValidatedRow[]> {
  const candidates = validated.flatMap((one) => (one.patient && isNewPerson(one) ? [one.patient] : []));
  const recorded = await recordedLike(tx, candidates);
  const earlier = new EarlierRows();
  return inTurns(validated, (one) => {
    const { row, patient } = one;
    if (!patient) return one;
    const compared = isNewPerson(one)
      ? compare(row, patient, recorded.get(patient.id) ?? [], earlier)
      : { row, patient };
    if (compared.patient) earlier.add(one, row.line);
    return { ...one, ...compared };
  });
}

async function recordedLike(tx: HospitalTransaction, candidates: readonly Patient[]): Promise<Recorded> {
  return new Map(await inBatches(candidates, BATCH, async (batch) => [...(await duplicatesOf(tx, batch))]));
}

function compare(
  row: RowResult,
  patient: Patient,
  recorded: readonly Duplicate[],
  earlier: EarlierRows,
): Pick<ValidatedRow, 'row'> & { readonly patient: Patient | undefined } {
  const { line, mrn } = row;
  const refusal = refusalOf(patient, recorded, UNLIKE_ALWAYS) ?? earlier.refusalOf(patient);
  if (refusal) return { row: rejectedRow(line, mrn, [inRow(line, refusal)]), patient: undefined };
  const { shown, notShown } = possibleAmong(recorded);
  for (const { id } of shown) notePatient(id);
  const ids = new Set(shown.map(({ id }) => id));
  const possible = [...shown, ...earlier.like(patient).filter(({ id }) => id === null || !ids.has(id))];
  if (possible.length + notShown === 0) return { row, patient };
  const warnings = warningsOf(
    line,
    possible.map((other) => other.mrn),
    notShown,
  );
  return {
    row: { ...row, warnings, possibleDuplicates: possible, possibleDuplicatesNotShown: notShown },
    patient,
  };
}

function warningsOf(line: number, mrns: readonly string[], notShown: number): FieldFault[] {
  const where = { pointer: `/rows/${line}/mrn`, code: 'possible-duplicate' };
  return [
    ...(mrns.length > 0 ? [{ ...where, message: msg('possible-duplicate', { mrns }) }] : []),
    ...(notShown > 0
      ? [{ ...where, message: msg('possible-duplicate-not-shown', { count: notShown }) }]
      : []),
  ];
}

/** The same rows; one that may be a recorded patient waits for a person, unless it says that it is another one. */
export function askAboutDuplicates(
  compared: readonly ValidatedRow[],
  file: readonly ParsedRow<RosterEntry>[],
): ValidatedRow[] {
  return compared.map((one, at) => {
    const parsed = file[at]?.parsed;
    const isAnswered = parsed !== undefined && 'value' in parsed && parsed.value.separate === true;
    const { row } = one;
    const isPossible = (row.warnings ?? []).some(({ code }) => code === 'possible-duplicate');
    if (!isPossible || isAnswered || row.result !== 'created') return one;
    const mrns = (row.possibleDuplicates ?? []).map(({ mrn }) => mrn);
    const message = msg('ask-same-person-recorded', { mrns });
    const error = { pointer: `/rows/${row.line}/person`, code: 'same-person', message };
    return { row: { ...row, result: 'asked', errors: [error], warnings: [] } };
  });
}

/** Whether the row changes an identity. An unchanged one was compared when it was saved. */
const isNewPerson = ({ patient, before }: ValidatedRow): boolean =>
  before === undefined ||
  (['name', 'sex', 'identityNumber'] as const).some((field) => before[field] !== patient?.[field]);

const COLUMNS: Readonly<Record<string, string>> = { '/identityNumber': 'identity_number' };

const inRow = (line: number, { pointer, code, message }: FieldFault): FieldFault => ({
  pointer: `/rows/${line}/${COLUMNS[pointer] ?? 'mrn'}`,
  code,
  message,
});

/** The most earlier rows that one warning names. */
const MOST_NAMED = 20;

/** The earlier rows of the file, by name, birth date and sex. */
class EarlierRows {
  private readonly byPerson = new Map<string, { readonly patient: Patient; readonly isNew: boolean }[]>();
  private readonly byNumber = new Map<string, number>();

  add({ patient, before }: ValidatedRow, line: number): void {
    if (!patient) return;
    const person = personOf(patient);
    const same = this.byPerson.get(person) ?? [];
    if (same.length < MOST_NAMED) same.push({ patient, isNew: before === undefined });
    this.byPerson.set(person, same);
    if (patient.identityNumber !== null) this.byNumber.set(identityNumberForm(patient.identityNumber), line);
  }

  refusalOf({ identityNumber }: Patient): FieldFault | null {
    const line = identityNumber === null ? undefined : this.byNumber.get(identityNumberForm(identityNumber));
    if (line === undefined) return null;
    return {
      ...{ pointer: '/identityNumber', code: 'identity-number-taken' },
      message: msg('identity-number-taken', { who: msg('patient-on-line', { line }) }),
    };
  }

  /** Patients who may be the same person; without an id for those not recorded yet. */
  like(patient: Patient): { readonly id: string | null; readonly mrn: string }[] {
    return (this.byPerson.get(personOf(patient)) ?? [])
      .filter((one) => areProbablyOne(patient, one.patient))
      .map(({ patient: { id, mrn }, isNew }) => ({ id: isNew ? null : id, mrn }));
  }
}

const personOf = ({ name, birthDate, sex }: Patient): string => `${folded(name)}|${birthDate}|${sex}`;
