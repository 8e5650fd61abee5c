import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type MessagingHospital, nextMessagingHospital } from '../support/messaging-hospital.js';
import { answered, givenFollowedUp, itemOf, type ScheduledItem } from '../support/ward.js';

const CLOCK = '2026-11-20T10:00:00+08:00';
const NUMBER = '13812345678';

let t: MessagingHospital;
beforeEach(async () => {
  t = await nextMessagingHospital(t, 'tencent', { clock: CLOCK });
});
afterAll(async () => {
  await t.gateway.stop();
  await t.close();
});

interface Received {
  readonly id: string;
  readonly effect: string;
}

const reply = (text: string, more: object = {}): Promise<Received> =>
  answered<Received>(t.post('/patient-messages/replies', { from: NUMBER, text, at: CLOCK, ...more }), 201);

async function givenConsenting(
  phone = NUMBER,
): Promise<{ patientId: string; items: readonly ScheduledItem[] }> {
  const { patientId, items } = await givenFollowedUp(t);
  await answered(t.request('PATCH', `/patients/${patientId}`, { payload: { phone } }));
  await t.consent(patientId, 'given');
  return { patientId, items };
}

async function booked(patientId: string, items: readonly ScheduledItem[], date: string): Promise<string> {
  const body = { patientId, itemIds: [itemOf(items, 'overdue').id], date, place: '放射科', time: '08:30' };
  return (await answered<{ id: string }>(t.post('/appointments', body), 201)).id;
}

const confirmedAt = async (id: string): Promise<string | null> =>
  (await answered<{ confirmedAt: string | null }>(t.get(`/appointments/${id}`))).confirmedAt;

const onlyCall = async (): Promise<string | null> =>
  (await answered<{ call: { patient: { id: string } } | null }>(t.get('/calls/next'))).call?.patient.id ??
  null;

describe('1', () => {
  test('confirms the appointment of which the patient was informed, until it is moved', async () => {
    const { patientId, items } = await givenConsenting();
    const id = await booked(patientId, items, '2026-11-21');
    await t.work();
    const reminder = t.gateway.received.find(({ text }) => text.includes('11月21日 08:30'));
    expect(reminder).toMatchObject({ number: NUMBER });

    expect((await reply('1')).effect).toBe('confirmed');
    expect(await confirmedAt(id)).not.toBeNull();

    await answered(t.request('PATCH', `/appointments/${id}`, { payload: { date: '2026-11-25' } }));
    expect(await confirmedAt(id)).toBeNull();
  });

  test('without an appointment is shown to the nurse', async () => {
    const { patientId } = await givenConsenting();
    const { id, effect } = await reply('１。');
    expect(effect).toBe('nothing_to_confirm');
    const { items } = await answered(t.get('/patient-messages/replies'));
    expect(items).toMatchObject([{ id, from: NUMBER, text: '１。', patientIds: [patientId], seenAt: null }]);

    await answered(t.post(`/patient-messages/replies/${id}/seen`));
    expect((await answered(t.get('/patient-messages/replies'))).items).toEqual([]);
    expect(
      (await answered(t.get(`/patient-messages/replies?patientId=${patientId}&seen=true`))).items,
    ).toMatchObject([{ id }]);
  });
});

describe('2', () => {
  test('brings the patient to the top of call mode, also after a call of the same day', async () => {
    const first = await givenConsenting('13900000001');
    const second = await givenConsenting();
    const contact = { channel: 'telephone', outcome: 'no_answer' };
    await answered(t.post(`/patients/${second.patientId}/contacts`, contact), 201);
    expect(await onlyCall()).toBe(first.patientId);

    expect((await reply('2')).effect).toBe('call_requested');
    expect(await onlyCall()).toBe(second.patientId);

    const reached = { patientId: second.patientId, channel: 'telephone', outcome: 'reached' };
    const { call } = await answered<{ call: { patient: { id: string } } }>(t.post('/calls', reached), 201);
    expect(call.patient.id).toBe(first.patientId);
  });

  test('can be left out by the nurse, who continues with the list', async () => {
    const first = await givenConsenting('13900000001');
    const second = await givenConsenting();
    await reply('2');
    const { call, cursor } = await answered(t.get('/calls/next'));
    expect(call.patient.id).toBe(second.patientId);
    const next = await answered(t.get(`/calls/next?cursor=${cursor}`));
    expect(next.call.patient.id).toBe(first.patientId);
  });
});

describe('TD', () => {
  test('withdraws the consent: nothing leaves any more', async () => {
    const { patientId, items } = await givenConsenting();
    await booked(patientId, items, '2026-11-21');
    expect((await reply('退订')).effect).toBe('opted_out');
    await t.work();
    expect(t.gateway.requests).toEqual([]);
    const { channels } = await answered(t.get(`/patients/${patientId}/consents`));
    expect(channels).toContainEqual({ channel: 'sms', allowed: false });
  });
});

describe('a number of two patients', () => {
  test('changes neither, and is shown for both', async () => {
    const [first, second] = [await givenConsenting(), await givenConsenting()];
    const id = await booked(first.patientId, first.items, '2026-11-21');
    for (const text of ['1', '2']) expect((await reply(text)).effect).toBe('ambiguous');
    expect(await confirmedAt(id)).toBeNull();
    const { items } = await answered(t.get('/patient-messages/replies'));
    expect(items.map((one: { patientIds: string[] }) => one.patientIds)).toEqual(
      [1, 2].map(() => [first.patientId, second.patientId].sort()),
    );
  });
});

test('a reply from an unknown number is shown without a patient', async () => {
  await givenConsenting('13900000009');
  expect((await reply('你好')).effect).toBe('unknown_number');
  const { items } = await answered(t.get('/patient-messages/replies'));
  expect(items).toMatchObject([{ patientIds: [], text: '你好' }]);
});

test('the same reply, reported twice, has one effect', async () => {
  const { patientId } = await givenConsenting();
  const [one, another] = await Promise.all([reply('TD', { id: 'mo-1' }), reply('TD', { id: 'mo-1' })]);
  expect(one).toEqual(another);
  const { items } = await answered(t.get(`/patients/${patientId}/consents`));
  expect(items.map(({ decision }: { decision: string }) => decision)).toEqual(['withdrawn', 'given']);
});

test('bad input names the field', async () => {
  const { status, body } = await t.post('/patient-messages/replies', {
    from: 'x',
    text: '1',
    at: '2027-01-01T00:00:00Z',
  });
  expect({ status, pointers: body.errors.map(({ pointer }: { pointer: string }) => pointer) }).toEqual({
    status: 422,
    pointers: ['/from'],
  });
  const late = await t.post('/patient-messages/replies', {
    from: NUMBER,
    text: '1',
    at: '2027-01-01T00:00:00Z',
  });
  expect(late.body.errors).toMatchObject([{ pointer: '/at', code: 'in-the-future' }]);
});
