import pg from 'pg';
import { EnduringConnection } from '../../src/platform/database/enduring-connection.js';
import type { Chance } from './chance.js';

/** Work within this time is awaited before the simulation continues with its next event. */
const NEAR_MS = 35_000;

/** How often pending JavaScript must have run until every activity waits for something outside. */
const TURNS = 4;

/** What an activity waits for: a statement, or an answer. */
interface Step {
  readonly process: SimulatedProcess;
  readonly label: string;
  readonly readyAt: number;
  readonly perform: () => Promise<unknown>;
  readonly settle: (ended: () => unknown) => void;
  /** The session of a statement. */
  readonly pid?: number;
}

interface Begun {
  readonly step: Step;
  readonly end: Promise<unknown>;
  ended?: () => unknown;
}

/** The simulation's one clock: milliseconds since 1970, and the row that the program reads. */
export interface WorldClock {
  now: number;
  /** The value of `performance.now`. */
  stopwatch: number;
  advance(to: number): Promise<void>;
}

/** The callbacks of the stepper. */
export interface Watcher {
  /** Whether the process dies now; called before and after every step. */
  dies(process: SimulatedProcess, label: string, when: 'before' | 'after'): boolean;
  /** The length of a pause of the process now: 0, none. */
  pauses(process: SimulatedProcess, label: string): number;
  stepped(process: SimulatedProcess, label: string): Promise<void>;
  died(process: SimulatedProcess, label: string, when: 'before' | 'after'): void;
  /** Called whenever every activity waits; may start more, and returns whether it did. */
  idle(): boolean;
}

/**
 * A process that may die between any two awaits: from then on nothing in it continues, and its database sessions end.
 * For PostgreSQL and receivers it is a separate process; all of them run in this one.
 */
export class SimulatedProcess {
  alive = true;
  pausedUntil = -Infinity;
  /** Activities that are running. */
  readonly busy = new Set<string>();
  /** Database sessions. */
  readonly sessions = new Set<number>();
  /** Statements wait for their turn, except during the start. */
  stepped = false;

  constructor(
    readonly name: string,
    private readonly stepper: Stepper,
  ) {}

  /** The class of its connections: each statement is one step. */
  get connection(): typeof pg.Client {
    // oxlint-disable-next-line typescript/no-this-alias -- a class in a class has its own
    const process = this;
    return class extends EnduringConnection {
      // oxlint-disable-next-line typescript/no-explicit-any -- the pool's own form of it
      override connect(callback?: any): any {
        const { stepper } = process;
        stepper.connecting++;
        super.connect((error: Error) => {
          stepper.connecting--;
          process.sessions.add((this as unknown as { processID: number }).processID);
          (callback as (error: Error) => void)(error);
        });
      }

      // oxlint-disable-next-line typescript/no-explicit-any -- it has many forms, and all are passed on
      override query(...given: any[]): any {
        // oxlint-disable-next-line typescript/no-explicit-any -- the same
        const query = (...of: any[]): any => (super.query as any)(...of);
        if (!process.stepped) return query(...given);
        const { processID } = this as unknown as { processID: number };
        const text = String(given[0]);
        const perform = async (): Promise<unknown> => {
          // The database's random numbers also depend on the seed.
          if (text.includes('random()')) await query('SELECT setseed($1)', [Math.random()]);
          return query(...given) as unknown;
        };
        return process.step(text, perform, { pid: processID });
      }
    };
  }

  /** Waits for its turn; never continues after the process has died. */
  step<T>(
    label: string,
    perform: () => Promise<T>,
    { pid, readyAt = -Infinity }: { readonly pid?: number; readonly readyAt?: number } = {},
  ): Promise<T> {
    return new Promise<T>((resolve) => {
      if (!this.alive) return;
      const settle = (ended: () => unknown): void => resolve(Promise.resolve().then(ended) as Promise<T>);
      this.stepper.park({ process: this, label, perform, settle, readyAt, pid });
    });
  }
}

/**
 * Runs one step at a time, in the order of the seed, over all processes. A statement that waits for a lock stays
 * waiting while others continue, as in PostgreSQL; so two runs of a seed are identical.
 */
export class Stepper {
  connecting = 0;
  steps = 0;
  private waiting: Step[] = [];
  private blocked: Begun[] = [];

  constructor(
    private readonly chance: Chance,
    private readonly clock: WorldClock,
    private readonly admin: pg.Client,
    private readonly watcher: Watcher,
  ) {}

  park(step: Step): void {
    this.waiting.push(step);
  }

  /** The earliest time at which a paused or waiting activity continues; or Infinity. */
  get nextReady(): number {
    return Math.min(Infinity, ...this.waiting.map(readyAtOf));
  }

  /** Nothing waits or runs. */
  get atRest(): boolean {
    return this.waiting.length === 0 && this.blocked.length === 0;
  }

