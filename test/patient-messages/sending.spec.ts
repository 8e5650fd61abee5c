import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { hashOfToken } from '../../src/tenancy/tokens.js';
import { MessageAttempts } from '../../src/patient-messages/sending/message-attempts.js';
import { MessageDispatch } from '../../src/patient-messages/sending/message-dispatch.js';
import { MessageSweep } from '../../src/patient-messages/sending/message-sweep.js';
import { ReminderSweep } from '../../src/reminders/reminder-sweep.js';
import { EventRelay } from '../../src/webhooks/deliveries/event-relay.js';
import { givenItem, givenPatient } from '../support/builders.js';
import { type MessagingHospital, nextMessagingHospital } from '../support/messaging-hospital.js';
import { as } from '../support/signed-in.js';
import { SmsGateway, VENDORS } from '../support/sms-gateway.js';
import { answered, givenFollowedUp } from '../support/ward.js';
import { until, WebhookReceiver } from '../support/webhook-receiver.js';

const CLOCK = '2026-03-10T10:00:00+08:00';
const NUMBER = '13812345678';

let t: MessagingHospital;
beforeEach(async () => {
  t = await nextMessagingHospital(t, 'aliyun', { clock: CLOCK, webhookTimeoutMs: 20_000 });
});
afterAll(async () => {
  await t.gateway.stop();
  await t.close();
});

/** A patient with a consent and an item that is due today. */
async function givenDue(phone: string | null = NUMBER): Promise<{ id: string; itemId: string }> {
  const { id } = await givenPatient(t, { phone });
  await t.consent(id, 'given');
  const item = await givenItem(t, { patientId: id, due: '2026-03-10', activity: 'colonoscopy' });
  return { id, itemId: item.id };
}

const only = async (id: string) => {
  const messages = await t.messages(id);
  expect(messages.length).toBe(1);
  return messages[0]!;
};

const complete = (itemId: string): Promise<unknown> =>
  t.dataSource.query(
    `UPDATE surveillance_item SET state = 'completed', completed_on = '2026-03-10', next_reminder_on = NULL WHERE id = $1`,
    [itemId],
  );

describe('a due examination', () => {
  test('is sent to the patient once, through the gateway, and recorded', async () => {
    const { id } = await givenDue();
    await t.work();
    await t.work();

    const message = await only(id);
    expect(message).toMatchObject({ occasion: 'due_soon', state: 'sent', number: NUMBER, attempts: 1 });
    expect(message.reference).toBe('9006');
    expect(t.gateway.received).toEqual([{ id: message.id, number: NUMBER, text: message.text }]);
    expect(message.text).toContain('结肠镜');
    expect(t.gateway.requests[0]!.headers['authorization']).toBe('Bearer gateway-secret-4711');
  });

  test('is not sent without a consent, to a landline, or from before messages were enabled', async () => {
    const { id } = await givenPatient(t, { phone: NUMBER });
    await givenItem(t, { patientId: id, due: '2026-03-10' });
    const landline = await givenDue('0571-87654321');
    await t.work();
    expect(await t.messages(id)).toEqual([]);
    expect(await only(landline.id)).toMatchObject({ state: 'cancelled', reason: 'no_number' });

    await t.set({ enabled: false });
    const { id: late } = await givenDue();
    await t.work();
    await t.setClock('2026-03-10T11:00:00+08:00');
    await t.set();
    await t.work();
    expect(await t.messages(late)).toEqual([]);
    expect(t.gateway.requests).toEqual([]);
  });

  test('reaches a relative in the third person, where the hospital wants it', async () => {
    await t.set({ relatives: true });
    const { id } = await givenDue(null);
    const relative = { name: '王芳', relation: 'daughter', phone: '13912345678' };
    await answered(t.post(`/patients/${id}/relatives`, relative), 201);
    await t.work();
    const [sms] = t.gateway.received;
    expect(sms!.number).toBe('13912345678');
    expect(sms!.text).toContain('王芳您好，张三（您是其女儿）的复查');
  });

  test("has the hospital's own text, and a name with quotation marks stays a name", async () => {
    const text = '{patient}：{examinations}，{date}，{phone}';
    await answered(t.request('PUT', '/message-templates/due_soon/zh', { payload: { text } }));
    const { id } = await givenPatient(t, { phone: NUMBER, name: '"},{"PhoneNumbers":"110' });
    await t.consent(id, 'given');
    await givenItem(t, { patientId: id, due: '2026-03-10', activity: 'colonoscopy' });
    await t.work();
    expect(t.gateway.received).toMatchObject([
      { number: NUMBER, text: '"},{"PhoneNumbers":"110：结肠镜，3月10日，010-88888888' },
    ]);
  });
});

