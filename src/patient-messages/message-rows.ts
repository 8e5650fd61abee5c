import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { seesIdentity } from '../tenancy/rights.js';
import { MOST_ATTEMPTS_SHOWN, type PatientMessageView } from './messages-view.js';

type Instant = 'nextAttemptAt' | 'sentAt' | 'uncertainAt' | 'settledAt';

/** A message as it is stored, with its attempts. */
export interface MessageRow extends Omit<PatientMessageView, Instant | 'createdAt'> {
  readonly nextAttemptAt: Date | null;
  readonly sentAt: Date | null;
  readonly uncertainAt: Date | null;
  readonly settledAt: Date | null;
  readonly createdAt: Date;
}

/** SQL: messages `m` of the hospital `$1` to patients `p`. A merged record is named by the one that stays. */
export const MESSAGE_ROWS = `
  SELECT m.id, coalesce(p.merged_into, p.id) AS "patientId", m.occasion, m.about_on AS "aboutOn", m.item_ids AS "itemIds",
         m.appointment_id AS "appointmentId", m.channel, m.route,
         m.state, m.reason, m.number, m.relative_id AS "relativeId", m.text, m.reference, m.attempts,
         m.next_attempt_at AS "nextAttemptAt", m.sent_at AS "sentAt", m.uncertain_at AS "uncertainAt",
         m.settled_at AS "settledAt", m.settled_by AS "settledBy", m.created_at AS "createdAt",
         coalesce((SELECT jsonb_agg(a) FROM (
           SELECT number, to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "startedAt", outcome, status, error
             FROM patient_message_attempt WHERE hospital_id = m.hospital_id AND message_id = m.id
            ORDER BY number DESC LIMIT ${MOST_ATTEMPTS_SHOWN}) AS a), '[]') AS "lastAttempts"
    FROM patient_message m JOIN patient p ON p.hospital_id = m.hospital_id AND p.id = m.patient_id
   WHERE m.hospital_id = $1`;

/** The messages as the caller may see them: number and text only with the right to see identities. */
export async function messageViews(
  tx: HospitalTransaction,
  rows: readonly MessageRow[],
): Promise<PatientMessageView[]> {
  const sees = seesIdentity(tx.caller);
  const keys = await tx.keys(rows.flatMap(({ number, text }) => [number, text]));
  const open = (row: string, column: 'number' | 'text', value: string | null): string | null =>
    value === null || !sees ? null : keys.open(value, { table: 'patient_message', column, row });
  const at = (instant: Date | null): string | null => instant?.toISOString() ?? null;
  return rows.map((row) => {
    const text = open(row.id, 'text', row.text);
    return {
      ...row,
      number: open(row.id, 'number', row.number),
      text: text === null ? null : (JSON.parse(text) as { text: string }).text,
      ...{ nextAttemptAt: at(row.nextAttemptAt), sentAt: at(row.sentAt) },
      ...{ uncertainAt: at(row.uncertainAt), settledAt: at(row.settledAt) },
      createdAt: row.createdAt.toISOString(),
    };
  });
}
