import { Any } from 'typeorm';
import { type CalendarDate, toDayNumber } from '../../guideline/calendar.js';
import type { Guideline } from '../../guideline/guideline.js';
import type { ItemRow } from '../../schedules/planned-row.js';
import { storedPlan } from '../../schedules/stored-plan.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { AppointmentItem } from '../../worklist/appointments/appointment.entity.js';
import { isOutside } from '../../worklist/steps/item-window.js';
import { positionOn, transitionFor } from '../../worklist/steps/item-transitions.js';

/** What an appointment of these activities on this day is about. */
export interface BookableItems {
  /** Items that can be booked, at most one for each activity. */
  readonly free: readonly ItemRow[];
  /** The open appointment that a matching item has already; undefined: none has one. */
  readonly booked: { readonly appointmentId: string; readonly item: ItemRow } | undefined;
}

/**
 * The open items of the patient that an exam of each activity would do: of several, one in whose window the day lies, else
 * the one due nearest to it.
 */
export async function bookableItems(
  tx: HospitalTransaction,
  patientId: string,
  { activities, day }: { readonly activities: readonly string[]; readonly day: CalendarDate },
): Promise<BookableItems> {
  const { items, planning } = await storedPlan(tx, patientId);
  const open = items.filter((item) => item.state === 'active' && !item.beforeEnrolment);
  const found = activities.flatMap((activity) => nearest(open, activity, day, planning.guideline) ?? []);
  const unique = [...new Map(found.map((item) => [item.id, item])).values()];
  const isBooked = ({ step, state, stepUntil }: ItemRow): boolean =>
    positionOn({ state, step, stepUntil }, tx.today) === 'booked';
  const [booked] = unique.filter(isBooked);
  const free = unique.filter(
    ({ state, step, stepUntil }) =>
      transitionFor('book', positionOn({ state, step, stepUntil }, tx.today), tx.caller.roles) !== undefined,
  );
  if (booked === undefined) return { free, booked: undefined };
  const row = await tx.db.findOneBy(AppointmentItem, {
    ...{ hospitalId: tx.hospital.id, isOpen: true, itemId: Any([booked.id]) },
  });
  return { free, booked: row ? { appointmentId: row.appointmentId, item: booked } : undefined };
}

function nearest(
  open: readonly ItemRow[],
  activity: string,
  day: CalendarDate,
  { covers }: Pick<Guideline, 'covers'>,
): ItemRow | undefined {
  const done = [activity, ...(Object.hasOwn(covers, activity) ? (covers[activity] ?? []) : [])];
  const distance = (item: ItemRow): number =>
    (isOutside(item, day) ? 1e6 : 0) + Math.abs(toDayNumber(item.due) - toDayNumber(day));
  const matching = open.filter((item) => done.includes(item.activity));
  // An item of the activity itself goes before one that it merely covers.
  const own = matching.filter((item) => item.activity === activity);
  return (own.length > 0 ? own : matching).toSorted((a, b) => distance(a) - distance(b))[0];
}