describe('a message that could not leave at once', () => {
  test('waits in the quiet hours', async () => {
    await t.set({ quietFrom: '09:00', quietUntil: '14:00' });
    const { id } = await givenDue();
    await t.work();
    expect(await only(id)).toMatchObject({
      ...{ state: 'pending', attempts: 0, nextAttemptAt: '2026-03-10T06:00:00.000Z' },
    });
    await t.setClock('2026-03-10T14:00:00+08:00');
    await t.send();
    expect((await only(id)).state).toBe('sent');
  });

  test('waits while the vendor throttles, says so, and is sent once with the same id', async () => {
    t.gateway.says(VENDORS.aliyun.throttled, { 'retry-after': '300' });
    const { id } = await givenDue();
    await t.work();
    const waiting = await only(id);
    expect(waiting.lastAttempts).toMatchObject([
      { outcome: 'throttled', error: 'answered 200 isv.BUSINESS_LIMIT_CONTROL' },
    ]);
    const { pausedUntil } = await answered(t.get('/message-gateway'));
    expect(Date.parse(pausedUntil) - (await t.now()).getTime()).toBeGreaterThan(290_000);

    t.gateway.says('OK');
    await t.setClock('2026-03-10T10:08:00+08:00');
    await t.send();
    expect((await only(id)).state).toBe('sent');
    expect(new Set(t.gateway.received.map((sms) => sms.id)).size).toBe(1);
  });

  test.each([
    ['the consent was withdrawn', ({ id }: { id: string }) => t.consent(id, 'withdrawn'), 'no_consent'],
    ['the item was completed', ({ itemId }: { itemId: string }) => complete(itemId), 'not_followed_up'],
  ])('does not leave once %s', async (_, act, reason) => {
    t.gateway.says('isv.AMOUNT_NOT_ENOUGH');
    const patient = await givenDue();
    await t.work();
    expect(t.gateway.requests.length).toBe(1);
    await act(patient);
    t.gateway.says('OK');
    await t.setClock('2026-03-10T12:00:00+08:00');
    await t.send();
    expect(await only(patient.id)).toMatchObject({ state: 'cancelled', reason });
    expect(t.gateway.requests.length).toBe(1);
  });

  test('ends when the gateway refuses the number for good', async () => {
    t.gateway.says('isv.MOBILE_NUMBER_ILLEGAL');
    const { id } = await givenDue();
    await t.work();
    expect(await only(id)).toMatchObject({ state: 'failed', reason: 'refused', nextAttemptAt: null });
  });
});

test('a patient has no more messages in a week than the hospital allows', async () => {
  await t.set({ weeklyLimit: 2 });
  const { id } = await givenPatient(t, { phone: NUMBER });
  await t.consent(id, 'given');
  for (const day of ['10', '11', '12', '18']) {
    await t.setClock(`2026-03-${day}T11:00:00+08:00`);
    await givenItem(t, { patientId: id, due: `2026-03-${day}`, activity: `exam-${day}` });
    await t.work();
  }
  const states = (await t.messages(id)).map(({ state, reason }) => reason ?? state);
  expect(states).toEqual(['sent', 'weekly_limit', 'sent', 'sent']);
});

