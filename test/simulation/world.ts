import pg from 'pg';
import { createDataSource } from '../../src/app/data-source.js';
import { firstKey, firstStart } from '../../src/app/first-start.js';
import { DeliveryAttempts } from '../../src/webhooks/deliveries/delivery-attempts.js';
import { NightlyAudit } from '../../src/monitoring/nightly-audit.js';
import { DeliveryWatch } from '../../src/webhooks/deliveries/delivery-watch.js';
import { EventRelay } from '../../src/webhooks/deliveries/event-relay.js';
import { ReminderSweep } from '../../src/reminders/reminder-sweep.js';
import { WebhookEndpointInput } from '../../src/webhooks/webhook-schemas.js';
import { WebhookEndpointsService } from '../../src/webhooks/webhook-endpoints.service.js';
import { Chance, digestOf } from './chance.js';
import { DAY, historyOf, HOUR, type ItemState } from './histories.js';
import { Nurses } from './nurses.js';
import { type Job, type ProgramProcess, startProcess, WorldQueue } from './hospital.js';
import { breachesOf } from './oracles.js';
import { Receivers } from './receivers.js';
import { NEXT_EVENTS, OBSERVERS, ruleTime, type Scale, SUBSCRIPTIONS, textOf } from './ground.js';
import { type SimulatedProcess, Stepper, type Watcher, type WorldClock } from './stepping.js';
import { WardActs } from './ward-acts.js';

/** A sweep without disturbance: it has missed nothing that was true from its first step to its last. */
export interface CleanSweep {
  readonly step: number;
  readonly endStep: number;
  readonly at: number;
  readonly endAt: number;
}

/** From a pause's first step on it may still send planned messages: a claim may be older. */
export interface Disturbance {
  readonly from: number;
  readonly step: number;
}

const BEGIN = Date.parse('2026-11-01T09:00:00+08:00');

/** When and how a process dies next. */
interface Doom {
  at: number;
  readonly label: string | null;
  readonly when: 'before' | 'after';
}

/** One hospital with its patients, its program in several processes, and its receivers, from a seed. */
export class World implements Watcher {
  readonly figures = {
    rounds: 0,
    crashes: 0,
    pauses: 0,
    started: 0,
    repeats: 0,
    repeatsByOthers: 0,
    asked: 0,
    eventTypes: 0,
  };
  readonly breaches: string[] = [];
  nurses!: Nurses;
  acts!: WardActs;
  readonly sweeps: CleanSweep[] = [];
  /** When a process was disturbed: it died, or paused. */
  readonly disturbed = new Map<SimulatedProcess, Disturbance[]>();
  /** When a process paused while it held locks. */
  readonly standstills: { readonly at: number; readonly endAt: number }[] = [];
  readonly clock: WorldClock;
  readonly receivers: Receivers;
  readonly secrets = new Map<string, string>();
  trace = 0;
  lines: string[] | undefined;
  stepper!: Stepper;
  private queue!: WorldQueue;
  private hospitalId!: string;
  private readonly chance: Chance;
  private readonly dooms = new Map<SimulatedProcess, Doom>();
  private readonly slots = new Map<string, { process: ProgramProcess | null; startsAt: number }>();
  private faulty = true;
  private itemsTouched = false;
  private tidyAt = 0;

  private restore: () => void = () => undefined;

  private constructor(
    readonly scale: Scale,
    private readonly url: string,
    readonly admin: pg.Client,
  ) {
    this.chance = new Chance(scale.seed);
    this.clock = {
      now: BEGIN,
      stopwatch: 0,
      advance: async (to) => {
        const before = this.clock.now;
        this.clock.now = Math.max(before, Math.round(to));
        // A stopwatch stops while the machine itself is suspended.
        this.clock.stopwatch += Math.min(this.clock.now - before, HOUR);
        await admin.query('UPDATE program_clock SET starts_at = $1', [new Date(this.clock.now)]);
      },
    };
    this.receivers = new Receivers(scale.seed, this.clock, () => this.stepper.steps);
  }

