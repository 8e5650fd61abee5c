/**
 * What a nurse's call, one reminder and the nightly work cost as the number of patients grows: databases of 10,000, 100,000
 * and more patients, each in ten hospitals. Prints the bytes of a patient and the medians of each size, and how much the
 * largest takes of the smallest; a nurse's call or a reminder may take at most 1.5 times. The sizes take turns, so that
 * other work on the machine slows all down. Then what hash partitions and vacuum are worth in the largest database.
 * Run: npm run bench:scale -- CALLS SIZE… (defaults: 60 10000 100000). NEDWATCH_BENCH_DATA: a folder for the filled databases.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditDeliveries } from '../src/monitoring/delivery-audit.js';
import { ReminderSweep } from '../src/reminders/reminder-sweep.js';
import { PolicyRolloutsService } from '../src/schedules/policy-changes/policy-rollouts.service.js';
import { Replanning } from '../src/schedules/policy-changes/replanning.js';
import { RolloutPreviews } from '../src/schedules/policy-changes/rollout-previews.js';
import { HospitalScope } from '../src/tenancy/hospital-scope.js';
import { DeliveryAttempts } from '../src/webhooks/deliveries/delivery-attempts.js';
import { EventRelay } from '../src/webhooks/deliveries/event-relay.js';
import { removeDataFolder } from '../test/support/data-folder.js';
import { TODAY } from './filled-hospital.js';
import { percentiles } from './filled-program.js';
import { measureTables } from './large-tables.js';
import {
  acceptingReceiver,
  type ScaledHospital,
  scaledProgram,
  type ScaledProgram,
} from './scaled-program.js';

const CALLS = Number(process.argv[2] ?? 60);
const SIZES = process.argv.length > 3 ? process.argv.slice(3).map(Number) : [10_000, 100_000];
const MOST_GROWTH = 1.5;
/** The nightly work takes seconds for each hospital. */
const NIGHTLY_CALLS = 5;
const PATIENTS_AT_ONCE = 200;

/** One measured piece of work; resolves with its milliseconds. */
interface Piece {
  readonly name: string;
  /** Whether a nurse or a reminder waits for it, so that it may not grow. */
  readonly judged: boolean;
  readonly calls: number;
  readonly measure: (at: ScaledProgram, hospital: ScaledHospital) => Promise<number>;
}

const PIECES: readonly Piece[] = [
  nurse('worklist page, overdue', page('/worklist?list=overdue&limit=50')),
  nurse('worklist page, due, one nurse', page('/worklist?list=due&limit=50&owner=nurse-0')),
  nurse('patient', (address, at) => get(address, at, `/patients/${at.patientId}`)),
  nurse('schedule of a patient', (address, at) => get(address, at, `/patients/${at.patientId}/schedule`)),
  nurse('search by mrn', (address, at) => post(address, at, '/worklist/search', { q: at.mrn })),
  nurse('enrolment: patient and resection', enrol),
  { name: 'sweep of one reminder', judged: true, calls: CALLS, measure: sweepOne },
  { name: 'sweep that finds nothing', judged: true, calls: CALLS, measure: sweepNone },
  { name: 'relay of its event', judged: true, calls: CALLS, measure: relayOne },
  { name: 'its delivery', judged: true, calls: CALLS, measure: deliverOne },
  { name: 'delivery audit, per 1,000 patients', judged: false, calls: NIGHTLY_CALLS, measure: audit },
  { name: 'rollout preview, per 1,000 patients', judged: false, calls: NIGHTLY_CALLS, measure: preview },
  { name: 'policy rollout, per 1,000 patients', judged: false, calls: NIGHTLY_CALLS, measure: replan },
];

const kept = process.env.NEDWATCH_BENCH_DATA;
const folder = kept ?? (await mkdtemp(join(tmpdir(), 'nedwatch-bench-')));
const receiver = await acceptingReceiver();
const programs: ScaledProgram[] = [];
try {
  for (const size of SIZES) programs.push(await scaledProgram(folder, size, receiver.url));
  for (const one of programs) console.log(`${one.patients} patients: ${await bytesOf(one)}`);
  console.log(`load average ${loadavg()[0]?.toFixed(2)} on ${cpus().length} cores`);
  const failures: string[] = [];
  for (const piece of PIECES) failures.push(...(await compare(piece)));
  console.log(`load average ${loadavg()[0]?.toFixed(2)}`);
  const largest = programs.at(-1);
  if (largest) await measureTables(largest);
  console.log(failures.length === 0 ? 'all within the limits' : `beyond the limits:\n${failures.join('\n')}`);
} finally {
  for (const { program } of programs) await program.close();
  receiver.close();
  if (kept === undefined) await removeDataFolder(folder);
}