test('a message is not decided about while its patient is being changed: a withdrawal comes before or after', async () => {
  const { id } = await givenDue();
  await t.app.get(ReminderSweep).sweep();
  await t.app.get(MessageSweep).sweep();
  await t.dataSource.transaction(async (withdrawal) => {
    await withdrawal.query('SELECT FROM patient WHERE id = $1 FOR NO KEY UPDATE', [id]);
    await t.send();
    expect(await only(id)).toMatchObject({ state: 'pending', attempts: 0 });
    await withdrawal.query(
      `INSERT INTO patient_consent (id, hospital_id, patient_id, channel, decision, decided_on, author, recorded_at)
       VALUES (gen_random_uuid(), $1, $2, 'sms', 'withdrawn', '2026-03-10', 'Dr. Chen', program_now())`,
      [t.hospitalId, id],
    );
  });
  await t.send();
  expect(await only(id)).toMatchObject({ state: 'cancelled', reason: 'no_consent' });
  expect(t.gateway.requests).toEqual([]);
});

test('a stalled gateway delays no other hospital, and nothing is locked while it waits', async () => {
  let release = (): void => undefined;
  const stalled = new Promise<undefined>((resolve) => (release = () => resolve(undefined)));
  t.gateway.answer = () => stalled;
  for (let n = 0; n < 3; n++) await givenDue();
  const other = await SmsGateway.start('tencent');
  const hospitalId = await otherHospital(other);
  await t.app.get(ReminderSweep).sweep();
  await t.app.get(MessageSweep).sweep();
  await t.app.get(MessageDispatch).dispatchDue();

  const states = async () =>
    (
      await t.dataSource.query<{ states: string[] }[]>(
        `SELECT array_agg(DISTINCT state) AS states FROM patient_message GROUP BY hospital_id ORDER BY hospital_id = $1`,
        [hospitalId],
      )
    ).map((row) => row.states);
  await until(
    async () => `${t.gateway.requests.length} ${(await states()).at(-1)?.join()}`,
    (now) => now === '3 sent',
  );
  expect(await states()).toEqual([['pending'], ['sent']]);
  await t.dataSource.query(
    `SELECT FROM message_gateway g, patient_message m, patient p
      WHERE g.hospital_id = $1 AND m.hospital_id = $1 AND p.id = m.patient_id FOR UPDATE NOWAIT`,
    [t.hospitalId],
  );
  release();
  await until(() => t.app.get(MessageAttempts).isIdle, Boolean);
  await other.stop();
});

/** Another hospital with a gateway of its own, and a due message. */
async function otherHospital(gateway: SmsGateway): Promise<string> {
  const administrator = { login: 'other-admin', name: 'Other Admin' };
  await answered(t.post('/hospitals', { name: 'Other', code: 'other', administrator }), 201);
  const key = `nw_${randomUUID()}`;
  const [{ id: hospitalId }] = await t.dataSource.query<[{ id: string }]>(
    `WITH other AS (SELECT id FROM hospital WHERE code = 'other'), made AS (
       INSERT INTO api_key (id, hospital_id, name, key_hash) SELECT gen_random_uuid(), id, 'other', $1 FROM other)
     SELECT id FROM other`,
    [hashOfToken(key)],
  );
  const other = { ...t, hospitalId };
  const headers = as(key);
  const put = (path: string, payload: object): Promise<unknown> =>
    answered(t.request('PUT', path, { payload, headers }));
  await put('/message-gateway', gateway.settings);
  await put('/message-settings', { enabled: true, phone: '010-66666666' });
  const { id } = await givenPatient(other, { phone: NUMBER });
  const consent = { channel: 'sms', decision: 'given', author: 'Dr. Lin' };
  await answered(t.post(`/patients/${id}/consents`, consent, headers), 201);
  await givenItem(other, { patientId: id, due: '2026-03-10', activity: 'colonoscopy' });
  return hospitalId;
}

