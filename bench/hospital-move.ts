/**
 * How long a hospital is not served while it moves to another database, and what another hospital notices. Two programs
 * with workers; the hospitals are read all the time, and facts are recorded in the moving one until it is frozen. Prints
 * the rows, the seconds, the calls of the other hospital before and during the move, the facts that were acknowledged and
 * are missing at the target (must be 0), and the violations of the delivery audit there (must be 0).
 * Run: npm run bench:hospital-move -- PATIENTS (default 10000).
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstKey } from '../src/app/first-start.js';
import type { Program } from '../src/app/program.js';
import { moveHospital } from '../src/backup/hospital-moves/move-hospital.js';
import { type Place, placeName } from '../src/backup/hospital-moves/place.js';
import { SecretBox } from '../src/encryption/secret-box.js';
import { auditDeliveries } from '../src/monitoring/delivery-audit.js';
import { HospitalScope } from '../src/tenancy/hospital-scope.js';
import { removeDataFolder } from '../test/support/data-folder.js';
import { type FilledHospital, filledHospital, TODAY } from './filled-hospital.js';
import { addressOf, percentiles, programOn, shown } from './filled-program.js';
import { acceptingReceiver } from './scaled-program.js';

const PATIENTS = Number(process.argv[2] ?? 10_000);
const STAYING_PATIENTS = 1000;
const BEFORE_MS = 10_000;
const PATIENCE = { limitMs: 60_000, language: 'en' as const, say: (line: string): void => console.log(line) };

process.env.NEDWATCH_MASTER_KEY = randomBytes(32).toString('base64');
const folder = await mkdtemp(join(tmpdir(), 'nedwatch-bench-'));
const receiver = await acceptingReceiver();
const programs: Program[] = [];
try {
  const [here, there] = [await started('here'), await started('there')];
  const staying = await filledHospital(here, STAYING_PATIENTS);
  const moving = await filledHospital(here, PATIENTS);
  await here.database.asOwner((owner) => owner.query('VACUUM ANALYZE'));
  await post(here, moving, '/webhook-endpoints', { url: receiver.url, backlog: 'none' });

  const readings = readingAllTheTime(here, staying);
  const facts = recordingAllTheTime(here, moving);
  await sleep(BEFORE_MS);
  const before = readings.take();
  const { tables, frozenMs } = await moveHospital({
    ...{ from: place(here), to: place(there), hospital: moving.id, patience: PATIENCE },
    ...{ box: new SecretBox(here.config), record: () => Promise.resolve() },
  });
  const during = readings.take();
  await readings.stop();
  const acknowledged = await facts.stop();

  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(`load average ${loadavg()[0]?.toFixed(2)}`);
  console.log(`${PATIENTS} patients, ${rows} rows of ${tables.length} tables, each with an equal digest`);
  console.log(`not served for ${(frozenMs / 1000).toFixed(1)} s`);
  console.log(
    `the other hospital's list, p50 / p99: before ${shown(percentiles(before))}, during ${shown(percentiles(during))}`,
  );
  await sleep(BEFORE_MS); // the workers at the target continue
  const missing = await missingAt(there, acknowledged);
  const violations = await violationsAt(there, moving);
  console.log(
    `${acknowledged.length} facts acknowledged, ${missing} missing; ${violations} violations of the delivery audit`,
  );
  if (missing > 0 || violations > 0) process.exitCode = 1;
} finally {
  for (const program of programs.reverse()) await program.close();
  receiver.close();
  await removeDataFolder(folder);
}

async function started(
  name: string,
): Promise<Program & { config: ConstructorParameters<typeof SecretBox>[0] }> {
  const data = join(folder, name);
  const key = `nw_${randomUUID()}`;
  const program = await programOn(data, key, { NEDWATCH_ROLE: 'all' });
  programs.push(program);
  await program.database.asOwner((owner) => firstKey(owner, { adminKey: key }));
  await program.app.listen(0, '127.0.0.1');
  const masterKey = Buffer.from(process.env.NEDWATCH_MASTER_KEY ?? '', 'base64');
  return { ...program, config: { masterKey, dataDirectory: data } };
}

function place({ database }: Program): Place {
  return { database, name: placeName(database.url) };
}

async function post(
  program: Program,
  { key }: FilledHospital,
  path: string,
  body: object,
): Promise<Response> {
  return fetch(`${addressOf(program)}${path}`, {
    ...{ method: 'POST', body: JSON.stringify(body) },
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  });
}

/** Reads the list again and again. `take`: the milliseconds of the calls since the last time. */
function readingAllTheTime(
  program: Program,
  { key }: FilledHospital,
): { take: () => number[]; stop: () => Promise<void> } {
  const times: number[] = [];
  const ending = new AbortController();
  const reading = (async () => {
    while (!ending.signal.aborted) {
      const began = performance.now();
      const answer = await fetch(`${addressOf(program)}/worklist?list=due&limit=50`, {
        headers: { authorization: `Bearer ${key}` },
      });
      await answer.text();
      if (!answer.ok) throw new Error(`The hospital that stays was answered ${answer.status}.`);
      times.push(performance.now() - began);
      await sleep(20);
    }
  })();
  reading.catch(() => undefined); // `stop` throws it
  return {
    take: () => times.splice(0),
    stop: async () => {
      ending.abort();
      await reading;
    },
  };
}

/** Records one fact after the other until the hospital is frozen. `stop`: the ids of those that were acknowledged. */
function recordingAllTheTime(program: Program, hospital: FilledHospital): { stop: () => Promise<string[]> } {
  const acknowledged: string[] = [];
  const ending = new AbortController();
  const recording = (async () => {
    while (!ending.signal.aborted) {
      const mrn = `F${randomUUID().slice(0, 12)}`;
      const patient = { mrn, name: mrn, sex: 'female', birthDate: '1960-01-01', diagnosisDate: TODAY };
      const answer = await post(program, hospital, '/patients', patient);
      const { id } = (await answer.json()) as { id?: string };
      if (answer.status === 201 && id !== undefined) acknowledged.push(id);
      else if (answer.status !== 503)
        throw new Error(`The hospital that moves was answered ${answer.status}.`);
      await sleep(20);
    }
  })();
  recording.catch(() => undefined); // `stop` throws it
  return {
    stop: async () => {
      ending.abort();
      await recording;
      return acknowledged;
    },
  };
}

async function missingAt({ database }: Program, ids: readonly string[]): Promise<number> {
  const [row] = await database.asOwner((owner) =>
    owner.query<{ found: number }[]>('SELECT count(*)::int AS found FROM patient WHERE id = ANY ($1)', [ids]),
  );
  return ids.length - (row?.found ?? 0);
}

async function violationsAt({ app }: Program, { id }: FilledHospital): Promise<number> {
  const scope = app.get(HospitalScope);
  const findings = await scope.run(id, () => scope.unaudited((tx) => auditDeliveries(tx)));
  return Object.values(findings).reduce((sum, { count }) => sum + count, 0);
}
