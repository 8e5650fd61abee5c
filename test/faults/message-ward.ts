import { setTimeout as sleep } from 'node:timers/promises';
import { type Deed, type OfDeduplicating, UnsteadyGateway } from '../support/unsteady-gateway.js';
import type { OwnPostgres } from './own-postgres.js';
import type { PersistentCaller } from './persistent-caller.js';

/** What became of the messages to patients. */
export interface MessageReport {
  readonly sent: number;
  readonly cancelled: number;
  /** Patients with a consent and an open item who got no SMS, and messages recorded as sent that were never taken. */
  readonly lost: number;
  /** SMS beyond the first about one reminder. */
  readonly doubled: number;
  /** Requests after the answer that confirmed a withdrawal. */
  readonly afterWithdrawal: number;
  /** Requests, and messages that a person had to settle and to repeat. */
  readonly requests: number;
  readonly settled: number;
  readonly repeated: number;
}

export interface WardOptions {
  readonly messages: number;
  readonly deduplicates: boolean;
  /** Whether some requests get no answer within the time that the program waits. */
  readonly stalls: boolean;
  readonly random: () => number;
}

const WITHDRAWALS = 20;
const WITHDRAW_EVERY_MS = 400;
/** Between the commit of an attempt and its arrival, on a busy machine. */
const LEAVING_MS = 2000;
const STALL_MS = 16_000;
/** All messages take so long, so that attempts are in flight when a process is killed. */
const SENT_WITHIN_MS = 25_000;
const FAST_MS = 10;
const ROUNDS = 60;
const IDLE_MS = 2500;

/** Patients who are informed by SMS, some of whom withdraw their consent, and a nurse who settles what is uncertain. */
export class MessageWard {
  private readonly withdrawnAtMs = new Map<string, number>();
  private readonly throttles: (Deed | OfDeduplicating)[] = [];
  private nextTurnMs = 0;
  private paceMs: number;
  private withdrawing: Promise<void> = Promise.resolve();
  private settled = 0;
  private repeated = 0;
  private gateway!: UnsteadyGateway;

  private constructor(
    private readonly postgres: OwnPostgres,
    private readonly caller: PersistentCaller,
    private readonly options: WardOptions,
  ) {
    this.paceMs = SENT_WITHIN_MS / options.messages;
  }

  /** The patients with the numbers 1 to `messages` consent; their items are due. */
  static async open(
    postgres: OwnPostgres,
    caller: PersistentCaller,
    options: WardOptions,
  ): Promise<MessageWard> {
    const ward = new MessageWard(postgres, caller, options);
    const { deduplicates } = options;
    ward.gateway = await UnsteadyGateway.start({
      ...{ deduplicates, stallMs: STALL_MS, next: () => ward.nextDeed() },
    });
    await caller.call('PUT', '/message-gateway', { payload: ward.gateway.settings });
    const settings = { enabled: true, phone: '010-88888888', quietFrom: '00:00', quietUntil: '00:00' };
    await caller.call('PUT', '/message-settings', { payload: settings });
    await postgres.query(
      `UPDATE patient SET phone = '138' || lpad(mrn, 8, '0') WHERE mrn::integer <= ${options.messages}`,
    );
    await postgres.query(
      `INSERT INTO patient_consent (id, hospital_id, patient_id, channel, decision, decided_on, author, recorded_at)
       SELECT gen_random_uuid(), hospital_id, id, 'sms', 'given', program_now()::date, 'Dr. Chen', program_now()
         FROM patient WHERE mrn::integer <= ${options.messages}`,
    );
    return ward;
  }

  /** Patients withdraw their consent while the faults happen. */
  start(): void {
    this.withdrawing = this.withdraw();
    this.withdrawing.catch(() => undefined); // `report` awaits it
  }

  private async withdraw(): Promise<void> {
    const patients = await this.postgres.query<{ id: string }>(
      `SELECT id FROM patient WHERE mrn::integer <= ${this.options.messages} ORDER BY mrn::integer DESC LIMIT ${WITHDRAWALS}`,
    );
    for (const { id } of patients) {
      const payload = { channel: 'sms', decision: 'withdrawn', author: 'Dr. Chen' };
      await this.caller.call('POST', `/patients/${id}/consents`, { payload });
      this.withdrawnAtMs.set(id, performance.now());
      await sleep(WITHDRAW_EVERY_MS);
    }
  }

  private async nextDeed(): Promise<Deed | OfDeduplicating> {
    const { random, stalls, deduplicates } = this.options;
    const throttle = this.throttles.shift();
    if (throttle !== undefined) return throttle;
    const now = performance.now();
    const turn = Math.max(this.nextTurnMs, now);
    this.nextTurnMs = turn + this.paceMs;
    await sleep(turn - now);
    const chance = random();
    if (chance < 0.03) return 'lie';
    if (chance < 0.06) return 'lie with 200';
    if (chance < 0.09) return 'take and cut';
    if (chance < 0.12) return 'cut';
    if (chance < 0.14) return 'refuse';
    if (chance < 0.16) return deduplicates ? 'take and refuse' : 'take';
    return stalls && chance < 0.17 ? 'take and stall' : 'take';
  }

