import { Logger } from '@nestjs/common';
import type { JobsOptions } from 'bullmq';
import type { DataSource } from 'typeorm';
import type { Config } from '../config.js';
import type { OpenQueue, OpenWorker, QueueBackend, QueueData, QueueName } from './queue-backend.js';
import { openPostgresQueues } from './queue-on-postgres.js';
import { openRedisQueues } from './queue-on-redis.js';
import type { Message } from '../../guideline/message.js';
import { msg } from '../messages/dictionary.js';
import { patienceOf } from '../start-wait.js';

/**
 * A job whose id is still in the queue cannot be added again. So jobs leave the queue when they end. The row records
 * the outcome, and whether and when there is another attempt.
 */
export const JOB_OPTIONS = {
  'webhook-endpoint': { attempts: 1, removeOnComplete: true, removeOnFail: true },
  'patient-messages': { attempts: 1, removeOnComplete: true, removeOnFail: true },
} as const satisfies Record<QueueName, JobsOptions>;

const ANSWER_WITHIN_MS = 10_000;
const ASKED_WITHIN_MS = 3000;
// Longer than a running job, which sends one message to one receiver. What has not closed then waits for a connection.
const CLOSED_WITHIN_MS = 30_000;

/**
 * One job. Of several with the same id, the queue accepts only the first while it is in the queue. The id contains no
 * `:`.
 */
export interface QueuedJob<N extends QueueName> {
  readonly id: string;
  readonly data: QueueData[N];
  readonly delayMs?: number;
}

/** A worker, and the function that opens its replacement. */
interface StartedWorker {
  readonly open: () => OpenWorker;
  current: OpenWorker;
  openedAtMs: number;
}

// Far longer than a worker takes to connect.
const CONNECTED_WITHIN_MS = 10_000;

/**
 * The queues. They are a copy that may be lost: PostgreSQL is the source of truth, and the sweep restores missing
 * jobs. Open queues belong to one database; queues of other databases on the same Redis are separate.
 */
export class Queues {
  private readonly logger = new Logger(Queues.name);
  private readonly queues: Readonly<Record<QueueName, OpenQueue>>;
  private readonly workers: StartedWorker[] = [];
  private readonly takenAtMs = new Map<QueueName, number>();
  private readonly openedAtMs = performance.now();
  /** How often this process has replaced workers that received no jobs. */
  replaced = 0;
  private reportedAt = -Infinity;

  private constructor(private readonly backend: QueueBackend) {
    // Immediately: a queue that is first used while Redis is unavailable would wait for it instead of failing.
    this.queues = {
      'webhook-endpoint': backend.openQueue('webhook-endpoint', this.report),
      'patient-messages': backend.openQueue('patient-messages', this.report),
    };
  }

  /**
   * Connects to the configured Redis, or prepares the database when there is none. Throws `UnsafeRedis` for a Redis
   * that can lose jobs.
   */
  static async open(config: Config, dataSource: DataSource): Promise<Queues> {
    const backend =
      config.redisUrls.length === 0
        ? openPostgresQueues(config.directUrl ?? urlOf(dataSource))
        : await openRedisQueues(
            config.redisUrls,
            dataSource,
            patienceOf(config.startWaitSeconds, config.language),
          );
    return new Queues(backend);
  }

  /**
   * Throws when the queue cannot be reached or does not answer. May be slow: never call it on the path of a request.
   */
  async add<N extends QueueName>(name: N, jobs: readonly QueuedJob<N>[]): Promise<void> {
    const adding = this.queues[name].addBulk(
      jobs.map(({ id, data, delayMs }) => ({
        name,
        data,
        opts: {
          ...(JOB_OPTIONS[name] as JobsOptions),
          jobId: id,
          ...(delayMs === undefined ? {} : { delay: delayMs }),
        },
      })),
    );
    await within(ANSWER_WITHIN_MS, adding, () => this.backend.reconnect());
  }

