import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { notePresence } from '../changes/presence.js';
import { recordChange } from '../changes/worklist-changes.js';

/** A call takes minutes. The claim of a nurse who left ends by itself. */
const CLAIM_MINUTES = 10;

const endOf = ({ now }: HospitalTransaction): Date => new Date(now.getTime() + CLAIM_MINUTES * 60_000);

/**
 * Claims a patient for the caller; returns the end of the claim, null when it failed. The statement decides by the newest
 * committed row: of several callers exactly one succeeds, and a patient who was called a moment ago is not claimed, unless
 * `again`.
 */
export async function claimPatient(
  tx: HospitalTransaction,
  patientId: string,
  { again = false } = {},
): Promise<Date | null> {
  const until = endOf(tx);
  const claimed = await tx.db.query<unknown[]>(
    `INSERT INTO patient_contact AS c (hospital_id, patient_id, claimed_by, claimed_until, changed_at)
     VALUES ($1, $2, $3, $4, $6)
     ON CONFLICT (hospital_id, patient_id) DO UPDATE SET claimed_by = $3, claimed_until = $4
       WHERE (c.claimed_until IS NULL OR c.claimed_until <= $6 OR c.claimed_by = $3)
         AND ($7 OR ((c.rests_until IS NULL OR c.rests_until <= $5) AND (c.last_called_on IS NULL OR c.last_called_on < $5)))
     RETURNING true`,
    [tx.hospital.id, patientId, tx.caller.id, until, tx.today, tx.now, again],
  );
  if (claimed.length === 0) return null;
  await tellPresence(tx, patientId, true);
  return until;
}

/** Keeps a patient whom the caller has just called, for another of the patient's numbers. */
export async function keepClaim(tx: HospitalTransaction, patientId: string): Promise<Date> {
  const until = endOf(tx);
  await tx.db.query(
    'UPDATE patient_contact SET claimed_by = $3, claimed_until = $4 WHERE hospital_id = $1 AND patient_id = $2',
    [tx.hospital.id, patientId, tx.caller.id, until],
  );
  return until;
}

/** Ends all claims of the caller but those on `kept`. */
export async function releaseClaims(tx: HospitalTransaction, kept: readonly string[]): Promise<void> {
  const [released] = await tx.db.query<[{ id: string }[], number]>(
    `UPDATE patient_contact SET claimed_by = NULL, claimed_until = NULL
      WHERE hospital_id = $1 AND claimed_by = $2 AND patient_id <> ALL ($3) RETURNING patient_id AS id`,
    [tx.hospital.id, tx.caller.id, kept],
  );
  for (const { id } of released) await tellPresence(tx, id, false);
}

/** Says to the readers of the lists that the caller works on the patient, or no longer. */
export async function tellPresence(
  tx: HospitalTransaction,
  patientId: string,
  isWorking: boolean,
): Promise<void> {
  const { hasChanged } = await notePresence(tx, patientId, isWorking);
  if (hasChanged) await recordChange(tx, { patientId, kind: 'presence' });
}