async function compare({ name, judged, calls, measure }: Piece): Promise<string[]> {
  const times = programs.map((at) => ({ at, taken: [] as number[] }));
  for (let n = -1; n < calls; n++)
    for (const { at, taken } of times) {
      const hospital = at.hospitals[(n + at.hospitals.length) % at.hospitals.length];
      if (!hospital) throw new Error('There are hospitals.');
      const milliseconds = await measure(at, hospital);
      if (n >= 0) taken.push(milliseconds); // the first call of each is not counted
    }
  const medians = times.map(({ taken }) => percentiles(taken).p50);
  const growth = (medians.at(-1) ?? 0) / (medians[0] ?? 1);
  console.log(
    [
      name.padEnd(36),
      ...medians.map((ms) => `${ms.toFixed(1)} ms`.padStart(10)),
      `${growth.toFixed(2)} times`,
    ].join(' | '),
  );
  return judged && growth > MOST_GROWTH ? [`${name}: ${growth.toFixed(2)} times`] : [];
}

type Call = (address: string, hospital: ScaledHospital) => Promise<unknown>;

function nurse(name: string, call: Call): Piece {
  return {
    ...{ name, judged: true, calls: CALLS },
    measure: ({ address }, hospital) => timed(() => call(address, hospital)),
  };
}

function page(path: string): Call {
  return (address, hospital) => get(address, hospital, path);
}

async function get(address: string, { key }: ScaledHospital, path: string): Promise<void> {
  await answered(path, fetch(address + path, { headers: { authorization: `Bearer ${key}` } }));
}

async function post(
  address: string,
  { key }: ScaledHospital,
  path: string,
  payload: object,
): Promise<{ readonly id: string }> {
  const text = await answered(
    path,
    fetch(address + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(payload),
    }),
  );
  return JSON.parse(text) as { id: string };
}

async function answered(path: string, sent: Promise<Response>): Promise<string> {
  const answer = await sent;
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
  return text;
}

async function enrol(address: string, hospital: ScaledHospital): Promise<void> {
  const dates = { birthDate: '1960-05-05', diagnosisDate: '2026-01-02', enrolledOn: '2026-01-15' };
  const person = {
    mrn: `E${randomUUID()}`,
    name: `李敏${randomUUID().slice(0, 8)}`,
    sex: 'female',
    ...dates,
  };
  const { id } = await post(address, hospital, '/patients', person);
  const resection = {
    ...{ type: 'primary_resection', date: '2026-01-15', site: 'colon', stage: 'III', intent: 'curative' },
    preoperativeColonoscopy: 'complete',
  };
  await post(address, hospital, `/patients/${id}/events`, resection);
}

async function sweepOne(at: ScaledProgram, hospital: ScaledHospital): Promise<number> {
  await sweepNone(at); // the enrolled patients have reminders too
  await at.program.app.get(EventRelay).relay();
  await dueToday(at, hospital);
  const milliseconds = await sweepNone(at);
  const recorded = await at.program.database.asOwner((owner) =>
    owner.query<[{ count: number }]>(
      'SELECT count(*)::integer AS count FROM surveillance_event WHERE hospital_id = $1 AND position IS NULL AND reminder_id IS NOT NULL',
      [hospital.id],
    ),
  );
  if (recorded[0].count !== 1) throw new Error(`The sweep recorded ${recorded[0].count} reminders.`);
  await at.program.app.get(EventRelay).relay();
  return milliseconds;
}

function sweepNone({ program }: ScaledProgram): Promise<number> {
  return timed(() => program.app.get(ReminderSweep).sweep());
}

async function relayOne(at: ScaledProgram, hospital: ScaledHospital): Promise<number> {
  await dueToday(at, hospital);
  await sweepNone(at);
  return timed(() => at.program.app.get(EventRelay).relay());
}

