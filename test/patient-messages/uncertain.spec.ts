import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { auditDeliveries, type Check, CHECKS } from '../../src/monitoring/delivery-audit.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { givenItem, givenPatient } from '../support/builders.js';
import { type MessagingHospital, nextMessagingHospital } from '../support/messaging-hospital.js';
import { VENDORS } from '../support/sms-gateway.js';
import { answered } from '../support/ward.js';

const NUMBER = '13812345678';

let t: MessagingHospital;
beforeEach(async () => {
  t = await nextMessagingHospital(t, 'aliyun', {
    ...{ clock: '2026-03-10T10:00:00+08:00', webhookTimeoutMs: 200 },
  });
});
afterAll(async () => {
  await t.gateway.stop();
  await t.close();
});

/** A patient with a consent and an item that is due today. */
async function givenDue(): Promise<{ id: string; itemId: string }> {
  const { id } = await givenPatient(t, { phone: NUMBER });
  await t.consent(id, 'given');
  const item = await givenItem(t, { patientId: id, due: '2026-03-10', activity: 'colonoscopy' });
  return { id, itemId: item.id };
}

const only = async (id: string) => {
  const messages = await t.messages(id);
  expect(messages.length).toBe(1);
  return messages[0]!;
};

const gatewayIs = (more: object): Promise<unknown> =>
  answered(t.request('PUT', '/message-gateway', { payload: { ...t.gateway.settings, ...more } }));

/** As a crash leaves it: the attempt is committed, its outcome is not. */
const loseOutcome = (): Promise<unknown> =>
  t.dataSource.query(
    `WITH gone AS (DELETE FROM patient_message_attempt)
     UPDATE patient_message SET state = 'pending', sent_at = NULL, next_attempt_at = program_now() + interval '1 minute'`,
  );

async function givenUncertain(): Promise<{ id: string; itemId: string; messageId: string }> {
  t.gateway.answer = () => ({ status: 502 });
  const patient = await givenDue();
  await t.work();
  const message = await only(patient.id);
  expect(message.state).toBe('uncertain');
  t.gateway.says('OK');
  return { ...patient, messageId: message.id };
}

const settle = (id: string, result: string) => t.post(`/patient-messages/${id}/settle`, { result });

const violations = async (): Promise<Check[]> => {
  const scope = t.app.get(HospitalScope);
  const findings = await scope.run(t.hospitalId, () => scope.unaudited((tx) => auditDeliveries(tx)));
  return CHECKS.filter((check) => check.startsWith('message') && findings[check].count > 0);
};

const metric = async (name: string): Promise<number> =>
  Number(new RegExp(`^nedwatch_${name} (.*)$`, 'm').exec((await t.get('/metrics')).body as string)?.[1]);

describe('a message that the gateway may have taken is not repeated', () => {
  const never = new Promise<undefined>(() => undefined);
  test.each<[string, string, () => void]>([
    ['the gateway did not answer in time', 'unclear', () => void (t.gateway.answer = () => never)],
    ['the connection was cut', 'unclear', () => void (t.gateway.answer = () => undefined)],
    ['a proxy answered 502', 'unclear', () => void (t.gateway.answer = () => ({ status: 502 }))],
    ['the vendor reports its own fault', 'unclear', () => t.gateway.says('isp.SYSTEM_ERROR')],
    ['the process ended before it recorded the outcome', 'interrupted', () => undefined],
  ])('where %s', async (_, outcome, trouble) => {
    trouble();
    const { id } = await givenDue();
    await t.work();
    if (outcome === 'interrupted') await loseOutcome();
    t.gateway.says('OK');
    for (const time of ['10:02', '10:30', '14:00']) {
      await t.setClock(`2026-03-10T${time}:00+08:00`);
      await t.work();
    }
    const message = await only(id);
    expect(message).toMatchObject({ state: 'uncertain', attempts: 1, nextAttemptAt: null });
    expect(message.lastAttempts.map((attempt) => attempt.outcome)).toEqual([outcome]);
    expect(t.gateway.requests.length).toBe(1);
    expect((await t.uncertain()).map((one) => [one.id, one.patientId])).toEqual([[message.id, id]]);
    expect(await metric('patient_messages_uncertain')).toBe(1);
    expect((await answered(t.get('/status'))).patientMessages).toMatchObject({ pending: 0, uncertain: 1 });
  });

  test('and one that did not leave, or was clearly refused, is', async () => {
    await gatewayIs({ url: 'http://127.0.0.1:9/hook' });
    const { id } = await givenDue();
    await t.work();
    expect(await only(id)).toMatchObject({ state: 'pending', lastAttempts: [{ outcome: 'unreachable' }] });
    await gatewayIs({});
    t.gateway.says('isv.AMOUNT_NOT_ENOUGH');
    await t.setClock('2026-03-10T10:10:00+08:00');
    await t.send();
    expect(await only(id)).toMatchObject({ state: 'pending', attempts: 2 });
    t.gateway.says('OK');
    await t.setClock('2026-03-10T14:00:00+08:00');
    await t.send();
    expect(await only(id)).toMatchObject({ state: 'sent', attempts: 3 });
  });

  test('and few follow it: five in a row pause the gateway, and then a single one tries it', async () => {
    t.gateway.answer = () => ({ status: 502 });
    for (let n = 0; n < 6; n++) await givenDue();
    await t.work();
    expect(t.gateway.requests.length).toBe(6);
    expect(await metric('message_gateways_in_trouble')).toBe(1);
    for (let n = 0; n < 3; n++) await givenDue();
    await t.work();
    expect(t.gateway.requests.length).toBe(6);
    await t.setClock('2026-03-10T10:06:00+08:00');
    await t.send();
    expect(t.gateway.requests.length).toBe(7);
    t.gateway.says('OK');
    await t.setClock('2026-03-10T10:12:00+08:00');
    await t.send();
    expect(t.gateway.requests.length).toBe(9);
    expect(await metric('message_gateways_in_trouble')).toBe(0);
    expect((await t.uncertain()).length).toBe(7);
  });
});

