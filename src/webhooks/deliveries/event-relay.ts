import { Injectable } from '@nestjs/common';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { DeliveryDispatch } from './delivery-dispatch.js';
import { addEventDeliveries, holdEndpoints, type RelayedEvent } from './delivery-outbox.js';

const BATCH = 500;

/**
 * Gives what happened its place in the hospital's order, after the commit that made it happen, and with the place a
 * message to everybody who asked for it. So whoever has read up to a place has missed nothing before it.
 */
@Injectable()
export class EventRelay {
  constructor(
    private readonly scope: HospitalScope,
    private readonly dispatch: DeliveryDispatch,
  ) {}

  /** Passes on what waits, in all hospitals. Safe to repeat and to run in several processes at once. */
  async relay(): Promise<void> {
    const hospitals = await this.scope.acrossHospitals((db) =>
      db.query<{ id: string }[]>(
        'SELECT DISTINCT hospital_id AS id FROM surveillance_event WHERE position IS NULL',
      ),
    );
    for (const { id } of hospitals) {
      await this.scope.run(id, async () => {
        while ((await this.scope.transaction(relayBatch)) === BATCH);
      });
    }
    if (hospitals.length > 0) this.dispatch.soon();
  }
}

/** Answers how many events it has passed on. */
async function relayBatch(tx: HospitalTransaction): Promise<number> {
  const hospital = [tx.hospital.id];
  // One at a time gives places: the others wait here, and then see what is left.
  await tx.db.query('INSERT INTO event_feed (hospital_id) VALUES ($1) ON CONFLICT DO NOTHING', hospital);
  await tx.db.query('SELECT FROM event_feed WHERE hospital_id = $1 FOR UPDATE', hospital);
  const endpoints = await holdEndpoints(tx);
  const [events] = await tx.db.query<[(RelayedEvent & { isReminder: boolean; position: number })[], number]>(
    `WITH feed AS (SELECT last_position FROM event_feed WHERE hospital_id = $1),
          waiting AS (SELECT id, row_number() OVER (ORDER BY ordinal) AS place FROM (
            SELECT id, ordinal FROM surveillance_event
             WHERE hospital_id = $1 AND position IS NULL ORDER BY ordinal LIMIT ${BATCH}) AS first)
     UPDATE surveillance_event e SET position = feed.last_position + waiting.place
       FROM waiting, feed WHERE e.hospital_id = $1 AND e.id = waiting.id
     RETURNING e.id, e.type, e.position, e.reminder_id IS NOT NULL AS "isReminder"`,
    hospital,
  );
  await tx.db.query('UPDATE event_feed SET last_position = last_position + $2 WHERE hospital_id = $1', [
    tx.hospital.id,
    events.length,
  ]);
  // A reminder's messages were made together with it.
  const toTell = events.filter(({ isReminder }) => !isReminder).sort((a, b) => a.position - b.position);
  await addEventDeliveries(tx, endpoints, toTell);
  return events.length;
}
