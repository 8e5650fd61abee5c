import { connect, createServer, type Server } from 'node:net';
import pg from 'pg';
import { endAll, newDatabase, query } from '../support/backup-program.js';
import { withSessions } from '../support/database.js';
import { startCommand, type Ended } from '../support/program.js';
import { freePort } from '../support/redis.js';
import { until } from '../support/webhook-receiver.js';

// The locks of the program, as held by a version without leases, a restore and a migration.
const [CLOCK, MIGRATION] = [6_331_947, 6_331_948];

let url: string;
let other: pg.Client;
const started: Started[] = [];
beforeEach(async () => {
  ({ url } = withSessions(await newDatabase()));
  other = new pg.Client({ connectionString: url });
  await other.connect();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map(({ end }) => end('SIGKILL')));
  await other.end();
});
afterAll(endAll);

interface Started {
  readonly ended: Promise<Ended>;
  readonly log: () => string;
  readonly isReady: () => boolean;
  readonly end: (signal: NodeJS.Signals) => Promise<Ended & { readonly afterMs: number }>;
}

/** `up` on this database; its output so far, and its end. */
function start(env: Readonly<Record<string, string>> = {}): Started {
  const { child, ended } = startCommand(['up', '--port', '0'], { DATABASE_URL: url, ...env });
  let [log, out] = ['', ''];
  child.stderr!.on('data', (text: Buffer) => (log += text.toString()));
  child.stdout!.on('data', (text: Buffer) => (out += text.toString()));
  const program: Started = {
    ...{ ended, log: () => log, isReady: () => out.includes('\nready ') },
    end: async (signal) => {
      const begun = performance.now();
      child.kill(signal);
      return { ...(await ended), afterMs: performance.now() - begun };
    },
  };
  started.push(program);
  return program;
}

const says = (program: Started, what: string): Promise<unknown> =>
  until(program.log, (text) => text.includes(what), 15_000);
const isReady = (program: Started): Promise<unknown> => until(program.isReady, Boolean);

test('a start waits for a database that is not available yet, and a signal ends the wait at once', async () => {
  const port = await freePort();
  const env = { DATABASE_URL: Object.assign(new URL(url), { port }).href };
  const [one, two] = [start(env), start(env)];
  await Promise.all(
    [one, two].map((program) => says(program, 'nedwatch waits for the database of DATABASE_URL')),
  );
  const { code, afterMs } = await one.end('SIGTERM');
  expect(code).toBe(0);
  expect(afterMs).toBeLessThan(10_000);
  const proxy = await carry(port, Number(new URL(url).port));
  await isReady(two);
  await two.end('SIGTERM');
  proxy.close();
});

async function carry(port: number, to: number): Promise<Server> {
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => undefined);
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  return server;
}

test('a wait has a limit, and then the start ends with what it has waited for', async () => {
  const env = { DATABASE_URL: Object.assign(new URL(url), { port: await freePort() }).href };
  const { code, stderr: log } = await start({ ...env, NEDWATCH_START_WAIT_SECONDS: '1' }).ended;
  expect(code).toBe(1);
  expect(log).toMatch(
    /^nedwatch does not start: it has waited 1 s for the database of DATABASE_URL: .*ECONNREFUSED.*NEDWATCH_START_WAIT_SECONDS.*\n$/,
  );
  const REDIS_URL = `redis://127.0.0.1:${await freePort()}`;
  expect(await start({ REDIS_URL, NEDWATCH_START_WAIT_SECONDS: '1' }).ended).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/it has waited 1 s for the Redis of REDIS_URL: .*ECONNREFUSED/),
  });
  expect(
    await start({ REDIS_URL, NEDWATCH_START_WAIT_SECONDS: '1', NEDWATCH_LANG: 'zh' }).ended,
  ).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^nedwatch 未启动：已等待 1 秒，等待的是 REDIS_URL 指定的 Redis：.*ECONNREFUSED/m,
    ),
  });
  // The program does not wait for problems that time does not solve.
  const wrong = Object.assign(new URL(url), { password: 'wrong' }).href;
  expect(await start({ DATABASE_URL: wrong }).ended).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^DATABASE_URL names a database that cannot be used/),
  });
});

