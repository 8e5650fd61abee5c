import { v7 as uuid } from 'uuid';
import { addDays, calendarDate, type CalendarDate } from '../../src/guideline/calendar.js';
import type { HospitalPolicy } from '../../src/tenancy/policy/hospital-policy.js';
import { rulesFor } from '../../src/tenancy/policy/reminder-policy.js';
import { Patient } from '../../src/patients/patient.entity.js';
import { firstReminderOn } from '../../src/schedules/reminder-calendar.js';
import { SurveillanceItem } from '../../src/schedules/surveillance-item.entity.js';
import type { TestApp } from './app.js';
import { PLANNER_REVISION } from '../../src/guideline/planner.js';

/** A plain row, not an instance of its class. */
export type PatientRow = { [C in keyof Patient]: Patient[C] };
export type ItemRow = { [C in keyof SurveillanceItem]: SurveillanceItem[C] };

type TestHospital = Pick<TestApp, 'dataSource' | 'hospitalId' | 'now'>;

/** A patient of the test's hospital, in follow-up since long before the test. */
export async function givenPatient(t: TestHospital, facts: Partial<PatientRow> = {}): Promise<PatientRow> {
  const patient = patientRow(t, await t.now(), facts);
  await t.dataSource.getRepository(Patient).insert(patient);
  return patient;
}

function patientRow(t: TestHospital, createdAt: Date, facts: Partial<PatientRow>): PatientRow {
  return {
    id: uuid(),
    hospitalId: t.hospitalId,
    mrn: `mrn-${uuid()}`,
    name: '张三',
    sex: 'female',
    birthDate: calendarDate('1961-04-05'),
    diagnosisDate: calendarDate('2024-01-10'),
    phone: '13800000000',
    identityNumber: null,
    blindIndex: null,
    identityShared: false,
    responsibleNurse: null,
    responsiblePersonId: null,
    department: null,
    ...{ ward: null, group: null, distanceKm: null },
    profile: null,
    liverImaging: null,
    enrolledOn: calendarDate('2024-02-01'),
    replanOn: null,
    policyVersion: 1,
    plannerRevision: PLANNER_REVISION,
    erasedAt: null,
    erasedBy: null,
    erasureGround: null,
    mergedInto: null,
    createdAt,
    ...facts,
  };
}

/**
 * An open item of a patient (a new one unless given), due on `due` and overdue 28 days later; waiting for its first
 * reminder.
 */
export async function givenItem(
  t: TestHospital,
  { due: dueText, ...facts }: Partial<Omit<ItemRow, 'due'>> & { due: string },
): Promise<ItemRow> {
  const patientId = facts.patientId ?? (await givenPatient(t)).id;
  const item = itemRow(t, await t.now(), { ...facts, patientId, due: dueText });
  const nextReminderOn = await firstDay(t, item);
  await t.dataSource.getRepository(SurveillanceItem).insert({ ...item, nextReminderOn });
  return item;
}

/** Many at once: of the patient, or each of a patient of its own. */
export async function givenItems(
  t: TestHospital,
  count: number,
  { due, patientId }: { due: string; patientId?: string },
): Promise<ItemRow[]> {
  const now = await t.now();
  const patients = patientId === undefined ? Array.from({ length: count }, () => patientRow(t, now, {})) : [];
  const items = Array.from({ length: count }, (_, n) =>
    itemRow(t, now, { patientId: patientId ?? patients[n]!.id, due }),
  );
  const [one] = items;
  const nextReminderOn = one ? await firstDay(t, one) : null;
  if (patients.length > 0) await t.dataSource.getRepository(Patient).insert(patients);
  await t.dataSource
    .getRepository(SurveillanceItem)
    .insert(items.map((item) => ({ ...item, nextReminderOn })));
  return items;
}

type ItemFacts = Partial<Omit<ItemRow, 'due'>> & { patientId: string; due: string };

function itemRow(t: TestHospital, changedAt: Date, { due: dueText, ...facts }: ItemFacts): ItemRow {
  const due = calendarDate(dueText);
  return {
    id: uuid(),
    hospitalId: t.hospitalId,
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
    urgentOn: null,
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
    step: null,
    stepOn: null,
    stepUntil: null,
    steps: null,
    changedAt,
    ...facts,
  };
}

/** The effect of replanning on an item that moves. */
export async function moveItem(t: TestHospital, item: ItemRow, dueText: string): Promise<ItemRow> {
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

async function firstDay(t: TestHospital, item: ItemRow): Promise<CalendarDate | null> {
  const [{ today, policy }] = await t.dataSource.query<[{ today: CalendarDate; policy: HospitalPolicy }]>(
    `SELECT (program_now() AT TIME ZONE time_zone)::date AS today, policy FROM hospital WHERE id = $1`,
    [t.hospitalId],
  );
  return firstReminderOn(today, item, rulesFor(policy.reminders, item.activity));
}
