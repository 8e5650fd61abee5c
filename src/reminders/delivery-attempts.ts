import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { HospitalScope } from '../access/hospital-scope.js';
import { Replanning } from '../schedules/replanning.js';
import type { Full } from './attempt-rate.js';
import { AT_ONCE, type Claim, claimDue } from './delivery-claims.js';
import { DeliveryDispatch } from './delivery-dispatch.js';
import { type Outcome, recordOutcomes } from './delivery-outcomes.js';
import { ATTEMPTS, waitAfter } from './delivery-schedule.js';
import { WebhookSender } from './webhook-sender.js';

// A sweep comes every 30 seconds and takes care of what waits longer.
const DELAYED_JOB_AT_MOST_MS = 30_000;

/** What this process is doing at one endpoint. */
interface Run {
  /** Whether somebody is claiming, and whether another one was told of something due meanwhile. */
  claiming: boolean;
  again: boolean;
  /** Whether the outcome of an attempt could not be recorded: what is sent now may be sent in vain, and again. */
  broken: boolean;
  readonly attempts: Set<Promise<void>>;
  readonly ended: Outcome[];
  recording: Promise<void> | undefined;
}

/** Makes the attempts at deliveries. Each delivery is made at least once, and its outcome is recorded with its effect. */
@Injectable()
export class DeliveryAttempts implements OnModuleDestroy {
  /** How many attempts this process is making. */
  inFlight = 0;
  private stopping = false;
  private readonly runs = new Map<string, Run>();

  constructor(
    private readonly scope: HospitalScope,
    private readonly sender: WebhookSender,
    private readonly dispatch: DeliveryDispatch,
    private readonly replanning: Replanning,
  ) {}

  onModuleDestroy(): void {
    this.stopping = true;
  }

  /**
   * Makes the attempts that are due at an endpoint of the hospital in scope and that no other process makes, until none
   * is. Reminders that no longer stand are cancelled instead. Resolves once all that it began is recorded.
   */
  async attemptDue(endpointId: string): Promise<void> {
    const run = this.runs.get(endpointId) ?? newRun();
    this.runs.set(endpointId, run);
    if (run.claiming) {
      run.again = true; // whoever is claiming looks once more
      return;
    }
    run.claiming = true;
    try {
      do {
        run.again = false;
        await this.begin(endpointId, run);
      } while (isWanted(run) && this.mayGoOn(run));
    } finally {
      run.claiming = false;
      const ends = await Promise.allSettled(run.attempts);
      if (isIdle(run)) this.runs.delete(endpointId);
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    }
  }

  /** Claims and begins attempts as long as some are due, and never more than so many at once. */
  private async begin(endpointId: string, run: Run): Promise<void> {
    const revised = new Set<string>();
    while (this.mayGoOn(run)) {
      // A claim costs much the same for one as for many.
      while (run.attempts.size > AT_ONCE / 2) await Promise.race(run.attempts);
      const room = AT_ONCE - run.attempts.size;
      const { due, claims, behind, full } = await this.scope.transaction((tx) =>
        claimDue(tx, endpointId, room),
      );
      for (const claim of claims) {
        const attempt = this.make(claim, run).finally(() => run.attempts.delete(attempt));
        attempt.catch(() => (run.broken = true)); // thrown where all of them are waited for
        run.attempts.add(attempt);
      }
      if (full) await this.offerOnceThereIsRoom(endpointId, full);
      if (due === 0) return;
      // In transactions of their own: they wait for the patients, and must not hold deliveries meanwhile.
      for (const id of behind) await this.replanning.ofPatient(id);
      if (behind.some((id) => revised.has(id))) return; // its policy moved on once more: a later sweep offers it again
      for (const id of behind) revised.add(id);
    }
  }

  private mayGoOn({ broken }: Run): boolean {
    return !this.stopping && !broken;
  }

  private async make(claim: Claim, run: Run): Promise<void> {
    run.ended.push(await this.attempt(claim));
    await new Promise(setImmediate); // outcomes that come at one moment are one transaction
    run.recording ??= this.record(run).finally(() => (run.recording = undefined));
    await run.recording;
  }

  /** Records outcomes as they come, together with those that came while the last ones were being recorded. */
  private async record(run: Run): Promise<void> {
    while (run.ended.length > 0) {
      const outcomes = run.ended.splice(0);
      await this.scope.transaction((tx) => recordOutcomes(tx, outcomes));
      await this.offerSoon(outcomes);
    }
  }

  private async attempt(claim: Claim): Promise<Outcome> {
    const { id, body, startedAt, givenUp } = claim;
    const timestamp = Math.floor(startedAt.getTime() / 1000);
    this.inFlight++;
    // Outside any transaction: a slow receiver must not hold a connection of the database.
    const result = await this.sender.send(claim, { id, timestamp, body }).finally(() => void this.inFlight--);
    const number = claim.number - claim.earlierAttempts;
    const ends = result.outcome === 'accepted' || (givenUp && number >= ATTEMPTS);
    return { claim, result, waitMs: ends ? null : waitAfter(number, result, Math.random()) };
  }

  /** Before the next sweep, if that comes later. */
  private async offerOnceThereIsRoom(endpointId: string, { until, waitMs }: Full): Promise<void> {
    if (waitMs > DELAYED_JOB_AT_MOST_MS) return;
    const { hospitalId } = this.scope; // whoever finds it full until then asks for the same job
    await this.dispatch.later({ hospitalId, endpointId, head: 'room', attempts: until }, waitMs);
  }

  /** The next attempt that comes before the next sweep. */
  private async offerSoon(outcomes: readonly Outcome[]): Promise<void> {
    const soon = outcomes.flatMap(({ claim, waitMs }) =>
      waitMs !== null && waitMs <= DELAYED_JOB_AT_MOST_MS ? [{ claim, waitMs }] : [],
    );
    const last = soon.sort((a, b) => a.waitMs - b.waitMs).at(-1);
    if (!last) return;
    const { endpointId, id, number } = last.claim;
    await this.dispatch.later(
      { hospitalId: this.scope.hospitalId, endpointId, head: id, attempts: number },
      last.waitMs,
    );
  }
}

// Asked anew each time: both change while somebody waits.
const isWanted = ({ again }: Run): boolean => again;
const isIdle = ({ claiming, attempts }: Run): boolean => !claiming && attempts.size === 0;

const newRun = (): Run => ({
  ...{ claiming: false, again: false, broken: false, attempts: new Set(), ended: [], recording: undefined },
});
