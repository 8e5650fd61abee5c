import { EventRelay } from '../../src/webhooks/deliveries/event-relay.js';
import { givenItem, givenPatient } from '../support/builders.js';
import { nextHospital, type ReminderHospital } from '../support/reminder-hospital.js';

let t: ReminderHospital;
beforeEach(async () => {
  t = await nextHospital(t);
});
afterAll(() => t.close());

const BY = { author: 'Li Min' };
const consents = (patientId: string): string => `/patients/${patientId}/consents`;
const allowed = async (patientId: string): Promise<string[]> => {
  const { body } = await t.get(consents(patientId));
  return (body.channels as { channel: string; allowed: boolean }[])
    .filter((one) => one.allowed)
    .map(({ channel }) => channel);
};

test('without a record messages go to the hospital’s systems, and not to the patient', async () => {
  const { id } = await givenPatient(t);
  expect(await allowed(id)).toEqual(['webhook']);
});

test('the newest record about a channel decides, and all of them stay', async () => {
  const { id } = await givenPatient(t);
  await t.post(consents(id), { channel: 'wechat', decision: 'given', ...BY, decidedOn: '2026-02-02' });
  await t.post(consents(id), {
    channel: 'webhook',
    decision: 'withdrawn',
    ...BY,
    note: 'his neighbour works there',
  });
  expect(await allowed(id)).toEqual(['wechat']);
  const { body } = await t.post(consents(id), { channel: 'wechat', decision: 'withdrawn', ...BY });
  expect(body.channels.filter((one: { allowed: boolean }) => one.allowed)).toEqual([]);
  expect(body.items).toMatchObject([
    { channel: 'wechat', decision: 'withdrawn', note: null },
    { channel: 'webhook', decision: 'withdrawn', note: 'his neighbour works there', author: 'Li Min' },
    { channel: 'wechat', decision: 'given', decidedOn: '2026-02-02' },
  ]);
});

test('a consent dated in the future is refused, by the name of the field', async () => {
  const { id } = await givenPatient(t);
  const future = { channel: 'sms', decision: 'given', ...BY, decidedOn: '2031-01-01' };
  expect(await t.post(consents(id), future)).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/decidedOn' }] },
  });
  expect(await t.post(consents(id), { channel: 'sms', decision: 'given' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/author' }] },
  });
});

test('withdrawing consent cancels pending messages, which the worklist shows; giving it again sends them', async () => {
  t.receiver.answer = () => ({ status: 503 });
  const { id } = await givenPatient(t);
  const item = await givenItem(t, { due: '2026-03-10', patientId: id });
  await givenItem(t, { due: '2026-03-11' }); // of another person
  await t.sweep();
  await t.settled();
  expect(t.receiver.arrivals).toHaveLength(2);

  await t.post(consents(id), { channel: 'webhook', decision: 'withdrawn', ...BY });
  t.receiver.answer = () => ({ status: 200 });
  await t.setClock('2026-03-10T10:05:00+08:00');
  await t.sweep();
  await t.settled();
  const mine = async () =>
    (await t.deliveries()).filter(({ cancelledReason, state, attempts }) =>
      state === 'cancelled' ? cancelledReason === 'consent-withdrawn' : attempts.length > 2,
    );
  expect(await mine()).toMatchObject([{ state: 'cancelled', attempts: { length: 1 } }]);
  expect(t.receiver.arrivals).toHaveLength(3);
  const { body } = await t.get('/worklist');
  const withheld = (body.items as { id: string; messagesWithheld: string | null }[]).map((row) => [
    row.id === item.id,
    row.messagesWithheld,
  ]);
  expect(withheld).toEqual([
    [true, 'consent-withdrawn'],
    [false, null],
  ]);
  const deliveryId = (await mine())[0]!.id;
  expect((await t.post(`/deliveries/${deliveryId}/replay`)).status).toBe(409);

  await t.post(consents(id), { channel: 'webhook', decision: 'given', ...BY });
  await t.settled();
  expect(t.receiver.messages(t.secret).filter((one) => one.id === deliveryId)).toHaveLength(2);
  expect((await t.deliveries()).every(({ state }) => state === 'delivered')).toBe(true);
});

test('withheld messages that are stale are not sent when consent is given again', async () => {
  const { id } = await givenPatient(t);
  const item = await givenItem(t, { due: '2026-03-10', patientId: id });
  await t.post(consents(id), { channel: 'webhook', decision: 'withdrawn', ...BY });
  await t.sweep();
  expect(await t.settled()).toMatchObject([{ state: 'cancelled', cancelledReason: 'consent-withdrawn' }]);
  await t.dataSource.query(
    `UPDATE surveillance_item SET state = 'cancelled', next_reminder_on = NULL WHERE id = $1`,
    [item.id],
  );
  await t.post(consents(id), { channel: 'webhook', decision: 'given', ...BY });
  expect(await t.settled()).toMatchObject([{ state: 'cancelled', cancelledReason: 'cancelled' }]);
  expect(t.receiver.arrivals).toHaveLength(0);
});

test('the event feed has no data about patients who withdrew consent, and no gap', async () => {
  const { id, mrn } = await givenPatient(t);
  const resected = { type: 'primary_resection', date: '2026-01-15', site: 'colon', stage: 'III' };
  await t.post(`/patients/${id}/events`, {
    ...{ ...resected, intent: 'curative', preoperativeColonoscopy: 'complete' },
  });
  await t.app.get(EventRelay).relay();
  const before = (await t.get('/events')).body;
  expect(before.items.at(-1).data).toMatchObject({ patientId: id, mrn });
  await t.post(consents(id), { channel: 'webhook', decision: 'withdrawn', ...BY });
  const after = (await t.get('/events')).body;
  expect(after.after).toBe(before.after);
  for (const { data } of after.items) expect(data).toEqual({ patientId: id, withheld: 'consent-withdrawn' });
});
