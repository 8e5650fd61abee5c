import { Any, IsNull } from 'typeorm';
import type { SealContext } from '../../encryption/hospital-keys.js';
import { inAllRecords } from '../../patients/merged-records.js';
import { inTurns } from '../../platform/turns.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { ContactSettings } from '../settings/contact-settings.js';
import type { ContactAttempt } from './contact-attempt.js';
import { type ContactState, contactState } from './contact-state.js';
import { Contact } from './contact.entity.js';
import { lastSeenOn } from './signs-of-life.js';

const SEALED = { number: 'number', note: 'note', voidReason: 'void_reason' } as const;
type SealedField = keyof typeof SEALED;

const contextOf = (row: string, field: SealedField): SealContext => ({
  table: 'contact',
  column: SEALED[field],
  row,
});

type Within = Pick<HospitalTransaction, 'keys'>;

/** A text of the contact `id`, sealed as its column `field` stores it. */
export async function sealedText(
  tx: Within,
  id: string,
  field: SealedField,
  text: string | null,
): Promise<string | null> {
  return text === null ? null : (await tx.keys()).seal(text, contextOf(id, field));
}

/** The stored contacts with their texts opened. */
export async function openContacts(tx: Within, stored: readonly Contact[]): Promise<readonly Contact[]> {
  const fields = Object.keys(SEALED) as SealedField[];
  const keys = await tx.keys(stored.flatMap((contact) => fields.map((field) => contact[field])));
  const opened = (contact: Contact, field: SealedField): string | null => {
    const text = contact[field];
    return text === null ? null : keys.open(text, contextOf(contact.id, field));
  };
  return inTurns(stored, (contact) => ({
    ...contact,
    number: opened(contact, 'number'),
    note: opened(contact, 'note'),
    voidReason: opened(contact, 'voidReason'),
  }));
}

/** All attempts that were not voided, also of merged records, the oldest first. Two queries. */
export const activeAttempts = (
  tx: Pick<HospitalTransaction, 'db' | 'hospital' | 'caller'>,
  patientId: string,
): Promise<ContactAttempt[]> =>
  inAllRecords(tx, patientId, (records) =>
    tx.db.find(Contact, {
      select: {
        ...{ channel: true, outcome: true, cause: true },
        ...{ confirmsAlive: true, contactedOn: true, nextActionOn: true },
      },
      where: { hospitalId: tx.hospital.id, patientId: Any(records), voidedAt: IsNull() },
      order: { contactedOn: 'ASC', recordedAt: 'ASC', id: 'ASC' },
    }),
  );

/** What follows from all attempts and the history as they are now. Three queries. */
export async function currentState(
  tx: Pick<HospitalTransaction, 'db' | 'hospital' | 'caller'>,
  patientId: string,
  settings: ContactSettings,
): Promise<ContactState> {
  return contactState(await activeAttempts(tx, patientId), settings, await lastSeenOn(tx, patientId));
}

/** Stores the state of a locked patient for the lists. Ends the claim on the patient; the next call needs a new announcement. */
export async function storeState(
  { db, hospital, now }: Pick<HospitalTransaction, 'db' | 'hospital' | 'now'>,
  patientId: string,
  state: ContactState,
): Promise<void> {
  await db.query(
    `INSERT INTO patient_contact (hospital_id, patient_id, tried, reached, failed, since_reached, last_tried_on, last_reached_on,
                                  ladder_step, rests_until, next_action_on, known_alive_on, lost_proposed_on, changed_at, last_called_on)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     ON CONFLICT (hospital_id, patient_id) DO UPDATE SET
       tried = excluded.tried, reached = excluded.reached, failed = excluded.failed, since_reached = excluded.since_reached,
       last_tried_on = excluded.last_tried_on, last_reached_on = excluded.last_reached_on, ladder_step = excluded.ladder_step,
       rests_until = excluded.rests_until, next_action_on = excluded.next_action_on, known_alive_on = excluded.known_alive_on,
       lost_proposed_on = excluded.lost_proposed_on, changed_at = excluded.changed_at, last_called_on = excluded.last_called_on,
       claimed_by = NULL, claimed_until = NULL, call_wanted_at = NULL, call_from = NULL`,
    [
      ...[hospital.id, patientId, state.tried, state.reached, state.failed, state.sinceReached],
      ...[state.lastTriedOn, state.lastReachedOn, state.nextStep?.channel ?? null, state.restsUntil],
      ...[state.nextActionOn, state.knownAliveOn, state.loss?.proposedOn ?? null, now, state.lastCalledOn],
    ],
  );
}

/** The patient who asked to be called was reached. */
export async function endCallbackRequest(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  patientId: string,
): Promise<void> {
  await db.query(
    'UPDATE patient_contact SET callback_requested_at = NULL WHERE hospital_id = $1 AND patient_id = $2',
    [hospital.id, patientId],
  );
}
