import { afterAll, beforeEach, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.js';
import type { ItemNow } from '../support/item-history.js';
import { inDays, TODAY } from '../support/item-acts.js';
import { nextApp } from '../support/next-app.js';
import { answered, givenFollowedUp, type ScheduledItem } from '../support/ward.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

async function given() {
  const { patientId, items } = await givenFollowedUp(t);
  const late = items.filter(({ status }) => status === 'overdue');
  return { patientId, booked: late[0]!, other: late[1]!, coming: items.find(isComing)! };
}
const isComing = ({ status, activity }: ScheduledItem): boolean =>
  status === 'upcoming' && activity === 'colonoscopy';

const step = (id: string, name: string, payload: object = {}) => t.post(`/items/${id}/${name}`, payload);
const stateOf = async (id: string) => {
  const { item } = await answered<{ item: ItemNow }>(t.get(`/items/${id}`));
  return { step: item.step, on: item.stepOn, until: item.stepUntil };
};
const book = (patientId: string, itemIds: readonly string[], date: string = TODAY) =>
  answered<{ id: string }>(t.post('/appointments', { patientId, itemIds, date }), 201);
const end = (id: string, outcome: string) => answered(t.post(`/appointments/${id}/outcome`, { outcome }));
const die = (patientId: string) =>
  answered<{ id: string }>(t.post(`/patients/${patientId}/events`, { type: 'death', date: TODAY }), 201);
const takeBack = (patientId: string, { id }: { id: string }) =>
  answered(t.post(`/patients/${patientId}/events/${id}/void`, { reason: 'of another patient' }));

test('a death that is voided leaves each item booked, deferred or declined as before, with the same appointment', async () => {
  const { patientId, booked, other, coming } = await given();
  const visit = await book(patientId, [booked.id], inDays(3));
  await answered(step(other.id, 'defer', { until: inDays(5), reason: 'away' }));
  await answered(step(coming.id, 'decline', { reason: 'afraid', askAgainOn: inDays(20) }));
  const before = [await stateOf(booked.id), await stateOf(other.id), await stateOf(coming.id)];

  const death = await die(patientId);
  for (const list of ['booked', 'booked_passed', 'returned', 'ask_again'])
    expect((await answered(t.get(`/worklist?list=${list}&view=items`))).items).toEqual([]);
  await takeBack(patientId, death);
  expect([await stateOf(booked.id), await stateOf(other.id), await stateOf(coming.id)]).toEqual(before);

  await t.setClock('2026-11-04T09:00:00+08:00');
  await end(visit.id, 'attended');
  expect(await stateOf(booked.id)).toEqual({ step: 'attended', on: inDays(3), until: null });
});

test('after a death nothing is deferred or booked any more, and a late result can still be recorded', async () => {
  const { patientId, booked, other } = await given();
  await die(patientId);
  const ended = { status: 409, body: { code: 'follow-up-ended' } };
  expect(await step(booked.id, 'defer', { until: inDays(5), reason: 'away' })).toMatchObject(ended);
  const visit = { patientId, itemIds: [booked.id], date: TODAY };
  expect(await t.post('/appointments', visit)).toMatchObject(ended);
  await answered(step(other.id, 'complete', { date: '2026-10-30' }));
});

test.each([
  ['cancelled_by_patient', { step: 'to_book', on: null, until: null }],
  ['attended', { step: 'attended', on: TODAY, until: null }],
])(
  'of an appointment that ended as %s while the patient counted as dead, the items follow the outcome',
  async (outcome, expected) => {
    const { patientId, booked } = await given();
    const visit = await book(patientId, [booked.id]);
    const death = await die(patientId);
    await end(visit.id, outcome);
    await takeBack(patientId, death);
    expect(await stateOf(booked.id)).toEqual(expected);
  },
);

test('an exam that is voided leaves its item as it was before, and what was undone stays undone', async () => {
  const { patientId, booked, other } = await given();
  await answered(step(booked.id, 'defer', { until: inDays(5), reason: 'away' }));
  await answered(step(booked.id, 'decline', { reason: 'cost' }));
  await answered(step(booked.id, 'undo'));
  await answered(step(other.id, 'defer', { until: inDays(5), reason: 'away' }));
  await answered(step(other.id, 'reopen'));
  const before = [await stateOf(booked.id), await stateOf(other.id)];
  for (const { id } of [booked, other]) {
    const { event } = await answered<{ event: { id: string } }>(step(id, 'complete', { date: TODAY }));
    await takeBack(patientId, event);
  }
  expect([await stateOf(booked.id), await stateOf(other.id)]).toEqual(before);
});

test('undoing a completion after the appointment has ended leaves the item where the outcome says', async () => {
  const { patientId, booked } = await given();
  const visit = await book(patientId, [booked.id]);
  await answered(step(booked.id, 'complete', { date: TODAY }));
  await end(visit.id, 'not_attended');
  await answered(step(booked.id, 'undo'));
  expect(await stateOf(booked.id)).toEqual({ step: 'not_attended', on: TODAY, until: null });
});

test('undoing the end of an appointment leaves an item alone that has another appointment since', async () => {
  const { patientId, booked, other } = await given();
  const visit = await book(patientId, [booked.id, other.id]);
  await answered(step(booked.id, 'complete', { date: TODAY }));
  await end(visit.id, 'cancelled_by_hospital');
  await answered(step(booked.id, 'undo'));
  await book(patientId, [booked.id], inDays(2));
  await answered(step(other.id, 'undo'));
  expect(await stateOf(booked.id)).toEqual({ step: 'booked', on: inDays(2), until: null });
  expect(await stateOf(other.id)).toEqual({ step: 'booked', on: TODAY, until: null });
  await end(visit.id, 'attended');
  expect(await stateOf(booked.id)).toEqual({ step: 'booked', on: inDays(2), until: null });
  expect(await stateOf(other.id)).toEqual({ step: 'attended', on: TODAY, until: null });
});
