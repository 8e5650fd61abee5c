import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { startProgramProcess, type RunningProgram } from '../support/program.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { until } from '../support/webhook-receiver.js';
import type { Fault } from './fault-schedule.js';
import { startHalfOpenProxy, type HalfOpenProxy } from './half-open-proxy.js';
import { MessageWard, type WardOptions } from './message-ward.js';
import { startPostgres, type OwnPostgres } from './own-postgres.js';
import { PersistentCaller } from './persistent-caller.js';
import type { SmallDisk } from './small-disk.js';
import { UnsteadyReceiver } from './unsteady-receiver.js';
import { PLANNER_REVISION } from '../../src/guideline/planner.js';

/** The attempts of one process at one endpoint that are not recorded yet: a crash can repeat them. */
const IN_FLIGHT = 200;
const WORKERS = 2;
const ATTEMPTS = ['delivery_attempt', 'patient_message_attempt'];
/** Those in flight, and as many again by a job that arrives meanwhile. */
export const IN_VAIN_AT_MOST = 2 * WORKERS * IN_FLIGHT;
const FULL_MS = 3000;
const REFUSED_MS = 3000;
const RECOVERED_WITHIN_MS = 10_000;
const ADMIN_KEY = 'nw_administrator-of-this-test';

interface Worker {
  readonly program: RunningProgram;
  readonly toDatabase: HalfOpenProxy;
  readonly toRedis: HalfOpenProxy | undefined;
}

/** The started program with a database, a queue and a receiver, and every part that can fail. */
export class FaultyHospital {
  receiver!: UnsteadyReceiver;
  postgres!: OwnPostgres;
  messages!: MessageWard;
  readonly caller = new PersistentCaller(() => this.api.url, ADMIN_KEY);
  /** The oldest first. */
  workers: Worker[] = [];
  /** Attempts that could be in flight at a kill, a cut connection or a clock change. */
  repeatsAtMost = 0;
  /** The most messages sent in a row while no outcome could be recorded. */
  sentInVain = 0;
  /** How far the clock was moved. */
  movedSeconds = 0;
  private redis: TestRedis | undefined;
  private toReceiver!: HalfOpenProxy;
  private api!: RunningProgram;
  private readonly programs = new Set<RunningProgram>();
  private readonly opened: (() => Promise<void> | void)[] = [];

  constructor(
    private readonly onRedis: boolean,
    private readonly disk: SmallDisk | undefined,
    private readonly log: (line: string) => void,
  ) {}

