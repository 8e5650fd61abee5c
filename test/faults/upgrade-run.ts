import { setTimeout as sleep } from 'node:timers/promises';
import { startExternalPostgres, type ExternalPostgres } from '../support/external-postgres.js';
import { startCommand, startProgramProcess, type RunningProgram } from '../support/program.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { until, verified } from '../support/webhook-receiver.js';
import { API_NAMES, ApiProxy, type ApiName } from './api-proxy.js';
import { DueWaves } from './due-waves.js';
import type { OlderVersion } from './older-version.js';
import { PageVisitor, type PagesReport } from './page-visitor.js';
import { RecordingClients, type TimedAnswer } from './recording-clients.js';
import { StreamedContacts, type StreamReport } from './streamed-contacts.js';
import { UnsteadyReceiver } from './unsteady-receiver.js';

export interface UpgradeRun {
  readonly older: OlderVersion;
  readonly onRedis: boolean;
  /** How long both versions serve side by side, after one process of each kind was replaced. */
  readonly sideBySideSeconds: number;
  readonly drainSeconds: number;
  readonly log: (line: string) => void;
}

export interface UpgradeReport {
  readonly seconds: number;
  readonly calls: number;
  /** Calls that the older and the newer version served while both were there. */
  readonly sideBySide: readonly [older: number, newer: number];
  /** Calls without an answer, and answers that are no success, by status and call. */
  readonly wrong: Readonly<Record<string, number>>;
  /** The slowest calls first, with the second of the run in which each was sent. */
  readonly slowest: readonly {
    readonly seconds: number;
    readonly call: string;
    readonly sentAfterSeconds: number;
  }[];
  /** Answers with a 5xx as HAProxy counts them. */
  readonly serverErrors: number;
  readonly pages: PagesReport;
  readonly facts: number;
  /** Acknowledged facts that are not stored, and facts stored twice. */
  readonly lost: number;
  readonly twice: number;
  readonly stream: StreamReport;
  readonly due: number;
  readonly reminders: number;
  /** Different messages, by `webhook-id`; those about an item that had one; and repetitions of one. */
  readonly messages: number;
  readonly doubled: number;
  readonly repeated: number;
  readonly notDelivered: number;
  /** The exit codes of the replaced processes. */
  readonly ends: readonly (number | null)[];
  readonly errors: readonly string[];
  readonly doctor: number | null;
}

const ADMIN_KEY = 'nw_administrator-of-this-test';
const PATIENTS = 100;
const BEFORE_SECONDS = 10;
const AFTER_SECONDS = 10;
const SETTLED_WITHIN_MS = 180_000;
/** Slower than reminders become due at most, so that workers are replaced while messages leave. */
const ANSWERED_PER_SECOND = 60;

type WorkerName = 'worker1' | 'worker2';
type Name = ApiName | WorkerName;

/** Two API and two worker processes of an older version behind HAProxy, which are replaced one by one under load. */
export class UpgradeCourse {
  private readonly processes = new Map<Name, RunningProgram>();
  private readonly ends: (number | null)[] = [];
  private readonly errors: string[] = [];
  private secret = '';

  private constructor(
    private readonly options: UpgradeRun,
    private readonly postgres: ExternalPostgres,
    private readonly redis: TestRedis | undefined,
    private readonly receiver: UnsteadyReceiver,
    private readonly proxy: ApiProxy,
  ) {}

  static async open(options: UpgradeRun): Promise<UpgradeCourse> {
    const postgres = await startExternalPostgres();
    const redis = options.onRedis ? await startRedis() : undefined;
    const receiver = await UnsteadyReceiver.start(Math.random);
    receiver.answeredPerSecond = ANSWERED_PER_SECOND;
    return new UpgradeCourse(options, postgres, redis, receiver, await ApiProxy.start());
  }

