import { Any, IsNull } from 'typeorm';
import type { HospitalTransaction } from '../access/hospital-scope.js';
import { ClinicalDecision } from './clinical-decision.entity.js';

/** The decisions of each of these patients that have not been revoked, in the order in which they were made; one query. */
export async function standingDecisions(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  patientIds: readonly string[],
): Promise<Map<string, ClinicalDecision[]>> {
  const byPatient = new Map<string, ClinicalDecision[]>();
  const decisions = await db.find(ClinicalDecision, {
    where: { hospitalId: hospital.id, patientId: Any(patientIds), revokedAt: IsNull() },
    order: { decidedAt: 'ASC', id: 'ASC' },
  });
  for (const decision of decisions) {
    const those = byPatient.get(decision.patientId);
    if (those) those.push(decision);
    else byPatient.set(decision.patientId, [decision]);
  }
  return byPatient;
}