test('an answer that repeats the request leaves no secret, number or name in the record', async () => {
  t.gateway.answer = ({ body, headers }) => ({ status: 500, body: `${headers['authorization']} ${body}` });
  const { id } = await givenDue();
  await t.work();
  const [{ answer }] = await t.dataSource.query<[{ answer: string }]>(
    'SELECT answer FROM patient_message_attempt WHERE patient_id = $1',
    [id],
  );
  for (const secret of ['gateway-secret-4711', NUMBER, '张三']) expect(answer).not.toContain(secret);
});

describe('the route webhook', () => {
  test('hands the message over as one event, which is cancelled when the consent is withdrawn', async () => {
    await t.set({ route: 'webhook' });
    const receiver = await WebhookReceiver.start();
    receiver.answer = () => ({ status: 500 });
    const { secret } = await answered<{ secret: string }>(
      t.post('/webhook-endpoints', { url: receiver.url, eventTypes: ['surveillance.patient.message'] }),
      201,
    );
    const { id, itemId } = await givenDue();
    await t.work();
    await t.work();
    await t.app.get(EventRelay).relay();
    await until(() => receiver.arrivals.length > 0, Boolean);
    const [event] = receiver.messages(secret);
    const message = await only(id);
    expect(message.state).toBe('handed_over');
    expect(event).toMatchObject({
      type: 'surveillance.patient.message',
      data: { patientId: id, messageId: message.id, occasion: 'due_soon', examinations: [{ itemId }] },
    });
    expect(receiver.arrivals[0]!.body).not.toContain(NUMBER);

    await t.consent(id, 'withdrawn');
    receiver.answer = () => ({ status: 200 });
    await until(
      () =>
        t.dataSource.query<{ state: string; reason: string }[]>(
          `SELECT state, cancelled_reason AS reason FROM delivery WHERE event_type = 'surveillance.patient.message'`,
        ),
      ([delivery]) => delivery?.state === 'cancelled' && delivery.reason === 'consent-withdrawn',
    );
    expect(receiver.arrivals.length).toBe(1);
    await receiver.stop();
  });
});

describe('announced calls', () => {
  const nextPatient = async (): Promise<string | null> =>
    (await answered<{ call: { patient: { id: string } } | null }>(t.get('/calls/next'))).call?.patient.id ??
    null;
  const announce = (settings: object): Promise<unknown> =>
    answered(t.request('PUT', '/worklist-settings', { payload: { calls: { announce: settings } } }));

  async function givenCallable(consents: boolean): Promise<string> {
    await t.setClock('2026-11-20T10:00:00+08:00');
    const { patientId } = await givenFollowedUp(t);
    await answered(t.request('PATCH', `/patients/${patientId}`, { payload: { phone: NUMBER } }));
    if (consents) await t.consent(patientId, 'given');
    return patientId;
  }

  test('call mode offers a patient after the notice, and says who will call', async () => {
    const patientId = await givenCallable(true);
    await announce({ noticeHours: 2 });
    expect(await nextPatient()).toBeNull();
    await t.work();
    const sms = t.gateway.received.find(({ text }) => text.includes('致电您'));
    expect(sms!.text).toContain('010-88888888');
    expect(await nextPatient()).toBeNull();
    await t.setClock('2026-11-20T12:01:00+08:00');
    expect(await nextPatient()).toBe(patientId);
  });

  test('a patient without a consent is offered at once', async () => {
    const patientId = await givenCallable(false);
    await announce({});
    expect(await nextPatient()).toBe(patientId);
  });

  test('a gateway that fails keeps no patient from being called', async () => {
    const patientId = await givenCallable(true);
    await announce({ waitAtMostHours: 5 });
    t.gateway.says('isv.AMOUNT_NOT_ENOUGH');
    expect(await nextPatient()).toBeNull();
    await t.work();
    await t.setClock('2026-11-20T15:30:00+08:00');
    expect(await nextPatient()).toBe(patientId);
  });
});
