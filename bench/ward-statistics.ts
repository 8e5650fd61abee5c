/**
 * How long the figures of a month, their rows and an inspection report take in a hospital of SMALL patients and in one of
 * LARGE, through HTTP with all guards. Calls of both alternate. The figures of the large one are computed before, as each
 * night, and the time of that is printed too.
 * Run: npm run bench:statistics -- LARGE CALLS SMALL (defaults: 30000 40 10000). NEDWATCH_BENCH_DATA: see filled-program.ts.
 */
import type { Program } from '../src/app/program.js';
import { COUNTED_AT_ONCE, NightlyFigures } from '../src/statistics/nightly-figures.js';
import { HospitalScope } from '../src/tenancy/hospital-scope.js';
import type { FilledHospital } from './filled-hospital.js';
import { addressOf, type Percentiles, percentiles, shown, withFilledProgram } from './filled-program.js';

const LARGE = Number(process.argv[2] ?? 30_000);
const CALLS = Number(process.argv[3] ?? 40);
const SMALL = Number(process.argv[4] ?? 10_000);

/** What p99 in the large hospital may be, in times of the small one. */
const MOST_GROWTH = 3;

const OCTOBER = 'from=2026-10-01&to=2026-10-31';
const GET = ['activity', 'rule', 'nurse', 'department', 'stage'].map(
  (by) => `/adherence?${OCTOBER}&by=${by}`,
);

await withFilledProgram(async ({ program, hospitals }) => {
  const { small, large } = await hospitals({ small: SMALL, large: LARGE });
  await measure(program, small, large);
});

async function measure(made: Program, small: FilledHospital, large: FilledHospital): Promise<void> {
  for (const at of [small, large]) {
    const start = performance.now();
    await made.app.get(HospitalScope).run(at.id, () => made.app.get(NightlyFigures).compute(COUNTED_AT_ONCE));
    console.log(`nightly figures: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  const report = await Promise.all([small, large].map((at) => createdReport(made, at)));
  const calls = [
    ...GET.map((path) => [path, path] as const),
    [`/inspection-reports/${report[0]}`, `/inspection-reports/${report[1]}`] as const,
  ];
  for (const [one, two] of calls) {
    const times: [number[], number[]] = [[], []];
    for (let n = 0; n < CALLS; n++) {
      times[0].push(await timed(made, small, one));
      times[1].push(await timed(made, large, two));
    }
    const [few, many] = times.map(percentiles) as [Percentiles, Percentiles];
    const growth = many.p99 / few.p99;
    console.log(
      `${one.split('?')[1] ?? 'a report'}: ${shown(few)} | ${shown(many)} | p99 ${growth.toFixed(2)} times${growth > MOST_GROWTH ? ', too much' : ''}`,
    );
  }
}

async function createdReport(made: Program, at: FilledHospital): Promise<string> {
  const start = performance.now();
  const { id } = await answer(made, at, '/inspection-reports', { month: '2026-10', author: 'Chen' });
  console.log(`POST /inspection-reports: ${(performance.now() - start).toFixed(0)} ms`);
  return id;
}

async function timed(made: Program, at: FilledHospital, path: string): Promise<number> {
  const start = performance.now();
  await answer(made, at, path);
  return performance.now() - start;
}

async function answer(
  made: Program,
  at: FilledHospital,
  path: string,
  payload?: object,
): Promise<{ readonly id: string }> {
  const response = await fetch(addressOf(made) + path, {
    ...(payload === undefined ? {} : { method: 'POST', body: JSON.stringify(payload) }),
    headers: { authorization: `Bearer ${at.key}`, 'content-type': 'application/json' },
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as { id: string };
}