  async run(): Promise<UpgradeReport> {
    const { older, sideBySideSeconds, log } = this.options;
    for (const name of [...API_NAMES, 'worker1', 'worker2'] as const) await this.start(name, older.checkout);
    for (const name of API_NAMES) await this.proxy.isUp(name);
    await this.addEndpoint();
    const waves = await DueWaves.plant(this.postgres);
    const load = { writers: 5, readers: 3, pauseMs: 60, dispatcher: this.proxy.agent };
    const clients = new RecordingClients(this.proxy.url, ADMIN_KEY, load);
    await clients.start(PATIENTS);
    const contacts = new StreamedContacts(this.proxy, ADMIN_KEY);
    await contacts.start();
    const errorsBefore = await this.proxy.serverErrors();
    const visitor = new PageVisitor(this.proxy);
    visitor.start();
    waves.start();

    const began = performance.now();
    const say = (line: string): void => {
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      log(`${seconds} s, ${clients.answers.length} calls, ${this.receiver.distinct} messages: ${line}`);
    };
    await sleep(BEFORE_SECONDS * 1000);
    say(`migrate, ${older.lacks.length} migrations`);
    await this.command('migrate');
    for (const name of ['worker1', 'api1'] as const) await this.replace(name, say);
    const before = await this.callCounts();
    say('both versions serve');
    await sleep(sideBySideSeconds * 1000);
    // As when it crashed, or when the upgrade is taken back: it starts on the migrated database.
    await this.replace('worker2', say, older.checkout);
    const after = await this.callCounts();
    for (const name of ['api2', 'worker2'] as const) await this.replace(name, say);
    await sleep(AFTER_SECONDS * 1000);
    say('all processes are new');

    await clients.stop();
    const stream = await contacts.stop();
    const due = await waves.stop();
    const pages = await visitor.stop();
    const serverErrors = (await this.proxy.serverErrors()) - errorsBefore;
    const seconds = (performance.now() - began) / 1000;
    await this.settled(due);
    const sideBySide = [after.api2 - before.api2, after.api1 - before.api1] as const;
    return { seconds, sideBySide, stream, due, pages, serverErrors, ...(await this.judge(clients)) };
  }

  async close(): Promise<void> {
    await Promise.all([...this.processes.values()].map((program) => program.kill()));
    await this.receiver.server.stop();
    await this.proxy.stop();
    await this.redis?.stop();
    await this.postgres.stop();
  }

  private get environment(): Record<string, string> {
    return {
      ...{ DATABASE_URL: this.postgres.login, NEDWATCH_OWNER_URL: this.postgres.owner },
      ...{ NEDWATCH_ADMIN_KEY: ADMIN_KEY, NEDWATCH_WEBHOOK_LOOPBACK: 'true', NEDWATCH_LOG: 'warn' },
      ...{ NEDWATCH_DRAIN_SECONDS: String(this.options.drainSeconds), NEDWATCH_TRUSTED_PROXIES: '127.0.0.1' },
      ...{ NEDWATCH_PUBLIC_URL: 'https://nedwatch.hospital.example' },
      ...(this.redis && { REDIS_URL: this.redis.url }),
    };
  }

  /** As docs/operations/upgrade.md says it. */
  private async replace(name: Name, say: (line: string) => void, checkout?: string): Promise<void> {
    const { drainSeconds } = this.options;
    const { drains } = this.options.older;
    say(`${name} gets SIGTERM`);
    if (isApi(name) && !drains) {
      await this.proxy.set(name, 'drain');
      await sleep(drainSeconds * 1000);
    }
    const program = this.processes.get(name);
    this.processes.delete(name);
    this.ends.push((await program?.stop()) ?? null);
    this.noteErrors(`the older ${name}`, program);
    await this.start(name, checkout);
    if (!isApi(name)) return;
    if (!drains) await this.proxy.set(name, 'ready');
    await this.proxy.isUp(name);
  }

  private async start(name: Name, checkout?: string): Promise<void> {
    const role = isApi(name) ? 'api' : 'worker';
    const port = isApi(name) ? this.proxy.ports[name] : 0;
    const environment = { ...this.environment, NEDWATCH_ROLE: role };
    this.processes.set(name, await startProgramProcess(environment, ['--port', String(port)], checkout));
  }

