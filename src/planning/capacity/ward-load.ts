import { createHash } from 'node:crypto';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/**
 * How items are counted by day: open items on their first, due and last day in time, items from the day on which they are
 * missed, and items of open appointments on the day of the appointment.
 */
export type LoadMeasure = 'earliest' | 'due' | 'last' | 'missed' | 'booked';

export interface DayLoad {
  readonly measure: LoadMeasure;
  readonly day: CalendarDate;
  readonly activity: string;
  /** `placeHash`; empty: no place is named. */
  readonly place: string;
  readonly items: number;
}

/** A place as the load contains it: its text may say something about a patient, and is erased with the patient. */
export const placeHash = (place: string): string => createHash('sha256').update(place).digest('hex');

interface LoadQuery {
  readonly measures: readonly LoadMeasure[];
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

/** The load of these days, both included. Its cost depends on the days and activities, not on the number of patients. */
export const dayLoads = (
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  { measures, from, to }: LoadQuery,
): Promise<DayLoad[]> =>
  db.query<DayLoad[]>(
    `SELECT measure, day, activity, place, sum(items)::integer AS items FROM ward_load
      WHERE hospital_id = $1 AND measure = ANY ($2) AND day BETWEEN $3 AND $4
      GROUP BY measure, day, activity, place HAVING sum(items) <> 0 ORDER BY day, measure, activity, place`,
    [hospital.id, measures, from, to],
  );

/** The sum of all days before `day`, by measure and activity. */
export const loadsBefore = (
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  measures: readonly LoadMeasure[],
  day: CalendarDate,
): Promise<Omit<DayLoad, 'day' | 'place'>[]> =>
  db.query<Omit<DayLoad, 'day' | 'place'>[]>(
    `SELECT measure, activity, sum(items)::integer AS items FROM ward_load
      WHERE hospital_id = $1 AND measure = ANY ($2) AND day < $3 GROUP BY measure, activity`,
    [hospital.id, measures, day],
  );

/** Rows that one transaction adds up. */
const AT_ONCE = 20_000;

/**
 * Adds up the rows that the triggers appended since the last time. Readers see the same sums before and after. Returns whether
 * there may be more. One transaction at a time works on a hospital.
 */
export async function compactLoads({ db, hospital }: HospitalTransaction): Promise<boolean> {
  const [{ isAlone }] = await db.query<[{ isAlone: boolean }]>(
    `SELECT pg_try_advisory_xact_lock(hashtextextended('ward_load ' || $1::text, 0)) AS "isAlone"`,
    [hospital.id],
  );
  if (!isAlone) return false;
  const [{ done }] = await db.query<[{ done: number }]>(
    `WITH changes AS (
       DELETE FROM ward_load WHERE hospital_id = $1 AND id = ANY (ARRAY(
         SELECT id FROM ward_load WHERE hospital_id = $1 AND NOT is_total LIMIT ${AT_ONCE}))
       RETURNING measure, day, activity, place, items),
     totals AS (
       DELETE FROM ward_load t USING (SELECT DISTINCT measure, day, activity, place FROM changes) AS k
        WHERE t.hospital_id = $1 AND t.is_total AND t.measure = k.measure AND t.day = k.day
          AND t.activity = k.activity AND t.place = k.place
       RETURNING t.measure, t.day, t.activity, t.place, t.items),
     added AS (
       INSERT INTO ward_load (hospital_id, measure, day, activity, place, items, is_total)
       SELECT $1, measure, day, activity, place, sum(items), true
         FROM (SELECT * FROM changes UNION ALL SELECT * FROM totals) AS both_kinds
        GROUP BY measure, day, activity, place HAVING sum(items) <> 0)
     SELECT count(*)::integer AS done FROM changes`,
    [hospital.id],
  );
  return done === AT_ONCE;
}
