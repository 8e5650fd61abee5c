/**
 * The memory and speed of an export of a hospital of SMALL patients and of one of LARGE, each with 39 items a patient: all
 * types, and then every file fetched through HTTP. The memory in use is sampled after collections, and its peak
 * may not grow with the hospital.
 * Run: npm run bench:bulk-export -- LARGE SMALL (defaults: 20000 1000). NEDWATCH_BENCH_DATA: see filled-program.ts.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Program } from '../src/app/program.js';
import { BulkExportStep } from '../src/exchange/bulk-export/bulk-export-step.js';
import { HospitalScope } from '../src/tenancy/hospital-scope.js';
import type { FilledHospital } from './filled-hospital.js';
import { addressOf, withFilledProgram } from './filled-program.js';

const LARGE = Number(process.argv[2] ?? 20_000);
const SMALL = Number(process.argv[3] ?? 1000);

/** What the peak of the large hospital may be, in times of that of the small one. */
const MOST_GROWTH = 1.2;
const MEGABYTE = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

interface Measured {
  readonly peak: number;
  readonly seconds: number;
  readonly megabytes: number;
}

await withFilledProgram(async ({ program, hospitals }) => {
  const { small, large } = await hospitals({ small: SMALL, large: LARGE });
  await measured(program, small); // loads and compiles what both need
  const [few, many] = [await measured(program, small), await measured(program, large)];
  const growth = many.peak / few.peak;
  for (const [patients, { peak, seconds, megabytes }] of [
    [SMALL, few],
    [LARGE, many],
  ] as const)
    console.log(
      `${patients} patients: peak ${peak.toFixed(0)} MB, ${seconds.toFixed(1)} s (${(patients / seconds).toFixed(0)} a second), ` +
        `${megabytes.toFixed(1)} MB of NDJSON`,
    );
  console.log(`memory ${growth.toFixed(2)} times${growth > MOST_GROWTH ? ', too much' : ''}`);
  if (growth > MOST_GROWTH) process.exitCode = 1;
});

async function measured(program: Program, at: FilledHospital): Promise<Measured> {
  const origin = addressOf(program).replace('/api/v1', '');
  const headers = { authorization: `Bearer ${at.key}` };
  const ask = (address: string, method = 'GET') =>
    fetch(address.replace(/^https?:\/\/[^/]+/, origin), { method, headers });
  const begun = await ask(`${origin}/fhir/$export`);
  const status = begun.headers.get('content-location') ?? '';
  let peak = 0;
  const sample = (): void => {
    collect();
    peak = Math.max(peak, process.memoryUsage().heapUsed + process.memoryUsage().external);
  };
  const start = performance.now();
  const { app } = program;
  for (let step = 0; await app.get(HospitalScope).run(at.id, () => app.get(BulkExportStep).next()); step++)
    if (step % 20 === 0) sample();
  const seconds = (performance.now() - start) / 1000;
  const { output } = (await (await ask(status)).json()) as { output: { url: string; count: number }[] };
  let bytes = 0;
  for (const { url } of output) {
    const { body } = await ask(url);
    let chunks = 0;
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (chunks++ % 500 === 0) sample();
    }
  }
  await ask(status, 'DELETE');
  return { peak: peak / MEGABYTE, seconds, megabytes: bytes / MEGABYTE };
}
