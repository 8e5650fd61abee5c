import { takenByOthers } from '../changes/presence.js';
import { DEATHS } from '../contacts/signs-of-life.js';
import type { Placed } from '../lists/list-query.js';
import { type ListQuery, patientsOfList } from '../lists/lists.service.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/** Which patients are called: those of a list, in its order. */
export type CallFilter = Omit<ListQuery, 'limit' | 'after'>;

const CANDIDATES_AT_A_TIME = 50;

/** Some patients of a list, and those among them who can be called. */
export interface CallCandidates {
  readonly callable: readonly Placed[];
  /** The last patient looked at; null: the list has ended. */
  readonly last: Placed | null;
}

/** The next patients of the list behind `after`. Four queries at most. */
export async function callCandidates(
  tx: HospitalTransaction,
  filter: CallFilter,
  after: Placed | undefined,
): Promise<CallCandidates> {
  const placed = await patientsOfList(tx, { ...filter, after, limit: CANDIDATES_AT_A_TIME });
  const callable = await callableAmong(
    tx,
    placed.map(({ patientId }) => patientId),
  );
  return {
    callable: placed.filter(({ patientId }) => callable.has(patientId)),
    last: placed.length < CANDIDATES_AT_A_TIME ? null : (placed.at(-1) ?? null),
  };
}

/**
 * Those of these patients for whom a number is known, who live, did not refuse calls, do not rest, were not called
 * today, and with whom no other caller works. Two queries.
 */
async function callableAmong(
  tx: HospitalTransaction,
  patientIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { db, hospital, today, now, caller } = tx;
  const rows = await db.query<{ id: string }[]>(
    `SELECT p.id FROM patient p LEFT JOIN patient_contact c ON c.hospital_id = p.hospital_id AND c.patient_id = p.id
      WHERE p.hospital_id = $1 AND p.id = ANY ($2)
        AND (p.phone IS NOT NULL OR EXISTS (SELECT FROM patient_relative r WHERE r.hospital_id = p.hospital_id
               AND r.patient_id IN (SELECT p.id UNION ALL SELECT m.id FROM patient m WHERE m.hospital_id = p.hospital_id AND m.merged_into = p.id)
               AND r.removed_at IS NULL AND r.phone IS NOT NULL))
        AND NOT EXISTS (SELECT FROM clinical_event e WHERE e.hospital_id = p.hospital_id AND e.patient_id = p.id
               AND e.voided_at IS NULL AND e.type = ANY ($3))
        AND (SELECT s.decision FROM patient_consent s WHERE s.hospital_id = p.hospital_id AND s.patient_id = p.id
               AND s.channel = 'phone' ORDER BY s.ordinal DESC LIMIT 1) IS DISTINCT FROM 'withdrawn'
        AND (c.rests_until > $4 OR c.last_called_on = $4 OR (c.claimed_until > $5 AND c.claimed_by <> $6)) IS NOT TRUE`,
    [hospital.id, patientIds, DEATHS, today, now, caller.id],
  );
  const taken = await takenByOthers(tx, patientIds);
  return new Set(rows.map(({ id }) => id).filter((id) => !taken.has(id)));
}