  static async create(url: string, scale: Scale): Promise<World> {
    const admin = new pg.Client({ connectionString: url, options: '-c timezone=UTC' });
    await admin.connect();
    const world = new World(scale, url, admin);
    world.restore = ruleTime(scale.seed + 3, world.clock);
    await world.setUp();
    return world;
  }

  /** All violations in the simulated years. */
  async judge(): Promise<string[]> {
    const doctor = this.running('nurses') ?? (await this.start('nurses'));
    doctor.stepped = false;
    return breachesOf(this, doctor);
  }

  async close(): Promise<void> {
    this.restore();
    for (const { process } of this.slots.values()) if (process) await this.stepper.kill(process);
    await this.admin.end();
  }

  /** Simulates all the years with failures; then ends the failures, and waits until all work is done. */
  async live(onYear: (year: number) => void = () => undefined): Promise<void> {
    const end = BEGIN + this.scale.years * 365.25 * DAY;
    let year = 1;
    while (this.clock.now < end) {
      await this.round();
      const next = await this.nextEvent();
      const late = this.chance.next() ** 3 * this.scale.idleMs;
      await this.clock.advance(Math.min(Math.max(next, this.clock.now + 1000) + late, end));
      if (this.clock.now > BEGIN + year * 365.25 * DAY) {
        onYear(year++);
      }
      await this.tidyUp();
    }
    await this.comeToRest();
  }

  /** No failures any more: due work must be done after a few days. */
  private async comeToRest(): Promise<void> {
    this.faulty = false;
    this.receivers.heal();
    this.queue.unreliable = 0;
    for (const slot of this.slots.values()) if (slot.process === null) slot.startsAt = 0;
    this.nurses.end();
    const until = this.clock.now + 5 * DAY;
    while (this.clock.now < until) {
      await this.round();
      await this.clock.advance(
        Math.min(Math.max(await this.nextEvent(), this.clock.now + 30_000), this.clock.now + 6 * HOUR),
      );
    }
    await this.round();
  }

  /** PostgreSQL's own background work, at times that depend on the seed: the order of rows may depend on it. */
  private async tidyUp(): Promise<void> {
    if (this.stepper.steps < this.tidyAt) return;
    this.tidyAt = this.stepper.steps * 1.3 + 2000;
    await this.admin.query('VACUUM ANALYZE');
  }

  private async setUp(): Promise<void> {
    const { scale, clock, admin } = this;
    await admin.query(OBSERVERS);
    await clock.advance(BEGIN);
    const owner = await createDataSource(this.url, 1).initialize();
    await firstStart(owner);
    await firstKey(owner, { adminKey: 'nw_simulated' });
    await owner.destroy();
    const { rows } = await admin.query<{ id: string }>('SELECT id FROM hospital');
    this.hospitalId = rows[0]!.id;
    this.stepper = new Stepper(new Chance(scale.seed + 1), clock, admin, this);
    this.queue = new WorldQueue(new Chance(scale.seed + 2), clock);
    const to = BEGIN + scale.years * 365.25 * DAY;
    const histories = Array.from({ length: scale.patients }, (_, index) =>
      historyOf(`P${index + 1}`, scale.seed, BEGIN, to),
    );
    this.acts = new WardActs(scale, clock, this.hospitalId);
    const deeds = [...histories.flat(), ...(await this.acts.handovers(admin, BEGIN, to))];
    this.nurses = new Nurses(scale, new Chance(scale.seed + 4), clock, admin, deeds, this.acts);
    this.faulty = false;
    for (const name of ['nurses', 'worker-1', 'worker-2']) {
      this.slots.set(name, { process: null, startsAt: 0 });
      await this.start(name);
    }
    const nurses = this.slots.get('nurses')!.process!;
    for (const [index, eventTypes] of SUBSCRIPTIONS.entries()) {
      const url = `http://127.0.0.1:${9001 + index}/hook`;
      this.receivers.add(url);
      this.launch(nurses, 'register', async () => {
        const input = WebhookEndpointInput.parse({ url, eventTypes, backlog: 'all' });
        const { secret } = await nurses.get(WebhookEndpointsService).register(input);
        this.secrets.set(url, secret ?? '');
      });
      await this.stepper.drain();
    }
    if (!scale.nightly)
      await admin.query(
        `INSERT INTO examination (hospital_id, made_at, violations) VALUES ($1, '2999-01-01', '{}')`,
        [this.hospitalId],
      );
    this.faulty = true;
  }

