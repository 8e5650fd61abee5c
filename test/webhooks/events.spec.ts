import { nextHospital, type ReminderHospital } from '../support/reminder-hospital.js';

let t: ReminderHospital;
beforeEach(async () => {
  t = await nextHospital(t, {}, ['*']);
});
afterAll(() => t.close());

interface ReadEvent {
  readonly type: string;
  readonly position: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** After the liver was cleared of metastases on 1 March: follow-up every three months. */
async function givenFollowUp(): Promise<string> {
  const { body: patient } = await t.post('/patients', {
    mrn: 'E1',
    name: '张三',
    sex: 'male',
    birthDate: '1960-01-01',
    diagnosisDate: '2026-01-10',
  });
  await t.post(`/patients/${patient.id as string}/events`, { type: 'liver_ned', date: '2026-03-01' });
  return patient.id as string;
}

async function readEvents(after = 0): Promise<ReadEvent[]> {
  const { body } = await t.get(`/events?after=${after}&limit=500`);
  return body.items as ReadEvent[];
}

/** Waits until this number of events have their position. */
async function atLeast(count: number, after = 0): Promise<ReadEvent[]> {
  await t.until(async () => (await readEvents(after)).length >= count);
  return readEvents(after);
}

const firstItem = async (id: string, activity: string): Promise<{ id: string; due: string }> => {
  const { body } = await t.get(`/patients/${id}/schedule`);
  return (body.items as { id: string; due: string; activity: string }[]).find(
    (item) => item.activity === activity,
  )!;
};

test('a new plan is one event, sent by webhook and listed in the feed', async () => {
  const id = await givenFollowUp();
  const [event] = await atLeast(1);

  expect(event).toMatchObject({
    type: 'surveillance.plan.changed',
    position: 1,
    data: { patientId: id, mrn: 'E1', moved: 0, cancelled: 0 },
  });
  expect(event!.data['added']).toBeGreaterThan(10);
  await t.arrived(1);
  const [message] = t.receiver.messages(t.secret);
  expect(message).toMatchObject({ type: 'surveillance.plan.changed', sequence: 1, data: event!.data });
  expect(JSON.stringify(message)).not.toContain('张三');
});

test('a recorded exam is sent as completed, with its day', async () => {
  const id = await givenFollowUp();
  const item = await firstItem(id, 'tumour_markers');
  await t.setClock(`${item.due}T10:00:00+08:00`);
  await t.post(`/items/${item.id}/complete`, { date: item.due, outcome: 'normal' });

  await t.until(async () => (await readEvents()).some(({ type }) => type === 'surveillance.item.completed'));
  const completed = (await readEvents()).find(({ type }) => type === 'surveillance.item.completed');
  expect(completed!.data).toEqual({
    ...{ patientId: id, mrn: 'E1', itemId: item.id, activity: 'tumour_markers', due: item.due },
    ...{ overdue: expect.any(String), status: 'completed', completedOn: item.due },
  });
  await t.until(() =>
    Promise.resolve(t.receiver.messages(t.secret).some(({ type }) => type === 'surveillance.item.completed')),
  );
});

test('items that a recurrence ends are sent as cancelled, one by one; voiding it sends rescheduled', async () => {
  const id = await givenFollowUp();
  const { position: last } = (await atLeast(1)).at(-1)!;
  const { body: recorded } = await t.post(`/patients/${id}/events`, {
    type: 'recurrence',
    date: '2026-03-09',
  });
  // Items far ahead have no row: the event of the plan counts them.
  const [{ cancelled }] = await t.dataSource.query<[{ cancelled: number }]>(
    `SELECT count(*) AS cancelled FROM surveillance_item WHERE state = 'cancelled'`,
  );
  expect(cancelled).toBeGreaterThan(5);
  expect(recorded.plan.cancelled).toBeGreaterThan(cancelled);

  const events = await atLeast(cancelled + 1, last);
  const ended = events.filter(({ type }) => type === 'surveillance.item.cancelled');
  expect(ended).toHaveLength(cancelled);
  expect(ended.every(({ data }) => data['status'] === 'cancelled')).toBe(true);

  const { position } = events.at(-1)!;
  await t.post(`/patients/${id}/events/${(recorded.event as { id: string }).id}/void`, {
    reason: 'entered for another patient',
  });
  const back = await atLeast(cancelled + 1, position);
  expect(back.filter(({ type }) => type === 'surveillance.item.rescheduled')).toHaveLength(cancelled);
});

test('the next colonoscopy, moved forward by a finding, is sent as rescheduled', async () => {
  const id = await givenFollowUp();
  await t.post(`/patients/${id}/events`, {
    ...{ type: 'primary_resection', date: '2026-01-31', site: 'colon', stage: 'III', intent: 'curative' },
    preoperativeColonoscopy: 'complete',
  });
  const { body } = await t.get(`/patients/${id}/schedule`);
  const [first, second] = (body.items as { id: string; activity: string; due: string }[]).filter(
    ({ activity }) => activity === 'colonoscopy',
  );
  await t.setClock('2027-02-20T10:00:00+08:00');
  await t.post(`/items/${first!.id}/complete`, { date: '2027-02-15', outcome: 'abnormal' });

  const ofSecond = async () => (await readEvents()).filter(({ data }) => data['itemId'] === second!.id);
  await t.until(async () => (await ofSecond()).length > 0);
  expect(await ofSecond()).toMatchObject([
    {
      type: 'surveillance.item.rescheduled',
      data: { previousDue: second!.due, due: '2028-02-15', status: 'upcoming' },
    },
  ]);
});

test('positions have no gap, whichever process assigns them, and reminders are among them', async () => {
  await givenFollowUp();
  await t.setClock('2026-05-30T10:00:00+08:00');
  await t.sweep();
  await t.until(async () => (await readEvents()).some(({ type }) => type === 'surveillance.item.upcoming'));
  const events = await readEvents();
  expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1));