describe('a person settles it', () => {
  test('as sent or not sent, once', async () => {
    for (const [result, state, reason] of [
      ['sent', 'sent', null],
      ['not_sent', 'cancelled', 'not_sent'],
    ] as const) {
      const { messageId } = await givenUncertain();
      expect(await answered(settle(messageId, result))).toMatchObject({
        state,
        reason,
        settledBy: 'administrator',
      });
      expect(await settle(messageId, 'repeat')).toMatchObject({
        ...{ status: 409, body: { code: 'message-not-uncertain' } },
      });
    }
    expect(await t.uncertain()).toEqual([]);
    await t.work();
    expect(t.gateway.requests.length).toBe(2);
  });

  test('or repeats it with the same id', async () => {
    const { id, messageId } = await givenUncertain();
    await answered(settle(messageId, 'repeat'));
    await t.send();
    expect(await only(id)).toMatchObject({ state: 'sent', attempts: 2 });
    expect(t.gateway.received.map((sms) => sms.id)).toEqual([messageId, messageId]);
  });

  test('and without a consent a repetition does not leave', async () => {
    const { id, messageId } = await givenUncertain();
    await t.consent(id, 'withdrawn');
    await answered(settle(messageId, 'repeat'));
    await t.send();
    expect(await only(id)).toMatchObject({ state: 'cancelled', reason: 'no_consent' });
    expect(t.gateway.requests.length).toBe(1);
  });
});

describe('a gateway that takes a number only once', () => {
  test('gets a message again after an unclear answer, and its refusal means that it was sent', async () => {
    await gatewayIs({ deduplicates: true, repeated: ['DUPLICATE'] });
    t.gateway.answer = () => undefined;
    const { id } = await givenDue();
    await t.work();
    expect(await only(id)).toMatchObject({ state: 'pending', lastAttempts: [{ outcome: 'unclear' }] });
    t.gateway.answer = () => VENDORS.aliyun.answer('DUPLICATE');
    await t.setClock('2026-03-10T10:10:00+08:00');
    await t.send();
    expect(await only(id)).toMatchObject({ state: 'sent', attempts: 2 });
    expect(new Set(t.gateway.received.map((sms) => sms.id)).size).toBe(1);
  });

  test.each([
    ['was replaced', () => gatewayIs({ deduplicates: true })],
    ['is no longer used', () => t.set({ route: 'webhook' })],
  ])('gets none again once it %s: another one does not know the number', async (_, replace) => {
    await gatewayIs({ deduplicates: true });
    t.gateway.answer = () => undefined;
    const { id } = await givenDue();
    await t.work();
    t.gateway.says('OK');
    await t.setClock('2026-03-10T10:10:00+08:00');
    await replace();
    await t.send();
    expect((await only(id)).state).toBe('uncertain');
    expect(t.gateway.requests.length).toBe(1);
  });
});

describe('the delivery audit', () => {
  test.each<[string, Check, string]>([
    [
      'of which no message was recorded',
      'message-not-recorded',
      'WITH gone AS (DELETE FROM patient_message_attempt), subjects AS (DELETE FROM patient_message_subject) DELETE FROM patient_message',
    ],
    [
      'whose message is not sent',
      'message-stuck',
      `UPDATE patient_message SET state = 'pending', sent_at = NULL, next_attempt_at = program_now() - interval '10 minutes'`,
    ],
    [
      'whose message ended without a reason',
      'message-ended-silently',
      `UPDATE patient_message SET state = 'cancelled', sent_at = NULL`,
    ],
    [
      'whose message was never accepted',
      'message-ended-silently',
      `UPDATE patient_message_attempt SET outcome = 'refused'`,
    ],
  ])('finds a fact %s', async (_, check, damage) => {
    await givenDue();
    await t.work();
    await t.setClock('2026-03-10T10:30:00+08:00');
    expect(await violations()).toEqual([]);
    await t.dataSource.query(
      `SET session_replication_role = replica; ${damage}; RESET session_replication_role`,
    );
    expect(await violations()).toEqual([check]);
  });

  test('finds an uncertain message that was not settled for three days', async () => {
    const { messageId } = await givenUncertain();
    await t.setClock('2026-03-13T09:00:00+08:00');
    expect(await violations()).toEqual([]);
    await t.setClock('2026-03-13T11:00:00+08:00');
    expect(await violations()).toEqual(['message-unsettled']);
    await answered(settle(messageId, 'sent'));
    expect(await violations()).toEqual([]);
  });
});
