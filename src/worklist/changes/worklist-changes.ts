import { v7 as uuidv7 } from 'uuid';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/** What can change on the lists. */
export type ChangeKind =
  | 'plan'
  | 'step'
  | 'appointment'
  | 'contact'
  | 'owner'
  | 'result'
  | 'review'
  | 'merge'
  | 'presence';

export interface WorklistChange {
  readonly patientId: string;
  readonly kind: ChangeKind;
}

/**
 * Records that something about a patient has changed, for the readers of the lists. In the transaction of the change. What
 * a surveillance event says already, such as a completed item or a changed plan, needs no record of its own.
 */
export const recordChange = (
  tx: Pick<HospitalTransaction, 'db' | 'hospital' | 'now'>,
  { patientId, kind }: WorklistChange,
): Promise<void> => recordChanges(tx, [patientId], kind);

/** The same about several patients; one statement. */
export async function recordChanges(
  { db, hospital, now }: Pick<HospitalTransaction, 'db' | 'hospital' | 'now'>,
  patientIds: readonly string[],
  kind: ChangeKind,
): Promise<void> {
  await db.query(
    `INSERT INTO worklist_change (id, hospital_id, patient_id, kind, changed_at)
     SELECT id, $2, patient_id, $4, $5 FROM unnest($1::uuid[], $3::uuid[]) AS changed (id, patient_id)`,
    [patientIds.map(() => uuidv7()), hospital.id, patientIds, kind, now],
  );
}
