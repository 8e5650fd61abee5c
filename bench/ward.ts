/**
 * How long the calendar of a month, the forecast, the levelling of a week and the visits of a patient take in a hospital of SMALL
 * patients and in one of LARGE, through HTTP with all guards, and how much p50 and p99 grow. Calls of both hospitals
 * alternate, so that other work on the machine slows down both. Then how long 800 patients of 12 items take to plan.
 * Run: npm run bench:ward -- LARGE CALLS SMALL (defaults: 30000 60 10000). NEDWATCH_BENCH_DATA: see
 * filled-program.ts.
 */
import { cpus, loadavg } from 'node:os';
import type { Program } from '../src/app/program.js';
import { addDays, calendarDate } from '../src/guideline/calendar.js';
import { CapacityLedger } from '../src/planning/capacity/capacity-ledger.js';
import { LoadCompaction } from '../src/planning/capacity/load-compaction.js';
import type { PlannableItem } from '../src/planning/visits/visit.js';
import { planVisits } from '../src/planning/visits/visit-planner.js';
import { WorkCalendar } from '../src/work-calendar/work-calendar.js';
import { type FilledHospital, TODAY } from './filled-hospital.js';
import { addressOf, percentiles, shown, withFilledProgram } from './filled-program.js';

const LARGE = Number(process.argv[2] ?? 30_000);
const CALLS = Number(process.argv[3] ?? 60);
const SMALL = Number(process.argv[4] ?? 10_000);

/** How much p99 may grow from the small hospital to the large one. */
const MOST_GROWTH = 3;

/** One appointment for each item. */
const APPOINTMENT_ID = `md5('appointment ' || i.id::text)::uuid`;

/** The appointment of each booked item, and a capacity that some days exceed. Nothing for a hospital that has them. */
const WARD = [
  `INSERT INTO appointment (id, hospital_id, patient_id, date, place, outside_window, booked_by, changed_by)
   SELECT ${APPOINTMENT_ID}, hospital_id, patient_id, step_on, 'place ' || extract(day FROM step_on)::integer % 4, false, 'Chen', 'Chen'
     FROM surveillance_item i WHERE hospital_id = $1 AND state = 'active' AND step = 'booked' ON CONFLICT DO NOTHING`,
  `INSERT INTO appointment_item (hospital_id, appointment_id, item_id, patient_id, outside_window)
   SELECT hospital_id, ${APPOINTMENT_ID}, id, patient_id, false
     FROM surveillance_item i WHERE hospital_id = $1 AND state = 'active' AND step = 'booked' ON CONFLICT DO NOTHING`,
  `INSERT INTO ward_capacity (hospital_id, place, activity, per_weekday, changed_by, changed_at)
   VALUES ($1, '', '', '{2000,2000,2000,2000,2000,0,0}', 'Chen', program_now()) ON CONFLICT DO NOTHING`,
];

/** The calls to compare, by name. */
const COMPARED: Readonly<Record<string, (at: FilledHospital) => string>> = {
  'calendar of a month': () => '/calendar?from=2026-11-01&to=2026-11-30',
  'calendar of a month, one activity': () =>
    '/calendar?from=2026-11-01&to=2026-11-30&activity=tumour_markers',
  'calendar of 100 days': () => '/calendar?from=2026-11-01&to=2027-02-08',
  'forecast of 13 weeks': () => '/forecast?weeks=13',
  'forecast of 52 weeks': () => '/forecast?weeks=52',
  'levelling of a week': () => '/calendar/leveling?week=2026-11-09',
  'visits of a patient': ({ patientId }) => `/patients/${patientId}/visits`,
};

await withFilledProgram(async ({ program, hospitals }) => {
  const { small, large } = await hospitals({ small: SMALL, large: LARGE });
  await program.database.asOwner(async (owner) => {
    for (const { id } of [small, large]) for (const statement of WARD) await owner.query(statement, [id]);
  });
  await program.app.get(LoadCompaction).visitAll();
  await program.database.asOwner((owner) => owner.query('VACUUM ANALYZE'));
  await compare(program, small, large);
});
measurePlanner();

async function compare(made: Program, small: FilledHospital, large: FilledHospital): Promise<void> {
  console.log(`load average ${loadavg()[0]?.toFixed(2)} on ${cpus().length} cores`);
  const failures: string[] = [];
  for (const [name, urlOf] of Object.entries(COMPARED)) {
    const times = [small, large].map((at) => ({ at, taken: [] as number[] }));
    for (const { at } of times) await call(made, at, urlOf(at));
    for (let n = 0; n < CALLS; n++)
      for (const { at, taken } of times) {
        const start = performance.now();
        await call(made, at, urlOf(at));
        taken.push(performance.now() - start);
      }
    const [one, two] = times.map(({ taken }) => percentiles(taken));
    if (!one || !two) throw new Error('Two hospitals are compared.');
    const growth = two.p99 / one.p99;
    console.log(
      `${name.padEnd(36)} | ${shown(one).padEnd(18)} | ${shown(two).padEnd(18)} | p99 ${growth.toFixed(2)} times, p50 ${(two.p50 / one.p50).toFixed(2)}`,
    );
    if (growth > MOST_GROWTH) failures.push(`${name}: p99 grows ${growth.toFixed(2)} times`);
  }
  console.log(failures.length === 0 ? 'all within the limits' : `beyond the limits:\n${failures.join('\n')}`);
}

async function call(made: Program, at: FilledHospital, url: string): Promise<void> {
  const answer = await fetch(addressOf(made) + url, {
    headers: { authorization: `Bearer ${at.key}` },
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${text}`);
}

/** 800 patients of 12 items, whose windows have 60 days, within a shared capacity. */
function measurePlanner(): void {
  const today = calendarDate(TODAY);
  const activities = ['a', 'b', 'c'];
  const rounds = Array.from({ length: 5 }, () => {
    const capacity = new CapacityLedger(
      activities.map((activity) => ({ place: null, activity, perWeekday: [60, 60, 60, 60, 60, 0, 0] })),
      [],
    );
    const calendar = new WorkCalendar([1, 2, 3, 4, 5], [], new Set([2026, 2027]));
    const start = process.cpuUsage();
    for (let patient = 0; patient < 800; patient++) {
      const items = Array.from({ length: 12 }, (_, index): PlannableItem => {
        const due = addDays(today, ((patient * 7 + index * 13) % 170) + 5);
        return {
          ...{
            id: `${patient}-${index}`,
            activity: activities[index % 3] ?? '',
            due,
            notBefore: null,
            missedOn: null,
          },
          ...{ earliest: addDays(due, -30), last: addDays(due, 30) },
        };
      });
      planVisits(items, [], { today, calendar, capacity });
    }
    return process.cpuUsage(start).user / 1000;
  });
  console.log(
    `visits of 800 patients: ${rounds.map((ms) => ms.toFixed(0)).join(', ')} ms of processor time (at most 1000)`,
  );
}
