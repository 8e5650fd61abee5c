import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { INestApplicationContext } from '@nestjs/common';
import { COHORT_DAY, shiftDates } from '../exchange/imports/demo.js';
import { ImportsService } from '../exchange/imports/imports.service.js';
import { addDays, type CalendarDate, toDayNumber } from '../guideline/calendar.js';
import { planSurveillance } from '../guideline/planner.js';
import { Patient } from '../patients/patient.entity.js';
import { insertEvents } from '../patients/patient-rows.js';
import { activeEvents, eventOf, factsOf } from '../patients/recorded-events.js';
import { CHECKOUT } from '../platform/checkout.js';
import { withoutEvents } from '../schedules/plan-facts.js';
import { SchedulesService } from '../schedules/schedules.service.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { examHistory } from './exam-history.js';

/** How long before its roster was imported the ward began with follow-up. */
const FOLLOWED_DAYS = 30;

/** Imports the roster under demo/, its dates moved so that its day is `presentDay`, and records the exams until now. */
export async function importRoster(app: INestApplicationContext, presentDay: CalendarDate): Promise<void> {
  const scope = app.get(HospitalScope);
  const { today } = await scope.transaction((tx) => Promise.resolve(tx));
  const enrolledOn = addDays(today, -FOLLOWED_DAYS);
  const days = toDayNumber(presentDay) - toDayNumber(COHORT_DAY);
  const files = [
    { name: 'ward', kind: 'roster' },
    { name: 'ward-events', kind: 'events' },
  ] as const;
  for (const { name, kind } of files) {
    const written = await readFile(join(CHECKOUT, 'demo', `${name}.csv`), 'utf8');
    const moved = Readable.from([Buffer.from(shiftDates(written, days))]);
    const options = { kind, dryRun: false, enrolledOn, acceptGood: true } as const;
    await app.get(ImportsService).importFile(moved, options);
  }
  await scope.transaction((tx) => recordExams(tx, app.get(SchedulesService)));
}

/** The exams of the years before the ward used the program: history without anything left to see. */
async function recordExams(tx: HospitalTransaction, schedules: SchedulesService): Promise<void> {
  const { guideline, policy } = tx.hospital;
  if (!guideline) return;
  const patients = await tx.db.find(Patient, {
    where: { hospitalId: tx.hospital.id },
    order: { mrn: 'ASC' },
  });
  const ids = patients.map(({ id }) => id);
  const recorded = await activeEvents(tx, ids);
  const yesterday = addDays(tx.today, -1);
  const done = patients.flatMap((patient, at) => {
    // As if the hospital had followed the patient from the beginning.
    const facts = { ...factsOf(patient, recorded.get(patient.id) ?? []), enrolledOn: undefined };
    const open = (exams: typeof facts.events) =>
      planSurveillance(guideline, { ...facts, events: [...facts.events, ...exams] }, policy, {
        asOf: tx.today,
        until: yesterday,
      }).items.filter(({ completedOn, due }) => completedOn === null && due <= yesterday);
    return examHistory(at, open, guideline, yesterday).map((fact) =>
      eventOf(patient, fact, tx, { toJudge: null, confirmedBy: null, isHistory: true }),
    );
  });
  await insertEvents(tx, done);
  await schedules.revise(tx, patients, null, { before: withoutEvents(done) });
}
