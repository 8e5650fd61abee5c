/**
 * What heavy reads cost the primary, with a standby that follows it and without: processor time of PostgreSQL for each
 * call. Calls of both alternate. Both servers run on this machine. Needs Debian's PostgreSQL 15.
 * Run: npm run bench:standby -- PATIENTS CALLS (defaults: 10000 20).
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstKey } from '../src/app/first-start.js';
import type { Program } from '../src/app/program.js';
import { Standby } from '../src/platform/database/standby.js';
import { removeDataFolder } from '../test/support/data-folder.js';
import { StreamingPair, type TestServer } from '../test/support/streaming-standby.js';
import { filledHospital } from './filled-hospital.js';
import { addressOf, percentiles, programOn, shown } from './filled-program.js';

const PATIENTS = Number(process.argv[2] ?? 10_000);
const CALLS = Number(process.argv[3] ?? 20);

const YEAR = 'from=2026-01-01&to=2026-12-31';
const PATHS = [
  '/forecast?weeks=26',
  `/adherence?${YEAR}&by=activity`,
  '/adherence/months?to=2026-10&by=nurse',
  `/exports/adherence.xlsx?${YEAR}`,
  '/exports/research-dates.csv',
];

const servers = await StreamingPair.start(['shared_buffers=512MB']);
const folders: string[] = [];
const programs: Program[] = [];
try {
  const key = `nw_${randomUUID()}`;
  const settings = {
    DATABASE_URL: servers.primary.url.replace(/postgres$/, 'template'),
    NEDWATCH_MASTER_KEY: randomBytes(32).toString('base64'),
    NEDWATCH_SLOW_STATEMENT_MS: '0',
  };
  const standbyUrl = servers.standby.url.replace(/postgres$/, 'template');
  const alone = await started(key, settings);
  await alone.database.asOwner((owner) => firstKey(owner, { adminKey: key }));
  const hospital = await filledHospital(alone, PATIENTS);
  await alone.database.asOwner((owner) => owner.query('VACUUM ANALYZE'));
  const relieved = await started(key, { ...settings, NEDWATCH_STANDBY_URL: standbyUrl });
  for (const path of PATHS) await measure(path, hospital.key, alone, relieved);
  console.log(`reads: ${JSON.stringify(relieved.app.get(Standby).done)}`);
} finally {
  for (const program of programs) await program.close();
  for (const folder of folders) await removeDataFolder(folder);
  await servers.stop();
}

async function started(key: string, settings: Readonly<Record<string, string>>): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'nedwatch-bench-'));
  folders.push(folder);
  const program = await programOn(folder, key, settings);
  programs.push(program);
  await program.app.listen(0, '127.0.0.1');
  return program;
}

async function measure(path: string, key: string, alone: Program, relieved: Program): Promise<void> {
  const both = [alone, relieved].map((program) => ({ program, primaryMs: 0, times: [] as number[] }));
  for (const { program } of both) await answered(program, path, key);
  for (let n = 0; n < CALLS; n++)
    for (const one of both) {
      const [before, start] = [processorMs(servers.primary), performance.now()];
      await answered(one.program, path, key);
      one.times.push(performance.now() - start);
      one.primaryMs += processorMs(servers.primary) - before;
    }
  const [without, withStandby] = both.map(
    ({ primaryMs, times }) =>
      `${(primaryMs / CALLS).toFixed(1)} ms of the primary, ${shown(percentiles(times))}`,
  );
  console.log(`${path}: ${without} | with a standby ${withStandby}`);
}

async function answered(program: Program, path: string, key: string): Promise<void> {
  const answer = await fetch(addressOf(program) + path, { headers: { authorization: `Bearer ${key}` } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** Of all processes of the server until now, those that have ended too; Linux counts in hundredths of a second. */
function processorMs({ data }: TestServer): number {
  const [postmaster = ''] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  const ticks = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => {
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
        if (pid === postmaster) return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
        return fields[1] === postmaster ? Number(fields[11]) + Number(fields[12]) : 0;
      } catch {
        return 0; // it has ended, and the postmaster counts it
      }
    });
  return ticks.reduce((sum, one) => sum + one, 0) * 10;
}