  const { body } = await t.get(`/events?after=${events.length}`);
  expect(body).toEqual({ items: [], after: events.length });
  // One message for each event: no message is sent both as a reminder and as an event.
  const deliveries = await t.settled();
  expect(deliveries).toHaveLength(events.length);
});

test('the receiver acknowledges an arrived message separately, and the answer names missing ones', async () => {
  t.receiver.answer = ({ body }) => ({ status: body.includes('plan.changed') ? 500 : 200 });
  await givenFollowUp();
  await t.setClock('2026-05-30T10:00:00+08:00');
  await t.tellAll();
  await t.until(async () => (await t.deliveries()).some(({ state }) => state === 'delivered'));
  const deliveries = await t.settled();
  const through = Math.max(...deliveries.map(({ sequence }) => sequence ?? 0));
  const missing = deliveries.filter(({ state }) => state === 'pending').map(({ sequence }) => sequence);

  const path = `/webhook-endpoints/${t.endpointId}/acknowledgements`;
  const { body } = await t.post(path, { through });
  expect(body).toEqual({ acknowledged: deliveries.length - missing.length, missing });
  expect((await t.post(path, { through })).body).toEqual({ acknowledged: 0, missing });
  for (const { state, acknowledgedAt } of await t.deliveries())
    expect(acknowledgedAt !== null).toBe(state === 'delivered');
  expect(await t.post(path, { through: through + 1 })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/through', code: 'never-sent' }] },
  });
});

test('an endpoint that recovers late gets the events since a time, once', async () => {
  await givenFollowUp();
  const count = (await atLeast(1)).length;
  const { body: late } = await t.post('/webhook-endpoints', {
    url: `${t.receiver.url}?late`,
    eventTypes: ['*'],
  });
  const recover = () =>
    t.post(`/webhook-endpoints/${late.id as string}/recover`, { since: '2026-01-01T00:00:00Z' });

  expect(await recover()).toMatchObject({ status: 202, body: { deliveries: count } });
  await t.until(async () => {
    const { body } = await t.get(`/webhook-endpoints/${late.id as string}/deliveries`);
    return (body.items as { state: string }[]).every(({ state }) => state === 'delivered');
  });
  expect(await recover()).toMatchObject({ body: { deliveries: 0 } });
});
