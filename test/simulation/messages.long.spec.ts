import { afterAll, expect, test } from '@jest/globals';
import { auditDeliveries, CHECKS } from '../../src/monitoring/delivery-audit.js';
import { MessageSweep } from '../../src/patient-messages/sending/message-sweep.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { givenItem, givenPatient } from '../support/builders.js';
import { type MessagingHospital, nextMessagingHospital } from '../support/messaging-hospital.js';
import { type Deed, type OfDeduplicating, UnsteadyGateway } from '../support/unsteady-gateway.js';
import { answered } from '../support/ward.js';
import { Chance } from './chance.js';

const START = Date.parse('2026-03-02T09:00:00+08:00');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SEED = Number(process.env['SIMULATION_SEED'] ?? 1);
/** `WEEKS=50` is the long form. */
const WEEKS = Number(process.env['WEEKS'] ?? 1);
const PATIENTS = 24;
const STEPS = 40;
const CALM_FROM = 20;

const DEEDS: readonly Deed[] = [
  ...(['take', 'take', 'take', 'lie', 'lie with 200', 'take and cut', 'take and stall'] as const),
  ...(['cut', 'stall', 'throttle', 'throttle with 429', 'refuse'] as const),
];
const OF_DEDUPLICATING: readonly OfDeduplicating[] = ['take and refuse', 'take and throttle'];

let t: MessagingHospital | undefined;
afterAll(async () => {
  await t?.gateway.stop();
  await t?.close();
});

test.each([
  ['takes a number once', true],
  ['ignores numbers', false],
])(
  `a gateway that %s, lies, stalls, throttles and cuts connections, and lost records: no message is lost, sent twice, or sent ` +
    `after consent or item ended (seed ${SEED}, ${WEEKS} weeks)`,
  async (_, deduplicates) => {
    const clock = new Date(START).toISOString();
    t = await nextMessagingHospital(t, 'aliyun', { clock, webhookTimeoutMs: 150 });
    const course = await Course.begin(t, deduplicates);
    for (let week = 0; week < WEEKS; week++) await course.week(START + week * 7 * DAY_MS);
    await course.end();
  },
  120_000 + WEEKS * 30_000,
);

/** A hospital, its patients, and the nurse who settles what the program leaves open. */
class Course {
  private readonly chance = new Chance(SEED);
  private readonly breaches: string[] = [];
  private readonly endedAt = new Map<string, number>();
  private readonly figures = { lost: 0, settled: 0, repeated: 0 };
  private readonly total = { messages: 0, sent: 0, cancelled: 0 };
  private gateway!: UnsteadyGateway;
  private readonly deck: (Deed | OfDeduplicating)[] = [];
  private nowMs = START;
  private isCalm = false;

  private constructor(
    private readonly t: MessagingHospital,
    private readonly deduplicates: boolean,
  ) {}

  static async begin(t: MessagingHospital, deduplicates: boolean): Promise<Course> {
    const course = new Course(t, deduplicates);
    const deeds = deduplicates ? [...DEEDS, ...OF_DEDUPLICATING] : DEEDS;
    course.gateway = await UnsteadyGateway.start(
      {
        ...{ deduplicates, stallMs: 250 },
        next: () => (course.isCalm ? 'take' : course.nextOf(deeds)),
      },
      () => course.nowMs,
    );
    await answered(t.request('PUT', '/message-gateway', { payload: course.gateway.settings }));
    await t.set({ weeklyLimit: 50 });
    return course;
  }

  /** In an order by chance, each before one comes again: a short run has them all. */
  private nextOf(deeds: readonly (Deed | OfDeduplicating)[]): Deed | OfDeduplicating {
    if (this.deck.length === 0) this.deck.push(...deeds);
    return this.deck.splice(this.chance.between(0, this.deck.length - 1), 1)[0]!;
  }

  /** Days with trouble, and then calm ones. */
  async week(startMs: number): Promise<void> {
    const { t, chance } = this;
    [this.nowMs, this.isCalm] = [startMs, false];
    await t.setClock(new Date(startMs).toISOString());
    const itemOf = new Map<string, string>();
    for (let n = 0; n < PATIENTS; n++) {
      const { id } = await givenPatient(t, { phone: `138${String(n).padStart(8, '0')}` });
      await t.consent(id, 'given');
      const due = new Date(startMs + chance.between(0, 1) * DAY_MS).toISOString().slice(0, 10);
      itemOf.set(id, (await givenItem(t, { patientId: id, due, activity: 'colonoscopy' })).id);
    }
    for (let step = 0; step < STEPS; step++) {
      this.nowMs += 2 * HOUR_MS;
      this.isCalm = step >= CALM_FROM;
      await t.setClock(new Date(this.nowMs).toISOString());
      const patientId = chance.of([...itemOf.keys()]);
      if (!this.isCalm && !this.endedAt.has(patientId) && chance.is(0.3))
        await this.endFor(patientId, itemOf.get(patientId)!);
      // Several sweeps at once, as several processes would.
      await Promise.all([t.work(), t.app.get(MessageSweep).sweep()]);
      if (!this.isCalm) this.figures.lost += await loseRecords(t);
      if (this.isCalm || chance.is(0.3)) await this.settle();
    }
    await this.judge([...itemOf.keys()]);
  }

