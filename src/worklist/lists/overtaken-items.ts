import { Injectable, Logger } from '@nestjs/common';
import { DailyHospitalRounds } from '../../tenancy/hospital-rounds.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { live } from './list-sql.js';
import { correctListedPatients } from './listed-patients-correction.js';

const BATCH = 1000;

/** A clock that is set back by less finds every item still in its index. */
const KEPT_DAYS = 7;

/**
 * Takes missed items out of the indexes of open items, in which they would lie between the items of the lists. Only speed
 * depends on it: the lists read the dates, and no patient has a later next due date than that of the first item.
 */
@Injectable()
export class OvertakenItems extends DailyHospitalRounds {
  private readonly log = new Logger(OvertakenItems.name);

  protected visitOfDay(): Promise<void> {
    return this.mark();
  }

  /**
   * Marks what is overtaken in the hospital in scope, and then corrects the columns by which lists find its patients. Safe in
   * several processes at once.
   */
  async mark(): Promise<void> {
    for (const index of INDEXES)
      for (let after: Position | null = FIRST; after !== null && this.mayContinue;) {
        const from: Position = after;
        after = await this.scope.transaction((tx) => markNext(tx, index, from));
      }
    let missed = 0;
    for (let after: string | null = FIRST.patientId; after !== null && this.mayContinue;) {
      const from: string = after;
      const corrected = await this.scope.transaction((tx) => correctListedPatients(tx, from));
      missed += corrected.missed;
      after = corrected.last;
    }
    if (missed > 0) this.log.error(`Lists may have left out ${missed} patients. They find them again now.`);
  }
}

interface Position {
  readonly day: string;
  readonly patientId: string;
}

const FIRST: Position = { day: '-infinity', patientId: '00000000-0000-0000-0000-000000000000' };

/** The column by which each index of open items is ordered, and its further condition. */
const INDEXES = [
  { column: 'i.overdue', where: 'i.urgent_on IS NULL' },
  { column: 'i.urgent_on', where: 'i.urgent_on IS NOT NULL' },
] as const;

/** Marks one batch. Returns its last item; null: there are no more. Skips locked rows, which the next day finds again. */
async function markNext(
  { db, hospital, today }: HospitalTransaction,
  { column, where }: (typeof INDEXES)[number],
  after: Position,
): Promise<Position | null> {
  const rows = await db.query<(Position & { id: string; isMissed: boolean })[]>(
    `SELECT i.id, ${column}::text AS day, i.patient_id AS "patientId",
            coalesce(i.missed_on <= $2::date - ${KEPT_DAYS}, false) AS "isMissed"
       FROM surveillance_item i
      WHERE i.hospital_id = $1 AND ${live('i')} AND i.step IS NULL AND ${where} AND ${column} <= $2::date - ${KEPT_DAYS}
        AND (${column}, i.patient_id) > ($3::date, $4::uuid)
      ORDER BY ${column}, i.patient_id LIMIT ${BATCH}`,
    [hospital.id, today, after.day, after.patientId],
  );
  await db.query(
    `WITH free AS MATERIALIZED (
       SELECT id FROM surveillance_item WHERE hospital_id = $1 AND id = ANY ($2) FOR NO KEY UPDATE SKIP LOCKED)
     UPDATE surveillance_item i SET overtaken_on = i.missed_on FROM free
      WHERE i.hospital_id = $1 AND i.id = ANY ($2) AND i.id = free.id`,
    [hospital.id, rows.filter(({ isMissed }) => isMissed).map(({ id }) => id)],
  );
  return rows.length < BATCH ? null : (rows.at(-1) ?? null);
}