  /** Returns the secret of the endpoint, where this number of reminders will be due. */
  async open(random: () => number, deliveries: number, ward: WardOptions): Promise<string> {
    if (this.onRedis) await this.openRedis();
    this.postgres = await startPostgres(this.disk?.folder);
    this.opened.push(this.postgres.stop);
    this.receiver = await UnsteadyReceiver.start(random);
    this.opened.push(() => this.receiver.server.stop());
    this.toReceiver = await this.proxyTo(this.receiver.server.url);
    this.api = await this.start('api', this.postgres.url, this.redis?.url);
    const answer = await fetch(`${this.api.url}/api/v1/webhook-endpoints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ url: `http://127.0.0.1:${this.toReceiver.port}/hook` }),
    });
    for (const statement of dueItems(deliveries)) await this.postgres.query(statement);
    this.messages = await MessageWard.open(this.postgres, this.caller, ward);
    this.opened.push(() => this.messages.stop());
    await this.startWorker();
    // A worker looks for messages to patients at its start: then the reminders are there.
    await until(
      () => this.postgres.query<{ count: number }>('SELECT count(*)::float8 AS count FROM reminder'),
      ([row]) => row?.count === deliveries,
    );
    for (let n = 1; n < WORKERS; n++) await this.startWorker();
    return ((await answer.json()) as { secret: string }).secret;
  }

  async close(): Promise<void> {
    await Promise.all([...this.programs].map((program) => program.kill()));
    for (const stop of this.opened.toReversed()) await stop();
  }

  /** Programs that ended by themselves. */
  get ended(): number {
    return [...this.programs].filter((program) => !program.runs()).length;
  }

  /** The logs of the running programs. */
  get logs(): string {
    return [...this.programs].map((program) => program.log()).join('\n');
  }

  /** For each worker its metrics and the end of its log; and the waiting and active jobs in Redis. */
  async logTexts(): Promise<string[]> {
    const workers = await Promise.all(
      this.workers.map(async ({ program }) => {
        const metrics = await fetch(`${program.url}/metrics`).then((answer) => answer.text(), String);
        const figures = metrics.split('\n').filter((line) => line.startsWith('nedwatch_'));
        return [...figures, ...program.log().split('\n').slice(-8)].join('\n');
      }),
    );
    if (!this.redis) return workers;
    const client = new Redis(this.redis.url);
    const lists = await client.keys('*:webhook-endpoint:*');
    const jobs = await Promise.all(
      lists.map(async (key) => {
        const type = await client.type(key);
        const held =
          type === 'list'
            ? await client.lrange(key, 0, -1)
            : type === 'zset'
              ? await client.zrange(key, '0', '-1', 'WITHSCORES')
              : [];
        return `${type} ${key} ${held.join(' ')}`;
      }),
    );
    client.disconnect();
    return [...workers, jobs.join('\n')];
  }

  /** Gracefully, like an operator. Returns the exit codes; `late`: it did not end. */
  async stopWorkers(withinMs: number): Promise<(number | string | null)[]> {
    return Promise.all(
      this.workers.map(async ({ program }) => {
        const code = await Promise.race([program.stop(), sleep(withinMs, 'late')]);
        if (code !== 'late') this.programs.delete(program);
        return code;
      }),
    );
  }

  async happen(fault: Fault): Promise<void> {
    const newest = this.workers.at(-1);
    switch (fault) {
      case 'kill a worker':
        return this.replaceWorker();
      case 'kill the API':
        await this.kill(this.api);
        this.api = await this.start('api', this.postgres.url, this.redis?.url);
        return;
      case 'kill PostgreSQL':
        this.interrupted(this.workers.length);
        return this.postgres.kill();
      case 'kill Redis':
        return this.killRedis();
      case 'empty Redis':
        return this.emptyRedis();
      case 'half-open connections of a worker to PostgreSQL, and kill it':
        return this.replaceWorker(({ toDatabase }) => void toDatabase.cut());
      case 'half-open connections of a worker to PostgreSQL':
        this.interrupted(1);
        newest?.toDatabase.cut();
        return;
      case 'half-open connections of all workers to PostgreSQL':
        this.interrupted(this.workers.length);
        for (const { toDatabase } of this.workers) toDatabase.cut();
        return;
      case 'half-open connections of a worker to Redis':
        newest?.toRedis?.cut();
        return;
      case 'half-open connections to the receiver':
        this.interrupted(this.workers.length);
        this.toReceiver.cut();
        return;
      case 'move the clock':
        return this.moveClock(600);
      case 'let nothing be recorded of attempts':
        return this.refuseOutcomes();
      case 'fill the disk':
        return this.fillDisk(() => this.refusesToWrite());
      case 'fill the disk until PostgreSQL dies of it':
        return this.fillDisk(() => this.diesOfFullDisk());
    }
  }

  /** Kills the oldest worker and starts another, which sweeps immediately. */
  async replaceWorker(before: (worker: Worker) => void = () => undefined): Promise<void> {
    const oldest = this.workers.shift();
    if (!oldest) return;
    before(oldest);
    await this.kill(oldest.program);
    this.interrupted(1);
    await this.startWorker();
  }

  /** Every lease may expire, and its attempt be repeated. */
  async moveClock(seconds: number): Promise<void> {
    this.interrupted(this.workers.length);
    this.movedSeconds += seconds;
    await this.postgres.query(`UPDATE program_clock SET ahead = ahead + interval '${seconds} seconds'`);
  }

  private interrupted(workers: number): void {
    this.repeatsAtMost += workers * IN_FLIGHT;
  }

  private async openRedis(): Promise<void> {
    const dir = this.disk && join(this.disk.folder, 'redis');
    if (dir !== undefined) mkdirSync(dir);
    this.redis = await startRedis({ settings: dir === undefined ? {} : { dir } });
    this.opened.push(async () => this.redis?.stop());
  }

  private async killRedis(): Promise<void> {
    await this.redis?.kill();
    await this.redis?.restart();
  }

  private async emptyRedis(): Promise<void> {
    if (!this.redis) return;
    const client = new Redis(this.redis.url);
    await client.flushall();
    client.disconnect();
  }

  /** Attempts are claimed and made, and their outcomes are lost. */
  private async refuseOutcomes(): Promise<void> {
    this.interrupted(this.workers.length);
    for (const table of ATTEMPTS)
      await this.postgres.query(
        `ALTER TABLE ${table} ADD CONSTRAINT nothing_recorded CHECK (false) NOT VALID`,
      );
    const { answeredPerSecond, taken } = this.receiver;
    const before = taken.length;
    this.receiver.answeredPerSecond = 2000; // the faster, the more messages would be repeated
    await sleep(REFUSED_MS);
    this.receiver.answeredPerSecond = answeredPerSecond;
    this.sentInVain = Math.max(this.sentInVain, taken.length - before);
    for (const table of ATTEMPTS)
      await this.postgres.query(`ALTER TABLE ${table} DROP CONSTRAINT nothing_recorded`);
  }

  /** Fills the disk, checks that the database is affected, keeps it full for a while, and frees it. */
  private async fillDisk(felt: () => Promise<void>): Promise<void> {
    const { disk } = this;
    if (!disk) return;
    this.interrupted(this.workers.length);
    disk.fill();
    await felt();
    const until = performance.now() + FULL_MS;
    while (performance.now() < until) {
      await sleep(100);
      disk.fill();
    }
    disk.free();
    if (this.redis) await this.killRedis(); // it ends when it cannot write, or waits for space: it restarts
    await this.comesBack();
  }

  /** A PostgreSQL without space during its recovery can wait forever: then it is killed. */
  private async comesBack(): Promise<void> {
    const until = performance.now() + RECOVERED_WITHIN_MS;
    while ((await this.postgres.refusal('SELECT pg_switch_wal()')) !== undefined) {
      await sleep(100);
      if (performance.now() < until) continue;
      this.log('  PostgreSQL hangs in its recovery although there is room again: kill -9 of it');
      return this.postgres.kill();
    }
  }

  private async refusesToWrite(): Promise<void> {
    const refusal = await this.postgres.refusal(
      `CREATE TABLE too_much AS SELECT repeat('x', 1000) AS x FROM generate_series(1, 50000)`,
    );
    if (refusal === undefined) throw new Error('The disk was full, and PostgreSQL still wrote to it.');
    this.log(`  PostgreSQL: ${refusal}`);
  }

  /** Its write-ahead log cannot grow. */
  private async diesOfFullDisk(): Promise<void> {
    for (let n = 0; n < 50; n++) {
      const refusal = await this.postgres.refusal(
        `SELECT pg_logical_emit_message(false, 'faults', 'x'), pg_switch_wal()`,
      );
      if (refusal !== undefined) return this.log(`  PostgreSQL: ${refusal}`);
      this.disk?.fill();
    }
    throw new Error('The disk was full, and PostgreSQL did not mind.');
  }

  private async proxyTo(url: string): Promise<HalfOpenProxy> {
    const proxy = await startHalfOpenProxy(Number(new URL(url).port));
    this.opened.push(() => proxy.stop());
    return proxy;
  }

  private async start(
    role: 'api' | 'worker',
    databaseUrl: string,
    redisUrl?: string,
  ): Promise<RunningProgram> {
    const program = await startProgramProcess({
      DATABASE_URL: databaseUrl,
      NEDWATCH_ROLE: role,
      NEDWATCH_ADMIN_KEY: ADMIN_KEY,
      NEDWATCH_WEBHOOK_LOOPBACK: 'true',
      NEDWATCH_LOG: 'warn',
      ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    });
    this.programs.add(program);
    return program;
  }

  private async kill(program: RunningProgram): Promise<void> {
    this.programs.delete(program);
    await program.kill();
  }

  private async startWorker(): Promise<void> {
    const toDatabase = await this.proxyTo(this.postgres.url);
    const toRedis = this.redis && (await this.proxyTo(this.redis.url));
    const program = await this.start(
      'worker',
      through(toDatabase, this.postgres.url),
      this.redis && toRedis && through(toRedis, this.redis.url),
    );
    this.workers.push({ program, toDatabase, toRedis });
  }
}

