import { v7 as uuid } from 'uuid';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { MessageSettings } from '../settings/message-settings.js';
import type { Candidate } from './message-candidates.js';

interface NewMessage {
  readonly id: string;
  readonly about: readonly [Candidate, ...Candidate[]];
}

/**
 * Records one message for each occasion, patient and day, with the facts that it names. A fact is named once: its key is
 * unique. Returns the number of messages.
 */
export async function recordMessages(
  { db, hospital, now }: Pick<HospitalTransaction, 'db' | 'hospital' | 'now'>,
  candidates: readonly Candidate[],
  { channel }: Pick<MessageSettings, 'channel'>,
): Promise<number> {
  const messages = together(candidates);
  if (messages.length === 0) return 0;
  await db.query(
    `INSERT INTO patient_message (hospital_id, id, patient_id, occasion, about_on, item_ids, appointment_id, event_id, channel,
                                  next_attempt_at, created_at)
     SELECT $1, m.id, m.patient_id, m.occasion, m.about_on, ARRAY(SELECT jsonb_array_elements_text(m.items)::uuid),
            m.appointment_id, m.event_id, $9, $10, $10
       FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::date[], $6::jsonb[], $7::uuid[], $8::uuid[])
              AS m (id, patient_id, occasion, about_on, items, appointment_id, event_id)`,
    [
      hospital.id,
      messages.map(({ id }) => id),
      messages.map(({ about: [first] }) => first.patientId),
      messages.map(({ about: [first] }) => first.occasion),
      messages.map(({ about: [first] }) => first.aboutOn),
      messages.map(({ about }) => JSON.stringify([...new Set(about.flatMap(({ itemIds }) => itemIds))])),
      messages.map(({ about: [first] }) => first.appointmentId),
      messages.map(({ about: [first] }) => first.eventId),
      channel,
      now,
    ],
  );
  const subjects = messages.flatMap(({ id, about }) => about.map((one) => ({ id, ...one })));
  await db.query(
    `INSERT INTO patient_message_subject (hospital_id, message_id, patient_id, occasion, subject_id, about_on)
     SELECT $1, s.* FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::date[]) AS s`,
    [
      hospital.id,
      subjects.map(({ id }) => id),
      subjects.map(({ patientId }) => patientId),
      subjects.map(({ occasion }) => occasion),
      subjects.map(({ subjectId }) => subjectId),
      subjects.map(({ aboutOn }) => aboutOn),
    ],
  );
  return messages.length;
}

/** Reminders of one patient about one day leave together; an appointment or result alone. */
function together(candidates: readonly Candidate[]): NewMessage[] {
  const messages = new Map<string, [Candidate, ...Candidate[]]>();
  for (const one of candidates) {
    const key = [one.occasion, one.patientId, one.aboutOn, one.appointmentId, one.eventId].join('|');
    const known = messages.get(key);
    if (known) known.push(one);
    else messages.set(key, [one]);
  }
  return [...messages.values()].map((about) => ({ id: uuid(), about }));
}
