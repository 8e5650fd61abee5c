import { chmodSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { startProgramProcess, type RunningProgram } from './program.js';
import { hasRedis, startRedis, type TestRedis } from './redis.js';
import { until, verified, WebhookReceiver } from './webhook-receiver.js';

const REMINDERS = 5000;
// As many attempts as one process makes at one endpoint at once: what its death can repeat.
const IN_FLIGHT = 100;
const ADMIN_KEY = 'nw_administrator-of-this-test';

const BACKENDS = hasRedis() ? ['PostgreSQL', 'Redis'] : ['PostgreSQL'];

/** A PostgreSQL of one's own, which comes back by itself when it is killed. */
interface OwnPostgres {
  readonly url: string;
  leave(): Promise<void>;
}

async function startPostgres(): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'nedwatch-faults-'));
  chmodSync(folder, 0o755); // as root the server runs as another user
  const built = new URL('../dist/src/embedded-postgres.js', import.meta.url).href; // it starts a process of itself
  const { embeddedPostgres } = (await import(built)) as {
    embeddedPostgres: (folder: string, options: { temporary: boolean }) => Promise<OwnPostgres>;
  };
  return embeddedPostgres(folder, { temporary: true });
}

describe.each(BACKENDS)(`${REMINDERS} reminders on %s while everything is killed`, (backend) => {
  let redis: TestRedis | undefined;
  let postgres: OwnPostgres;
  let receiver: WebhookReceiver;
  const programs = new Set<RunningProgram>();

  beforeAll(async () => {
    if (backend === 'Redis') redis = await startRedis();
    postgres = await startPostgres();
    receiver = await WebhookReceiver.start();
  }, 120_000);
  afterAll(async () => {
    await Promise.all([...programs].map((program) => program.kill()));
    await receiver.stop();
    await postgres.leave();
    await redis?.stop();
  });

  async function start(role: 'api' | 'worker'): Promise<RunningProgram> {
    const program = await startProgramProcess({
      DATABASE_URL: postgres.url,
      NEDWATCH_ROLE: role,
      NEDWATCH_ADMIN_KEY: ADMIN_KEY,
      NEDWATCH_WEBHOOK_LOOPBACK: 'true',
      ...(redis && { REDIS_URL: redis.url }),
    });
    programs.add(program);
    return program;
  }

  async function kill(program: RunningProgram): Promise<void> {
    programs.delete(program);
    await program.kill();
  }

  /** Runs one statement, again and again until the database, which may just be starting, answers. */
  async function inDatabase<T extends pg.QueryResultRow>(statement: string): Promise<T[]> {
    const answer = await until(
      async () => {
        const client = new pg.Client({ connectionString: postgres.url });
        client.on('error', () => undefined); // the query in flight says so too
        try {
          await client.connect();
          return { rows: (await client.query<T>(statement)).rows };
        } catch (error) {
          return { error: String(error) };
        } finally {
          await client.end().catch(() => undefined);
        }
      },
      ({ rows }) => rows !== undefined,
    );
    return answer.rows ?? [];
  }

  async function killPostgres(): Promise<void> {
    const [row] = await inDatabase<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`);
    const [pid] = readFileSync(join(row?.folder ?? '', 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), 'SIGKILL');
    await inDatabase('SELECT');
  }

  async function loseRedis(): Promise<void> {
    if (!redis) return;
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
  }

  const distinct = (): number => new Set(receiver.arrivals.map(({ headers }) => headers['webhook-id'])).size;
  const arrived = async (count: number): Promise<void> =>
    void (await until(distinct, (told) => told >= count));

  test('none is lost, and no more are repeated than were in flight', async () => {
    const api = await start('api');
    const answer = await fetch(`${api.url}/api/v1/webhook-endpoints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ url: receiver.url }),
    });
    const { secret } = (await answer.json()) as { secret: string };
    for (const statement of ITEMS) await inDatabase(statement);

    const began = performance.now();
    let workers = [await start('worker'), await start('worker')];
    const killOne = async (): Promise<void> => {
      const [oldest, ...others] = workers as [RunningProgram, ...RunningProgram[]];
      await kill(oldest);
      workers = [...others, await start('worker')];
    };
    await arrived(300);
    await killOne();
    await loseRedis();
    await arrived(900);
    await killPostgres();
    await killOne();
    await arrived(1500);
    await killOne();
    await loseRedis();
    await arrived(2200);
    await killPostgres();
    await arrived(2400);
    // The last to be killed are all of them: then no attempt is in flight, and every lease may be called over.
    await Promise.all(workers.map(kill));
    await inDatabase(`UPDATE delivery SET next_attempt_at = program_now() WHERE state = 'pending'`);
    workers = [await start('worker'), await start('worker')];
    await until(distinct, (told) => told === REMINDERS, 120_000);
    await until(
      () => inDatabase<{ open: string }>(`SELECT count(*) AS open FROM delivery WHERE state <> 'delivered'`),
      ([row]) => row?.open === '0',
    );

    const repeats = receiver.arrivals.length - distinct();
    const kills = 5 + 2 * workers.length; // each death of PostgreSQL cuts off both workers
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(
      `${backend}: ${distinct()} of ${REMINDERS} reminders arrived in ${seconds} s, ${repeats} repeated ` +
        `(5 programs and 2 times PostgreSQL killed${redis ? ', Redis emptied twice' : ''})\n`,
    );
    expect(distinct()).toBe(REMINDERS);
    expect(repeats).toBeLessThanOrEqual(kills * IN_FLIGHT);
    const messages = receiver.arrivals.map((arrival) => verified(arrival, secret));
    expect(new Set(messages.map(({ data }) => data['itemId'])).size).toBe(REMINDERS);
    for (const worker of workers) {
      programs.delete(worker);
      expect(await worker.stop()).toBe(0);
    }
  }, 300_000);
});

/** One patient for each item, due yesterday; the hospital's reminders may leave at any time of the day. */
const ITEMS = [
  `UPDATE hospital SET policy = jsonb_set(policy, '{reminders,time}', '"00:00"')`,
  `INSERT INTO patient (id, hospital_id, mrn, name, sex, birth_date, diagnosis_date, enrolled_on)
  SELECT gen_random_uuid(), h.id, n::text, 'A', 'female', '1961-04-05', '2024-01-10', '2024-02-01'
    FROM hospital h, generate_series(1, ${REMINDERS}) AS n`,
  `INSERT INTO surveillance_item (id, hospital_id, patient_id, guideline, key, pathway, rule, activity, covers, sequence,
    phase, measured_from, earliest, due, overdue, before_enrolment, projected, state, next_reminder_on)
  SELECT gen_random_uuid(), hospital_id, id, 'crlm-cn-2025@1', mrn, 'test', 'ct', 'chest-ct', '{}', 1,
    1, day - 90, day - 14, day, day + 28, false, false, 'active', day
    FROM patient, (SELECT program_now()::date - 1 AS day) AS yesterday`,
];