async function deliverOne(at: ScaledProgram, hospital: ScaledHospital): Promise<number> {
  const { app, database } = at.program;
  const attempts = app.get(DeliveryAttempts);
  const deliver = (): Promise<void> =>
    app.get(HospitalScope).run(hospital.id, () => attempts.attemptDue(hospital.endpointId));
  await deliver(); // what the pieces above have left
  await relayOne(at, hospital);
  const milliseconds = await timed(deliver);
  const pending = await database.asOwner((owner) =>
    owner.query(`SELECT FROM delivery WHERE hospital_id = $1 AND state = 'pending'`, [hospital.id]),
  );
  if ((pending as unknown[]).length > 0) throw new Error('A delivery is left.');
  return milliseconds;
}

/** An item that was due in the last days gets its reminder today. */
async function dueToday({ program }: ScaledProgram, { id }: ScaledHospital): Promise<void> {
  const [, updated] = await program.database.asOwner((owner) =>
    owner.query<[unknown, number]>(
      `UPDATE surveillance_item SET next_reminder_on = '${TODAY}' WHERE id = (
         SELECT id FROM surveillance_item i WHERE hospital_id = $1 AND state = 'active' AND step IS NULL
            AND due BETWEEN '${TODAY}'::date - 14 AND '${TODAY}'::date - 4 AND overdue > '${TODAY}'
            AND NOT EXISTS (SELECT FROM reminder r WHERE r.hospital_id = $1 AND r.item_id = i.id) LIMIT 1)`,
      [id],
    ),
  );
  if (updated !== 1) throw new Error('No item is left that was due in the last days.');
}

function perThousand(milliseconds: number, patients: number): number {
  return (milliseconds / patients) * 1000;
}

async function audit(
  { program, patients, hospitals }: ScaledProgram,
  { id }: ScaledHospital,
): Promise<number> {
  const scope = program.app.get(HospitalScope);
  const milliseconds = await timed(() => scope.run(id, () => scope.transaction((tx) => auditDeliveries(tx))));
  return perThousand(milliseconds, patients / hospitals.length);
}

async function preview({ program }: ScaledProgram, hospital: ScaledHospital): Promise<number> {
  const rollouts = program.app.get(PolicyRolloutsService);
  return program.app.get(HospitalScope).run(hospital.id, async () => {
    const { id } = await rollouts.ask({ policy: { profile: 'minimal' }, author: 'bench', reason: 'bench' });
    const milliseconds = await timed(() => program.app.get(RolloutPreviews).nextBatch());
    await rollouts.discard(id);
    return perThousand(milliseconds, PATIENTS_AT_ONCE);
  });
}

/** The plans of some patients are computed and stored again, as after a change of policy. */
async function replan({ program }: ScaledProgram, { id }: ScaledHospital): Promise<number> {
  await program.database.asOwner((owner) =>
    owner.query(
      `UPDATE patient SET planner_revision = 0 WHERE id IN (
         SELECT id FROM patient WHERE hospital_id = $1 AND mrn LIKE 'M%' AND planner_revision > 0 LIMIT ${PATIENTS_AT_ONCE})`,
      [id],
    ),
  );
  const scope = program.app.get(HospitalScope);
  let replanned = 0;
  const milliseconds = await timed(async () => {
    replanned = await scope.run(id, () => program.app.get(Replanning).nextBatch(PATIENTS_AT_ONCE));
  });
  if (replanned !== PATIENTS_AT_ONCE) throw new Error(`${replanned} patients were replanned.`);
  return perThousand(milliseconds, PATIENTS_AT_ONCE);
}

async function bytesOf({ program, patients }: ScaledProgram): Promise<string> {
  const tables = await program.database.asOwner((owner) =>
    owner.query<{ name: string; bytes: number; total: number }[]>(
      `SELECT relname AS name, pg_total_relation_size(oid) AS bytes, sum(pg_total_relation_size(oid)) OVER ()::float8 AS total
         FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC LIMIT 5`,
    ),
  );
  const each = (bytes: number): string => `${Math.round(bytes / patients)}`;
  return `${each(tables[0]?.total ?? 0)} bytes each: ${tables.map(({ name, bytes }) => `${name} ${each(bytes)}`).join(', ')}`;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
