import { Injectable } from '@nestjs/common';
import { DailyHospitalRounds } from '../../tenancy/hospital-rounds.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { settingsIn } from './message-settings.js';

/** Rows of one transaction, which takes about 50 ms. */
const BATCH = 1000;

/**
 * Deletes stored messages once a day when the hospital's days are over. Messages about people who are not in follow-up are
 * kept for fewer days. The facts that messages recorded stay.
 */
@Injectable()
export class MessageRetention extends DailyHospitalRounds {
  protected async visitOfDay(): Promise<void> {
    await this.prune();
  }

  /** Prunes in the hospital in scope, and returns how many messages it deleted. */
  async prune(): Promise<number> {
    let deleted = 0;
    for (let batch = BATCH; batch === BATCH && this.mayContinue;) {
      batch = await this.scope.unaudited((tx) => pruneBatch(tx));
      deleted += batch;
    }
    return deleted;
  }
}

async function pruneBatch(tx: HospitalTransaction): Promise<number> {
  const { db, hospital, now } = tx;
  const { messageDays, otherPeopleDays } = await settingsIn(tx);
  const [, count] = await db.query<[unknown, number]>(
    `DELETE FROM hl7_message WHERE hospital_id = $1 AND id = ANY (ARRAY(
       (SELECT id FROM hl7_message WHERE hospital_id = $1 AND received_at < $2::timestamptz - make_interval(days => $3) LIMIT $5)
       UNION ALL
       (SELECT id FROM hl7_message WHERE hospital_id = $1 AND received_at < $2::timestamptz - make_interval(days => $4)
           AND patient_id IS NULL AND outcome = 'noted' LIMIT $5)
       LIMIT $5))`,
    [hospital.id, now, messageDays, otherPeopleDays, BATCH],
  );
  return count;
}
