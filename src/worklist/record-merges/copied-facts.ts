import { v7 as uuidv7 } from 'uuid';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import { EventHistory, refuseTooMany } from '../../patients/event-history.js';
import { sealVoidReason } from '../../patients/event-text.js';
import { insertEvents } from '../../patients/patient-rows.js';
import type { Patient } from '../../patients/patient.entity.js';
import { activeEvents } from '../../patients/recorded-events.js';
import { ClinicalDecision } from '../../schedules/clinical-decision.entity.js';
import { activeDecisions, reasonOf, revokeReasonOf } from '../../schedules/decision-rows.js';
import { decisionSubject, sameDecision } from './compared-decisions.js';

/** A record with what it says: its active events and the decisions in force. */
export interface RecordFacts {
  readonly patient: Patient;
  readonly events: readonly ClinicalEvent[];
  readonly decisions: readonly ClinicalDecision[];
}

/** Both records; two queries. */
export async function factsOfRecords(
  tx: HospitalTransaction,
  patients: readonly [Patient, Patient],
): Promise<[RecordFacts, RecordFacts]> {
  const ids = patients.map(({ id }) => id);
  const events = await activeEvents(tx, ids);
  const decisions = await activeDecisions(tx, ids);
  const factsOf = (patient: Patient): RecordFacts => ({
    ...{ patient, events: events.get(patient.id) ?? [] },
    decisions: decisions.get(patient.id) ?? [],
  });
  return [factsOf(patients[0]), factsOf(patients[1])];
}

/**
 * Appends the source's events to the target's history; a fact that the target has already is not doubled. Returns, by
 * the source's event, the target's event that says the same, and each copied event with its copy.
 */
export async function copyEvents(
  tx: HospitalTransaction,
  target: RecordFacts,
  source: RecordFacts,
): Promise<{
  readonly counterparts: ReadonlyMap<string, string>;
  readonly events: readonly (readonly [source: string, copy: string])[];
}> {
  const history = new EventHistory(target.patient, target.events, tx.hospital.guideline);
  const counterparts = new Map<string, string>();
  const copies: ClinicalEvent[] = [];
  const events: (readonly [string, string])[] = [];
  for (const event of source.events) {
    const same = history.same({ ...event.detail, type: event.type, date: event.date });
    counterparts.set(event.id, same?.id ?? event.id);
    if (same) continue;
    refuseTooMany(history, event);
    const copy = {
      ...event,
      ...{ id: uuidv7(), patientId: target.patient.id, copiedFrom: event.id, recordedAt: tx.now },
    };
    counterparts.set(event.id, copy.id);
    events.push([event.id, copy.id]);
    history.add(copy);
    copies.push(copy);
  }
  if (copies.length > 0) await insertEvents(tx, copies);
  return { counterparts, events };
}

/** Appends the source's decisions, except those that the target has; returns each with its copy. */
export async function copyDecisions(
  tx: HospitalTransaction,
  target: RecordFacts,
  source: RecordFacts,
  counterparts: ReadonlyMap<string, string>,
): Promise<(readonly [source: string, copy: string])[]> {
  const pairs: (readonly [string, string])[] = [];
  const keys = await tx.keys();
  const rows: object[] = [];
  for (const decision of source.decisions) {
    const detail = translated(decision, counterparts);
    const subject = decisionSubject(decision);
    const has = target.decisions.some((one) =>
      subject === null ? sameDecision(one, { ...decision, detail }) : decisionSubject(one) === subject,
    );
    if (has) continue;
    const id = uuidv7();
    pairs.push([decision.id, id]);
    const reason = keys.seal(decision.reason, reasonOf(id));
    rows.push({ ...decision, id, patientId: target.patient.id, detail, reason });
  }
  if (rows.length > 0) await tx.db.insert(ClinicalDecision, rows);
  return pairs;
}

/** An assignment names an event, which has another id in the target. */
function translated(
  { kind, detail }: ClinicalDecision,
  counterparts: ReadonlyMap<string, string>,
): ClinicalDecision['detail'] {
  if (kind !== 'assignment') return detail;
  const eventId = String(detail['eventId']);
  return { ...detail, eventId: counterparts.get(eventId) ?? eventId };
}

// An index has either the active events of a patient or the voided ones.
const eventsOfSource = (where: string): string =>
  `SELECT id FROM clinical_event WHERE hospital_id = $1 AND patient_id = $3 AND ${where}`;

/** Voids the target's events that this merge copied, except those that were voided since; returns how many. */
export async function takeBackEvents(
  tx: HospitalTransaction,
  merge: { readonly patientId: string; readonly sourceId: string; readonly mergedAt: Date },
  reason: string,
): Promise<number> {
  const { db, hospital, now, caller } = tx;
  const rows = await db.query<{ id: string }[]>(
    `SELECT e.id FROM clinical_event e
      WHERE e.hospital_id = $1 AND e.patient_id = $2 AND e.voided_at IS NULL AND e.recorded_at >= $4
        AND e.copied_from IN (${eventsOfSource('voided_at IS NULL')} UNION ALL ${eventsOfSource('voided_at IS NOT NULL')})`,
    [hospital.id, merge.patientId, merge.sourceId, merge.mergedAt],
  );
  const reasons: string[] = [];
  for (const { id } of rows) reasons.push(await sealVoidReason(tx, id, reason));
  await db.query(
    `UPDATE clinical_event e SET voided_at = $2, voided_by = $5, void_reason = new.reason
       FROM unnest($3::uuid[], $4::text[]) AS new (id, reason) WHERE e.hospital_id = $1 AND e.id = new.id`,
    [hospital.id, now, rows.map(({ id }) => id), reasons, caller.name],
  );
  return rows.length;
}

/** Revokes the copies, except those that were revoked since. */
export async function takeBackDecisions(
  tx: HospitalTransaction,
  copies: readonly string[],
  { author, reason }: { readonly author: string; readonly reason: string },
): Promise<void> {
  if (copies.length === 0) return;
  const { db, hospital, now } = tx;
  const newest = await tx.keys();
  await db.query(
    `UPDATE clinical_decision d SET revoked_at = $2, revoked_by = $3, revoke_reason = new.reason
       FROM unnest($4::uuid[], $5::text[]) AS new (id, reason)
      WHERE d.hospital_id = $1 AND d.id = new.id AND d.revoked_at IS NULL`,
    [hospital.id, now, author, copies, copies.map((id) => newest.seal(reason, revokeReasonOf(id)))],
  );
}
