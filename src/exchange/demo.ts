import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { firstHospital } from '../access/first-hospital.js';
import { HospitalScope } from '../access/hospital-scope.js';
import { CHECKOUT } from '../checkout.js';
import { addDays, type CalendarDate, calendarDate, toDayNumber } from '../guideline/calendar.js';
import { Patient } from '../patients/patient.entity.js';
import { SchedulesService } from '../schedules/schedules.service.js';
import { WorklistService } from '../schedules/worklist.service.js';
import { ImportsService } from './imports.service.js';

/** The day on which the cohort under demo/ was as it stands there. */
const COHORT_DAY = calendarDate('2026-11-01');

/** Since when the ward has followed its patients with nedwatch, in the story the demonstration tells. */
const FOLLOWED_DAYS = 60;

/** Of a hundred items that fell due since, how many were done: about what is published for this follow-up. */
const DONE_OF_HUNDRED = 60;

/**
 * Fills an empty database with the cohort under demo/, all its dates moved so that its day is today, and
 * with some of the examinations done. A database with patients is left as it is.
 */
export async function loadDemo(app: INestApplicationContext): Promise<void> {
  const dataSource = app.get(DataSource);
  await app.get(HospitalScope).run(await firstHospital(dataSource), async () => {
    const { today, empty } = await app.get(HospitalScope).transaction(async (tx) => ({
      today: tx.today,
      empty: (await tx.db.countBy(Patient, { hospitalId: tx.hospital.id })) === 0,
    }));
    if (!empty) return;
    const days = toDayNumber(today) - toDayNumber(COHORT_DAY);
    const enrolledOn = addDays(today, -FOLLOWED_DAYS);
    for (const kind of ['roster', 'events'] as const) {
      const cohort = await readFile(join(CHECKOUT, 'demo', `${kind}.csv`), 'utf8');
      const moved = Buffer.from(shiftDates(cohort, days));
      await app.get(ImportsService).import(moved, { kind, dryRun: false, acceptGood: false, enrolledOn });
    }
    await completeSome(app, enrolledOn, today);
  });
}

const shiftDates = (csv: string, days: number): string =>
  csv.replace(/\b\d{4}-\d{2}-\d{2}\b/g, (date) => addDays(calendarDate(date), days));

async function completeSome(
  app: INestApplicationContext,
  from: CalendarDate,
  today: CalendarDate,
): Promise<void> {
  const { rows } = await app.get(WorklistService).find({
    statuses: ['overdue', 'due'],
    activity: undefined,
    from,
    to: today,
    assignee: undefined,
    limit: 10_000,
    after: undefined,
  });
  for (const [index, { item }] of rows.entries()) {
    // Spread evenly and the same way each time.
    if ((index * 37) % 100 >= DONE_OF_HUNDRED) continue;
    await app.get(SchedulesService).complete(item.id, { date: item.due, outcome: 'normal' });
  }
}
