import { addDays, addMonths, type CalendarDate } from '../../guideline/calendar.js';
import type { Guideline, Text } from '../../guideline/guideline.js';
import { NEVER, statusOn } from '../../guideline/planned-item.js';
import { preparationFor } from '../../guideline/preparation.js';
import { activityTitle } from '../../guideline/vocabulary.js';
import { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { AppointmentItem, Appointment } from '../../worklist/appointments/appointment.entity.js';
import type { CallSettings } from '../../worklist/settings/call-settings.js';

/** One day or window of a patient, with all that is done then. */
export interface PatientDate {
  readonly booked: Pick<Appointment, 'date' | 'time' | 'halfDay' | 'place'> | null;
  readonly isLate: boolean;
  /** Whether it can be done already. */
  readonly isOpen: boolean;
  readonly earliest: CalendarDate;
  readonly due: CalendarDate;
  /** The last day in time; null: it is never late. */
  readonly last: CalendarDate | null;
  readonly titles: readonly Text[];
}

export interface PatientDates {
  readonly dates: readonly PatientDate[];
  /** Whether later dates follow that are not listed. */
  readonly more: boolean;
  /** What the patient prepares, for each activity of the first dates. */
  readonly preparations: readonly { readonly title: Text; readonly text: Text }[];
}

/** What fits on one side: so many dates, and for how many of them how to prepare. */
export interface PageRoom {
  readonly dates: number;
  readonly prepared: number;
}

const MONTHS_AHEAD = 12;

/** Rows of one patient that are read; a plan of 12 months has some ten. */
const ITEMS_READ = 200;

/** The open dates of a patient for 12 months: booked ones by their day, the others by their due date. */
export async function datesOf(
  tx: HospitalTransaction,
  patientId: string,
  { dates: atMost, prepared }: PageRoom,
  { preparation }: Pick<CallSettings, 'preparation'>,
): Promise<PatientDates> {
  const { db, hospital, today } = tx;
  const ofPatient = { hospitalId: hospital.id, patientId };
  const items = await db.find(SurveillanceItem, {
    where: { ...ofPatient, state: 'active' as const, beforeEnrolment: false },
    order: { due: 'ASC', activity: 'ASC', id: 'ASC' },
    take: ITEMS_READ,
  });
  const covered = await db.findBy(AppointmentItem, { ...ofPatient, isOpen: true });
  const appointments = await db.find(Appointment, {
    where: covered.map(({ appointmentId: id }) => ({ ...ofPatient, id })),
    take: ITEMS_READ,
  });
  const byId = new Map(appointments.map((one) => [one.id, one]));
  const bookedOf = new Map(covered.map(({ itemId, appointmentId }) => [itemId, byId.get(appointmentId)]));
  const open = items.filter((item) => isPlanned(item, today, bookedOf.get(item.id)));
  const dates = grouped(open, bookedOf, today, hospital.guideline);
  const shown = dates.slice(0, atMost);
  const activities = new Set(shown.slice(0, prepared).flatMap((date) => date.activities));
  return {
    dates: shown,
    more: dates.length > shown.length,
    preparations: [...activities].flatMap((activity) => {
      const text = own(preparation, activity) ?? preparationFor(activity);
      return text === null ? [] : [{ title: activityTitle(activity, hospital.guideline ?? {}), text }];
    }),
  };
}

/** Not what the patient declined, what must not be done, what was done, and what was missed. */
function isPlanned(item: SurveillanceItem, today: CalendarDate, booked: Appointment | undefined): boolean {
  if (item.step === 'booked') return booked !== undefined && booked.date >= today;
  if (item.step === 'declined' || item.step === 'contraindicated' || item.step === 'attended') return false;
  return statusOn(today, item) !== 'missed' && item.due <= addMonths(today, MONTHS_AHEAD);
}

type Grouped = PatientDate & { readonly activities: readonly string[] };

function grouped(
  items: readonly SurveillanceItem[],
  bookedOf: ReadonlyMap<string, Appointment | undefined>,
  today: CalendarDate,
  guideline: Guideline | undefined,
): Grouped[] {
  const groups = new Map<string, SurveillanceItem[]>();
  for (const item of items) {
    const booked = item.step === 'booked' ? bookedOf.get(item.id)?.id : undefined;
    const key = booked ?? `${item.earliest} ${item.due} ${item.overdue}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const booked = first.step === 'booked' ? (bookedOf.get(first.id) ?? null) : null;
      const activities = [...new Set(group.map(({ activity }) => activity))];
      return [
        {
          ...{ booked, activities, isLate: booked === null && first.overdue <= today },
          isOpen: first.earliest <= today,
          ...{ earliest: first.earliest, due: first.due },
          last: first.overdue === NEVER ? null : addDays(first.overdue, -1),
          titles: activities.map((activity) => activityTitle(activity, guideline ?? {})),
        },
      ];
    })
    .sort((a, b) => (dayOf(a) < dayOf(b) ? -1 : Number(dayOf(a) > dayOf(b))));
}

const dayOf = ({ booked, due }: PatientDate): string => booked?.date ?? due;

// An activity may be called `constructor`.
const own = (texts: Readonly<Record<string, Text>>, activity: string): Text | undefined =>
  Object.hasOwn(texts, activity) ? texts[activity] : undefined;
