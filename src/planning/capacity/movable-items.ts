import { addDays, type CalendarDate } from '../../guideline/calendar.js';
import { NEVER } from '../../guideline/planned-item.js';
import { type HospitalTransaction, showOnly } from '../../tenancy/hospital-scope.js';
import type { DayRange } from '../../work-calendar/calendar-rows.js';
import { live } from '../../worklist/lists/list-sql.js';
import type { MovableItem } from './leveling.js';

/** Items that one proposal considers. */
export const MOST_MOVABLE = 2000;

interface MovableRow extends Omit<MovableItem, 'last'> {
  readonly overdue: CalendarDate;
}

/**
 * The items of the week that the caller may see: those of open appointments, and open ones that are due in it and not booked.
 * `isPartial`: there are more than one proposal considers.
 */
export async function movableItems(
  { db, hospital }: HospitalTransaction,
  { from, to }: DayRange,
): Promise<{ readonly items: readonly MovableItem[]; readonly isPartial: boolean }> {
  const rows = await db.query<MovableRow[]>(
    `(SELECT i.id, i.patient_id AS "patientId", i.activity, a.id AS "appointmentId", a.date AS day, i.earliest, i.overdue
        FROM (SELECT id, date FROM appointment
               WHERE hospital_id = $1 AND outcome IS NULL AND date BETWEEN $2 AND $3
               ORDER BY date, id LIMIT ${MOST_MOVABLE + 1}) AS a
        JOIN appointment_item c ON c.hospital_id = $1 AND c.appointment_id = a.id AND c.is_open
        JOIN surveillance_item i ON i.hospital_id = $1 AND i.id = c.item_id
       ORDER BY a.date, a.id, i.id LIMIT ${MOST_MOVABLE + 1})
     UNION ALL
     (SELECT i.id, i.patient_id, i.activity, NULL, i.due, i.earliest, i.overdue FROM surveillance_item i
       WHERE i.hospital_id = $1 AND ${live('i')} AND i.due BETWEEN $2 AND $3 AND (i.step IS NULL OR i.step = 'not_attended')
       ORDER BY i.due, i.id LIMIT ${MOST_MOVABLE + 1})`,
    [hospital.id, from, to],
  );
  const items = rows.slice(0, MOST_MOVABLE).map(({ overdue, ...item }) => ({
    ...item,
    last: overdue === NEVER ? null : addDays(overdue, -1),
  }));
  showOnly(items.map(({ patientId }) => ({ id: patientId })));
  return { items, isPartial: rows.length > MOST_MOVABLE };
}
