import { Injectable } from '@nestjs/common';
import { type FieldFault, invalid } from '../platform/domain-error.js';
import { msg } from '../platform/messages/dictionary.js';
import { activitiesIn, type WithActivities } from '../guideline/activities.js';
import { HospitalScope, showOnly } from '../tenancy/hospital-scope.js';
import { rulesFor, type ReminderPolicy } from '../tenancy/policy/reminder-policy.js';
import { toDayNumber, type CalendarDate } from '../guideline/calendar.js';
import { statusOn, type ItemStatus } from '../guideline/planned-item.js';
import { withheldAbout, type Withheld } from '../patients/consent.js';
import { shownNames } from '../patients/identity.js';
import { Patient } from '../patients/patient.entity.js';
import { askedNurse, inCareOf, type Nurse, nursesOf } from '../patients/responsible-nurse.js';
import { escalatedTo, type EscalatedTo } from '../schedules/reminder-calendar.js';
import { lastStoredDay } from '../schedules/stored-window.js';
import { SurveillanceItem } from '../schedules/surveillance-item.entity.js';

export interface WorklistQuery {
  /** Any of these statuses; empty: overdue, due and upcoming. */
  readonly statuses: readonly ItemStatus[];
  readonly activity: string | undefined;
  /** First and last due date, both included. */
  readonly from: CalendarDate | undefined;
  readonly to: CalendarDate | undefined;
  /** The responsible nurse: a person's id, login or name, or what was imported. */
  readonly assignee: string | undefined;
  /** Only items that are escalated to this role. */
  readonly escalatedTo: EscalatedTo | undefined;
  readonly limit: number;
  /** Due date and id of the last row seen. */
  readonly after: readonly string[] | undefined;
}

export interface WorklistRow {
  readonly item: SurveillanceItem;
  readonly patient: Patient;
  /** Null: the caller may not see it. */
  readonly name: string | null;
  readonly nurse: Nurse | null;
  /** The role to which the late item is escalated; null: it is not escalated. */
  readonly escalatedTo: EscalatedTo | null;
  /** Why no message about the patient is sent, so that only readers of this list know of the item; null: messages are sent. */
  readonly withheld: Withheld | null;
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

function escalatedNow(
  item: SurveillanceItem,
  today: CalendarDate,
  policy: ReminderPolicy,
): EscalatedTo | null {
  return statusOn(today, item) === 'overdue'
    ? escalatedTo(toDayNumber(today) - toDayNumber(item.overdue), rulesFor(policy, item.activity))
    : null;
}

const LIVE: readonly ItemStatus[] = ['overdue', 'due', 'upcoming'];

/** Items over all patients. */
@Injectable()
export class WorklistService {
  constructor(private readonly scope: HospitalScope) {}

  /** By due date and id, oldest first; two queries. One row more than `limit` says that there are more. */
  async find(query: WorklistQuery): Promise<{ today: CalendarDate; rows: WorklistRow[] }> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital, today } = tx;
      refuseUnknownActivity(query.activity, hospital.guideline ?? {});
      const statuses = query.statuses.length > 0 ? query.statuses : LIVE;
      refuseUnlisted(query, statuses, today);
      const items = db
        .createQueryBuilder(SurveillanceItem, 'item')
        .innerJoinAndMapOne(
          'item.patient',
          Patient,
          'patient',
          'patient.hospitalId = item.hospitalId AND patient.id = item.patientId',
        )
        .where('item.hospitalId = :hospitalId', { hospitalId: hospital.id, today })
        .andWhere(`(${statuses.map((status) => `(${STATUS_CONDITIONS[status]})`).join(' OR ')})`)
        .orderBy('item.due')
        .addOrderBy('item.id')
        .limit(query.limit + 1);
      if (query.activity !== undefined)
        items.andWhere('item.activity = :activity', { activity: query.activity });
      if (query.from !== undefined) items.andWhere('item.due >= :from', { from: query.from });
      if (query.to !== undefined) items.andWhere('item.due <= :to', { to: query.to });
      if (query.assignee !== undefined) items.andWhere(inCareOf('patient'), askedNurse(query.assignee));
      if (query.escalatedTo !== undefined)
        items.andWhere(`${STATUS_CONDITIONS.overdue} AND ${escalation} = :escalatedTo`, {
          escalatedTo: query.escalatedTo,
          ...escalationOf(hospital.policy.reminders),
        });
      if (query.after)
        items.andWhere('(item.due, item.id) > (:afterDue, :afterId)', {
          afterDue: query.after[0],
          afterId: query.after[1],
        });
      const found = (await items.getMany()) as (SurveillanceItem & { patient: Patient })[];
      const patients = found.slice(0, query.limit).map(({ patient }) => patient);
      showOnly(patients);
      const names = await shownNames(tx, patients);
      const nurses = await nursesOf(tx, patients);
      const withheld = await withheldAbout(
        tx,
        patients.map(({ id }) => id),
      );
      const rows = found.map(({ patient, ...item }) => ({
        ...{ item, patient },
        name: names.get(patient.id) ?? null,
        nurse: nurses.get(patient.id) ?? null,
        escalatedTo: escalatedNow(item, today, hospital.policy.reminders),
        withheld: withheld.get(patient.id) ?? null,
      }));
      return { today, rows };
    });
  }
}

/** Refuses (422) what the list would not hold in full, because not every item has a row (`storedOn`). */
function refuseUnlisted(
  query: Pick<WorklistQuery, 'from' | 'to'>,
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

/** Refuses (422) an activity that neither the program nor the hospital's guideline knows. */
function refuseUnknownActivity(activity: string | undefined, guideline: WithActivities): void {
  const values = activitiesIn(guideline);
  if (activity === undefined || values.includes(activity)) return;
  throw invalid('invalid-input', msg('invalid-input'), [
    { pointer: '/activity', code: 'not-allowed', message: msg('none-of', { values }) },
  ]);
}
