import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { anotherHospital } from '../support/another-hospital.js';
import { startApp, type TestApp } from '../support/app.js';
import { CLOCK, endAll, newDatabase, query } from '../support/backup-program.js';
import { type Ended, startCommand, startProgramProcess, type RunningProgram } from '../support/program.js';
import { until, WebhookReceiver } from '../support/webhook-receiver.js';

// A hospital with patients, open deliveries and people, beside another one, in two databases with programs at work.

jest.setTimeout(180_000);

const MASTER_KEY = randomBytes(32).toString('base64');
const PATIENTS = 20;

let source: TestApp;
let target: { readonly url: string };
let there: RunningProgram;
let receiver: WebhookReceiver;
const programs: RunningProgram[] = [];

beforeAll(async () => {
  receiver = await WebhookReceiver.start();
  source = await startApp({ clock: CLOCK, masterKey: Buffer.from(MASTER_KEY, 'base64') });
  target = await newDatabase();
  there = await startProgramProcess({
    ...{ DATABASE_URL: target.url, NEDWATCH_CLOCK: CLOCK, NEDWATCH_MASTER_KEY: MASTER_KEY },
    ...{ NEDWATCH_ADMIN_KEY: source.adminKey, NEDWATCH_WEBHOOK_LOOPBACK: 'true' },
  });
  programs.push(there);
});
afterAll(async () => {
  await Promise.all(programs.map((program) => program.kill()));
  await source.close();
  await receiver.stop();
  await endAll();
});

const move = (code: string, ...options: string[]): ReturnType<typeof startCommand> =>
  startCommand(['hospital', 'move', code, ...options], {
    ...{ DATABASE_URL: source.config.databaseUrl!, NEDWATCH_MOVE_TO_URL: target.url },
    ...{ NEDWATCH_MASTER_KEY: MASTER_KEY, NEDWATCH_LANG: 'en', NEDWATCH_DATA: source.config.dataDirectory },
  });

const verify = (url: string): ReturnType<typeof startCommand> =>
  startCommand(['audit', 'verify'], {
    ...{ DATABASE_URL: url, NEDWATCH_MASTER_KEY: MASTER_KEY, NEDWATCH_DATA: source.config.dataDirectory },
  });

const done = async ({ ended }: { ended: Promise<Ended> }): Promise<string> => {
  const { code, out, stderr } = await ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return out;
};

const refused = async (ended: Promise<Ended>): Promise<string> => {
  const { code, stderr } = await ended;
  expect(code).toBe(1);
  return stderr.split(':')[0]!;
};

/** A hospital with a part of the cohort under demo/. */
async function givenHospital(): Promise<Awaited<ReturnType<typeof anotherHospital>>> {
  const hospital = await anotherHospital(source);
  for (const kind of ['roster', 'events']) {
    const cohort = await readFile(join(CHECKOUT, 'demo', `${kind}.csv`), 'utf8');
    const rows = cohort.replace(/^M(\d+),[^\n]*\n/gm, (row, number) =>
      Number(number) > PATIENTS ? '' : row,
    );
    const form = new FormData();
    form.set('kind', kind);
    form.set('file', new Blob([rows]), `${kind}.csv`);
    const answer = await fetch(`${await address()}/imports`, {
      ...{ method: 'POST', body: form, headers: { authorization: `Bearer ${hospital.key}` } },
    });
    expect(answer.status).toBe(200);
  }
  return hospital;
}

async function address(): Promise<string> {
  if (!source.app.getHttpServer().listening) await source.app.listen(0, '127.0.0.1');
  const { port } = source.app.getHttpServer().address() as { port: number };
  return `http://127.0.0.1:${port}/api/v1`;
}

interface Asked {
  readonly status: number;
  readonly retryAfter: string | null;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into it and compare
  readonly body: any;
}

async function ask(url: string, key: string): Promise<Asked> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), body: await answer.json() };
}
const askHere = async ({ key }: { readonly key: string }, path = '/worklist'): Promise<Asked> =>
  ask(`${await address()}${path}`, key);
const askThere = ({ key }: { readonly key: string }, path = '/worklist'): Promise<Asked> =>
  ask(`${there.url}/api/v1${path}`, key);

