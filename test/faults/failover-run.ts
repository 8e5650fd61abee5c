import pg from 'pg';
import { documented } from '../support/pgbouncer.js';
import { startProgramProcess, type RunningProgram } from '../support/program.js';
import { until, verified } from '../support/webhook-receiver.js';
import { faultSchedule, seeded } from './fault-schedule.js';
import { dueItems } from './faulty-hospital.js';
import { LOGIN_PASSWORD, type NodeName, OwnCell } from './own-cell.js';
import { RecordingClients, type TimedAnswer } from './recording-clients.js';
import { UnsteadyReceiver } from './unsteady-receiver.js';

/**
 * What is killed with -9. The first two lose a node, as when its machine is lost; systemd restarts the others. The last one
 * kills nothing.
 */
export const KILLS = [
  'the node of the primary',
  'the node of the synchronous standby',
  'PostgreSQL of the primary',
  'pgbouncer',
  'a member of etcd',
  'the primary in name: a switchover',
] as const;
export type Kill = (typeof KILLS)[number];

export interface FailoverRun {
  readonly seed: number;
  readonly deliveries: number;
  /** The number of each kill. */
  readonly rounds: number;
  readonly log: (line: string) => void;
}

export interface Outage {
  readonly kill: Kill;
  /** From the kill to the first acknowledged fact after which no request failed. */
  readonly servedAfterSeconds: number;
  readonly refused: number;
  /** The longest time without a message at the receiver, while some were due. */
  readonly silentSeconds: number;
}

export interface FailoverReport {
  readonly outages: readonly Outage[];
  readonly facts: number;
  /** Acknowledged facts that are not stored, and facts stored twice or without an acknowledgement. */
  readonly lost: number;
  readonly unasked: number;
  readonly reminders: number;
  readonly messages: number;
  /** Messages beyond the first about one reminder, after deduplication by `webhook-id`. */
  readonly doubled: number;
  readonly repeated: number;
  readonly notDelivered: number;
  readonly answers: number;
  readonly refused: number;
  /** Answers that are neither a success nor a 503 with Retry-After, by status and call. */
  readonly wrong: Readonly<Record<string, number>>;
  /** What the program logged about them. */
  readonly causes: readonly string[];
  readonly inProgress: number;
  /** Heavy reads by the server that did them. */
  readonly heavyReads: { readonly standby: number; readonly primary: number };
  readonly slowestSeconds: number;
  readonly ended: number;
}

const ADMIN_KEY = 'nw_administrator-of-this-test';
const PATIENTS = 100;
/** The messages leave no faster than the kills take. */
const SECONDS_A_KILL = 25;
const SETTLED_WITHIN_MS = 120_000;
/** After a kill, before the lost node returns. */
const DOWN_AT_LEAST_MS = 5000;
/** So many in a row, and the program serves again. */
const SUCCESSES = 20;

/** The started program on a cell, whose parts are killed by a schedule that depends on the seed. */
export class FailoverCourse {
  private readonly programs: RunningProgram[] = [];
  private readonly kills: { readonly kill: Kill; readonly atMs: number }[] = [];
  private clients!: RecordingClients;
  private secret = '';

  private constructor(
    readonly cell: OwnCell,
    private readonly receiver: UnsteadyReceiver,
    private readonly options: FailoverRun,
    private readonly random: () => number,
  ) {}

  static async open(options: FailoverRun): Promise<FailoverCourse> {
    const cell = await OwnCell.start(options.log);
    const random = seeded(options.seed);
    const receiver = await UnsteadyReceiver.start(random);
    const course = new FailoverCourse(cell, receiver, options, random);
    try {
      await course.openHospital();
      return course;
    } catch (error) {
      await course.close();
      throw error;
    }
  }

  /** The environment of docs/operations/cell.md. */
  get environment(): Record<string, string> {
    return {
      DATABASE_URL: this.cell.pooled('nedwatch_login', LOGIN_PASSWORD),
      NEDWATCH_DIRECT_URL: this.cell.direct('nedwatch_login', LOGIN_PASSWORD),
      NEDWATCH_OWNER_URL: this.cell.direct('nedwatch_owner', 'owner-secret'),
      NEDWATCH_STANDBY_URL: this.cell.pooledStandby('nedwatch_login', LOGIN_PASSWORD),
      ...{ NEDWATCH_ADMIN_KEY: ADMIN_KEY, NEDWATCH_WEBHOOK_LOOPBACK: 'true', NEDWATCH_LOG: 'warn' },
    };
  }