  /** The patient withdraws the consent, or the item is completed. */
  private async endFor(patientId: string, itemId: string): Promise<void> {
    if (this.chance.is(0.5)) await this.t.consent(patientId, 'withdrawn');
    else
      await this.t.dataSource.query(
        `UPDATE surveillance_item SET state = 'completed', completed_on = due, next_reminder_on = NULL WHERE id = $1`,
        [itemId],
      );
    this.endedAt.set(patientId, this.nowMs);
  }

  /** By what the vendor's console shows. */
  private async settle(): Promise<void> {
    for (const { id } of await this.t.uncertain()) {
      const isTaken = this.gateway.of(id).taken > 0;
      if (!isTaken) this.gateway.allowRepetition(id);
      await answered(this.t.post(`/patient-messages/${id}/settle`, { result: isTaken ? 'sent' : 'repeat' }));
      this.figures.settled++;
      if (!isTaken) this.figures.repeated++;
    }
  }

  private async judge(patientIds: readonly string[]): Promise<void> {
    const messages = await this.t.dataSource.query<
      { id: string; patientId: string; state: string; reason: string | null; subjects: number }[]
    >(
      `SELECT id, patient_id AS "patientId", state, reason,
              (SELECT count(*)::integer FROM patient_message_subject s WHERE s.message_id = m.id) AS subjects
         FROM patient_message m WHERE patient_id = ANY ($1)`,
      [patientIds],
    );
    const breach = (id: string, what: string): void => void this.breaches.push(`${id} ${what}`);
    for (const { id, patientId, state, reason, subjects } of messages) {
      const { taken, lastAtMs, repeatedBlindly } = this.gateway.of(id);
      if (subjects !== 1) breach(id, `is about ${subjects} reminders`);
      if (taken > 1) breach(id, `reached the patient ${taken} times`);
      if (state === 'sent' && taken === 0) breach(id, 'is recorded as sent, and was never taken');
      if (state !== 'sent' && state !== 'cancelled') breach(id, `is still ${state}`);
      if (state === 'cancelled' && reason === null) breach(id, 'was cancelled without a reason');
      if (!this.deduplicates && state === 'cancelled' && taken > 0) breach(id, 'was taken and is cancelled');
      if (!this.deduplicates && repeatedBlindly > 0)
        breach(id, 'was repeated although it may have been taken');
      if (lastAtMs >= (this.endedAt.get(patientId) ?? Infinity))
        breach(id, 'left after consent or item ended');
      if (state === 'sent') this.total.sent++;
      if (state === 'cancelled') this.total.cancelled++;
    }
    this.total.messages += messages.length;
    for (const id of patientIds) {
      const own = messages.filter((one) => one.patientId === id);
      const isInformed = own.length > 0 && own.every(({ state }) => state === 'sent');
      if (!this.endedAt.has(id) && !isInformed) breach(id, 'was not informed of each reminder');
    }
  }

  async end(): Promise<void> {
    const scope = this.t.app.get(HospitalScope);
    const findings = await scope.run(this.t.hospitalId, () => scope.unaudited((tx) => auditDeliveries(tx)));
    for (const check of CHECKS)
      if (check.startsWith('message') && findings[check].count > 0) this.breaches.push(`doctor: ${check}`);
    await this.gateway.server.stop();
    expect(this.breaches).toEqual([]);
    if (WEEKS > 1) console.log({ ...this.total, ...this.figures, ...Object.fromEntries(this.gateway.deeds) });
    // A simulation without events proves nothing.
    expect(this.total.messages).toBeGreaterThan(PATIENTS / 2);
    expect([...DEEDS].filter((deed) => !this.gateway.deeds.has(deed))).toEqual([]);
    const { lost, settled, repeated } = this.figures;
    expect({ lost: lost > 0, settled: settled > 0, repeated: repeated > 0 }).toEqual({
      ...{ lost: true, settled: !this.deduplicates, repeated: !this.deduplicates },
    });
  }
}

/** As a crash leaves them: the attempt is committed, its outcome is not. Returns the number of messages. */
async function loseRecords({ dataSource }: MessagingHospital): Promise<number> {
  const [lost] = await dataSource.query<[{ id: string }[], number]>(
    `WITH newest AS (
       SELECT m.id, m.attempts FROM patient_message m
        WHERE m.state IN ('sent', 'uncertain') AND m.settled_at IS NULL AND m.first_tried_at > program_now() - interval '1 hour' LIMIT 2),
     gone AS (
       DELETE FROM patient_message_attempt a USING newest n WHERE a.message_id = n.id AND a.number = n.attempts)
     UPDATE patient_message m SET state = 'pending', sent_at = NULL, uncertain_at = NULL, next_attempt_at = program_now() + interval '1 minute'
       FROM newest n WHERE m.id = n.id RETURNING m.id`,
  );
  return lost.length;
}