const through = (proxy: HalfOpenProxy, url: string): string =>
  Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(proxy.port) }).href;

/** One patient for each item, due yesterday; the hospital's reminders may leave at any time of the day. */
export const dueItems = (count: number): string[] => [
  `UPDATE hospital SET policy = jsonb_set(policy, '{reminders,time}', '"00:00"')`,
  `INSERT INTO patient (id, hospital_id, mrn, name, sex, birth_date, diagnosis_date, enrolled_on, planner_revision)
  SELECT gen_random_uuid(), h.id, n::text, 'A', 'female', '1961-04-05', '2024-01-10', '2024-02-01', ${PLANNER_REVISION}
    FROM hospital h, generate_series(1, ${count}) AS n`,
  `INSERT INTO surveillance_item (id, hospital_id, patient_id, guideline, key, pathway, rule, activity, covers, sequence,
    phase, measured_from, earliest, due, overdue, before_enrolment, projected, state, next_reminder_on)
  SELECT gen_random_uuid(), hospital_id, id, 'crlm-cn-2025@1', mrn, 'test', 'ct', 'chest-ct', '{}', 1,
    1, day - 90, day - 14, day, day + 28, false, false, 'active', day
    FROM patient, (SELECT program_now()::date - 1 AS day) AS yesterday`,
];
