import { setTimeout as sleep } from 'node:timers/promises';
import { until, verified } from '../support/webhook-receiver.js';
import { faultSchedule, faultsOf, seeded, type Fault } from './fault-schedule.js';
import { FaultyHospital } from './faulty-hospital.js';
import type { MessageReport } from './message-ward.js';
import { type NurseReport, PersistentNurse } from './nurse.js';
import { mountSmallDisk } from './small-disk.js';

export interface FaultRun {
  readonly seed: number;
  readonly deliveries: number;
  /** The number of each fault. */
  readonly rounds: number;
  readonly onRedis: boolean;
  /** Whether the SMS gateway takes a number only once. */
  readonly deduplicates: boolean;
  /** Faults left to another run. */
  readonly without?: readonly Fault[];
  /**
   * Whether idle deliveries are left until the program resumes by itself, as it must within a sweep. Otherwise a
   * worker is killed after a few seconds, and its successor sweeps immediately.
   */
  readonly patient: boolean;
  readonly log: (line: string) => void;
}

export interface FaultReport {
  readonly taken: number;
  /** Different items with a message, each with one `webhook-id`, after deduplication. */
  readonly items: number;
  readonly notDelivered: number;
  readonly faults: number;
  /** Which they were. */
  readonly kinds: readonly Fault[];
  readonly repeats: number;
  /** Attempts that could be in flight at a kill, a cut connection or a clock change. */
  readonly repeatsAtMost: number;
  /** The most messages sent in a row while no outcome could be recorded. */
  readonly sentInVain: number;
  /** Whether the sequence numbers of the endpoint, in the database and on arrival, are 1, 2, 3 … */
  readonly sequenceWhole: boolean;
  /** Real seconds from the start, and from the last fault, to the last message. */
  readonly seconds: number;
  readonly settledSeconds: number;
  /**
   * How far the clock was moved forward after the last fault, because all remaining deliveries waited for their next
   * attempt.
   */
  readonly settledByClockSeconds: number;
  /** Programs that ended by themselves. */
  readonly ended: number;
  /** What became of the messages to patients. */
  readonly messages: MessageReport;
  /** What became of the entries of a nurse. */
  readonly nurse: NurseReport;
  /** Exit codes of the workers that were stopped gracefully. */
  readonly stopped: readonly (number | string | null)[];
}

/**
 * The real program in several processes while each part of its environment fails, by a schedule that depends on the
 * seed.
 */
export async function runFaults(run: FaultRun): Promise<FaultReport> {
  const disk = mountSmallDisk();
  const hospital = new FaultyHospital(run.onRedis, disk, run.log);
  try {
    return await new Course(run, hospital).run(disk !== undefined);
  } finally {
    await hospital.close();
    disk?.unmount();
  }
}

// A sweep comes every 30 seconds.
const PATIENT_MS = 40_000;
const IMPATIENT_MS = 2500;

const WAITS_AT_MOST = 60;
const STOPPED_WITHIN_MS = 60_000;

class Course {
  private readonly random: () => number;
  private readonly nurse: PersistentNurse;
  private waits = 0;

  constructor(
    private readonly options: FaultRun,
    private readonly hospital: FaultyHospital,
  ) {
    this.random = seeded(options.seed);
    this.nurse = new PersistentNurse(hospital.caller);
  }

  async run(disk: boolean): Promise<FaultReport> {
    const { hospital } = this;
    const { deliveries, rounds, onRedis: redis, patient, deduplicates, without = [], log } = this.options;
    const faults = faultsOf({ redis, disk, patient }).filter((fault) => !without.includes(fault));
    const schedule = faultSchedule(this.random, deliveries, faults, rounds);
    const began = performance.now();
    const secret = await hospital.open(this.random, deliveries, {
      ...{ messages: deliveries / 4, deduplicates, stalls: patient, random: this.random },
    });
    const { receiver } = hospital;
    await this.startNurse();
    hospital.messages.start();
    for (const { after, fault, manner } of schedule) {
      await this.taken(after);
      receiver.manner = manner;
      const repeats = receiver.taken.length - receiver.distinct;
      log(
        `${seconds(began)} s, ${receiver.distinct} taken, ${repeats} repeated: ${fault}; the receiver is ${manner}`,
      );
      await hospital.happen(fault);
    }
    const lastFault = performance.now();
    const movedBefore = hospital.movedSeconds;
    receiver.manner = 'steady';
    await this.taken(deliveries);
    await this.allRecorded();
    const lastTaken = receiver.taken.at(-1)?.atMs ?? began;
    const ended = hospital.ended;
    const settledByClockSeconds = hospital.movedSeconds - movedBefore;
    await hospital.messages.settle({
      moveClock: (seconds) => hospital.moveClock(seconds),
      replaceWorker: () => hospital.replaceWorker(),
    });
    return {
      stopped: await hospital.stopWorkers(STOPPED_WITHIN_MS),
      ...(await this.judge(secret)),
      messages: await hospital.messages.report(),
      nurse: await this.nurse.report((seconds) => hospital.moveClock(seconds)),
      ended,
      faults: schedule.length,
      kinds: faults,
      sentInVain: hospital.sentInVain,
      seconds: (lastTaken - began) / 1000,
      settledSeconds: (lastTaken - lastFault) / 1000,
      settledByClockSeconds,
    };
  }

  private async startNurse(): Promise<void> {
    const rows = await this.hospital.postgres.query<{ id: string; today: string }>(
      `SELECT id, (program_now() AT TIME ZONE 'Asia/Shanghai')::date::text AS today FROM surveillance_item ORDER BY id LIMIT 60`,
    );
    await this.nurse.start(
      rows.map(({ id }) => id),
      rows[0]?.today ?? '',
    );
  }

