import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { EnduringConnection } from '../../src/platform/database/enduring-connection.js';
import { startExternalPostgres, type ExternalPostgres } from '../support/external-postgres.js';
import { startHalfOpenProxy } from '../faults/half-open-proxy.js';
import { documented, hasPgbouncer, startPgbouncer, type TestPgbouncer } from '../support/pgbouncer.js';
import { startCommand, startProgramProcess, type RunningProgram } from '../support/program.js';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.js';
import { until, WebhookReceiver } from '../support/webhook-receiver.js';
import { describeWhere } from '../support/where-present.js';

// The real program, configured by docs/postgresql.md, through a real pgbouncer in transaction mode.

const KEY = 'nw_administrator-of-this-test';

test('the Chinese page has the same code', () => {
  for (const language of ['sql', 'ini', ''])
    expect(documented(language, 'postgresql.zh-CN.md')).toEqual(documented(language));
});

describeWhere(hasPgbouncer(), 'pgbouncer')('through pgbouncer', () => {
  let postgres: ExternalPostgres;
  let pgbouncer: TestPgbouncer;
  let redis: TestRedis | undefined;
  let receiver: WebhookReceiver;
  let data: string;
  let programs: RunningProgram[] = [];
  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'nedwatch-pooled-'));
    postgres = await startExternalPostgres();
    pgbouncer = await startPgbouncer(postgres.superuser);
    redis = await startRedis();
    receiver = await WebhookReceiver.start();
  });
  afterEach(async () => {
    await Promise.all(programs.map((program) => program.kill()));
    programs = [];
  });
  afterAll(async () => {
    await receiver.stop();
    await redis?.stop();
    await pgbouncer.stop();
    await postgres.stop();
    rmSync(data, { recursive: true, force: true });
  });

  const pooled = (): Record<string, string> => ({
    DATABASE_URL: pgbouncer.url(postgres.login),
    NEDWATCH_DIRECT_URL: postgres.login,
    NEDWATCH_OWNER_URL: postgres.owner,
    NEDWATCH_DATA: data,
    NEDWATCH_ADMIN_KEY: KEY,
    NEDWATCH_WEBHOOK_LOOPBACK: 'true',
  });

  async function start(env: Record<string, string> = {}): Promise<RunningProgram> {
    const program = await startProgramProcess({ ...pooled(), ...env });
    programs.push(program);
    return program;
  }

  async function kill(program: RunningProgram): Promise<void> {
    programs = programs.filter((other) => other !== program);
    await program.kill();
  }

  async function call<T>({ url }: RunningProgram, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as T;
  }

  /** A patient with a changed plan, about which every endpoint gets a message. */
  async function givenPatient(program: RunningProgram, mrn: string): Promise<string> {
    const patient = {
      mrn,
      name: '王芳',
      sex: 'female',
      birthDate: '1961-04-05',
      diagnosisDate: '2025-10-20',
    };
    const { id } = await call<{ id: string }>(program, '/patients', patient);
    const surgery = { date: '2025-10-31', site: 'colon', stage: 'III', intent: 'curative' };
    const event = { type: 'primary_resection', ...surgery, preoperativeColonoscopy: 'complete' };
    await call(program, `/patients/${id}/events`, event);
    return id;
  }

  const messagesAbout = (patient: string) => () =>
    receiver.arrivals.filter(
      ({ body }) => body.includes('surveillance.plan.changed') && body.includes(patient),
    );

  const health = async ({ url }: RunningProgram): Promise<string> =>
    ((await (await fetch(`${url}/health/ready`)).json()) as { status: string }).status;

  const QUEUES: [string, () => Record<string, string>][] = [['PostgreSQL', () => ({})]];
  if (hasRedis()) QUEUES.push(['Redis', () => ({ REDIS_URL: redis?.url ?? '' })]);

  test.each(QUEUES)(
    'with the queue on %s it starts, delivers, is killed, starts again and delivers what was left',
    async (queue, env) => {
      const first = await start(env());
      await call(first, '/webhook-endpoints', { url: receiver.url, eventTypes: ['*'] });
      const before = await givenPatient(first, `${queue}-1`);
      await until(messagesAbout(before), ({ length }) => length > 0);
      expect(await health(first)).toBe('ok');

      receiver.answer = () => undefined; // a message in flight at the kill has not arrived
      const left = await givenPatient(first, `${queue}-2`);
      await kill(first);
      receiver.answer = () => ({ status: 200 });
      const begun = performance.now();
      const second = await start(env());
      expect(performance.now() - begun).toBeLessThan(45_000);

      await until(messagesAbout(left), ({ length }) => length > 0, 120_000);
      const after = await givenPatient(second, `${queue}-3`);
      await until(messagesAbout(after), ({ length }) => length > 0);
      expect(await health(second)).toBe('ok');
      programs = programs.filter((other) => other !== second);
      expect(await second.stop()).toBe(0);
    },
    240_000,
  );

  test('without a direct address it is refused at once, and no lock is left behind', async () => {
    const { DATABASE_URL = '', NEDWATCH_OWNER_URL = '', NEDWATCH_DATA = '' } = pooled();
    const one = await startCommand(['up'], { DATABASE_URL, NEDWATCH_DATA }).ended;
    expect(one).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^DATABASE_URL leads through.*NEDWATCH_DIRECT_URL/),
    });
    const two = await startCommand(['up'], { DATABASE_URL, NEDWATCH_DATA, NEDWATCH_OWNER_URL }).ended;
    expect(two).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^DATABASE_URL leads through.*NEDWATCH_DIRECT_URL/),
    });
    const three = await startCommand(['migrate'], {
      ...pooled(),
      NEDWATCH_OWNER_URL: pgbouncer.url(postgres.login),
    }).ended;
    expect(three).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^NEDWATCH_OWNER_URL leads through/),
    });
    // The application's login does not migrate either.
    const { NEDWATCH_DIRECT_URL = '' } = pooled();
    const four = await startCommand(['migrate'], { DATABASE_URL, NEDWATCH_DATA, NEDWATCH_DIRECT_URL }).ended;
    expect(four).toMatchObject({ code: 1, stderr: expect.stringContaining('owner in NEDWATCH_OWNER_URL') });
    expect(await postgres.query(`SELECT FROM pg_locks WHERE locktype = 'advisory'`)).toEqual([]);
  });

  test.each([
    [
      'role',
      'GRANT nedwatch_app TO nedwatch_login WITH INHERIT FALSE',
      'GRANT nedwatch_app TO nedwatch_login WITH INHERIT TRUE',
    ],
    ['idle_in_transaction_session_timeout', 'SELECT', 'SELECT'],
  ])(
    'a login that does not set its %s is refused with the statement that does',
    async (name, before, after) => {
      // Its sessions have the settings of their start. A pooler that ignores unknown options is still a pooler.
      const through = await startPgbouncer(postgres.superuser, 'ignore_startup_parameters = options');
      const [, set = ''] =
        new RegExp(`ALTER ROLE nedwatch_login (SET ${name} = .*);`).exec(documented('sql').join('')) ?? [];
      try {
        await postgres.query(`${before}; ALTER ROLE nedwatch_login RESET ${name}`);
        const env = { ...pooled(), DATABASE_URL: through.url(postgres.login) };
        const { code, stderr } = await startCommand(['migrate'], env).ended;
        expect({ code, stderr }).toEqual({
          code: 1,
          stderr: expect.stringContaining(`ALTER ROLE "nedwatch_login" SET ${name}`),
        });
      } finally {
        await postgres.query(`${after}; ALTER ROLE nedwatch_login ${set}`);
        await through.stop();
      }
    },
  );

  test('two that start at once on an empty database are both ready', async () => {
    await postgres.query('DROP SCHEMA IF EXISTS bullmq, nedwatch_runtime CASCADE');
    await postgres.query('DROP SCHEMA public CASCADE');
    await postgres.query('CREATE SCHEMA public AUTHORIZATION nedwatch_owner');
    await postgres.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'nedwatch_login'`,
    );
    const both = await Promise.all([start(), start({ NEDWATCH_ROLE: 'api' })]);
    expect(await Promise.all(both.map(health))).toEqual(['ok', 'ok']);
    const leases = await postgres.query('SELECT FROM nedwatch_runtime.program_lease');
    expect(leases).toHaveLength(2);
  });

  test('a restore is refused while it runs, and once it is killed waits for its lease and says so', async () => {
    const program = await start({ NEDWATCH_ROLE: 'api' });
    const file = join(data, 'backup.tar.gz');
    const env = pooled();
    expect(await startCommand(['backup', file], env).ended).toMatchObject({ code: 0 });
    const refused = await startCommand(['restore', file, '--replace'], env).ended;
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('database-in-use') });

    await kill(program);
    const begun = performance.now();
    const restored = await startCommand(['restore', file, '--replace'], env).ended;
    expect(restored).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('nedwatch waits for the leases'),
    });
    expect(performance.now() - begun).toBeLessThan(50_000);
    await start({ NEDWATCH_ROLE: 'api' });
  }, 120_000);

  test('a long statement may run, and a silently lost connection is given up', async () => {
    const proxy = await startHalfOpenProxy(Number(new URL(pgbouncer.url(postgres.login)).port));
    const lossy = Object.assign(new URL(postgres.login), { port: proxy.port }).href;
    const [long, lost] = [
      new EnduringConnection(pgbouncer.url(postgres.login)),
      new EnduringConnection(lossy),
    ];
    await Promise.all([long.connect(), lost.connect()]);
    await lost.query('SELECT 1');
    proxy.cut();
    const answers = Promise.all([
      long.query('SELECT pg_sleep(16)').then(() => 'answered'),
      lost.query('SELECT 1').catch(String),
    ]);
    expect(await answers).toEqual(['answered', expect.stringContaining('terminated')]);
    await long.end();
    await proxy.stop();
  });

  test('it counts time in UTC', async () => {
    const client = new EnduringConnection(pgbouncer.url(postgres.login));
    await client.connect();
    const { rows } = await client.query<pg.QueryResultRow>(`SELECT current_setting('TimeZone') AS zone`);
    expect(rows).toEqual([{ zone: 'UTC' }]);
    await client.end();
  });
});
