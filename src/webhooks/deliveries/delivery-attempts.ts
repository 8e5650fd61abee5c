import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import pLimit, { type LimitFunction } from 'p-limit';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { inSpan } from '../../platform/running-work.js';
import type { QueueData } from '../../platform/queues/queue-backend.js';
import { Replanning } from '../../schedules/policy-changes/replanning.js';
import type { RateLimited } from '../endpoints/attempt-rate.js';
import { type Claim, claimDue } from './delivery-claims.js';
import { DeliveryDispatch } from './delivery-dispatch.js';
import { HospitalPlaces } from './hospital-places.js';
import { releaseClaims, type Outcome, recordOutcomes } from './delivery-outcomes.js';
import { ATTEMPTS, waitAfter } from '../sending/retry-schedule.js';
import { LEASE_MS } from './due-deliveries.js';
import { TIMEOUTS_IN_A_ROW } from '../endpoints/endpoint-health.js';
import { WebhookSender } from '../sending/webhook-sender.js';

// The watch runs every 30 seconds and enqueues deliveries that wait longer.
const DELAYED_JOB_AT_MOST_MS = 30_000;

// The rate per second at which released deliveries become due.
const RELEASED_OFFERED_AFTER_MS = 200;

// Concurrent attempts of this process at one endpoint.
const AT_ONCE = 100;

// Answered attempts that wait to be recorded; the receiver need not wait for that. A crash can repeat at most this
// many.
const UNRECORDED = 2 * AT_ONCE;

// A claim costs about the same for few as for many. A fast receiver may have more claims waiting.
const AHEAD = AT_ONCE;
const AHEAD_OF_QUICK = 3 * AT_ONCE;
const QUICK_MS = 1000;

type EndpointJob = QueueData['webhook-endpoint'];

/** The attempts of this process at one endpoint. */
interface Run {
  /** Whether a call is claiming, and whether another call came meanwhile. */
  claiming: boolean;
  again: boolean;
  /** When the turn of the endpoint ends, in milliseconds of the process: then nothing more begins. */
  endsMs: number;
  /** Whether the outcome of an attempt could not be recorded. Then further attempts may be repeated, too. */
  broken: boolean;
  /** Limits the attempts between start and record; other claimed deliveries wait. */
  readonly unrecorded: LimitFunction;
  /** Limits the concurrent requests to the receiver. */
  readonly atReceiver: LimitFunction;
  /** How long the last attempt waited for both limits. */
  waitedMs: number;
  /** The number of consecutive last attempts without an answer in time. */
  timeouts: number;
  /** For all claimed deliveries. */
  readonly attempts: Set<Promise<void>>;
  readonly ended: Outcome[];
  /** Claimed, but not to be sent now. */
  readonly unsent: Claim[];
  recording: Promise<void> | undefined;
}

