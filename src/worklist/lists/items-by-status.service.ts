import { Injectable } from '@nestjs/common';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { ItemStatus } from '../../guideline/planned-item.js';
import { type FieldFault, invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { Patient } from '../../patients/patient.entity.js';
import { askedNurse, inCareOf } from '../../patients/responsible-nurse.js';
import type { EscalatedTo } from '../../schedules/reminder-calendar.js';
import { lastStoredDay } from '../../schedules/stored-window.js';
import { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { type ReminderPolicy, rulesFor } from '../../tenancy/policy/reminder-policy.js';
import { refuseUnknownActivity } from './known-activity.js';
import type { ListFilter } from './list-query.js';
import { itemOfRow, type ItemInView, patientsOfRows } from './list-rows.js';

/** Items by their status, whatever people have done about them. */
export interface ItemsByStatusQuery extends Omit<ListFilter, 'owner'> {
  /** Any of these statuses; empty: overdue, due and upcoming. */
  readonly statuses: readonly ItemStatus[];
  /** Only items that are escalated to this role. */
  readonly escalatedTo: EscalatedTo | undefined;
  readonly limit: number;
  /** Due date and id of the last row seen. */
  readonly after: { readonly due: CalendarDate; readonly id: string } | undefined;
}

/** The same rule as `statusOn`, in SQL; `:today` is the hospital's day. */
const STATUS_CONDITIONS: Readonly<Record<ItemStatus, string>> = {
  completed: `item.state = 'completed'`,
  before_enrolment: `item.state = 'active' AND item.before_enrolment`,
  missed: `item.state = 'active' AND NOT item.before_enrolment AND item.missed_on <= :today`,
  overdue: `item.state = 'active' AND NOT item.before_enrolment AND (item.missed_on > :today OR item.missed_on IS NULL) AND item.due <= :today AND item.overdue <= :today`,
  due: `item.state = 'active' AND NOT item.before_enrolment AND (item.missed_on > :today OR item.missed_on IS NULL) AND item.due <= :today AND item.overdue > :today`,
  upcoming: `item.state = 'active' AND NOT item.before_enrolment AND (item.missed_on > :today OR item.missed_on IS NULL) AND item.due > :today`,
};

// The same rule as `escalatedTo`, in SQL.
const escalation = `(SELECT CASE WHEN :today::date - item.overdue >= (after ->> 'headNurseAfterDays')::integer THEN 'head_nurse'
    WHEN :today::date - item.overdue >= (after ->> 'responsibleNurseAfterDays')::integer THEN 'responsible_nurse' END
  FROM (SELECT coalesce(CAST(:ofActivity AS jsonb) -> item.activity, CAST(:ofOthers AS jsonb)) AS after) AS rules)`;

const escalationOf = (policy: ReminderPolicy): Record<'ofActivity' | 'ofOthers', string> => ({
  ofActivity: JSON.stringify(
    Object.fromEntries(
      Object.keys(policy.activities ?? {}).map((activity) => [
        activity,
        rulesFor(policy, activity).escalation,
      ]),
    ),
  ),
  ofOthers: JSON.stringify(policy.escalation ?? null),
});

const LIVE: readonly ItemStatus[] = ['overdue', 'due', 'upcoming'];

/** Items over all patients by status. */
@Injectable()
export class ItemsByStatus {
  constructor(private readonly scope: HospitalScope) {}

  /** By due date and id, oldest first. */
  async find(
    query: ItemsByStatusQuery,
  ): Promise<{ readonly rows: readonly ItemInView[]; readonly more: boolean }> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital, today } = tx;
      refuseUnknownActivity(query.activity, hospital.guideline ?? {});
      const statuses = query.statuses.length > 0 ? query.statuses : LIVE;
      refuseUnlisted(query, statuses, today);
      const { activity, rule, from, to, department, assignee, escalatedTo, after } = query;
      const items = db
        .createQueryBuilder(SurveillanceItem, 'item')
        .innerJoin(Patient, 'patient', 'patient.hospitalId = item.hospitalId AND patient.id = item.patientId')
        .where('item.hospitalId = :hospitalId', { hospitalId: hospital.id, today })
        .andWhere(`(${statuses.map((status) => `(${STATUS_CONDITIONS[status]})`).join(' OR ')})`)
        .orderBy('item.due')
        .addOrderBy('item.id')
        .limit(query.limit + 1);
      if (activity !== undefined) items.andWhere('item.activity = :activity', { activity });
      if (rule !== undefined) items.andWhere('item.rule = :rule', { rule });
      if (from !== undefined) items.andWhere('item.due >= :from', { from });
      if (to !== undefined) items.andWhere('item.due <= :to', { to });
      if (department !== undefined) items.andWhere('patient.department = :department', { department });
      if (assignee !== undefined) items.andWhere(inCareOf('patient'), askedNurse(assignee));
      if (escalatedTo !== undefined)
        items.andWhere(`${STATUS_CONDITIONS.overdue} AND ${escalation} = :escalatedTo`, {
          escalatedTo,
          ...escalationOf(hospital.policy.reminders),
        });
      if (after)
        items.andWhere('(item.due, item.id) > (:afterDue, :afterId)', {
          ...{ afterDue: after.due, afterId: after.id },
        });
      const found = await items.getMany();
      const page = found.slice(0, query.limit);
      const of = await patientsOfRows(
        tx,
        page.map(({ patientId }) => patientId),
      );
      const rows = page.flatMap((item) => {
        const patient = of.get(item.patientId);
        return patient ? [{ ...patient, ...itemOfRow(tx, item) }] : [];
      });
      return { rows, more: found.length > query.limit };
    });
  }
}

/** Refuses (422) what the list would not hold in full, because not every item has a row (`storedOn`). */
function refuseUnlisted(
  query: Pick<ItemsByStatusQuery, 'from' | 'to'>,
  statuses: readonly ItemStatus[],
  today: CalendarDate,
): void {
  const last = lastStoredDay(today);
  const beyond = (['from', 'to'] as const).filter((field) => (query[field] ?? last) > last);
  const faults: FieldFault[] = [
    ...(statuses.includes('before_enrolment')
      ? [{ pointer: '/status', code: 'not-allowed', message: msg('before-worklist') }]
      : []),
    ...(statuses.includes('upcoming') ? beyond : []).map((field) => ({
      pointer: `/${field}`,
      code: 'out-of-range',
      message: msg('beyond-worklist', { last }),
    })),
  ];
  if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults);
}
