import { z } from 'zod';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { invalid } from '../platform/domain-error.js';
import { msg } from '../platform/messages/dictionary.js';
import { folded } from './folded.js';
import type { Patient } from './patient.entity.js';

/** The responsible nurse of a patient, as far as known. */
export const NurseView = z.object({
  state: z
    .enum(['assigned', 'disabled', 'unassigned'])
    .describe(
      'disabled: the person can no longer sign in, so somebody else should be responsible; ' +
        'unassigned: nobody is known by the imported name, or several are (PUT /nurse-names says who is meant)',
    ),
  personId: z.uuid().nullable(),
  login: z.string().nullable(),
  name: z.string().nullable().describe("The person's name of today"),
  importedName: z.string().nullable().describe('As it was written or imported'),
});
export type Nurse = z.output<typeof NurseView>;

type Cared = Pick<Patient, 'id' | 'responsibleNurse' | 'responsiblePersonId'>;

interface PersonRow {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly state: 'active' | 'disabled';
}

/** The nurses of these patients, by patient id. A patient without a nurse is left out. At most one query. */
export async function nursesOf(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  patients: readonly Cared[],
): Promise<ReadonlyMap<string, Nurse>> {
  const ids = new Set(patients.flatMap(({ responsiblePersonId: id }) => (id === null ? [] : [id])));
  const people =
    ids.size === 0
      ? []
      : await db.query<PersonRow[]>(
          'SELECT id, login, name, state FROM person WHERE hospital_id = $1 AND id = ANY($2)',
          [hospital.id, [...ids]],
        );
  const byId = new Map(people.map((person) => [person.id, person]));
  return new Map(
    patients.flatMap((patient) => {
      const nurse = nurseOf(patient, byId);
      return nurse === null ? [] : [[patient.id, nurse] as const];
    }),
  );
}

function nurseOf(
  { responsibleNurse: importedName, responsiblePersonId: personId }: Cared,
  people: ReadonlyMap<string, PersonRow>,
): Nurse | null {
  const person = personId === null ? undefined : people.get(personId);
  if (person === undefined)
    return importedName === null
      ? null
      : { state: 'unassigned', personId: null, login: null, name: null, importedName };
  const { id, login, name, state } = person;
  return { state: state === 'active' ? 'assigned' : 'disabled', personId: id, login, name, importedName };
}

/** The nurse's display name: the person's current name, else the imported name. */
export const nameOfNurse = (nurse: Nurse | null | undefined): string | null =>
  nurse?.name ?? nurse?.importedName ?? null;

/**
 * The id of the person with this id, login or name; null: no person has it. Refuses (422) a name that several people
 * have, because the caller can choose one of them now.
 */
export async function personMeant(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  written: string | null,
): Promise<string | null> {
  if (written === null) return null;
  const [{ id, logins }] = await db.query<[{ id: string | null; logins: string[] | null }]>(
    `SELECT person_responsible($1, $2) AS id,
            (SELECT array_agg(login ORDER BY login) FROM person WHERE hospital_id = $1 AND folded(name) = folded($2)) AS logins`,
    [hospital.id, written],
  );
  if (id !== null || logins === null) return id;
  const message = msg('ambiguous-person', { name: written, people: logins.length, logins });
  throw invalid('ambiguous-person', message, [
    { pointer: '/responsibleNurse', code: 'ambiguous-person', message },
  ]);
}

/** The person to whom the database resolves each of these names; null: none. */
export async function personsNamed(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  names: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string | null>> {
  const rows = await db.query<{ name: string; id: string | null }[]>(
    'SELECT name, person_responsible($1, name) AS id FROM unnest($2::text[]) AS asked (name)',
    [hospital.id, [...names]],
  );
  return new Map(rows.map(({ name, id }) => [name, id]));
}

/**
 * SQL condition: the nurse of the row `patient` has the id, login, name or imported name of the parameter, which
 * `askedNurse` gives. It looks up the people once, in the hospital of the transaction. As an array they can be looked up in an
 * index; as a subquery each patient of the hospital would be compared with them.
 */
export const inCareOf = (patient: string): string => `(
  ${patient}.nurse_key = :nurseKey OR ${patient}.responsible_person_id = ANY (ARRAY(
    SELECT id FROM person WHERE hospital_id = current_hospital()
       AND (id::text = :nurseKey OR login = :nurseKey OR folded(name) = :nurseKey))))`;
export const askedNurse = (assignee: string): { nurseKey: string } => ({ nurseKey: folded(assignee) });
