import { beyondPatientScope, type HospitalTransaction, notePatient } from '../tenancy/hospital-scope.js';
import { DomainError, type FieldFault } from '../platform/domain-error.js';
import type { CalendarDate } from '../guideline/calendar.js';
import type { Message } from '../guideline/message.js';
import { msg } from '../platform/messages/dictionary.js';
import { folded } from './folded.js';
import { type Identity, termsFor } from './identity.js';
import { identityNumberForm } from './identity-number.js';
import type { Patient } from './patient.entity.js';
import { possibleAmong, type PossibleDuplicates } from './possible-duplicates.js';
import { phoneForms } from './phone-number.js';

/** A patient who is not saved yet, with the identity in clear. */
export type Candidate = Identity & Pick<Patient, 'id' | 'mrn' | 'sex' | 'birthDate' | 'diagnosisDate'>;

/** How a recorded patient is the same as the candidate: by mrn, identity number, or name, birth date and sex. */
export type Likeness = 'mrn' | 'identity-number' | 'person';

/** Similarities that two patients must never have. */
export const UNLIKE_ALWAYS: readonly Likeness[] = ['mrn', 'identity-number'];

export interface Duplicate {
  readonly likeness: Likeness;
  /** The recorded patient; null for a caller who may not see them. */
  readonly existing: { readonly id: string; readonly mrn: string } | null;
}

interface Found {
  readonly candidate: string;
  readonly likeness: Likeness;
  readonly id: string;
  readonly mrn: string;
}

/**
 * The recorded patients, of the whole hospital, who have the mrn of a candidate in any form, or the identity number,
 * or are probably the same person: name, birth date and sex are equal, and nothing distinguishes them (another
 * identity number, or both another phone and another day of diagnosis). By the candidate's id; the candidate itself
 * is left out.
 */
export async function duplicatesOf(
  tx: HospitalTransaction,
  candidates: readonly Candidate[],
): Promise<ReadonlyMap<string, readonly Duplicate[]>> {
  if (candidates.length === 0) return new Map();
  const found = await beyondPatientScope(tx, () => lookFor(tx, candidates));
  const seen = await seenBy(tx, found);
  const byCandidate = new Map<string, Duplicate[]>();
  for (const { candidate, likeness, id, mrn } of found) {
    const existing = seen.has(id) ? { id, mrn } : null;
    const duplicate = { likeness, existing };
    const others = byCandidate.get(candidate);
    if (others) others.push(duplicate);
    else byCandidate.set(candidate, [duplicate]);
  }
  return byCandidate;
}

async function lookFor(tx: HospitalTransaction, candidates: readonly Candidate[]): Promise<readonly Found[]> {
  const keys = await tx.keys();
  const terms = (one: Candidate, kind: 'name' | 'phone' | 'identityNumber'): Buffer[] => {
    const value = one[kind];
    return value === null ? [] : termsFor(keys, kind, value);
  };
  return tx.db.query<Found[]>(FIND_DUPLICATES, [
    tx.hospital.id,
    candidates.map(({ id }) => id),
    candidates.map(({ mrn }) => folded(mrn)),
    candidates.map((one) => terms(one, 'identityNumber')[0] ?? null),
    candidates.map((one) => terms(one, 'name')[0] ?? null),
    candidates.map(({ birthDate }) => birthDate),
    candidates.map(({ sex }) => sex),
    candidates.map(({ diagnosisDate }) => diagnosisDate),
    candidates.map((one) => terms(one, 'phone').map(hex).join(',')),
  ]);
}

/** Whether two patients with one name, birth date and sex are probably one person. `FIND_DUPLICATES` decides the same in SQL. */
export function areProbablyOne(
  a: Pick<Candidate, 'identityNumber' | 'diagnosisDate' | 'phone'>,
  b: Pick<Candidate, 'identityNumber' | 'diagnosisDate' | 'phone'>,
): boolean {
  if (a.identityNumber !== null && b.identityNumber !== null)
    return identityNumberForm(a.identityNumber) === identityNumberForm(b.identityNumber);
  if (a.diagnosisDate === b.diagnosisDate || a.phone === null || b.phone === null) return true;
  const numbers = phoneForms(b.phone);
  return phoneForms(a.phone).some((number) => numbers.includes(number));
}

const hex = (term: Buffer): string => term.toString('hex');

// Without a limit, a file of namesakes against a database of namesakes would return every pair.
const MOST_NAMESAKES = 100;

