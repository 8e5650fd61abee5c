import type { HospitalTransaction } from '../access/hospital-scope.js';
import type { FieldFault } from '../domain-error.js';
import {
  areProbablyOne,
  duplicatesOf,
  LIKENESSES,
  refusalOf,
  UNLIKE_ALWAYS,
} from '../patients/duplicates.js';
import { folded } from '../patients/folded.js';
import { identityNumberForm } from '../patients/identity-number.js';
import type { Patient } from '../patients/patient.entity.js';
import { type Judged, rejectedRow } from './judgement.js';
import { msg } from '../platform/messages/dictionary.js';

// Candidates asked about in one statement.
const BATCH = 500;

/** The same rows; rejected is who is recorded under another mrn, or stands in an earlier row, and nobody says that they are two. */
export async function refuseTwins(
  tx: HospitalTransaction,
  judged: readonly Judged[],
  confirmed: ReadonlySet<string>,
): Promise<readonly Judged[]> {
  const candidates = judged.flatMap((one) => (one.patient && isNewPerson(one) ? [one.patient] : []));
  const recorded = new Map<string, Awaited<ReturnType<typeof duplicatesOf>>>();
  for (let at = 0; at < candidates.length; at += BATCH) {
    const batch = candidates.slice(at, at + BATCH);
    const found = await duplicatesOf(tx, batch);
    for (const { id } of batch) recorded.set(id, found);
  }
  const earlier = new EarlierRows();
  return judged.map((one) => {
    const { row, patient } = one;
    if (!patient) return one;
    const { line, mrn } = row;
    const isConfirmed = confirmed.has(folded(mrn));
    const duplicates = recorded.get(patient.id)?.get(patient.id) ?? [];
    const refusal = isNewPerson(one)
      ? (refusalOf(patient, duplicates, isConfirmed ? UNLIKE_ALWAYS : LIKENESSES) ??
        earlier.refusalOf(patient, isConfirmed))
      : null;
    if (!refusal) {
      earlier.add(patient, line);
      return one;
    }
    return { row: rejectedRow(line, mrn, [inRow(line, refusal)]) };
  });
}

/** A row that changes nothing of who somebody is was asked about when that was recorded. */
const isNewPerson = ({ patient, before }: Judged): boolean =>
  before === undefined ||
  (['name', 'sex', 'identityNumber'] as const).some((field) => before[field] !== patient?.[field]);

const COLUMNS: Readonly<Record<string, string>> = { '/identityNumber': 'identity_number' };

const inRow = (line: number, { pointer, code, message }: FieldFault): FieldFault => ({
  pointer: `/rows/${line}/${COLUMNS[pointer] ?? 'mrn'}`,
  code,
  message,
});

/** The rows before, by what makes two of them one person. */
class EarlierRows {
  private readonly byPerson = new Map<string, { readonly patient: Patient; readonly line: number }[]>();
  private readonly byNumber = new Map<string, number>();

  add(patient: Patient, line: number): void {
    const person = personOf(patient);
    this.byPerson.set(person, [...(this.byPerson.get(person) ?? []), { patient, line }]);
    if (patient.identityNumber !== null) this.byNumber.set(identityNumberForm(patient.identityNumber), line);
  }

  refusalOf(patient: Patient, confirmed: boolean): FieldFault | null {
    const { identityNumber } = patient;
    const sameNumber =
      identityNumber === null ? undefined : this.byNumber.get(identityNumberForm(identityNumber));
    if (sameNumber !== undefined)
      return {
        ...{ pointer: '/identityNumber', code: 'identity-number-taken' },
        message: msg('identity-number-taken', { who: msg('patient-on-line', { line: sameNumber }) }),
      };
    const twin = this.byPerson.get(personOf(patient))?.find((one) => areProbablyOne(patient, one.patient));
    if (!twin || confirmed) return null;
    return {
      ...{ pointer: '/mrn', code: 'probable-duplicate' },
      message: msg('probable-duplicate', { who: msg('patient-on-line', { line: twin.line }) }),
    };
  }
}

const personOf = ({ name, birthDate, sex }: Patient): string => `${folded(name)}|${birthDate}|${sex}`;