test('a migration lock that is never released is reported with the process that holds it', async () => {
  await other.query(`SELECT pg_advisory_lock(${MIGRATION})`);
  const [{ pid }] = (await other.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows as [
    { pid: number },
  ];
  const waiting = start();
  const { code, stderr: log } = await start({ NEDWATCH_START_WAIT_SECONDS: '3' }).ended;
  expect({ code, log }).toEqual({ code: 1, log: expect.stringContaining(`(pid ${pid}`) });
  expect(log).toContain('pg_terminate_backend');
  await says(waiting, 'nedwatch waits for the migration lock');
  expect(await waiting.end('SIGINT')).toMatchObject({ code: 0 });

  const next = start();
  await says(next, 'nedwatch waits for the migration lock');
  await other.query(`SELECT pg_advisory_unlock(${MIGRATION})`);
  await isReady(next);
});

test('a migration that another session blocks gives up, and names the remedy', async () => {
  await other.query(
    `DELETE FROM migrations WHERE name LIKE 'ProgramLeases%'; DROP SCHEMA nedwatch_runtime CASCADE`,
  );
  await other.query('BEGIN; LOCK TABLE migrations IN ACCESS EXCLUSIVE MODE');
  const { code, stderr: log } = await start({ NEDWATCH_START_WAIT_SECONDS: '2' }).ended;
  expect({ code, log }).toEqual({
    code: 1,
    log: expect.stringMatching(/^nedwatch does not start: a migration.*locked/),
  });
  await other.query('ROLLBACK');
});

test('a start waits for a restore to end', async () => {
  await other.query(`SELECT pg_advisory_lock(${CLOCK})`);
  const program = start();
  await says(program, 'nedwatch waits for a restore');
  await other.query(`SELECT pg_advisory_unlock(${CLOCK})`);
  await isReady(program);
});

test('a version that holds the session lock instead of a lease keeps its clock, and sees that one with a lease runs', async () => {
  await other.query(`SELECT pg_advisory_lock_shared(${CLOCK})`);
  await other.query(`UPDATE program_clock SET starts_at = '2026-11-01T08:00:00Z', ahead = interval '1 day'`);
  const refused = await start({ NEDWATCH_CLOCK: '2026-12-01T08:00:00Z' }).ended;
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^NEDWATCH_CLOCK is .*Stop them first/),
  });
  const program = start();
  await isReady(program);
  expect(await query(url, 'SELECT ahead::text FROM program_clock')).toEqual([{ ahead: '1 day' }]);

  await other.query(`SELECT pg_advisory_unlock_shared(${CLOCK})`);
  expect((await other.query(`SELECT pg_try_advisory_lock(${CLOCK}) AS taken`)).rows).toEqual([
    { taken: false },
  ]);
});

test('the clock of killed processes is binding for no longer than their lease, and that of running ones is', async () => {
  const [killed, living] = [
    start({ NEDWATCH_CLOCK: '2026-11-01T08:00:00Z' }),
    start({ NEDWATCH_CLOCK: '2026-11-01T08:00:00Z' }),
  ];
  await Promise.all([killed, living].map(isReady));
  await killed.end('SIGKILL');
  const refused = await start({ NEDWATCH_CLOCK: '2026-12-01T08:00:00Z' }).ended;
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('NEDWATCH_CLOCK is 2026-12-01T08:00:00Z'),
  });

  await living.end('SIGKILL');
  const begun = performance.now();
  const next = start({ NEDWATCH_CLOCK: '2026-12-01T08:00:00Z' });
  await says(next, 'nedwatch waits for the leases');
  await isReady(next);
  expect(performance.now() - begun).toBeLessThan(45_000);
});

test('a session lock that is lost is taken again, and a process whose lease was taken over ends', async () => {
  const program = start();
  await isReady(program);
  const holders = `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = ${CLOCK} AND granted
                      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  const [{ pid }] = (await query<{ pid: number }>(url, holders)) as [{ pid: number }];
  await query(url, `SELECT pg_terminate_backend(${pid})`);
  await until(
    () => query<{ pid: number }>(url, holders),
    (rows) => rows.length === 1 && rows[0]?.pid !== pid,
    20_000,
  );

  // Like a restore that considers it dead.
  const [{ pid: last }] = (await query<{ pid: number }>(url, holders)) as [{ pid: number }];
  await query(url, `SELECT pg_terminate_backend(${last})`);
  await until(
    async () =>
      (await other.query<{ taken: boolean }>(`SELECT pg_try_advisory_lock(${CLOCK}) AS taken`)).rows[0]
        ?.taken,
    (taken) => taken === true,
  );
  await query(url, 'DELETE FROM nedwatch_runtime.program_lease');
  expect(await program.ended).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is being restored'),
  });
});