// An array of arrays would be flattened by unnest, so the terms of phones travel as one text.
const FIND_DUPLICATES = `
  WITH wanted AS (
    SELECT id, mrn, identity, name, born, sex, diagnosed,
           (SELECT array_agg(decode(term, 'hex')) FROM unnest(string_to_array(nullif(phones, ''), ',')) AS term) AS phones
      FROM unnest($2::uuid[], $3::text[], $4::bytea[], $5::bytea[], $6::date[], $7::text[], $8::date[], $9::text[])
        AS w (id, mrn, identity, name, born, sex, diagnosed, phones))
  SELECT w.id AS candidate, 'mrn' AS likeness, p.id, p.mrn
    FROM wanted w JOIN patient p ON p.hospital_id = $1 AND p.mrn_key = w.mrn AND p.id <> w.id
  UNION ALL
  SELECT w.id, 'identity-number', p.id, p.mrn
    FROM wanted w JOIN patient p ON p.hospital_id = $1 AND p.identity_index = w.identity AND NOT p.identity_shared AND p.id <> w.id
  UNION ALL
  SELECT w.id, 'person', same.id, same.mrn
    FROM wanted w CROSS JOIN LATERAL (
      SELECT p.id, p.mrn FROM patient p
       WHERE p.hospital_id = $1 AND p.birth_date = w.born AND p.sex = w.sex AND p.id <> w.id AND p.merged_into IS NULL
         AND p.search_terms @> ARRAY[w.name]
         AND (w.identity IS NULL OR p.identity_number IS NULL OR p.search_terms @> ARRAY[w.identity])
         AND NOT (p.diagnosis_date <> w.diagnosed AND p.phone IS NOT NULL AND w.phones IS NOT NULL
                  AND NOT p.search_terms && w.phones)
       LIMIT ${MOST_NAMESAKES}) AS same`;

async function seenBy({ db }: HospitalTransaction, found: readonly Found[]): Promise<ReadonlySet<string>> {
  if (found.length === 0) return new Set();
  const ids = [...new Set(found.map(({ id }) => id))];
  const rows = await db.query<{ id: string }[]>('SELECT id FROM patient WHERE id = ANY($1)', [ids]);
  return new Set(rows.map(({ id }) => id));
}

/**
 * The validation error for a candidate with a duplicate that has one of these similarities; null: the candidate has
 * none.
 */
export function refusalOf(
  { mrn }: Pick<Candidate, 'mrn'>,
  duplicates: readonly Duplicate[],
  unlike: readonly Likeness[],
): (FieldFault & Pick<Duplicate, 'existing'>) | null {
  const one = (wanted: Likeness): Duplicate | undefined =>
    duplicates.find(({ likeness }) => likeness === wanted && unlike.includes(wanted));
  const sameMrn = one('mrn');
  if (sameMrn)
    return {
      pointer: '/mrn',
      code: 'mrn-taken',
      message: mrnTaken(mrn, sameMrn),
      existing: sameMrn.existing,
    };
  const sameNumber = one('identity-number');
  if (!sameNumber) return null;
  return {
    ...{ pointer: '/identityNumber', code: 'identity-number-taken', existing: sameNumber.existing },
    message: msg('identity-number-taken', { who: named(sameNumber) }),
  };
}

const mrnTaken = (mrn: string, { existing }: Duplicate): Message =>
  existing && existing.mrn !== mrn
    ? msg('mrn-taken-in-other-form', { mrn, existing: existing.mrn })
    : msg('mrn-taken', { mrn });

const named = ({ existing }: Duplicate): Message =>
  existing ? msg('patient-with-mrn', { mrn: existing.mrn }) : msg('patient-not-shown');

/**
 * Refuses (409) a candidate with the mrn or identity number of a saved patient, as far as `unlike` names them. Returns the
 * patients who are probably the same person, because two people can share name, birth date and sex.
 */
export async function refuseDuplicate(
  tx: HospitalTransaction,
  candidate: Candidate,
  unlike: readonly Likeness[],
): Promise<PossibleDuplicates> {
  await lockSamePerson(tx, candidate);
  const duplicates = (await duplicatesOf(tx, [candidate])).get(candidate.id) ?? [];
  const refusal = refusalOf(candidate, duplicates, unlike);
  if (!refusal) {
    const possible = possibleAmong(duplicates);
    for (const { id } of possible.shown) notePatient(id);
    return possible;
  }
  const { existing, ...fault } = refusal;
  if (existing) notePatient(existing.id);
  throw new DomainError('conflict', fault.code, fault.message, [fault], existing ? { existing } : {});
}

/** The refusal of a candidate whose mrn or identity number another transaction has saved meanwhile. */
export async function registeredMeanwhile(
  tx: HospitalTransaction,
  candidate: Candidate,
): Promise<DomainError> {
  await refuseDuplicate(tx, candidate, UNLIKE_ALWAYS);
  return new DomainError('conflict', 'changed-meanwhile', msg('changed-meanwhile'));
}

/** Two transactions that save the same person wait for each other. */
async function lockSamePerson(
  tx: HospitalTransaction,
  { name, birthDate }: { readonly name: string; readonly birthDate: CalendarDate },
): Promise<void> {
  const term = termsFor(await tx.keys(), 'name', name)
    .map(hex)
    .join('');
  await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `patient ${tx.hospital.id} ${birthDate} ${term}`,
  ]);
}
