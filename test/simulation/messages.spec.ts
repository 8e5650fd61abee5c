import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { MessageSweep } from '../../src/patient-messages/sending/message-sweep.js';
import { givenItem, givenPatient } from '../support/builders.js';
import { type MessagingHospital, nextMessagingHospital } from '../support/messaging-hospital.js';
import { VENDORS } from '../support/sms-gateway.js';
import { Chance } from './chance.js';

const START = Date.parse('2026-03-02T09:00:00+08:00');
const HOUR_MS = 3_600_000;
const SEED = Number(process.env['SIMULATION_SEED'] ?? 1);

let t: MessagingHospital;
beforeEach(async () => {
  t = await nextMessagingHospital(t, 'aliyun', {
    ...{ clock: new Date(START).toISOString(), webhookTimeoutMs: 250 },
  });
});
afterAll(async () => {
  await t.gateway.stop();
  await t.close();
});

/** What the gateway knows of one message: how often it accepted it, and how often its answer confirmed so. */
interface Known {
  accepted: number;
  confirmed: number;
  lastAt: number;
}

test(`days of a gateway that lies, stalls, throttles and cuts connections, and of lost records: none is lost, none is repeated without need, none is late (seed ${SEED})`, async () => {
  const chance = new Chance(SEED);
  const known = new Map<string, Known>();
  const figures = { lies: 0, stalls: 0, throttled: 0, cut: 0, crashes: 0 };
  let [nowMs, isCalm] = [START, false];
  t.gateway.answer = async ({ body }) => {
    const { id } = VENDORS.aliyun.read(body);
    const one = known.get(id) ?? { accepted: 0, confirmed: 0, lastAt: 0 };
    known.set(id, one);
    const accept = (): void => void ((one.accepted += 1), (one.lastAt = nowMs));
    const kind = isCalm ? 'ok' : chance.of(['ok', 'ok', 'ok', 'lie', 'stall', 'throttle', 'cut', 'refuse']);
    if (kind === 'throttle') return (figures.throttled++, VENDORS.aliyun.answer(VENDORS.aliyun.throttled));
    if (kind === 'refuse') return VENDORS.aliyun.answer('isp.SYSTEM_ERROR');
    accept();
    if (kind === 'lie') return (figures.lies++, { status: 500, body: '{"Code":"InternalError"}' });
    if (kind === 'cut') return void figures.cut++;
    if (kind === 'stall') {
      figures.stalls++;
      await new Promise((resolve) => setTimeout(resolve, 400));
    } else one.confirmed += 1;
    return VENDORS.aliyun.answer('OK');
  };

  const withdrawnAt = new Map<string, number>();
  const completedAt = new Map<string, number>();
  const itemOf = new Map<string, string>();
  await t.set({ weeklyLimit: 50 });
  for (let n = 0; n < 24; n++) {
    const { id } = await givenPatient(t, { phone: `138${String(n).padStart(8, '0')}` });
    await t.consent(id, 'given');
    const due = `2026-03-0${chance.between(3, 4)}`;
    itemOf.set(id, (await givenItem(t, { patientId: id, due, activity: 'colonoscopy' })).id);
  }
  const ids = [...itemOf.keys()];
  for (let step = 0; step < 44; step++) {
    nowMs += 2 * HOUR_MS;
    isCalm = step > 22;
    await t.setClock(new Date(nowMs).toISOString());
    const patientId = chance.of(ids);
    if (!isCalm && chance.is(0.3) && !withdrawnAt.has(patientId)) {
      await t.consent(patientId, 'withdrawn');
      withdrawnAt.set(patientId, nowMs);
    } else if (!isCalm && chance.is(0.25) && !completedAt.has(patientId)) {
      await t.dataSource.query(
        `UPDATE surveillance_item SET state = 'completed', completed_on = '2026-03-03', next_reminder_on = NULL WHERE id = $1`,
        [itemOf.get(patientId)],
      );
      completedAt.set(patientId, nowMs);
    }
    // Several sweeps at once, as several processes would.
    await Promise.all([t.work(), t.app.get(MessageSweep).sweep()]);
    if (!isCalm && chance.is(0.25)) figures.crashes += await loseRecords(t);
  }

  const messages = await t.dataSource.query<
    { id: string; patientId: string; state: string; reason: string | null; subjects: number }[]
  >(
    `SELECT m.id, m.patient_id AS "patientId", m.state, m.reason,
            (SELECT count(*)::integer FROM patient_message_subject s WHERE s.message_id = m.id) AS subjects FROM patient_message m`,
  );
  const breaches: string[] = [];
  for (const { id, patientId, state, reason, subjects } of messages) {
    const { accepted, confirmed, lastAt } = known.get(id) ?? { accepted: 0, confirmed: 0, lastAt: 0 };
    if (state === 'pending') breaches.push(`${id} is still pending`);
    if (state === 'sent' && confirmed === 0)
      breaches.push(`${id} is recorded as sent, and was never accepted`);
    if (state !== 'sent' && reason === null) breaches.push(`${id} ended as ${state} without a reason`);
    if (subjects !== 1) breaches.push(`${id} has ${subjects} subjects`);
    if (confirmed > 1 + figures.crashes)
      breaches.push(`${id} was accepted ${accepted} times, ${confirmed} of them confirmed`);
    for (const ends of [withdrawnAt, completedAt])
      if (lastAt >= (ends.get(patientId) ?? Infinity))
        breaches.push(`${id} left after consent or item had ended`);
  }
  const unconsented = new Set([...withdrawnAt.keys(), ...completedAt.keys()]);
  for (const id of ids)
    if (!unconsented.has(id) && !messages.some((one) => one.patientId === id && one.state === 'sent'))
      breaches.push(`${id} was never informed`);
  expect(breaches).toEqual([]);
  // A simulation without events proves nothing.
  expect(messages.length).toBeGreaterThan(20);
  for (const [kind, count] of Object.entries(figures)) expect(`${kind} ${count > 0}`).toBe(`${kind} true`);
}, 180_000);

/** As a crash leaves them: the attempt is committed, its outcome is not. Returns the number of messages. */
async function loseRecords({ dataSource }: MessagingHospital): Promise<number> {
  const [lost] = await dataSource.query<[{ id: string }[], number]>(
    `WITH newest AS (
       SELECT m.id, m.attempts FROM patient_message m WHERE m.state = 'sent' AND m.sent_at > program_now() - interval '1 hour' LIMIT 1),
     gone AS (
       DELETE FROM patient_message_attempt a USING newest n WHERE a.message_id = n.id AND a.number = n.attempts)
     UPDATE patient_message m SET state = 'pending', sent_at = NULL, next_attempt_at = program_now() + interval '1 minute'
       FROM newest n WHERE m.id = n.id RETURNING m.id`,
  );
  return lost.length;
}