  async query<T extends pg.QueryResultRow>(statement: string, url = this.cell.superuser()): Promise<T[]> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined); // the query reports it too
    await client.connect();
    try {
      return (await client.query<T>(statement)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async run(): Promise<FailoverReport> {
    await this.clients.start(PATIENTS);
    const happened = this.happenAll();
    await Promise.race([happened, this.clients.ended]);
    await happened;
    await this.clients.stop();
    const open = (): Promise<{ open: number }[]> =>
      this.query(`SELECT count(*)::float8 AS open FROM delivery WHERE state <> 'delivered'`);
    await until(open, ([row]) => row?.open === 0, SETTLED_WITHIN_MS).catch(() => undefined);
    return this.judge();
  }

  private async happenAll(): Promise<void> {
    const { deliveries, rounds, log } = this.options;
    const began = performance.now();
    const seconds = (): string => ((performance.now() - began) / 1000).toFixed(0);
    for (const { after, fault } of faultSchedule(this.random, deliveries, KILLS, rounds)) {
      await until(
        () => this.receiver.distinct,
        (count) => count >= after,
        SETTLED_WITHIN_MS,
      );
      log(`${seconds()} s, ${this.receiver.distinct} messages, ${this.clients.facts.length} facts: ${fault}`);
      await this.happen(fault);
    }
    await until(
      () => this.receiver.distinct,
      (count) => count >= deliveries,
      SETTLED_WITHIN_MS,
    );
  }

  /** A call that the audit trail records. */
  async readAudited(): Promise<void> {
    const [api] = this.programs;
    const answer = await fetch(`${api?.url}/api/v1/worklist?list=due`, {
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  async stopPrograms(): Promise<void> {
    await Promise.all(this.programs.splice(0).map((program) => program.stop()));
  }

  /** The logs of the running programs. */
  get logs(): string {
    return this.programs.map((program) => program.log()).join('\n');
  }

  async close(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.kill()));
    await this.receiver.server.stop();
    await this.cell.stop();
  }

  private async openHospital(): Promise<void> {
    const { cell } = this;
    for (const step of documented('sql'))
      for (const statement of step.split(';\n').filter((text) => text.trim() !== ''))
        await this.query(statement, cell.superuser('postgres'));
    const primary = await cell.nodeWith('leader');
    await cell.backrest(primary, 'stanza-create');
    await cell.backrest(primary, '--type=full', 'backup');
    const api = await this.start('api');
    this.clients = new RecordingClients(api.url, ADMIN_KEY);
    const { deliveries, rounds } = this.options;
    const perMinute = Math.ceil((deliveries * 60) / (rounds * KILLS.length * SECONDS_A_KILL));
    const answer = await fetch(`${api.url}/api/v1/webhook-endpoints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ url: this.receiver.server.url, rateLimit: { perMinute } }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    this.secret = ((await answer.json()) as { secret: string }).secret;
    for (const statement of dueItems(deliveries)) await this.query(statement);
    for (let n = 0; n < 2; n++) await this.start('worker');
  }

  private async start(role: 'api' | 'worker'): Promise<RunningProgram> {
    const program = await startProgramProcess({ ...this.environment, NEDWATCH_ROLE: role });
    this.programs.push(program);
    return program;
  }

  private async happen(kill: Kill): Promise<void> {
    const { cell } = this;
    this.kills.push({ kill, atMs: performance.now() });
    let lost: NodeName | undefined;
    if (kill === 'the node of the primary') lost = await cell.nodeWith('leader');
    if (kill === 'the node of the synchronous standby') lost = await cell.nodeWith('sync_standby');
    if (kill === 'PostgreSQL of the primary') cell.killPostgres(await cell.nodeWith('leader'));
    if (kill === 'pgbouncer') cell.killService('pgbouncer');
    if (kill === 'a member of etcd') cell.killService(`etcd node${1 + Math.floor(this.random() * 3)}`);
    if (kill === 'the primary in name: a switchover') await cell.switchOver();
    if (lost !== undefined) cell.loseNode(lost);
    await this.servesAgain();
    if (lost !== undefined) cell.startNode(lost);
    await cell.settled();
  }

  /** Waits until the answers to requests that were sent some seconds after the kill are all successes. */
  private async servesAgain(): Promise<void> {
    const since = performance.now() + DOWN_AT_LEAST_MS;
    const isServed = (): boolean => {
      const last = this.clients.answers.slice(-SUCCESSES);
      return last.every((answer) => answer.sentMs > since && !isFailure(answer));
    };
    await until(isServed, (is) => is, SETTLED_WITHIN_MS);
  }

  private async heavyReads(): Promise<FailoverReport['heavyReads']> {
    const text = await (await fetch(`${this.programs[0]?.url}/metrics`)).text();
    const of = (server: string): number =>
      Number(new RegExp(`^nedwatch_heavy_reads_total{server="${server}"} (\\d+)$`, 'm').exec(text)?.[1]);
    return { standby: of('standby'), primary: of('primary') };
  }

  private outages(): Outage[] {
    const { answers } = this.clients;
    return this.kills.map(({ kill, atMs }, index) => {
      const endMs = this.kills[index + 1]?.atMs ?? Infinity;
      const failed = answers.filter(isFailure).filter(({ endedMs }) => endedMs > atMs && endedMs < endMs);
      const lastFailedMs = Math.max(atMs, ...failed.map(({ endedMs }) => endedMs));
      const served = answers.find(({ status, sentMs }) => status === 201 && sentMs >= lastFailedMs);
      const arrivals = this.receiver.taken.map((taken) => taken.atMs).filter((at) => at > atMs && at < endMs);
      const gaps = arrivals.map((at, n) => at - (arrivals[n - 1] ?? atMs));
      return {
        ...{ kill, servedAfterSeconds: ((served?.endedMs ?? Infinity) - atMs) / 1000 },
        refused: failed.length,
        silentSeconds: Math.max(0, ...gaps) / 1000,
      };
    });
  }

  private async judge(): Promise<FailoverReport> {
    const { answers, facts } = this.clients;
    const stored = await this.query<{ id: string; patientId: string; date: string }>(
      `SELECT id, patient_id AS "patientId", date::text AS date FROM clinical_event WHERE type = 'exam'`,
    );
    const ids = new Set(stored.map(({ id }) => id));
    const days = new Set(stored.map(({ patientId, date }) => `${patientId} ${date}`));
    const messages = this.receiver.taken.map(({ arrival }) => verified(arrival, this.secret));
    const distinct = new Map(messages.map((message) => [message.id, message]));
    const [row] = await this.query<{ reminders: number; undelivered: number }>(
      `SELECT (SELECT count(*)::float8 FROM reminder) AS reminders,
              (SELECT count(*)::float8 FROM delivery WHERE state <> 'delivered') AS undelivered`,
    );
    const wrong: Record<string, number> = {};
    for (const answer of answers.filter((each) => isWrong(each))) {
      const what = `${answer.status} ${answer.retryAfter ? 'with' : 'without'} Retry-After: ${answer.call} ${answer.text}`;
      wrong[what] = (wrong[what] ?? 0) + 1;
    }
    return {
      outages: this.outages(),
      facts: facts.length,
      lost: facts.filter(({ id }) => !ids.has(id)).length,
      unasked: stored.length - days.size + Math.max(0, stored.length - facts.length),
      reminders: row?.reminders ?? 0,
      messages: distinct.size,
      doubled: distinct.size - new Set([...distinct.values()].map(({ data }) => data['itemId'])).size,
      repeated: messages.length - distinct.size,
      notDelivered: row?.undelivered ?? 0,
      answers: answers.length,
      refused: answers.filter(({ status }) => status === 503).length,
      wrong,
      causes: this.logs.split('\n').filter((line) => /"level":50,.*"context":"HTTP"/.test(line)),
      inProgress: answers.filter(({ status }) => status === 409).length,
      heavyReads: await this.heavyReads(),
      slowestSeconds: Math.max(...answers.map(({ sentMs, endedMs }) => endedMs - sentMs)) / 1000,
      ended: this.programs.filter((program) => !program.runs()).length,
    };
  }
}

const isFailure = ({ status }: TimedAnswer): boolean => status === 0 || status >= 400;

/** 409: the first request with the key has not ended. */
const isWrong = ({ status, retryAfter }: TimedAnswer): boolean =>
  !(status >= 200 && status < 300) && !(status === 503 && retryAfter) && status !== 409;