  private async start(name: string): Promise<ProgramProcess> {
    const { stepper, receivers, queue } = this;
    const process = await startProcess(name, this.url, this.hospitalId, { stepper, receivers, queue });
    this.figures.started++;
    this.slots.set(name, { process, startsAt: Infinity });
    this.dooms.set(process, {
      at: this.stepper.steps - Math.log(1 - this.chance.next()) * this.scale.stepsToCrash,
      label: this.chance.of([null, null, 'COMMIT', 'request', 'answer']),
      when: this.chance.of(['before', 'after']),
    });
    return process;
  }

  /** All processes do the work that is due at this time. */
  private async round(): Promise<void> {
    this.figures.rounds++;
    for (const [name, slot] of this.slots)
      if (slot.process === null && slot.startsAt <= this.clock.now) await this.start(name);
    const process = this.running('nurses');
    if (process && this.nurses.next <= this.clock.now)
      this.launch(process, 'nurse', () => this.nurses.enterDue(process));
    for (const name of ['worker-1', 'worker-2']) {
      const worker = this.running(name);
      if (!worker) continue;
      const often = name === 'worker-1' || !this.faulty ? 0.9 : 0.15;
      const rounds: [string, () => Promise<void>][] = [
        ['sweep', () => this.sweep(worker)],
        ['relay', () => worker.get(EventRelay).relay()],
        ['watch', () => worker.get(DeliveryWatch).watch()],
        ['audit', () => worker.get(NightlyAudit).auditDue()],
      ];
      for (const [round, work] of rounds) if (this.chance.is(often)) this.launch(worker, round, work);
    }
    await this.stepper.drain();
  }

  private running(name: string): ProgramProcess | null {
    const process = this.slots.get(name)?.process;
    return process && process.pausedUntil <= this.clock.now ? process : null;
  }

  /** Starts an activity in a process, unless the same one runs there. */
  private launch(
    process: ProgramProcess,
    name: string,
    work: () => Promise<unknown>,
    end?: () => void,
  ): void {
    if (process.busy.has(name)) return;
    process.busy.add(name);
    process
      .inHospital(work)
      .catch((error: unknown) => {
        if (process.alive) this.breaches.push(`${process.name} failed to ${name}: ${textOf(error)}`);
      })
      .finally(() => {
        process.busy.delete(name);
        end?.();
      });
  }

  private async sweep(worker: ProgramProcess): Promise<void> {
    const { step, at, begun } = { step: this.stepper.steps, at: this.clock.now, begun: this.nurses.begun };
    const alone = !this.anyoneElse(worker);
    await worker.get(ReminderSweep).sweep();
    if (alone && begun === this.nurses.begun && !this.anyoneElse(worker))
      this.sweeps.push({ step, at, endStep: this.stepper.steps, endAt: this.clock.now });
  }

  /** Whether another process may hold locks on items or patients. */
  private anyoneElse(worker: ProgramProcess): boolean {
    return [...this.slots.values()].some(
      ({ process }) => process && process !== worker && [...process.busy].some((name) => HOLDS.has(name)),
    );
  }

  // --- callbacks of the stepper

  idle(): boolean {
    let begun = false;
    for (const job of this.queue.ready()) {
      const worker = this.chance.of(['worker-1', 'worker-2'].map((name) => this.running(name)));
      if (worker) this.work(worker, job);
      begun ||= worker !== null;
    }
    return begun;
  }

  private work(worker: ProgramProcess, { id, data }: Job): void {
    this.queue.taken.add(id);
    this.launch(
      worker,
      `job ${id}`,
      () => worker.get(DeliveryAttempts).attemptDue(data.endpointId),
      () => {
        this.queue.taken.delete(id);
        this.queue.jobs.delete(id);
      },
    );
  }

