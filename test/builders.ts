import { v7 as uuid } from 'uuid';
import { addDays, calendarDate, type CalendarDate } from '../src/guideline/calendar.js';
import type { HospitalPolicy } from '../src/access/hospital-policy.js';
import { rulesFor } from '../src/access/reminder-policy.js';
import { Patient } from '../src/patients/patient.entity.js';
import { firstReminderOn } from '../src/schedules/reminder-calendar.js';
import { SurveillanceItem } from '../src/schedules/surveillance-item.entity.js';
import type { TestApp } from './app.js';
import { PLANNER_REVISION } from '../src/guideline/planner.js';

/** A row, and no instance of its class. */
export type PatientRow = { [C in keyof Patient]: Patient[C] };
export type ItemRow = { [C in keyof SurveillanceItem]: SurveillanceItem[C] };

type Place = Pick<TestApp, 'dataSource' | 'hospitalId' | 'now'>;

/** A patient of the test's hospital, followed up since long before the test. */
export async function givenPatient(t: Place, facts: Partial<PatientRow> = {}): Promise<PatientRow> {
  const patient: PatientRow = {
    id: uuid(),
    hospitalId: t.hospitalId,
    mrn: `mrn-${uuid()}`,
    name: '张三',
    sex: 'female',
    birthDate: calendarDate('1961-04-05'),
    diagnosisDate: calendarDate('2024-01-10'),
    phone: '13800000000',
    identityNumber: null,
    searchTerms: null,
    identityShared: false,
    responsibleNurse: null,
    responsiblePersonId: null,
    department: null,
    profile: null,
    liverImaging: null,
    enrolledOn: calendarDate('2024-02-01'),
    replanOn: null,
    policyVersion: 1,
    plannerRevision: PLANNER_REVISION,
    erasedAt: null,
    erasedBy: null,
    erasureGround: null,
    createdAt: await t.now(),
    ...facts,
  };
  await t.dataSource.getRepository(Patient).insert(patient);
  return patient;
}

/** An open item of a patient (a new one unless given), due on `due` and 28 days later overdue; waiting for its first reminder. */
export async function givenItem(
  t: Place,
  { due: dueText, ...facts }: Partial<Omit<ItemRow, 'due'>> & { due: string },
): Promise<ItemRow> {
  const due = calendarDate(dueText);
  const item: ItemRow = {
    id: uuid(),
    hospitalId: t.hospitalId,
    patientId: facts.patientId ?? (await givenPatient(t)).id,
    guideline: 'crlm-cn-2025@1',
    key: uuid(),
    pathway: 'test',
    rule: 'ct',
    activity: 'chest-ct',
    covers: [],
    alsoFor: [],
    sequence: 1,
    phase: 1,
    measuredFrom: addDays(due, -90),
    earliest: addDays(due, -14),
    due,
    overdue: addDays(due, 28),
    missedOn: null,
    beforeEnrolment: false,
    projected: false,
    deviates: false,
    state: 'active',
    completedOn: null,
    completedByEventId: null,
    cancelledByEventId: null,
    revision: 1,
    nextReminderOn: null,
    changedAt: await t.now(),
    ...facts,
  };
  await t.dataSource
    .getRepository(SurveillanceItem)
    .insert({ ...item, nextReminderOn: await firstDay(t, item) });
  return item;
}

/** What re-planning does to an item that moves. */
export async function moveItem(t: Place, item: ItemRow, dueText: string): Promise<ItemRow> {
  const due = calendarDate(dueText);
  const moved = {
    ...item,
    due,
    earliest: addDays(due, -14),
    overdue: addDays(due, 28),
    revision: item.revision + 1,
  };
  const { earliest, overdue, revision } = moved;
  const nextReminderOn = await firstDay(t, moved);
  await t.dataSource
    .getRepository(SurveillanceItem)
    .update(item.id, { due, earliest, overdue, revision, nextReminderOn });
  return moved;
}

async function firstDay(t: Place, item: ItemRow): Promise<CalendarDate | null> {
  const [{ today, policy }] = await t.dataSource.query<[{ today: CalendarDate; policy: HospitalPolicy }]>(
    `SELECT (program_now() AT TIME ZONE time_zone)::date AS today, policy FROM hospital WHERE id = $1`,
    [t.hospitalId],
  );
  return firstReminderOn(today, item, rulesFor(policy.reminders, item.activity));
}