  private async addEndpoint(): Promise<void> {
    const url = this.processes.get('api1')?.url ?? '';
    const answer = await fetch(`${url}/api/v1/webhook-endpoints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ url: this.receiver.server.url }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    this.secret = ((await answer.json()) as { secret: string }).secret;
  }

  private async command(...args: readonly string[]): Promise<number | null> {
    const { code, out, stderr } = await startCommand(args, this.environment).ended;
    if (code !== 0) this.errors.push(`${args.join(' ')} ended with ${code}: ${out} ${stderr}`);
    return code;
  }

  private async callCounts(): Promise<Record<ApiName, number>> {
    const [api1, api2] = await Promise.all(API_NAMES.map((name) => this.proxy.stateOf(name)));
    return { api1: api1?.calls ?? 0, api2: api2?.calls ?? 0 };
  }

  private noteErrors(name: string, program: RunningProgram | undefined): void {
    const lines =
      program
        ?.log()
        .split('\n')
        .filter((line) => /"level":[56]0/.test(line)) ?? [];
    this.errors.push(...lines.map((line) => `${name}: ${line}`));
  }

  /** Until every reminder is recorded and taken by the receiver, or for some minutes. */
  private async settled(due: number): Promise<void> {
    const open = async (): Promise<boolean> => {
      const [row] = await this.postgres.query<{ open: number; reminders: number }>(
        `SELECT (SELECT count(*)::integer FROM delivery WHERE state <> 'delivered') AS open,
                (SELECT count(*)::integer FROM reminder) AS reminders`,
      );
      return row === undefined || row.open > 0 || row.reminders < due || this.receiver.distinct < due;
    };
    await until(open, (isOpen) => !isOpen, SETTLED_WITHIN_MS).catch(() => undefined);
  }

  private async judge(
    clients: RecordingClients,
  ): Promise<
    Omit<
      UpgradeReport,
      keyof UpgradeReport & ('seconds' | 'sideBySide' | 'stream' | 'due' | 'pages' | 'serverErrors')
    >
  > {
    const { answers, facts } = clients;
    const stored = await this.postgres.query<{ id: string; fact: string }>(
      `SELECT id, patient_id || ' ' || date AS fact FROM clinical_event WHERE type = 'exam'`,
    );
    const ids = new Set(stored.map(({ id }) => id));
    const messages = this.receiver.taken.map(({ arrival }) => verified(arrival, this.secret));
    const distinct = new Map(messages.map((message) => [message.id, message]));
    const [row] = await this.postgres.query<{ reminders: number; undelivered: number }>(
      `SELECT (SELECT count(*)::integer FROM reminder) AS reminders,
              (SELECT count(*)::integer FROM delivery WHERE state <> 'delivered') AS undelivered`,
    );
    const wrong: Record<string, number> = {};
    for (const { status, call, text } of answers.filter((each) => each.status < 200 || each.status > 299)) {
      const what = `${status} to ${call}: ${text}`;
      wrong[what] = (wrong[what] ?? 0) + 1;
    }
    for (const [name, program] of this.processes) this.noteErrors(`the newer ${name}`, program);
    const doctor = await this.command('doctor');
    return {
      ...{ calls: answers.length, wrong, facts: facts.length, doctor, ends: this.ends },
      slowest: slowestOf(answers),
      lost: facts.filter(({ id }) => !ids.has(id)).length,
      twice: stored.length - new Set(stored.map(({ fact }) => fact)).size,
      reminders: row?.reminders ?? 0,
      messages: distinct.size,
      doubled: distinct.size - new Set([...distinct.values()].map(({ data }) => data['itemId'])).size,
      repeated: messages.length - distinct.size,
      notDelivered: row?.undelivered ?? 0,
      errors: this.errors,
    };
  }
}

const SLOWEST = 5;

function slowestOf(answers: readonly TimedAnswer[]): UpgradeReport['slowest'] {
  const beganMs = Math.min(...answers.map(({ sentMs }) => sentMs));
  return answers
    .toSorted((a, b) => b.endedMs - b.sentMs - (a.endedMs - a.sentMs))
    .slice(0, SLOWEST)
    .map(({ call, sentMs, endedMs }) => ({
      ...{ seconds: (endedMs - sentMs) / 1000, call, sentAfterSeconds: (sentMs - beganMs) / 1000 },
    }));
}

const isApi = (name: Name): name is ApiName => name === 'api1' || name === 'api2';
