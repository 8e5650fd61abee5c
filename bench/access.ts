/**
 * The cost of auditing every call and sealing every name: a page of the worklist (50 rows of a cohort of 929),
 * compared with the same page without the audit entry and with names returned as stored, over the whole path of a
 * request; rounds alternate. Then the time and memory for verifying a trail of a million entries. Run: npm run
 * bench:access, or one of both: npm run bench:access -- page, npm run bench:access -- verify 100000
 */
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditAnswers } from '../src/access/audit-answers.js';
import { AuditSealing } from '../src/audit/audit-sealing.js';
import { verifyAudit } from '../src/audit/audit-verification.js';
import { firstHospital } from '../src/tenancy/first-hospital.js';
import { HospitalKeys } from '../src/encryption/hospital-keys.js';
import { HospitalScope } from '../src/tenancy/hospital-scope.js';
import { loadConfig } from '../src/platform/config.js';
import { loadDemo } from '../src/exchange/imports/demo.js';
import { firstKey } from '../src/app/first-start.js';
import { type Program, startProgram } from '../src/app/program.js';
import { removeDataFolder } from '../test/support/data-folder.js';

const ROUNDS = 15;
const PAGES = 40;
const TRAIL = Number(process.argv[3] ?? 1_000_000);

const data = await mkdtemp(join(tmpdir(), 'nedwatch-bench-'));
await chmod(data, 0o755); // as root, PostgreSQL runs as another user
const key = `nw_${randomUUID()}`;
const environment = {
  NEDWATCH_DATA: data,
  NEDWATCH_CLOCK: '2026-11-01T09:00:00+08:00',
  NEDWATCH_LOG: 'warn',
  NEDWATCH_ROLE: 'api',
  NEDWATCH_ADMIN_KEY: key,
};
const program = await startProgram(loadConfig({ ...process.env, ...environment }));
try {
  await program.database.asOwner((owner) => firstKey(owner, { adminKey: key }));
  if (process.argv[2] !== 'verify') await comparePages(program);
  if (process.argv[2] !== 'page') await verifyMillion(program);
} finally {
  await program.close();
  await removeDataFolder(data);
}

async function comparePages({ app, database }: Program): Promise<void> {
  await loadDemo(app);
  await database.asOwner((owner) => owner.query('ANALYZE'));
  const pages = async (): Promise<number> => {
    const start = performance.now();
    for (let count = 0; count < PAGES; count++) {
      const { statusCode } = await app.inject({
        ...{ method: 'GET', url: '/api/v1/worklist?limit=50', headers: { authorization: `Bearer ${key}` } },
      });
      if (statusCode !== 200) throw new Error(`The worklist answered ${statusCode}.`);
    }
    return (performance.now() - start) / PAGES;
  };
  const [audited, plain, ratios]: [number[], number[], number[]] = [[], [], []];
  await pages();
  for (let round = 0; round < ROUNDS; round++) {
    const one = await pages();
    const other = await withoutAuditAndSeals(program, pages);
    audited.push(one);
    plain.push(other);
    ratios.push(one / other);
  }
  console.log(
    `a page of the worklist: ${median(audited).toFixed(2)} ms audited and opened, ${median(plain).toFixed(2)} ms without, ` +
      `ratio ${median(ratios).toFixed(2)} (median of ${ROUNDS} rounds)`,
  );
}

async function withoutAuditAndSeals<T>({ app }: Program, work: () => Promise<T>): Promise<T> {
  const scope = app.get(HospitalScope);
  const answers = app.get<{ record: unknown }>(AuditAnswers);
  const { record } = answers;
  const open = Object.getOwnPropertyDescriptor(HospitalKeys.prototype, 'open') ?? {};
  HospitalKeys.prototype.open = (stored) => stored;
  scope.transaction = scope.unaudited.bind(scope);
  answers.record = (_: unknown, __: unknown, payload: unknown) => Promise.resolve(payload);
  try {
    return await work();
  } finally {
    Reflect.deleteProperty(scope, 'transaction'); // the class still has it
    answers.record = record;
    Object.defineProperty(HospitalKeys.prototype, 'open', open);
  }
}

/** Entries of five patients each, sealed like by the worker. */
async function verifyMillion({ app, database }: Program): Promise<void> {
  const hospital = await firstHospital(app.get(HospitalScope));
  await database.asOwner((owner) =>
    owner.query(
      `WITH made AS (
         INSERT INTO audit_event (id, hospital_id, recorded_at, call, outcome, caller_kind, caller_id, roles, address,
                                  request_id, purpose, patients)
         SELECT gen_random_uuid(), $1::uuid, program_now(), 'GET /worklist', 'done', 'key', 'bench', '{nurse}', '127.0.0.1',
                'req-' || n, 'TREAT', array(SELECT md5((n % 200 + i)::text)::uuid FROM generate_series(1, 5) AS i)
           FROM generate_series(1, $2::integer) AS n
         RETURNING hospital_id, recorded_at, id)
       INSERT INTO audit_unsealed SELECT * FROM made`,
      [hospital, TRAIL],
    ),
  );
  await database.asOwner((owner) => owner.query('ANALYZE audit_event, audit_unsealed'));
  const sealing = await seconds(() => app.get(AuditSealing).sealAll());
  const rest = process.memoryUsage().rss;
  let peak = rest;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 50);
  const verifying = await seconds(() =>
    database.asOwner(async (owner) => {
      const found = await verifyAudit(owner.manager, hospital, { heads: new Map(), key: undefined });
      console.log(`${found.rows} rows in ${found.batches} batches, ${found.faults.length} faults`);
    }),
  );
  clearInterval(watch);
  console.log(
    `sealed in ${sealing.toFixed(0)} s (${Math.round(TRAIL / sealing)} a second), verified in ${verifying.toFixed(0)} s ` +
      `(${Math.round(TRAIL / verifying)} a second), ${((peak - rest) / 1e6).toFixed(0)} MB more at the peak`,
  );
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