/** Makes the attempts at deliveries. Each delivery is made at least once, and its outcome is recorded with its effect. */
@Injectable()
export class DeliveryAttempts implements OnModuleDestroy {
  /** How many attempts this process is making. */
  inFlight = 0;
  private stopping = false;
  private readonly runs = new Map<string, Run>();
  /** The remaining lease must cover an attempt and the record of its outcome. */
  private readonly begunWithinMs: number;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly scope: HospitalScope,
    private readonly sender: WebhookSender,
    private readonly dispatch: DeliveryDispatch,
    private readonly replanning: Replanning,
    private readonly places: HospitalPlaces,
  ) {
    this.begunWithinMs = LEASE_MS - 2 * config.webhookTimeoutMs;
  }

  /** All attempts of this process are made and recorded. */
  get isIdle(): boolean {
    return this.runs.size === 0;
  }

  onModuleDestroy(): void {
    this.stopping = true;
  }

  /**
   * Makes the attempts that are due at the endpoint of a job, in its hospital, for one turn. Those that are left go to the
   * queue again, behind the jobs of other hospitals.
   */
  async attemptJob({ hospitalId, endpointId }: EndpointJob): Promise<void> {
    const isDone = await this.places.serve(hospitalId, endpointId, (id, endsMs) =>
      this.scope.run(hospitalId, () => this.attemptDue(id, endsMs)),
    );
    if (!isDone) this.dispatch.soon();
  }

  /** The same without the queue, and so without a turn. */
  async attemptWithoutQueue({ hospitalId, endpointId }: EndpointJob): Promise<void> {
    await this.scope.run(hospitalId, () => this.attemptDue(endpointId));
  }

  /**
   * Makes the attempts that are due at an endpoint of the hospital in scope and that no other process makes, until
   * none is left or the turn ends. Cancels outdated reminders instead. Resolves once all attempts that it began are
   * recorded.
   */
  async attemptDue(endpointId: string, endsMs = Infinity): Promise<void> {
    const run = this.runs.get(endpointId) ?? newRun();
    this.runs.set(endpointId, run);
    if (run.claiming) {
      run.again = true; // the claiming call checks once more
      return;
    }
    run.claiming = true;
    run.endsMs = endsMs;
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

  /**
   * Claims as long as deliveries are due, and ahead of the running attempts, so that the next ones follow without a
   * pause.
   */
  private async begin(endpointId: string, run: Run): Promise<void> {
    const revised = new Set<string>();
    while (this.mayGoOn(run)) {
      const ahead = run.waitedMs < QUICK_MS ? AHEAD_OF_QUICK : AHEAD;
      const waiting = run.unrecorded.pendingCount + run.atReceiver.pendingCount;
      if (waiting > ahead / 2) {
        await Promise.race(run.attempts);
        continue;
      }
      const room = ahead - waiting;
      const { due, claims, behind, full } = await this.scope.transaction((tx) =>
        claimDue(tx, endpointId, room),
      );
      const claimedMs = performance.now();
      if (claims.length > 0) run.timeouts = 0; // the endpoint accepts messages now, whatever its state was before
      for (const claim of claims) {
        const attempt = run
          .unrecorded(() => this.make(claim, claimedMs, run))
          .finally(() => run.attempts.delete(attempt));
        attempt.catch(() => (run.broken = true)); // thrown where all attempts are awaited
        run.attempts.add(attempt);
      }
      if (full) await this.offerWithinBudget(endpointId, full);
      if (due === 0) return;
      // In separate transactions: they wait for patient locks, and must not hold locks on deliveries meanwhile.
      for (const id of behind) await this.replanning.ofPatient(id);
      if (behind.some((id) => revised.has(id))) return; // its policy changed again: a later watch enqueues it
      for (const id of behind) revised.add(id);
    }
  }

  private mayGoOn({ broken, endsMs }: Run): boolean {
    return !this.stopping && !broken && performance.now() < endsMs;
  }

  private async make(claim: Claim, claimedMs: number, run: Run): Promise<void> {
    await run.atReceiver(() => this.send(claim, claimedMs, run));
    await new Promise(setImmediate); // simultaneous outcomes share one transaction
    run.recording ??= this.record(run).finally(() => (run.recording = undefined));
    await run.recording;
  }

  private async send(claim: Claim, claimedMs: number, run: Run): Promise<void> {
    if (run.broken) return; // another process makes the attempt once the lease has ended
    run.waitedMs = performance.now() - claimedMs;
    const isLate = run.waitedMs > this.begunWithinMs || !this.mayGoOn(run);
    if (isLate || run.timeouts >= TIMEOUTS_IN_A_ROW) run.unsent.push(claim);
    else {
      const outcome = await this.attempt(claim);
      const { timedOut, ours } = outcome.result;
      run.timeouts = timedOut || ours ? run.timeouts + 1 : 0;
      run.ended.push(outcome);
    }
  }

  /** Records outcomes as they arrive, together with those that arrived during the previous transaction. */
  private async record(run: Run): Promise<void> {
    while (run.ended.length > 0 || run.unsent.length > 0) {
      const [outcomes, unsent] = [run.ended.splice(0), run.unsent.splice(0)];
      const released = await this.scope.transaction(async (tx) => {
        const released = await recordOutcomes(tx, outcomes);
        await releaseClaims(tx, unsent);
        return released;
      });
      await this.offerSoon(outcomes);
      if (released) await this.offerReleased(outcomes);
      if (unsent.length > 0) this.dispatch.soon();
    }
  }

  private async attempt(claim: Claim): Promise<Outcome> {
    const { id, body, startedAt, givenUp } = claim;
    const timestamp = Math.floor(startedAt.getTime() / 1000);
    this.inFlight++;
    // Outside any transaction: a slow receiver must not hold a connection of the database.
    const result = await inSpan('delivery attempt', { hospital: this.scope.hospitalId }, async (span) => {
      const sent = await this.sender.send(claim, { id, timestamp, body });
      span.note({ outcome: sent.outcome, status: sent.status });
      return sent;
    }).finally(() => void this.inFlight--);
    const number = claim.number - claim.earlierAttempts;
    const ends = result.outcome === 'accepted' || (givenUp && number >= ATTEMPTS && result.ours !== true);
    return { claim, result, waitMs: ends ? null : waitAfter(number, result, Math.random()) };
  }

  /** Enqueues the endpoint once its rate limit allows another attempt, if that is before the next watch. */
  private async offerWithinBudget(endpointId: string, { until, waitMs }: RateLimited): Promise<void> {
    if (waitMs > DELAYED_JOB_AT_MOST_MS) return;
    const { hospitalId } = this.scope; // other processes at this limit enqueue the same job
    await this.dispatch.later({ hospitalId, endpointId, head: 'room', attempts: until }, waitMs);
  }

  /** The first waiting deliveries of a recovered endpoint. The watch enqueues the rest. */
  private async offerReleased([first]: readonly Outcome[]): Promise<void> {
    if (!first) return;
    const { endpointId, id, number } = first.claim;
    await this.dispatch.later(
      { hospitalId: this.scope.hospitalId, endpointId, head: `released-${id}`, attempts: number },
      RELEASED_OFFERED_AFTER_MS,
    );
  }

  /** Enqueues the attempts that are due before the next watch. */
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

// Functions, because both values change during a wait.
const isWanted = ({ again }: Run): boolean => again;
const isIdle = ({ claiming, attempts }: Run): boolean => !claiming && attempts.size === 0;

const newRun = (): Run => ({
  ...{ claiming: false, again: false, endsMs: Infinity, broken: false, waitedMs: Infinity, timeouts: 0 },
  ...{ unrecorded: pLimit(UNRECORDED), atReceiver: pLimit(AT_ONCE) },
  ...{ attempts: new Set(), ended: [], unsent: [], recording: undefined },
});