/** A digest of the hospital's rows in each table. */
async function rowsOf(url: string, hospitalId: string): Promise<Record<string, string>> {
  const tables = await query<{ name: string }>(
    url,
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'hospital_id'
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND c.relname <> 'hospital_move' ORDER BY 1`,
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    const rows = await query<{ row: string }>(
      url,
      `SELECT t::text AS row FROM ${name} t WHERE hospital_id = '${hospitalId}' ORDER BY 1`,
    );
    if (rows.length > 0)
      digests[name] = createHash('sha256')
        .update(rows.map(({ row }) => row).join('\n'))
        .digest('hex');
  }
  return digests;
}

/** Holds up a move once it writes this table at the target. */
async function heldUp(table: string): Promise<{ reached: () => Promise<unknown>; end: () => Promise<void> }> {
  const holder = new pg.Client({ connectionString: target.url });
  holder.on('error', () => undefined);
  await holder.connect();
  await holder.query(`BEGIN; LOCK TABLE ${table} IN EXCLUSIVE MODE`);
  const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO public."${table}"%'`;
  return {
    reached: () =>
      until(
        () => query(target.url, waiting),
        (found) => found.length > 0,
        60_000,
      ),
    end: async () => holder.end(),
  };
}

test('a moved hospital has equal rows, the same worklist, keys and reminders, and other hospitals notice nothing', async () => {
  const hospital = await givenHospital();
  const list = await hospital.get('/worklist?limit=500');
  expect(list.body.items.length).toBeGreaterThan(10);
  receiver.answer = () => ({ status: 503 });
  const { secret } = (await hospital.post('/webhook-endpoints', { url: receiver.url, backlog: 'all' })).body;
  await until(
    () => receiver.arrivals.length,
    (tried) => tried > 0,
  );
  const out = await done(move(hospital.code));
  expect(out).toContain(`${hospital.code} is served from`);

  expect(await askThere(hospital, '/worklist?limit=500')).toMatchObject({ status: 200, body: list.body });
  expect(await askHere(hospital)).toMatchObject({
    ...{ status: 503, retryAfter: '5', body: { code: 'hospital-moving' } },
  });
  expect((await source.get('/worklist')).status).toBe(200);

  receiver.answer = () => ({ status: 200 });
  await query(target.url, `UPDATE webhook_endpoint SET resting_until = NULL`);
  await query(target.url, `UPDATE delivery SET next_attempt_at = program_now() WHERE state = 'pending'`);
  await until(
    () =>
      query(target.url, `SELECT FROM delivery WHERE hospital_id = '${hospital.id}' AND state = 'pending'`),
    (pending) => pending.length === 0,
    60_000,
  );
  const ids = new Set(receiver.messages(secret).map(({ id }) => id));
  const delivered = await query<{ n: number }>(
    target.url,
    `SELECT count(*)::int AS n FROM delivery WHERE hospital_id = '${hospital.id}' AND state = 'delivered'`,
  );
  expect(ids.size).toBe(delivered[0]?.n);

  const left = await rowsOf(source.config.databaseUrl!, hospital.id);
  expect(Object.keys(left).length).toBeGreaterThan(10);
  await done(move(hospital.code, '--delete-left'));
  expect(await rowsOf(source.config.databaseUrl!, hospital.id)).toEqual({});
  expect(await refused(move(hospital.code).ended)).toBe('no-such-hospital');
  await done(verify(source.config.databaseUrl!));
});

test('killed at any step, the command continues, or takes the move back until the target is in force', async () => {
  const hospital = await givenHospital();
  const killedAt = async (table: string): Promise<void> => {
    const hold = await heldUp(table);
    const { child, ended } = move(hospital.code);
    await Promise.race([hold.reached(), ended.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
    child.kill('SIGKILL');
    await ended;
    await hold.end();
    expect((await askHere(hospital)).status).toBe(503);
  };
  await killedAt('patient');
  await done(move(hospital.code, '--cancel'));
  expect((await askHere(hospital)).status).toBe(200);
  expect(await rowsOf(target.url, hospital.id)).toEqual({});

  await killedAt('surveillance_item');
  await done(move(hospital.code));
  const [left, arrived] = [
    await rowsOf(source.config.databaseUrl!, hospital.id),
    await rowsOf(target.url, hospital.id),
  ];
  for (const table of ['api_key', 'clinical_event', 'hospital_policy', 'person'])
    expect([table, arrived[table]]).toEqual([table, left[table]]);

  // As if it had been killed before it released the rows at the target.
  await query(target.url, `UPDATE hospital_move SET state = 'arriving' WHERE hospital_id = '${hospital.id}'`);
  expect((await askThere(hospital)).status).toBe(503);
  expect(await refused(move(hospital.code, '--cancel').ended)).toBe('no-such-move');
  expect(await refused(move(hospital.code, '--delete-left').ended)).toBe('no-such-move');
  expect(await done(move(hospital.code))).toContain('An earlier run');
  expect((await askThere(hospital)).status).toBe(200);
});

test('a transaction that entered the hospital before the move is copied with it', async () => {
  const hospital = await givenHospital();
  const client = new pg.Client({ connectionString: source.config.databaseUrl! });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN; SET LOCAL ROLE nedwatch_app');
  await client.query('SELECT FROM hospital_entered($1, $2)', [hospital.id, '']);
  const moving = move(hospital.code);
  await until(
    () => askHere(hospital),
    ({ status }) => status === 503,
  );
  await client.query(`UPDATE patient SET department = 'late' WHERE hospital_id = $1`, [hospital.id]);
  await client.query('COMMIT');
  await client.end();
  await moving.ended;
  expect(
    await query(target.url, `SELECT DISTINCT department FROM patient WHERE hospital_id = '${hospital.id}'`),
  ).toEqual([{ department: 'late' }]);
});

test('what cannot move is refused, and stays served', async () => {
  const hospital = await anotherHospital(source);
  expect(await refused(move('no-such-code').ended)).toBe('no-such-hospital');
  expect(await refused(move(source.hospitalId).ended)).toBe('first-hospital');
  await query(
    target.url,
    `INSERT INTO hospital (id, name, code, time_zone, language, policy, policy_version, created_at)
     SELECT gen_random_uuid(), name, '${hospital.code}', time_zone, language, policy, policy_version, created_at FROM hospital LIMIT 1`,
  );
  expect(await refused(move(hospital.code).ended)).toBe('code-taken');
  await query(target.url, `UPDATE hospital SET code = 'elsewhere' WHERE code = '${hospital.code}'`);
  const { ended } = startCommand(['hospital', 'move', hospital.code], {
    ...{ DATABASE_URL: source.config.databaseUrl!, NEDWATCH_MOVE_TO_URL: target.url },
    NEDWATCH_MASTER_KEY: randomBytes(32).toString('base64'),
  });
  expect(await refused(ended)).toBe('other-master-key');
  expect((await askHere(hospital)).status).toBe(200);
});