  /**
   * Runs `work` for every job, at most `concurrency` at the same time in this process. An error ends the job: the row
   * decides on a retry.
   */
  startWorker<N extends QueueName>(
    name: N,
    concurrency: number,
    work: (data: QueueData[N]) => Promise<void>,
  ): void {
    const open = (): OpenWorker =>
      this.backend.openWorker(
        name,
        concurrency,
        (data) => {
          this.takenAtMs.set(name, performance.now());
          return work(data as QueueData[N]);
        },
        this.report,
      );
    this.workers.push({ open, current: open(), openedAtMs: performance.now() });
  }

  /**
   * How long the workers of this process have received no job of the queue, at most since they were replaced. 0 without
   * workers.
   */
  idleForMs(name: QueueName, nowMs: number): number {
    return this.workers.length === 0 ? 0 : nowMs - (this.takenAtMs.get(name) ?? this.openedAtMs);
  }

  /** Replaces each worker by a new one. The old ones finish their jobs. */
  replaceWorkers(nowMs: number): void {
    for (const name of Object.keys(this.queues) as QueueName[]) this.takenAtMs.set(name, nowMs);
    this.replaced++;
    for (const worker of this.workers) {
      const old = worker.current;
      worker.current = worker.open();
      worker.openedAtMs = nowMs;
      old.close().catch(this.report);
    }
  }

  /** Accepts no more jobs and waits for the running ones, at most `CLOSED_WITHIN_MS`. */
  async stopWorkers(): Promise<void> {
    await this.closeAll(this.workers.splice(0).map(({ current }) => current));
  }

  /** Jobs that wait, including delayed ones. */
  async count(name: QueueName): Promise<number> {
    return this.queues[name].count();
  }

  /** Why the workers of this process receive no jobs; undefined if they do. */
  async fault(): Promise<Message | undefined> {
    try {
      for (const name of Object.keys(this.queues) as QueueName[])
        await within(ASKED_WITHIN_MS, this.count(name));
    } catch (error) {
      return msg('queue-out-of-reach', { detail: (error as Error).message });
    }
    const now = performance.now();
    const isDisconnected = this.workers.some(
      ({ current, openedAtMs }) => !current.isConnected() && now - openedAtMs >= CONNECTED_WITHIN_MS,
    );
    return isDisconnected ? msg('workers-not-connected') : undefined;
  }

  /** Drops every job, waiting or running. Harmless: the next sweep restores the open ones. */
  async dropAll(name: QueueName): Promise<void> {
    await this.queues[name].obliterate({ force: true });
  }

  async close(): Promise<void> {
    await this.stopWorkers();
    await this.closeAll(Object.values(this.queues));
    await this.backend.close();
  }

  // A node of a Redis Cluster that was killed may leave a command without an answer, for which its client waits.
  private async closeAll(opened: readonly { close(): Promise<void> }[]): Promise<void> {
    const closing = Promise.all(opened.map((one) => one.close()));
    await within(CLOSED_WITHIN_MS, closing).catch(this.report);
  }

  // Both backends reconnect by themselves, so an error is only logged. There may be hundreds in a second: one log
  // line in ten seconds is enough.
  private readonly report = ({ message }: Error): void => {
    const at = performance.now();
    if (at - this.reportedAt < 10_000) return;
    this.reportedAt = at;
    this.logger.warn(`The queue is disturbed: ${message}`);
  };
}

function urlOf({ options }: DataSource): string {
  if (options.type === 'postgres' && options.url !== undefined) return options.url;
  throw new Error('The database is named by a URL.');
}

/** A half-open connection never answers; the sweep, which waits for this, must continue. */
async function within(
  ms: number,
  answer: Promise<unknown>,
  onLate: () => void = () => undefined,
): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    late = setTimeout(() => {
      reject(new Error(`The queue did not answer within ${ms / 1000} s.`));
      onLate();
    }, ms);
  });
  try {
    await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(late);
  }
}
