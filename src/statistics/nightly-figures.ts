import { Injectable } from '@nestjs/common';
import { addDays, addMonths, calendarDate, type CalendarDate } from '../guideline/calendar.js';
import { DailyHospitalRounds } from '../tenancy/hospital-rounds.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { FactSources } from './fact-sources.js';
import { type Source, SOURCES } from './measures.js';

/** Figures of hospitals with at most so many patients are counted with each request: in a fraction of a second. */
export const COUNTED_AT_ONCE = 20_000;

/** Months that are stored: this one, the next one, and as many before. Any other month is counted with each request. */
const MONTHS_BEFORE = 36;

/**
 * Computes the monthly figures of large hospitals once a day. A month is replaced in one transaction, so readers see old
 * figures or new ones. Several processes may do it at once: the second waits for the first one's month.
 */
@Injectable()
export class NightlyFigures extends DailyHospitalRounds {
  protected visitOfDay(): Promise<void> {
    return this.compute(COUNTED_AT_ONCE);
  }

  /** Computes all months of the hospital in scope, if it has more than `atLeast` patients and another process has not done it today. */
  async compute(atLeast: number): Promise<void> {
    const months = await this.scope.unaudited((tx) => monthsOf(tx, atLeast));
    for (const month of months) {
      if (!this.mayContinue) return;
      await this.scope.unaudited((tx) => storeMonth(tx, month));
    }
  }
}

async function monthsOf(
  { db, hospital, today, now }: HospitalTransaction,
  atLeast: number,
): Promise<CalendarDate[]> {
  const [{ count }] = await db.query<[{ count: number }]>(
    `SELECT count(*)::integer AS count FROM (SELECT FROM patient WHERE hospital_id = $1 LIMIT ${atLeast + 1}) AS counted`,
    [hospital.id],
  );
  if (count <= atLeast) {
    await db.query('DELETE FROM statistics_month WHERE hospital_id = $1', [hospital.id]);
    return [];
  }
  const first = calendarDate(`${today.slice(0, 7)}-01`);
  const months = Array.from({ length: MONTHS_BEFORE + 2 }, (_, n) => addMonths(first, 1 - n));
  const done = await db.query<{ month: CalendarDate }[]>(
    `SELECT month FROM statistics_month
      WHERE hospital_id = $1 AND (computed_at AT TIME ZONE $2)::date = $3::date AND computed_at <= $4`,
    [hospital.id, hospital.timeZone, today, now],
  );
  const isDone = new Set(done.map(({ month }) => month));
  return months.filter((month) => !isDone.has(month));
}

const ALL_SOURCES = Object.keys(SOURCES) as Source[];

/** Replaces the figures of one month: one statement counts, twice over the same facts. */
async function storeMonth(tx: HospitalTransaction, month: CalendarDate): Promise<void> {
  const { db, hospital, now } = tx;
  await db.query(
    `INSERT INTO statistics_month (hospital_id, month, computed_at) VALUES ($1, $2, $3)
     ON CONFLICT (hospital_id, month) DO UPDATE SET computed_at = excluded.computed_at`,
    [hospital.id, month, now],
  );
  await db.query('DELETE FROM statistics_figure WHERE hospital_id = $1 AND month = $2', [hospital.id, month]);
  const facts = new FactSources(tx, { from: month, to: addDays(addMonths(month, 1), -1) }, true);
  const { values } = facts;
  const key = `${values.add(hospital.id, 'uuid')}, ${values.add(month, 'date')}`;
  await db.query(
    `WITH counted AS MATERIALIZED (
       SELECT department, person_id, nurse, stage, measure, activity, rule, reason, delay, count(*)::integer AS n
         FROM (${facts.of(ALL_SOURCES)}) AS facts GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9)
     INSERT INTO statistics_figure (hospital_id, month, by_nurse, department, person_id, nurse, stage, measure, activity, rule, reason, delays, counts)
     SELECT ${key}, true, department, person_id, nurse, stage, measure, activity, rule, reason, array_agg(delay), array_agg(n)
       FROM counted GROUP BY department, person_id, nurse, stage, measure, activity, rule, reason
     UNION ALL
     SELECT ${key}, false, department, NULL, NULL, stage, measure, activity, rule, reason, array_agg(delay), array_agg(n)
       FROM (SELECT department, stage, measure, activity, rule, reason, delay, sum(n)::integer AS n
               FROM counted GROUP BY 1, 2, 3, 4, 5, 6, 7) AS added
      GROUP BY department, stage, measure, activity, rule, reason`,
    values.list,
  );
}