  /** Continues until no process has work in the near future. */
  async drain(): Promise<void> {
    for (;;) {
      await this.quiet();
      if (this.watcher.idle()) await this.quiet();
      const ready = this.waiting.filter((step) => readyAtOf(step) <= this.clock.now);
      if (ready.length > 0) {
        const chosen = this.chance.of(ready);
        // Simultaneous answers are recorded together.
        const together =
          isWire(chosen) && this.chance.is(0.8) ? ready.filter((step) => isWire(step)) : [chosen];
        for (const step of together) if (step.process.alive) await this.take(step);
        continue;
      }
      const next = this.nextReady;
      if (next <= this.clock.now + NEAR_MS) await this.clock.advance(next);
      else if (this.blocked.length === 0 || this.waiting.length > 0) return;
      // A deadlock: PostgreSQL ends one of them.
      else if (!(await this.settleBlocked(true))) return;
    }
  }

  /** Ends the process like `kill -9`. */
  async kill(process: SimulatedProcess): Promise<void> {
    process.alive = false;
    this.waiting = this.waiting.filter((step) => step.process !== process);
    this.blocked = this.blocked.filter(({ step }) => step.process !== process);
    const sessions = [[...process.sessions]];
    await this.admin.query('SELECT pg_terminate_backend(pid) FROM unnest($1::integer[]) AS pid', sessions);
    // Their locks are released after they have ended.
    const gone = 'SELECT FROM pg_stat_activity WHERE pid = ANY ($1::integer[])';
    while (((await this.admin.query(gone, sessions)).rowCount ?? 0) > 0) await elapsed(1);
    await this.settleBlocked();
  }

  private async take(step: Step): Promise<void> {
    const { process, label } = step;
    if (readyAtOf(step) > this.clock.now) return; // another step of the moment was its last one for a while
    const pause = this.watcher.pauses(process, label);
    if (pause > 0) {
      process.pausedUntil = this.clock.now + pause;
      return;
    }
    this.waiting.splice(this.waiting.indexOf(step), 1);
    this.steps++;
    if (this.watcher.dies(process, label, 'before')) {
      this.watcher.died(process, label, 'before');
      await this.kill(process);
      return;
    }
    const begun = begin(step);
    if (await this.endsOrBlocks(begun)) await this.finish(begun);
    else this.blocked.push(begun);
  }

  private async finish({ step: { process, label, settle }, ended }: Begun): Promise<void> {
    await this.watcher.stepped(process, label);
    if (this.watcher.dies(process, label, 'after')) {
      this.watcher.died(process, label, 'after');
      await this.kill(process);
      return;
    }
    settle(ended!);
    if (this.blocked.length === 0) return;
    await this.quiet(); // so that the next waiting activity is always the same
    if (label === 'COMMIT' || label === 'ROLLBACK') await this.settleBlocked();
  }

  /** Whether it ended; false: it waits for a lock. */
  private async endsOrBlocks(begun: Begun): Promise<boolean> {
    const { pid } = begun.step;
    if (pid === undefined) {
      await begun.end;
      return true;
    }
    for (;;) {
      await Promise.race([begun.end, elapsed(2)]);
      if (begun.ended) return true;
      if (await this.isBlocked(pid)) return false;
    }
  }

  /** Continues activities that no longer wait for a lock; returns whether there were any. */
  private async settleBlocked(wait = false): Promise<boolean> {
    let settled = false;
    if (wait) await Promise.race([...this.blocked.map(({ end }) => end), elapsed(5000)]);
    for (const begun of [...this.blocked]) {
      if (!this.blocked.includes(begun) || !(await this.endsOrBlocks(begun))) continue;
      this.blocked = this.blocked.filter((other) => other !== begun);
      settled = true;
      await this.finish(begun);
    }
    return settled;
  }

  private async isBlocked(pid: number): Promise<boolean> {
    const { rows } = await this.admin.query<{ blocked: boolean }>(
      'SELECT cardinality(pg_blocking_pids($1)) > 0 AS blocked',
      [pid],
    );
    return rows[0]?.blocked === true;
  }

  private async quiet(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) {
      await new Promise(setImmediate);
      while (this.connecting > 0) {
        await new Promise(setImmediate);
        turn = 0;
      }
    }
  }
}

const isWire = ({ pid }: Step): boolean => pid === undefined;

const readyAtOf = ({ readyAt, process }: Step): number => Math.max(readyAt, process.pausedUntil);

const elapsed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function begin(step: Step): Begun {
  const begun: { step: Step; end: Promise<unknown>; ended?: () => unknown } = {
    step,
    end: Promise.resolve(),
  };
  begun.end = step.perform().then(
    (value) => (begun.ended = () => value),
    (error: unknown) =>
      (begun.ended = () => {
        throw error;
      }),
  );
  return begun;
}