  /**
   * Waits for this number of deliveries. Where all remaining ones wait for their next attempt, moves the clock there.
   */
  private async taken(count: number): Promise<void> {
    const { receiver } = this.hospital;
    let [last, since] = [-1, performance.now()];
    while (receiver.distinct < count) {
      await sleep(50);
      if (receiver.distinct !== last) [last, since] = [receiver.distinct, performance.now()];
      const idleMs = performance.now() - since;
      if (idleMs < IMPATIENT_MS) continue;
      const { due, waitSeconds } = await this.pending();
      if (due > 0 && idleMs < PATIENT_MS && this.options.patient) continue;
      await this.getOn(due === 0 ? waitSeconds : null);
      since = performance.now();
    }
  }

  private async getOn(waitSeconds: number | null): Promise<void> {
    const { hospital } = this;
    if (++this.waits > WAITS_AT_MOST) throw new Error(`Only ${hospital.receiver.distinct} were taken.`);
    if (waitSeconds !== null) {
      this.options.log(
        `  ${hospital.receiver.distinct} taken: the rest waits; the clock goes on by ${waitSeconds} s`,
      );
      await hospital.moveClock(waitSeconds);
    }
    if (this.options.patient && waitSeconds !== null) return;
    if (this.options.patient) {
      this.options.log('  Nothing has happened for longer than a sweep takes');
      for (const row of await hospital.postgres.query(OPEN_DELIVERIES))
        this.options.log(`    ${JSON.stringify(row)}`);
      for (const text of await hospital.logTexts()) this.options.log(text.replaceAll(/^/gm, '    '));
    }
    this.options.log('  kill -9 of a worker: its successor sweeps at once');
    await hospital.replaceWorker();
  }

  /** How many are due, and the time until all others are. */
  private async pending(): Promise<{ due: number; waitSeconds: number }> {
    const [row] = await this.hospital.postgres.query<{ due: number; waitSeconds: number | null }>(
      `SELECT count(*) FILTER (WHERE next_attempt_at <= program_now())::float8 AS due,
              ceil(extract(epoch FROM max(next_attempt_at) - program_now()))::float8 + 1 AS "waitSeconds"
         FROM delivery WHERE state = 'pending'`,
    );
    return { due: row?.due ?? 0, waitSeconds: row?.waitSeconds ?? 0 };
  }

  private async allRecorded(): Promise<void> {
    const open = async (): Promise<number> => {
      const [row] = await this.hospital.postgres.query<{ open: string }>(
        `SELECT count(*) AS open FROM delivery WHERE state <> 'delivered'`,
      );
      return Number(row?.open);
    };
    for (let tries = 0; tries < 5; tries++) {
      const settled = await until(open, (count) => count === 0, IMPATIENT_MS).catch(open);
      if (settled === 0) return;
      // Accepted, but the sender was killed before it recorded that: it is sent again.
      const { due, waitSeconds } = await this.pending();
      if (due === 0) await this.hospital.moveClock(waitSeconds);
      await this.hospital.replaceWorker();
    }
  }

  private async judge(
    secret: string,
  ): Promise<
    Pick<FaultReport, 'taken' | 'items' | 'notDelivered' | 'repeats' | 'repeatsAtMost' | 'sequenceWhole'>
  > {
    const { taken, distinct } = this.hospital.receiver;
    const messages = taken.map(({ arrival }) => verified(arrival, secret));
    const rows = await this.hospital.postgres.query<{ sequence: string; state: string }>(
      'SELECT sequence, state FROM delivery ORDER BY delivery.sequence',
    );
    const arrived = new Map(messages.map(({ id, sequence }) => [sequence, id]));
    return {
      taken: distinct,
      items: new Set(messages.map(({ data }) => data['itemId'])).size,
      notDelivered: rows.filter(({ state }) => state !== 'delivered').length,
      repeats: taken.length - distinct,
      repeatsAtMost: this.hospital.repeatsAtMost,
      sequenceWhole:
        rows.every(({ sequence }, index) => Number(sequence) === index + 1 && arrived.has(index + 1)) &&
        arrived.size === distinct,
    };
  }
}

/** Reasons that keep a delivery from its receiver. */
const OPEN_DELIVERIES = `
  SELECT (SELECT max(swept_at) FROM reminder_sweep) AS swept, (SELECT jsonb_build_object('now', program_now(), 'failing', failing_since, 'resting', resting_until, 'timeouts', timeouts, 'held', held_reason)
            FROM webhook_endpoint) AS endpoint,
         (SELECT jsonb_agg(s) FROM (
            SELECT attempts > 0 AS begun, next_attempt_at <= program_now() AS due, count(*), min(next_attempt_at) AS first, max(next_attempt_at) AS last
              FROM delivery WHERE state = 'pending' GROUP BY 1, 2) AS s) AS pending,
         (SELECT jsonb_agg(a) FROM (
            SELECT outcome, error, count(*), max(started_at) AS last FROM delivery_attempt
             WHERE started_at > program_now() - interval '1 minute' GROUP BY 1, 2) AS a) AS attempted,
         (SELECT jsonb_agg(q) FROM (
            SELECT state, wait_event_type || ' ' || wait_event AS waits, round(extract(epoch FROM clock_timestamp() - xact_start)) AS seconds,
                   left(regexp_replace(query, '\\s+', ' ', 'g'), 120) AS query
              FROM pg_stat_activity WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid()) AS q) AS transactions`;

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);
