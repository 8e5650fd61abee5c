/**
 * How long the figures of a month, their rows and an inspection report take in a hospital of SMALL patients and in one of
 * LARGE, through HTTP with all guards. Calls of both alternate. The figures of the large one are computed before, as each
 * night, and the time of that is printed too.
 * Run: npm run bench:statistics -- LARGE CALLS SMALL (defaults: 30000 40 10000)
 */
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstKey } from '../src/app/first-start.js';
import { type Program, startProgram } from '../src/app/program.js';
import { loadConfig } from '../src/platform/config.js';
import { COUNTED_AT_ONCE, NightlyFigures } from '../src/statistics/nightly-figures.js';
import { HospitalScope } from '../src/tenancy/hospital-scope.js';
import { removeDataFolder } from '../test/support/data-folder.js';
import { type FilledHospital, filledHospital, TODAY } from './filled-hospital.js';

const LARGE = Number(process.argv[2] ?? 30_000);
const CALLS = Number(process.argv[3] ?? 40);
const SMALL = Number(process.argv[4] ?? 10_000);

/** What p99 in the large hospital may be, in times of the small one. */
const MOST_GROWTH = 3;

const OCTOBER = 'from=2026-10-01&to=2026-10-31';
const GET = ['activity', 'rule', 'nurse', 'department', 'stage'].map(
  (by) => `/adherence?${OCTOBER}&by=${by}`,
);

const data = await mkdtemp(join(tmpdir(), 'nedwatch-bench-'));
await chmod(data, 0o755); // as root, PostgreSQL runs as another user
const key = `nw_${randomUUID()}`;
const environment = {
  ...{ NEDWATCH_DATA: data, NEDWATCH_CLOCK: `${TODAY}T09:00:00+08:00`, NEDWATCH_LOG: 'warn' },
  ...{ NEDWATCH_ROLE: 'api', NEDWATCH_ADMIN_KEY: key, NEDWATCH_REQUESTS_PER_SECOND: '100000' },
};
const program = await startProgram(loadConfig({ ...process.env, ...environment }));
try {
  await program.app.listen(0, '127.0.0.1');
  await program.database.asOwner((owner) => firstKey(owner, { adminKey: key }));
  const small = await filledHospital(program, SMALL);
  const large = await filledHospital(program, LARGE);
  await program.database.asOwner((owner) => owner.query('VACUUM ANALYZE'));
  await measure(program, small, large);
} finally {
  await program.close();
  await removeDataFolder(data);
}

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

interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

const shown = ({ p50, p99 }: Percentiles): string => `${p50.toFixed(1)} / ${p99.toFixed(1)} ms`;

function percentiles(times: readonly number[]): Percentiles {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
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
  { app }: Program,
  at: FilledHospital,
  path: string,
  payload?: object,
): Promise<{ readonly id: string }> {
  const { port } = app.getHttpServer().address() as { port: number };
  const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
    ...(payload === undefined ? {} : { method: 'POST', body: JSON.stringify(payload) }),
    headers: { authorization: `Bearer ${at.key}`, 'content-type': 'application/json' },
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as { id: string };
}
