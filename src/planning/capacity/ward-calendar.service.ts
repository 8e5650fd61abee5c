import { Injectable } from '@nestjs/common';
import { Any } from 'typeorm';
import { activitiesIn, type WithActivities } from '../../guideline/activities.js';
import { addDays, type CalendarDate } from '../../guideline/calendar.js';
import { shownNames } from '../../patients/identity.js';
import { Patient } from '../../patients/patient.entity.js';
import { type FieldFault, invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { workCalendar } from '../../work-calendar/calendar-rows.js';
import { capacitiesOf } from './capacity-rows.js';
import type { CalendarInput, ForecastInput } from './ward-calendar-schemas.js';
import { CapacityLedger } from './capacity-ledger.js';
import { type ForecastWeek, forecastOf } from './forecast.js';
import { type Leveling, level } from './leveling.js';
import { movableItems } from './movable-items.js';
import { type Sees, type VisibleCounts, visibleLoad } from './visible-load.js';
import { type CalendarDay, calendarOf, daysBetween, mondayOf } from './ward-calendar.js';
import { dayLoads, loadsBefore } from './ward-load.js';

interface SeenCalendar extends Pick<ReturnType<typeof calendarOf>, 'weeks'> {
  readonly sees: Sees;
  readonly days: readonly (CalendarDay & { readonly visible: VisibleCounts | null })[];
}

interface NamedPatient {
  readonly mrn: string;
  /** Null: the caller may not see it. */
  readonly name: string | null;
}

interface WeekLeveling extends Leveling {
  /** The Monday. */
  readonly from: CalendarDate;
  readonly isPartial: boolean;
  readonly patientOf: (id: string) => NamedPatient;
}

/** Days that one calendar shows at most. */
export const MOST_DAYS = 100;

/** The load of the coming days against capacity, what is to come, and how an overfull week can be levelled. */
@Injectable()
export class WardCalendarService {
  constructor(private readonly scope: HospitalScope) {}

  /**
   * The load of the whole hospital, because its capacity is that of all, and for a limited caller how much of it is of patients
   * whom the caller may see. Refuses (422) a range that ends before it begins or has more than `MOST_DAYS` days.
   */
  async calendar({ from, to, activity, place }: CalendarInput): Promise<SeenCalendar> {
    refuse(rangeFaults(from, to));
    return this.scope.transaction(async (tx) => {
      refuse(activityFaults(activity, tx.hospital.guideline ?? {}));
      const calendar = await workCalendar(tx, { from, to });
      const loads = await dayLoads(tx, { measures: ['booked', 'due'], from, to });
      const asked = { from, to, activity: activity ?? null, place: place ?? null };
      const { days, weeks } = calendarOf(asked, calendar, await capacitiesOf(tx), loads);
      const { sees, countsOn } = await visibleLoad(tx, asked);
      return { sees, days: days.map((day) => ({ ...day, visible: countsOn(day.date) })), weeks };
    });
  }

  /** The demand of the coming weeks, the current one first. */
  async forecast({ weeks, activity }: ForecastInput): Promise<readonly ForecastWeek[]> {
    return this.scope.transaction(async (tx) => {
      refuse(activityFaults(activity, tx.hospital.guideline ?? {}));
      const { today } = tx;
      const to = addDays(mondayOf(today), 7 * weeks - 1);
      const before = await loadsBefore(tx, ['earliest', 'last'], today);
      // Items that are missed today are not done any more.
      const missed = await loadsBefore(tx, ['missed'], addDays(today, 1));
      const sumOf = (measure: string): number =>
        [...before, ...missed]
          .filter(
            (load) => load.measure === measure && (activity === undefined || load.activity === activity),
          )
          .reduce((sum, { items }) => sum + items, 0);
      return forecastOf({
        ...{ today, weeks, activity: activity ?? null },
        calendar: await workCalendar(tx, { from: today, to }),
        capacities: await capacitiesOf(tx),
        loads: await dayLoads(tx, { measures: ['earliest', 'last', 'booked'], from: today, to }),
        backlog: {
          ...{ earliest: sumOf('earliest'), last: sumOf('last'), missed: sumOf('missed'), booked: 0 },
        },
      });
    });
  }

  /** How to level the week of this day: which patients to move to which day. Stores nothing. */
  async leveling(week: CalendarDate): Promise<WeekLeveling> {
    return this.scope.transaction(async (tx) => {
      const monday = mondayOf(week);
      const { items, isPartial } = await movableItems(tx, { from: monday, to: addDays(monday, 6) });
      const context = { today: tx.today, ...(await roomAround(tx, monday)) };
      for (const { appointmentId, day, activity } of items)
        if (appointmentId !== null) context.capacity.take(day, activity, -1);
      const leveling = level(items, context);
      const patientOf = await patientsIn(tx, leveling);
      return { from: monday, isPartial, ...leveling, patientOf };
    });
  }
}

/** The patients whom the proposal names. */
async function patientsIn(
  tx: HospitalTransaction,
  { moves, left }: Leveling,
): Promise<WeekLeveling['patientOf']> {
  const ids = [...new Set([...moves, ...left].map(({ patientId }) => patientId))];
  const patients = await tx.db.findBy(Patient, { hospitalId: tx.hospital.id, id: Any(ids) });
  const names = await shownNames(tx, patients);
  const byId = new Map(patients.map(({ id, mrn }) => [id, { mrn, name: names.get(id) ?? null }]));
  return (id) => byId.get(id) ?? { mrn: '', name: null };
}

/** The working days and what appointments leave, in the weeks around. */
async function roomAround(tx: HospitalTransaction, monday: CalendarDate) {
  const range = { from: addDays(monday, -AROUND_DAYS), to: addDays(monday, AROUND_DAYS) };
  const capacities = await capacitiesOf(tx);
  const booked = await dayLoads(tx, { measures: ['booked'], ...range });
  return { calendar: await workCalendar(tx, range), capacity: new CapacityLedger(capacities, booked) };
}

const AROUND_DAYS = 92;

function refuse(faults: readonly FieldFault[]): void {
  if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults);
}

function rangeFaults(from: CalendarDate, to: CalendarDate): FieldFault[] {
  const fault = (code: 'range-backwards' | 'range-too-long'): FieldFault[] => [
    {
      pointer: '/to',
      code,
      message: code === 'range-backwards' ? msg(code, { from }) : msg(code, { days: MOST_DAYS }),
    },
  ];
  if (to < from) return fault('range-backwards');
  return daysBetween(from, to) >= MOST_DAYS ? fault('range-too-long') : [];
}

function activityFaults(activity: string | undefined, guideline: WithActivities): FieldFault[] {
  const known = activitiesIn(guideline);
  return activity === undefined || known.includes(activity)
    ? []
    : [
        {
          pointer: '/activity',
          code: 'unknown-activity',
          message: msg('unknown-activity-here', { activity, known }),
        },
      ];
}