  /** Waits until each message is sent or cancelled; the nurse settles the uncertain ones by what the vendor's console shows. */
  async settle(means: {
    readonly moveClock: (seconds: number) => Promise<void>;
    readonly replaceWorker: () => Promise<void>;
  }): Promise<void> {
    await this.withdrawing;
    this.paceMs = FAST_MS;
    this.throttles.push('throttle with 429', 'throttle');
    if (this.options.deduplicates) this.throttles.push('take and throttle');
    for (let round = 0; round < ROUNDS; round++) {
      await this.settleUncertain();
      const { pending, uncertain, due, waitSeconds, unrecorded } = await this.figures();
      if (unrecorded > 0) await means.replaceWorker();
      else if (pending + uncertain === 0) return;
      else if (due === 0 && pending > 0) await means.moveClock(waitSeconds);
      else await this.untilIdle();
    }
    throw new Error(`The messages to patients did not settle: ${JSON.stringify(await this.figures())}`);
  }

  /** Until nothing is due, or nothing has moved for a while. */
  private async untilIdle(): Promise<void> {
    let [last, since] = [-1, performance.now()];
    while (performance.now() - since < IDLE_MS) {
      const { pending, due } = await this.figures();
      if (due === 0) return;
      if (pending !== last) [last, since] = [pending, performance.now()];
      await sleep(100);
    }
  }

  private async settleUncertain(): Promise<void> {
    const { items } = await this.caller.read<{ items: { id: string }[] }>(
      '/patient-messages/uncertain?limit=500',
    );
    for (const { id } of items) {
      const { taken, inFlight } = this.gateway.of(id);
      if (inFlight > 0) continue; // the clock was moved: the attempt has not ended
      const isTaken = taken > 0;
      if (!isTaken) this.gateway.allowRepetition(id);
      const payload = { result: isTaken ? 'sent' : 'repeat' };
      await this.caller.call('POST', `/patient-messages/${id}/settle`, { payload, mayConflict: true });
      this.settled++;
      if (!isTaken) this.repeated++;
    }
  }

  private async figures(): Promise<{
    pending: number;
    uncertain: number;
    due: number;
    waitSeconds: number;
    unrecorded: number;
  }> {
    const [row] = await this.postgres.query<Awaited<ReturnType<MessageWard['figures']>>>(
      `SELECT count(*) FILTER (WHERE state = 'pending')::float8 AS pending, count(*) FILTER (WHERE state = 'uncertain')::float8 AS uncertain,
              count(*) FILTER (WHERE next_attempt_at <= program_now())::float8 AS due,
              coalesce(ceil(extract(epoch FROM max(next_attempt_at) - program_now())), 0)::float8 + 1 AS "waitSeconds",
              (SELECT count(*)::float8 FROM patient p WHERE ${ENTITLED} AND NOT EXISTS (
                 SELECT FROM patient_message m WHERE m.patient_id = p.id)) AS unrecorded
         FROM patient_message`,
    );
    return row!;
  }

  async report(): Promise<MessageReport> {
    const rows = await this.postgres.query<{
      id: string;
      patientId: string;
      state: string;
      reason: string | null;
    }>('SELECT id, patient_id AS "patientId", state, reason FROM patient_message');
    const unsent = await this.postgres.query(
      `SELECT FROM patient p WHERE ${ENTITLED} AND NOT EXISTS (
         SELECT FROM patient_message m WHERE m.patient_id = p.id AND m.state = 'sent')`,
    );
    const known = rows.map((row) => ({ ...row, ...this.gateway.of(row.id) }));
    const lastAllowed = (patientId: string): number =>
      (this.withdrawnAtMs.get(patientId) ?? Infinity) + LEAVING_MS;
    const patients = new Set(rows.map(({ patientId }) => patientId));
    return {
      sent: rows.filter(({ state }) => state === 'sent').length,
      cancelled: rows.filter(({ state, reason }) => state === 'cancelled' && reason !== null).length,
      lost: unsent.length + known.filter(({ state, taken }) => state === 'sent' && taken === 0).length,
      doubled:
        rows.length - patients.size + known.reduce((sum, { taken }) => sum + Math.max(0, taken - 1), 0),
      afterWithdrawal: known.filter(({ patientId, lastAtMs }) => lastAtMs > lastAllowed(patientId)).length,
      requests: known.reduce((sum, { requests }) => sum + requests, 0),
      ...{ settled: this.settled, repeated: this.repeated },
    };
  }

  stop(): Promise<void> {
    return this.gateway.server.stop();
  }
}

/** SQL: the patient `p` has a consent, and an item that waits for an appointment. */
const ENTITLED = `
  (SELECT c.decision FROM patient_consent c WHERE c.patient_id = p.id ORDER BY c.ordinal DESC LIMIT 1) = 'given'
  AND EXISTS (SELECT FROM surveillance_item i WHERE i.patient_id = p.id AND i.state = 'active' AND i.step IS NULL)`;
