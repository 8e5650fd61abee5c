import type { CalendarDate } from '../../guideline/calendar.js';
import { isLimited } from '../../tenancy/caller.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { DayRange } from '../../work-calendar/calendar-rows.js';
import { patientsToLookThrough } from '../../worklist/lists/look-through.js';

export type Sees = 'all' | 'some' | 'many';

/** Items of one day whose patients the caller may see. */
export interface VisibleCounts {
  readonly booked: number;
  readonly due: number;
}

export interface VisibleLoad {
  readonly sees: Sees;
  readonly countsOn: (day: CalendarDate) => VisibleCounts | null;
}

interface LoadAsked extends DayRange {
  readonly activity: string | null;
  readonly place: string | null;
}

/** The part of the load of these days that is of patients whom a limited caller may see, counted patient by patient. */
export async function visibleLoad(tx: HospitalTransaction, asked: LoadAsked): Promise<VisibleLoad> {
  if (!isLimited(tx.caller)) return { sees: 'all', countsOn: () => null };
  const patients = await patientsToLookThrough(tx, {});
  if (patients === undefined) return { sees: 'many', countsOn: () => null };
  const days = new Map<CalendarDate, VisibleCounts>();
  for (const { measure, day, items } of await loadsOf(tx, patients, asked))
    days.set(day, { booked: 0, due: 0, ...days.get(day), [measure]: items });
  return { sees: 'some', countsOn: (day) => days.get(day) ?? { booked: 0, due: 0 } };
}

interface VisibleRow {
  readonly measure: 'booked' | 'due';
  readonly day: CalendarDate;
  readonly items: number;
}

/** By the rules of the triggers that count the load of the hospital. Row security hides what the caller may not see. */
const loadsOf = (
  { db, hospital }: HospitalTransaction,
  patients: readonly string[],
  { from, to, activity, place }: LoadAsked,
): Promise<VisibleRow[]> =>
  db.query<VisibleRow[]>(
    `SELECT 'due' AS measure, l.day, count(*)::integer AS items
       FROM surveillance_item i, load_of_item(i.state, i.step, i.step_until, i.earliest, i.due, i.overdue, i.missed_on, i.before_enrolment) l
      WHERE i.hospital_id = $1 AND i.patient_id = ANY ($2) AND i.state = 'active' AND l.measure = 'due' AND l.day BETWEEN $3 AND $4
        AND ($5::text IS NULL OR i.activity = $5)
      GROUP BY l.day
     UNION ALL
     SELECT 'booked', a.date, count(*)::integer
       FROM appointment a
       JOIN appointment_item c ON c.hospital_id = $1 AND c.appointment_id = a.id AND c.is_open
       JOIN surveillance_item i ON i.hospital_id = $1 AND i.id = c.item_id
      WHERE a.hospital_id = $1 AND a.patient_id = ANY ($2) AND a.date BETWEEN $3 AND $4
        AND ($5::text IS NULL OR i.activity = $5) AND ($6::text IS NULL OR a.place = $6)
      GROUP BY a.date`,
    [hospital.id, patients, from, to, activity, place],
  );