  dies(process: SimulatedProcess, label: string, when: 'before' | 'after'): boolean {
    const doom = this.dooms.get(process);
    if (!this.faulty || !doom || this.stepper.steps < doom.at || doom.when !== when) return false;
    return doom.label === null || doom.label === label;
  }

  pauses(process: SimulatedProcess): number {
    if (!this.faulty || !this.chance.is(1 / this.scale.stepsToPause)) return 0;
    this.figures.pauses++;
    this.disturb(process);
    const pause = this.chance.weighed([
      [3, this.chance.between(30, 90) * 1000],
      [3, this.chance.between(2, 20) * 60_000],
      [1, this.chance.between(1, 30) * HOUR],
    ] as const);
    this.standstills.push({ at: this.clock.now, endAt: this.clock.now + pause });
    return pause;
  }

  died(process: SimulatedProcess, label: string, when: 'before' | 'after'): void {
    this.figures.crashes++;
    this.disturb(process);
    this.note(`${process.name} dies ${when} ${label}`);
    const down = this.chance.weighed([
      [10, 0],
      [6, this.chance.between(1, 120) * 60_000],
      [1, this.chance.between(1, 20) * DAY],
    ] as const);
    this.slots.set(process.name, { process: null, startsAt: this.clock.now + down });
    for (const name of process.busy) {
      if (!name.startsWith('job ')) continue;
      const id = name.slice(4);
      const job = this.queue.jobs.get(id);
      this.queue.taken.delete(id);
      if (job && this.chance.is(0.7)) this.queue.jobs.set(id, { ...job, readyAt: this.clock.now + 30_000 });
      else this.queue.jobs.delete(id);
    }
  }

  async stepped(process: SimulatedProcess, label: string): Promise<void> {
    this.note(`${process.name} ${label.slice(0, 60)}`);
    if (/^\s*(INSERT INTO|UPDATE) (surveillance_item|delivery)\b/.test(label)) this.itemsTouched = true;
    if (label !== 'COMMIT' || !this.itemsTouched) return;
    this.itemsTouched = false;
    await this.observe();
  }

  /** Records the committed state, as of now. */
  private async observe(): Promise<void> {
    const { rows } = await this.admin.query<{ breach: string | null; item: ItemState }>(
      `WITH seen AS (DELETE FROM simulated.change RETURNING ordinal, breach, item) SELECT breach, item FROM seen ORDER BY ordinal`,
    );
    for (const { breach, item } of rows) {
      if (breach !== null) {
        this.breaches.push(breach);
        continue;
      }
      await this.nurses.see({ ...item, at: this.clock.now, step: this.stepper.steps });
    }
  }

  private disturb(process: SimulatedProcess): void {
    const { steps } = this.stepper;
    this.disturbed.set(process, [...(this.disturbed.get(process) ?? []), { from: steps, step: steps }]);
  }

  private note(line: string): void {
    this.lines?.push(
      `${this.stepper.steps} ${new Date(this.clock.now).toISOString()} ${line.replace(/\s+/g, ' ')}`,
    );
    this.trace = digestOf(`${this.clock.now} ${line}`, this.trace);
  }

  /** The time of the next event. */
  private async nextEvent(): Promise<number> {
    const { rows } = await this.admin.query<Record<'relay' | 'delivery' | 'item', Date | null>>(NEXT_EVENTS);
    const starts = [...this.slots.values()].map(({ startsAt }) => startsAt);
    const { relay, delivery, item } = rows[0]!;
    const isRelayed = this.running('worker-1') ?? this.running('worker-2');
    const times = [
      isRelayed && relay?.getTime(),
      this.nurses.next,
      delivery?.getTime(),
      item?.getTime(),
      ...starts,
      this.stepper.nextReady,
    ];
    return Math.min(...times.map((at) => at ?? Infinity), this.clock.now + 20 * DAY);
  }
}

/** Activities that may hold locks on items during a sweep. */
const HOLDS = new Set(['sweep', 'nurse', 'relay']);
