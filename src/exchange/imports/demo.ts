import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { INestApplicationContext } from '@nestjs/common';
import { firstHospital } from '../../tenancy/first-hospital.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { CHECKOUT } from '../../platform/checkout.js';
import { addDays, calendarDate, toDayNumber } from '../../guideline/calendar.js';
import { determinesNextDate, outcomesOf } from '../../guideline/activities.js';
import type { ClinicalFact } from '../../guideline/facts.js';
import type { Guideline } from '../../guideline/guideline.js';
import { examFact } from '../../guideline/recorded-exam.js';
import { planSurveillance } from '../../guideline/planner.js';
import type { PlannedItem } from '../../guideline/planned-item.js';
import { insertEvents } from '../../patients/patient-rows.js';
import { Patient } from '../../patients/patient.entity.js';
import { eventOf, factsOf, activeEvents } from '../../patients/recorded-events.js';
import { withoutEvents } from '../../schedules/plan-facts.js';
import { SchedulesService } from '../../schedules/schedules.service.js';
import { ImportsService } from './imports.service.js';

/** The day for which the dates of the cohort under demo/ were written. */
export const COHORT_DAY = calendarDate('2026-11-01');

/** How long the ward of the demonstration has used nedwatch. */
const FOLLOWED_DAYS = 60;

// Of a hundred due items. Exams that determine the next date are known from before; the others were done since.
const CHAINED_EXAMS_DONE = 85;
const OTHER_EXAMS_DONE = 60;

/**
 * Fills an empty database with the cohort under demo/, for tests and benchmarks: all its dates shifted so that its day is
 * today, and with most of the exams done. A database with patients stays unchanged. `most`: the maximum number of patients.
 */
export async function loadDemo(app: INestApplicationContext, most = Infinity): Promise<void> {
  const scope = app.get(HospitalScope);
  await scope.run(await firstHospital(scope), async () => {
    const { today, empty } = await scope.transaction(async (tx) => ({
      today: tx.today,
      empty: !(await tx.db.existsBy(Patient, { hospitalId: tx.hospital.id })),
    }));
    if (!empty) return;
    const days = toDayNumber(today) - toDayNumber(COHORT_DAY);
    const enrolledOn = addDays(today, -FOLLOWED_DAYS);
    for (const kind of ['roster', 'events'] as const) {
      const cohort = await readFile(join(CHECKOUT, 'demo', `${kind}.csv`), 'utf8');
      const moved = Readable.from([Buffer.from(shiftDates(firstPatients(cohort, most), days))]);
      await app.get(ImportsService).importFile(moved, { kind, dryRun: false, acceptGood: false, enrolledOn });
    }
    await scope.transaction((tx) => recordExaminations(tx, app.get(SchedulesService)));
  });
}

/** The rows of both files begin with a number that counts the patients from M00001. */
const firstPatients = (csv: string, most: number): string =>
  csv.replace(/^M(\d+),[^\n]*\n/gm, (row, number) => (Number(number) > most ? '' : row));

/** The same text with every date moved by so many days. */
export const shiftDates = (csv: string, days: number): string =>
  csv.replace(/\b\d{4}-\d{2}-\d{2}\b/g, (date) => addDays(calendarDate(date), days));

async function recordExaminations(tx: HospitalTransaction, schedules: SchedulesService): Promise<void> {
  const { guideline } = tx.hospital;
  if (!guideline) return;
  const patients = await tx.db.findBy(Patient, { hospitalId: tx.hospital.id });
  const histories = await activeEvents(
    tx,
    patients.map(({ id }) => id),
  );
  const done = patients.flatMap((patient) => {
    const facts = factsOf(patient, histories.get(patient.id) ?? []);
    const open = (events: readonly ClinicalFact[]) => openItems(tx, guideline, patient, events);
    const seen = { seenAt: tx.now, seenBy: tx.caller.name };
    return examsDone(facts.events, open, guideline).map((fact) => ({
      ...eventOf(patient, fact, tx),
      ...seen,
    }));
  });
  await insertEvents(tx, done);
  await schedules.revise(tx, patients, null, { before: withoutEvents(done) });
}

function openItems(
  { hospital, today }: HospitalTransaction,
  guideline: Guideline,
  patient: Patient,
  events: readonly ClinicalFact[],
): PlannedItem[] {
  const facts = { ...factsOf(patient, []), events };
  const { items } = planSurveillance(guideline, facts, hospital.policy, {
    asOf: today,
    until: addDays(today, -1),
  });
  return items.filter(({ completedOn, beforeEnrolment }) => completedOn === null && !beforeEnrolment);
}

/** First the exams that determine the next date, one after the other; then the rest at once. */
function examsDone(
  recorded: readonly ClinicalFact[],
  open: (events: readonly ClinicalFact[]) => PlannedItem[],
  guideline: Guideline,
): ClinicalFact[] {
  const done: ClinicalFact[] = [];
  for (;;) {
    const next = open([...recorded, ...done]).find(
      ({ activity, projected }) => determinesNextDate(activity, guideline) && !projected,
    );
    if (!next || !happens(next, CHAINED_EXAMS_DONE)) break;
    done.push(examFor(next, guideline));
  }
  const others = open([...recorded, ...done]).filter(
    (item) => !determinesNextDate(item.activity, guideline) && happens(item, OTHER_EXAMS_DONE),
  );
  return [...done, ...others.map((item) => examFor(item, guideline))];
}

/** Done on the due date, with the outcome that the guideline expects. */
const examFor = ({ due, activity }: PlannedItem, guideline: Guideline): ClinicalFact =>
  examFact(activity, { date: due, outcome: outcomesOf(activity, guideline)[0] }, due, guideline);

/** The same items each time, evenly distributed: a small hash of the key, modulo a hundred. */
function happens({ key }: PlannedItem, ofHundred: number): boolean {
  let hash = 7;
  for (const character of key) hash = (hash * 31 + character.charCodeAt(0)) % 10_007;
  return hash % 100 < ofHundred;
}
