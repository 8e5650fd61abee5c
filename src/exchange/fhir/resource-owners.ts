import { patientsOf } from '../../schedules/item-look-up.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/** The records by whose id, which begins with it, the id of a resource names its patient. */
export type OwnedBy = 'patient' | 'event' | 'item' | 'appointment' | 'consent' | 'contact' | 'message';

const TABLES: Readonly<Partial<Record<OwnedBy, string>>> = {
  event: 'clinical_event',
  item: 'surveillance_item',
  appointment: 'appointment',
  consent: 'patient_consent',
  contact: 'contact',
  message: 'patient_message',
};

const UUID_FIRST = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/i;

/** The ids of the patients whose record may have resources with these ids; one query for each kind of record. */
export async function ownersOf(
  tx: HospitalTransaction,
  resourceIds: readonly string[],
  ownedBy: readonly OwnedBy[],
): Promise<ReadonlySet<string>> {
  const ids = resourceIds.flatMap((id) => UUID_FIRST.exec(id)?.[0].toLowerCase() ?? []);
  const owners = new Set<string>();
  if (ids.length === 0) return owners;
  for (const kind of ownedBy) {
    const table = TABLES[kind];
    if (table === undefined) for (const id of ids) owners.add(id);
    else {
      const rows = await tx.db.query<{ owner: string }[]>(
        `SELECT DISTINCT patient_id AS owner FROM ${table} WHERE hospital_id = $1 AND id = ANY ($2)`,
        [tx.hospital.id, ids],
      );
      for (const { owner } of rows) owners.add(owner);
    }
    // An item far ahead has no row; its id is derived from its patient's.
    if (kind === 'item')
      for (const id of ids) for (const owner of await patientsOf(tx, id)) owners.add(owner);
  }
  return owners;
}

/** The records of these persons: those asked for, and those that were merged into them. */
export async function recordsOfPersons(
  { db, hospital }: HospitalTransaction,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const asked = ids.flatMap((id) => (UUID_FIRST.exec(id)?.[0] === id ? [id.toLowerCase()] : []));
  const rows = await db.query<{ id: string }[]>(
    'SELECT id FROM patient WHERE hospital_id = $1 AND (id = ANY ($2) OR merged_into = ANY ($2))',
    [hospital.id, asked],
  );
  return new Set(rows.map(({ id }) => id));
}
