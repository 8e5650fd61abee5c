import { DomainError } from '../platform/domain-error.js';
import { msg } from '../platform/messages/dictionary.js';
import { patientScopeSetting } from './caller.js';
import { beyondPatientScope, type HospitalTransaction } from './hospital-scope.js';

/**
 * Refuses (403) a limited caller to give a person a name under which patients beyond the caller's patient scope have their
 * nurse, because the person would see these patients. With `assigned`, patients of a known person count too.
 */
export async function refuseNameBeyondScope(
  tx: HospitalTransaction,
  names: readonly string[],
  { assigned = false }: { readonly assigned?: boolean } = {},
): Promise<void> {
  if (patientScopeSetting(tx.caller) === '') return;
  const count = async (): Promise<number> => {
    const [{ patients }] = await tx.db.query<[{ patients: number }]>(
      `SELECT count(*)::integer AS patients FROM patient
        WHERE hospital_id = $1 AND nurse_key IN (SELECT folded(name) FROM unnest($2::text[]) AS name)
          AND ($3 OR responsible_person_id IS NULL)`,
      [tx.hospital.id, names, assigned],
    );
    return patients;
  };
  if ((await beyondPatientScope(tx, count)) === (await count())) return;
  const message = msg('name-not-yours');
  throw new DomainError('forbidden', 'not-yours-to-give', message, [
    { pointer: '/name', code: 'not-yours-to-give', message },
  ]);
}
