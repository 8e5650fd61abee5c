import { Any, IsNull } from 'typeorm';
import type { SealContext } from '../encryption/hospital-keys.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { ClinicalDecision } from './clinical-decision.entity.js';

/** The active decisions of each of these patients, the oldest first. One query. */
export async function activeDecisions(
  tx: Pick<HospitalTransaction, 'db' | 'hospital' | 'keys'>,
  patientIds: readonly string[],
): Promise<Map<string, ClinicalDecision[]>> {
  const byPatient = new Map<string, ClinicalDecision[]>();
  const decisions = await tx.db.find(ClinicalDecision, {
    where: { hospitalId: tx.hospital.id, patientId: Any(patientIds), revokedAt: IsNull() },
    order: { decidedAt: 'ASC', id: 'ASC' },
  });
  for (const decision of await openDecisions(tx, decisions)) {
    const those = byPatient.get(decision.patientId);
    if (those) those.push(decision);
    else byPatient.set(decision.patientId, [decision]);
  }
  return byPatient;
}

export const reasonOf = (row: string): SealContext => ({ table: 'clinical_decision', column: 'reason', row });
export const revokeReasonOf = (row: string): SealContext => ({ ...reasonOf(row), column: 'revoke_reason' });

/** The decisions with their reasons decrypted. */
export async function openDecisions(
  tx: Pick<HospitalTransaction, 'keys'>,
  stored: readonly ClinicalDecision[],
): Promise<ClinicalDecision[]> {
  if (stored.length === 0) return [];
  const keys = await tx.keys(stored.flatMap(({ reason, revokeReason }) => [reason, revokeReason]));
  return stored.map((decision) => {
    const { id, reason, revokeReason } = decision;
    return {
      ...decision,
      reason: keys.open(reason, reasonOf(id)),
      revokeReason: revokeReason === null ? null : keys.open(revokeReason, revokeReasonOf(id)),
    };
  });
}
