import { Injectable } from '@nestjs/common';
import { IsNull, LessThanOrEqual, MoreThanOrEqual } from 'typeorm';
import { addDays, type CalendarDate } from '../../guideline/calendar.js';
import type { WithActivities } from '../../guideline/activities.js';
import { PatientsService } from '../../patients/patients.service.js';
import { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { workCalendar } from '../../work-calendar/calendar-rows.js';
import { Appointment } from '../../worklist/appointments/appointment.entity.js';
import { hasReturned } from '../../worklist/lists/list-membership.js';
import { windowOf } from '../../worklist/steps/item-window.js';
import { capacityLedger } from '../capacity/capacity-rows.js';
import type { BookedVisit, PlannableItem, VisitPlan } from './visit.js';
import { planVisits, SEARCHED_DAYS } from './visit-planner.js';

/** Items and appointments of one patient that are planned at most; the earliest due first. */
export const MOST_PLANNED = 200;

/** The proposed visits of a patient, and the open appointments with their items. */
export interface ProposedVisits {
  readonly today: CalendarDate;
  readonly to: CalendarDate;
  readonly plan: VisitPlan;
  readonly booked: readonly BookedVisit[];
  readonly guideline: WithActivities;
  /** All items that are named, by id. */
  readonly items: ReadonlyMap<string, SurveillanceItem>;
}

@Injectable()
export class VisitsService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
  ) {}

  /** Visits for the open items of the patient that are due up to `days` from today. Stores nothing. */
  async ofPatient(patientId: string, days: number): Promise<ProposedVisits> {
    return this.scope.transaction(async (tx) => {
      await this.patients.find(tx, patientId);
      const { today } = tx;
      const to = addDays(today, days);
      const items = await openItems(tx, patientId, to);
      const booked = await openAppointments(tx, patientId);
      const plannable = items
        .filter((item) => isToBook(item, today))
        .map((item) => plannableItem(item, today));
      const last = addDays(to, 2 * SEARCHED_DAYS);
      const context = {
        today,
        calendar: await workCalendar(tx, { from: today, to: last }),
        capacity: await capacityLedger(tx, { from: today, to: last }),
      };
      const plan = planVisits(plannable, booked, context);
      const guideline = tx.hospital.guideline ?? {};
      return { today, to, plan, booked, guideline, items: new Map(items.map((item) => [item.id, item])) };
    });
  }
}

/** The items that are due up to `to`, and those that are booked later. */
async function openItems(
  { db, hospital }: HospitalTransaction,
  patientId: string,
  to: CalendarDate,
): Promise<SurveillanceItem[]> {
  const open = { hospitalId: hospital.id, patientId, state: 'active', beforeEnrolment: false } as const;
  return db.find(SurveillanceItem, {
    where: [
      { ...open, due: LessThanOrEqual(to) },
      { ...open, step: 'booked' },
    ],
    order: { due: 'ASC', id: 'ASC' },
    take: MOST_PLANNED,
  });
}

async function openAppointments(
  { db, hospital, today }: HospitalTransaction,
  patientId: string,
): Promise<BookedVisit[]> {
  const appointments = await db.find(Appointment, {
    where: { hospitalId: hospital.id, patientId, outcome: IsNull(), date: MoreThanOrEqual(today) },
    order: { date: 'ASC', id: 'ASC' },
    take: MOST_PLANNED,
  });
  const rows = await db.query<{ appointmentId: string; itemIds: string[] }[]>(
    `SELECT appointment_id AS "appointmentId", array_agg(item_id ORDER BY item_id) AS "itemIds" FROM appointment_item
      WHERE hospital_id = $1 AND appointment_id = ANY ($2) AND is_open GROUP BY appointment_id`,
    [hospital.id, appointments.map(({ id }) => id)],
  );
  const covered = new Map(rows.map(({ appointmentId, itemIds }) => [appointmentId, itemIds]));
  return appointments.map(({ id, date }) => ({ appointmentId: id, date, itemIds: covered.get(id) ?? [] }));
}

/** Whether the item still needs a day: it is not booked, attended, declined or contraindicated. */
function isToBook(item: SurveillanceItem, today: CalendarDate): boolean {
  if (item.missedOn !== null && item.missedOn <= today) return false;
  return (
    item.step === null ||
    item.step === 'not_attended' ||
    item.step === 'deferred' ||
    (item.step !== 'booked' && hasReturned(item, today))
  );
}

function plannableItem(item: SurveillanceItem, today: CalendarDate): PlannableItem {
  const { id, activity, missedOn, step, stepUntil } = item;
  const notBefore = step === 'deferred' && stepUntil !== null && stepUntil > today ? stepUntil : null;
  return { ...{ id, activity, missedOn, notBefore }, ...windowOf(item) };
}
