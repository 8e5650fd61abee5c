import { afterAll, beforeEach, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.js';
import { nextApp } from '../support/next-app.js';
import { as, givenPerson } from '../support/signed-in.js';
import { answered, givenFollowedUp, openItems, type ScheduledItem } from '../support/ward.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const DAY = '2026-11-20';

/** Two records of one person with the same plan. */
async function givenTwins() {
  const [target, source] = [await givenFollowedUp(t), await givenFollowedUp(t)];
  return {
    target: target.patientId,
    source: source.patientId,
    ofTarget: target.items,
    ofSource: source.items,
  };
}
const late = (items: readonly ScheduledItem[], nth = 0): ScheduledItem =>
  items.filter(({ status }) => status === 'overdue')[nth]!;
/** The item of the other record that stands for the same date of the same rule. */
const sameAs = (items: readonly ScheduledItem[], { activity, due }: ScheduledItem): ScheduledItem =>
  items.find((item) => item.activity === activity && item.due === due)!;

const merge = async (target: string, from: string): Promise<string> =>
  (await answered(t.post(`/patients/${target}/merge`, { from, reason: 'one identity card' }))).id as string;
const undo = (id: string) => answered(t.post(`/merges/${id}/undo`, { reason: 'two people' }));
const book = async (patientId: string, items: readonly ScheduledItem[], rest: object = {}): Promise<string> =>
  (
    await answered(
      t.post('/appointments', { patientId, itemIds: items.map(({ id }) => id), date: DAY, ...rest }),
      201,
    )
  ).id as string;
const itemNow = async (id: string) => answered(t.get(`/items/${id}`));
const appointment = async (id: string) => answered(t.get(`/appointments/${id}`));

test('an appointment moves with the record, for the same items, and back when the merge is undone', async () => {
  const { target, source, ofTarget, ofSource } = await givenTwins();
  const booked = [late(ofSource), late(ofSource, 1)];
  const id = await book(source, booked, { time: '08:30', note: 'comes by train' });
  const mergeId = await merge(target, source);
  const moved = await appointment(id);
  const own = booked.map((item) => sameAs(ofTarget, item).id);
  expect(moved).toMatchObject({ patientId: target, date: DAY, time: '08:30', attentionSince: null });
  expect((moved.items as { id: string }[]).map((item) => item.id).sort()).toEqual(own.sort());
  const { item, history } = await itemNow(own[0]!);
  expect(item).toMatchObject({ step: 'booked', stepOn: DAY });
  expect(history).toMatchObject([{ step: 'merge', to: 'booked', appointmentId: id }]);
  const [{ fromItemId }] = history as [{ fromItemId: string }];
  const { items: before } = await answered(t.get(`/items/${fromItemId}/history`));
  expect(before).toMatchObject([{ step: 'book', appointmentId: id }]);
  const { items: rows } = await answered(t.get('/worklist?list=booked'));
  expect((rows as { patient: { id: string } }[]).map(({ patient }) => patient.id)).toEqual([target]);

  await undo(mergeId);
  expect(await appointment(id)).toMatchObject({
    patientId: source,
    attentionSince: null,
    note: 'comes by train',
  });
  for (const { id: itemId } of booked)
    expect((await itemNow(itemId)).item).toMatchObject({ step: 'booked', stepOn: DAY });
  for (const itemId of own)
    expect((await itemNow(itemId)).item).toMatchObject({ step: 'to_book', stepOn: null });
});

test('of an exam that both records had booked, the moved appointment asks for attention', async () => {
  const { target, source, ofTarget, ofSource } = await givenTwins();
  const own = await book(target, [sameAs(ofTarget, late(ofSource))], { date: '2026-11-10' });
  const other = await book(source, [late(ofSource)]);
  const mergeId = await merge(target, source);
  expect(await appointment(own)).toMatchObject({ attentionSince: null });
  expect(await appointment(other)).toMatchObject({
    patientId: target,
    items: [],
    attentionSince: expect.any(String),
  });
  const { items } = await answered(t.get('/appointments?needsAttention=true'));
  expect(items).toMatchObject([{ id: other }]);
  await answered(t.post(`/appointments/${other}/outcome`, { outcome: 'cancelled_by_hospital' }));
  await undo(mergeId);
  expect((await itemNow(late(ofSource).id)).item).toMatchObject({ step: 'to_book' });
  expect(await appointment(own)).toMatchObject({ patientId: target, outcome: null });
});

test('an appointment that was moved to another day since stays with the record that stays, and asks for attention', async () => {
  const { target, source, ofTarget, ofSource } = await givenTwins();
  const id = await book(source, [late(ofSource)]);
  const mergeId = await merge(target, source);
  await answered(t.request('PATCH', `/appointments/${id}`, { payload: { date: '2026-11-25' } }));
  await undo(mergeId);
  expect(await appointment(id)).toMatchObject({ patientId: target, attentionSince: expect.any(String) });
  expect((await itemNow(sameAs(ofTarget, late(ofSource)).id)).item).toMatchObject({ step: 'booked' });
  expect((await itemNow(late(ofSource).id)).item).toMatchObject({ step: 'to_book' });
});

test('a step about an item far ahead, and about an item that a decision added, is carried and taken back', async () => {
  const { target, source, ofSource } = await givenTwins();
  const far = ofSource.findLast(({ activity }) => activity === 'colonoscopy')!;
  await answered(t.post(`/items/${far.id}/decline`, { reason: 'feels_well', askAgainOn: '2027-05-01' }));
  const added = {
    kind: 'added_item',
    activity: 'mri_liver',
    due: '2026-12-01',
    author: 'Dr. Chen',
    reason: 'lesion',
  };
  await answered(t.post(`/patients/${source}/decisions`, added), 201);
  const byHand = (await openItems(t, source)).find(
    ({ activity, due }) => activity === 'mri_liver' && due === '2026-12-01',
  )!;
  await book(source, [byHand], { date: '2026-12-01' });
  const mergeId = await merge(target, source);
  const steps = async (patientId: string) =>
    t.dataSource.query<object[]>(
      `SELECT activity, due, step FROM surveillance_item WHERE patient_id = $1 AND state = 'active' AND step IS NOT NULL
        ORDER BY due`,
      [patientId],
    );
  const carried = [
    { activity: 'mri_liver', due: '2026-12-01', step: 'booked' },
    { activity: 'colonoscopy', due: far.due, step: 'declined' },
  ];
  expect(await steps(target)).toEqual(carried);
  await undo(mergeId);
  expect(await steps(target)).toEqual([]);
  expect(await steps(source)).toEqual(carried);
});

test('attempts and relatives of both records are shown and counted together, until the merge is undone', async () => {
  const { target, source } = await givenTwins();
  const { id: contactId } = await answered(
    t.post(`/patients/${source}/contacts`, {
      channel: 'telephone',
      outcome: 'no_answer',
      contactedOn: '2026-10-30',
    }),
    201,
  );
  const { id: relativeId } = await answered(
    t.post(`/patients/${source}/relatives`, { name: '李明', relation: 'son', phone: '13912345678' }),
    201,
  );
  const mergeId = await merge(target, source);
  const contacts = await answered(t.get(`/patients/${target}/contacts`));
  expect(contacts).toMatchObject({ items: [{ id: contactId }], state: { tried: 1, failed: 1 } });
  expect((await answered(t.get(`/patients/${target}/relatives`))).items).toMatchObject([{ id: relativeId }]);
  const rows = (await answered(t.get('/worklist?list=to_book'))).items as {
    contact: unknown;
    patient: object;
  }[];
  expect(rows).toMatchObject([
    { patient: { id: target }, contact: { attempt: 2, lastTriedOn: '2026-10-30' } },
  ]);
  const { call } = await answered(t.get('/calls/next'));
  expect(call).toMatchObject({ patient: { id: target }, numbers: [{ relative: { id: relativeId } }] });
  const reached = { channel: 'relative', outcome: 'reached', relativeId };
  expect((await answered(t.post(`/patients/${target}/contacts`, reached), 201)).state).toMatchObject({
    tried: 2,
  });
  await answered(
    t.post(`/patients/${target}/contacts/${contactId as string}/void`, { reason: 'of another' }),
  );

  await undo(mergeId);
  expect((await answered(t.get(`/patients/${source}/contacts`))).state).toMatchObject({ tried: 0 });
  expect((await answered(t.get(`/patients/${target}/contacts`))).state).toMatchObject({
    tried: 1,
    reached: 1,
  });
  expect((await answered(t.get(`/patients/${target}/relatives`))).items).toEqual([]);
});

const markers = (date: string, value: number) => ({
  ...{ type: 'exam', date, activity: 'tumour_markers' },
  values: [{ code: 'CEA', value, unit: 'ng/mL' }],
});

test('exams are listed and judged once, under the record that stays', async () => {
  const { target, source } = await givenTwins();
  const author = { author: 'Dr. Chen' };
  const judged = await answered(t.post(`/patients/${source}/events`, markers('2026-10-01', 8)), 201);
  await answered(
    t.post(`/reviews/${judged.id as string}/judgement`, { judgement: 'no_action', note: 'old', ...author }),
  );
  await answered(t.post(`/patients/${source}/events`, markers('2026-10-20', 9)), 201);
  const mergeId = await merge(target, source);
  const reviews = async (state: string) =>
    (
      (await answered(t.get(`/reviews?state=${state}`))).items as { id: string; patient: { id: string } }[]
    ).map(({ patient, ...review }) => ({ ...review, of: patient.id }));
  const [open, ...others] = await reviews('open');
  expect([open!.of, others]).toEqual([target, []]);
  expect(await reviews('judged')).toMatchObject([
    { of: target, judgement: { note: 'old', author: 'Dr. Chen' } },
  ]);
  await answered(t.post(`/reviews/${open!.id}/judgement`, { judgement: 'no_action', ...author }));
  await undo(mergeId);
  expect((await reviews('judged')).map(({ of }) => of)).toContain(source);
  expect((await reviews('open')).map(({ of }) => of)).toEqual([source]);
});

test('who was named for a duty of the record that ends is named for the other one, where it has none', async () => {
  const { target, source } = await givenTwins();
  const [li, wang] = [await givenPerson(t), await givenPerson(t)];
  const name = (patientId: string, payload: object) =>
    answered(t.request('PUT', `/patients/${patientId}/owner`, { payload }));
  await name(source, { personId: li.id, duty: 'books' });
  await name(source, { personId: li.id, activity: 'colonoscopy', duty: 'orders' });
  await name(target, { personId: wang.id, duty: 'books' });
  const mergeId = await merge(target, source);
  const named = async () =>
    (
      (await answered(t.get(`/patients/${target}/owner`))).named as { duty: string; person: { id: string } }[]
    ).map(({ duty, person }) => [duty, person.id]);
  expect((await named()).sort()).toEqual([
    ['books', wang.id],
    ['orders', li.id],
  ]);
  await undo(mergeId);
  expect(await named()).toEqual([['books', wang.id]]);
});

test('the stream reports both records', async () => {
  const { target, source } = await givenTwins();
  const mergeId = await merge(target, source);
  await undo(mergeId);
  const changes = await t.dataSource.query<{ id: string }[]>(
    `SELECT patient_id AS id FROM worklist_change WHERE kind = 'merge'`,
  );
  expect(changes.map(({ id }) => id).sort()).toEqual([target, target, source, source].sort());
});

test('who may see the record that stays is shown the attempts of the other one, and counts them, whatever its department', async () => {
  const { target, source } = await givenTwins();
  const put = (id: string, department: string) =>
    answered(t.request('PATCH', `/patients/${id}`, { payload: { department } }));
  await put(target, 'bowel');
  await put(source, 'liver');
  const attempt = { channel: 'telephone', outcome: 'no_answer', contactedOn: '2026-10-30' };
  await answered(t.post(`/patients/${source}/contacts`, attempt), 201);
  const son = { name: '李明', relation: 'son', phone: '13912345678' };
  const { id: relativeId } = await answered(t.post(`/patients/${source}/relatives`, son), 201);
  await merge(target, source);
  const { session } = await givenPerson(t, { departments: ['bowel'] });
  const nurse = as(session);
  const again = { channel: 'relative', outcome: 'busy', relativeId };
  const { state } = await answered(t.post(`/patients/${target}/contacts`, again, nurse), 201);
  expect(state).toMatchObject({ tried: 2, failed: 2 });
  expect((await answered(t.get(`/patients/${target}/contacts`, nurse))).items).toHaveLength(2);
  const path = `/patients/${target}/relatives/${relativeId as string}`;
  await answered(t.request('PATCH', path, { payload: { rank: 7 }, headers: nurse }));
  expect((await answered(t.get(`/patients/${target}/relatives`, nurse))).items).toMatchObject([{ rank: 7 }]);
  expect((await t.get(`/patients/${source}/contacts`, nurse)).status).toBe(404);
});

test('a record whose follow-up has ended takes no step over, and its new appointment needs attention', async () => {
  const { target, source, ofSource } = await givenTwins();
  const [declined, booked] = [late(ofSource), late(ofSource, 1)];
  const refusal = { reason: 'cost', askAgainOn: '2026-11-05' };
  await answered(t.post(`/items/${declined.id}/decline`, refusal));
  const id = await book(source, [booked]);
  await answered(t.post(`/patients/${target}/events`, { type: 'death', date: '2026-10-30' }), 201);
  const mergeId = await merge(target, source);
  await t.setClock('2026-11-06T09:00:00+08:00');
  for (const list of ['ask_again', 'booked', 'overdue', 'not_attended'])
    expect((await answered(t.get(`/worklist?list=${list}`))).items).toEqual([]);
  expect(await appointment(id)).toMatchObject({ patientId: target, attentionSince: expect.any(String) });
  await undo(mergeId);
  expect((await itemNow(declined.id)).item).toMatchObject({ step: 'declined', stepUntil: '2026-11-05' });
  expect((await itemNow(booked.id)).item).toMatchObject({ step: 'booked', stepOn: DAY });
});
