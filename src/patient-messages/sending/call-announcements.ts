import { v7 as uuid } from 'uuid';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { callCandidates } from '../../worklist/calls/call-candidates.js';
import { wantCalls } from '../../worklist/calls/call-wishes.js';
import { worklistSettings } from '../../worklist/settings/worklist-settings.js';
import type { MessageSettings } from '../settings/message-settings.js';
import { type Candidate, consents } from './message-candidates.js';
import { recordMessages } from './message-recording.js';

const AT_ONCE = 50;

/**
 * Records an announcement to each patient whom call mode wants to offer, and to those who are next on the list of patients to
 * book. A patient who cannot be informed is offered at once. Returns the number of announcements. `settings`: null, while no
 * messages are sent.
 */
export async function announceCalls(
  tx: HospitalTransaction,
  settings: MessageSettings | null,
): Promise<number> {
  const { announce } = (await worklistSettings(tx)).calls;
  if (announce === null) return 0;
  if (settings?.occasions.call_announced !== true) {
    await offerAtOnce(tx, null);
    return 0;
  }
  // Marks those whom call mode would offer if they were informed.
  if (announce.ahead > 0) await wantCalls(tx, await nextToBook(tx, announce.ahead));
  await offerAtOnce(tx, settings.channel);
  return recordMessages(tx, await untold(tx), settings);
}

async function nextToBook(tx: HospitalTransaction, ahead: number): Promise<string[]> {
  const { unannounced } = await callCandidates(tx, { list: 'to_book' }, undefined);
  return unannounced.slice(0, ahead);
}

/** Lets call mode offer the wanted patients who are not informed: all, or those without a consent to the channel. */
async function offerAtOnce(
  { db, hospital, now }: HospitalTransaction,
  channel: string | null,
): Promise<void> {
  await db.query(
    `UPDATE patient_contact c SET call_from = $2
      WHERE c.hospital_id = $1 AND c.call_wanted_at IS NOT NULL AND c.call_from IS NULL
        AND ($3::text IS NULL OR NOT ${consents('c.patient_id', '$3')})`,
    [hospital.id, now, channel],
  );
}

async function untold({ db, hospital, today }: HospitalTransaction): Promise<Candidate[]> {
  const rows = await db.query<{ patientId: string; itemIds: string[] }[]>(
    `SELECT c.patient_id AS "patientId",
            ARRAY(SELECT i.id FROM surveillance_item i WHERE i.hospital_id = $1 AND i.patient_id = c.patient_id
                     AND i.state = 'active' AND NOT i.before_enrolment AND i.earliest <= $2 ORDER BY i.due, i.id LIMIT 20) AS "itemIds"
       FROM patient_contact c
      WHERE c.hospital_id = $1 AND c.call_wanted_at IS NOT NULL AND c.call_from IS NULL
        AND NOT EXISTS (SELECT FROM patient_message m WHERE m.hospital_id = $1 AND m.patient_id = c.patient_id
               AND m.occasion = 'call_announced' AND m.created_at >= c.call_wanted_at)
      ORDER BY c.call_wanted_at, c.patient_id LIMIT ${AT_ONCE}`,
    [hospital.id, today],
  );
  // Each announcement is a fact of its own: a patient may be called again.
  return rows.map(({ patientId, itemIds }) => ({
    ...{ occasion: 'call_announced', patientId, subjectId: uuid(), aboutOn: today, itemIds },
    ...{ appointmentId: null, eventId: null },
  }));
}
