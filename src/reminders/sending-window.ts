import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import type { CalendarDate } from '../guideline/calendar.js';

/** When reminders may leave. */
export interface SendingWindow {
  /** The hospital's day whose reminders may leave: it begins at the policy's `time`. */
  readonly day: CalendarDate;
  /** No reminder may leave before this instant; null: reminders may leave now. */
  readonly quietUntil: Date | null;
}

/** From the hospital's policy, its time zone and the transaction's instant. */
export async function sendingWindow({ db, hospital, now }: HospitalTransaction): Promise<SendingWindow> {
  const { time, until } = hospital.policy.reminders;
  const [row] = await db.query<[SendingWindow]>(
    `SELECT day, CASE WHEN $1 >= (day + $4::time) AT TIME ZONE $2 THEN (day + 1 + $3::time) AT TIME ZONE $2 END AS "quietUntil"
       FROM (SELECT ($1::timestamptz AT TIME ZONE $2 - $3::interval)::date AS day) AS begun`,
    [now, hospital.timeZone, time, until],
  );
  return row;
}
