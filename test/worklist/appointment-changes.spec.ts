import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { addDays, calendarDate } from '../../src/guideline/calendar.js';
import type { TestApp } from '../support/app.js';
import { appointmentActs, inDays, itemActs, lateOnes, TODAY } from '../support/item-acts.js';
import { nextApp } from '../support/next-app.js';
import { answered, type ScheduledItem } from '../support/ward.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const { given, book, end, move } = appointmentActs(() => t);
const { itemNow } = itemActs(() => t);
const twoLate = (items: readonly ScheduledItem[]): string[] => lateOnes(items, 2);
const covered = async (id: string): Promise<string[]> =>
  ((await answered(t.get(`/appointments/${id}`))).items as { id: string }[]).map((item) => item.id).sort();

describe('changing the items of an appointment', () => {
  test('books those that join it and frees those that leave it, and one undo takes all of it back', async () => {
    const { patientId, items } = await given();
    const [stays, leaves, joins] = lateOnes(items, 3) as [string, string, string];
    const { id } = await answered(book(patientId, [stays, leaves]), 201);
    const changed = await answered(move(id as string, { date: inDays(12), itemIds: [stays, joins] }));
    expect(changed).toMatchObject({ date: inDays(12), moves: 1, etag: '"2"' });
    expect(await covered(id as string)).toEqual([stays, joins].sort());
    expect(await itemNow(stays)).toMatchObject({ step: 'booked', stepOn: inDays(12) });
    expect(await itemNow(joins)).toMatchObject({ step: 'booked', stepOn: inDays(12) });
    expect(await itemNow(leaves)).toMatchObject({ step: 'to_book', stepOn: null });
    await answered(t.post(`/items/${joins}/undo`));
    expect(await covered(id as string)).toEqual([stays, leaves].sort());
    expect(await answered(t.get(`/appointments/${id as string}`))).toMatchObject({ date: inDays(10) });
    expect(await itemNow(leaves)).toMatchObject({ step: 'booked', stepOn: inDays(10) });
    expect(await itemNow(joins)).toMatchObject({ step: 'to_book' });
  });

  test('an item that joins outside its window needs a reason; one of another patient or booked elsewhere is refused', async () => {
    const { patientId, items, late, next } = await given();
    const { id } = await answered(book(patientId, [late.id]), 201);
    const [, elsewhere] = twoLate(items) as [string, string];
    const { id: other } = await answered(book(patientId, [elsewhere], { date: inDays(20) }), 201);
    const join = (itemId: string, rest: object = {}) =>
      move(id as string, { itemIds: [late.id, itemId], ...rest });
    expect(await join(elsewhere)).toMatchObject({
      status: 409,
      body: { code: 'already-booked', appointmentId: other },
    });
    expect(await join((await given()).late.id)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/itemIds/1', code: 'other-patient' }] },
    });
    expect(await join(next.id)).toMatchObject({ status: 409, body: { code: 'outside-window' } });
    expect(await answered(join(next.id, { reason: 'combined_visit' }))).toMatchObject({
      ...{ reason: 'combined_visit', outsideWindow: true },
    });
    expect(await covered(id as string)).toEqual([late.id, next.id].sort());
  });

  test('an item that joined stays on its day: the move before it can no longer be undone', async () => {
    const { patientId, items } = await given();
    const [first, second] = twoLate(items) as [string, string];
    const { id } = await answered(book(patientId, [first]), 201);
    await answered(move(id as string, { date: inDays(12) }));
    await answered(move(id as string, { itemIds: [first, second] }));
    expect(await t.post(`/items/${first}/undo`)).toMatchObject({
      status: 409,
      body: { code: 'undo-not-possible', itemId: second },
    });
    await answered(t.post(`/items/${second}/undo`));
    expect(await answered(t.get(`/appointments/${id as string}`))).toMatchObject({ outcome: null });
    await answered(t.post(`/items/${first}/undo`));
    expect(await itemNow(first)).toMatchObject({ step: 'booked', stepOn: inDays(10) });
  });

  test('an item that left can no longer be given back once the appointment has ended', async () => {
    const { patientId, items } = await given();
    const [stays, leaves] = twoLate(items) as [string, string];
    const { id } = await answered(book(patientId, [stays, leaves]), 201);
    await answered(move(id as string, { itemIds: [stays] }));
    await answered(end(id as string, 'cancelled_by_patient'));
    expect(await t.post(`/items/${leaves}/undo`)).toMatchObject({
      status: 409,
      body: { code: 'undo-not-possible' },
    });
    expect(await answered(t.get(`/appointments/${id as string}`))).toMatchObject({
      outcome: 'cancelled_by_patient',
    });
  });
});

describe('undo of', () => {
  test('a booking, a move and an outcome gives back appointment and items', async () => {
    const { patientId, items } = await given();
    const both = twoLate(items);
    await answered(t.post(`/items/${both[0]!}/decline`, { reason: 'cost' }));
    const before = await Promise.all(both.map(itemNow));
    const same = (item: object) => ({ ...item, etag: '' });
    const { id } = await answered(book(patientId, both, { time: '08:30' }), 201);
    const booked = await answered(t.get(`/appointments/${id as string}`));
    await answered(move(id as string, { date: inDays(12), time: null }));
    await answered(end(id as string, 'cancelled_by_patient'));
    const undo = () => answered(t.post(`/items/${both[1]!}/undo`));

    expect((await undo()).item).toMatchObject({ step: 'booked', stepOn: inDays(12) });
    expect(await answered(t.get(`/appointments/${id as string}`))).toMatchObject({
      outcome: null,
      date: inDays(12),
    });
    await undo();
    const { date, time, moves } = await answered(t.get(`/appointments/${id as string}`));
    expect({ date, time, moves }).toEqual({ date: booked.date, time: '08:30', moves: 0 });
    await undo();
    expect((await Promise.all(both.map(itemNow))).map(same)).toEqual(before.map(same));
    expect(await answered(t.get(`/appointments/${id as string}`))).toMatchObject({ outcome: 'withdrawn' });
    expect((await book(patientId, both)).status).toBe(201);
  });

  test('a move gives back the mark and the reason of the day before', async () => {
    const { patientId, next } = await given();
    const { id } = await answered(book(patientId, [next.id], { date: next.due }), 201);
    await answered(move(id as string, { date: addDays(calendarDate(next.overdue), 3), reason: 'away' }));
    await answered(t.post(`/items/${next.id}/undo`));
    expect(await answered(t.get(`/appointments/${id as string}`))).toMatchObject({
      ...{ date: next.due, outsideWindow: false, reason: null, items: [{ outsideWindow: false }] },
    });
    await answered(move(id as string, { date: addDays(calendarDate(next.overdue), 5), reason: 'no_slot' }));
    await answered(move(id as string, { date: next.due }));
    await answered(t.post(`/items/${next.id}/undo`));
    expect(await answered(t.get(`/appointments/${id as string}`))).toMatchObject({
      ...{ outsideWindow: true, reason: 'no_slot', items: [{ outsideWindow: true }] },
    });
  });

  test('an outcome leaves alone an item that the plan has taken away meanwhile, and that is booked elsewhere', async () => {
    const { patientId, items } = await given();
    const [one, two] = twoLate(items) as [string, string];
    const { id } = await answered(book(patientId, [one, two]), 201);
    await answered(t.post(`/items/${one}/complete`, { date: '2026-10-30' }));
    await answered(end(id as string, 'cancelled_by_patient'));
    await answered(t.post(`/items/${one}/undo`));
    expect(await itemNow(one)).toMatchObject({ step: 'to_book', stepOn: null });
    await answered(book(patientId, [one], { date: inDays(20) }), 201);
    await answered(t.post(`/items/${two}/undo`));
    expect(await covered(id as string)).toEqual([two]);
    expect(await itemNow(two)).toMatchObject({ step: 'booked', stepOn: inDays(10) });
    expect(await itemNow(one)).toMatchObject({ step: 'booked', stepOn: inDays(20) });
  });

  test('an outcome is refused once one of the items has gone on', async () => {
    const { patientId, items } = await given();
    const both = twoLate(items);
    const { id } = await answered(book(patientId, both), 201);
    await answered(end(id as string, 'cancelled_by_hospital'));
    await answered(t.post(`/items/${both[0]!}/defer`, { until: inDays(30), reason: 'no_slot' }));
    expect(await t.post(`/items/${both[1]!}/undo`)).toMatchObject({
      status: 409,
      body: { code: 'undo-not-possible', itemId: both[0] },
    });
  });
});

describe('when a new plan affects an open appointment', () => {
  const attention = async (id: string): Promise<unknown> =>
    (await answered(t.get(`/appointments/${id}`))).attentionSince;

  test('that takes its item away, the appointment asks for attention until a nurse has saved it', async () => {
    const { patientId, next } = await given();
    const { id } = await answered(book(patientId, [next.id], { date: next.due }), 201);
    expect(await attention(id as string)).toBeNull();
    await answered(
      t.post(`/patients/${patientId}/events`, { type: 'recurrence', date: '2026-10-30', site: 'liver' }),
      201,
    );
    expect(await itemNow(next.id)).toMatchObject({ step: 'cancelled', stepOn: null });
    expect(await attention(id as string)).not.toBeNull();
    const marked = await answered(t.get('/appointments?needsAttention=true&limit=10'));
    expect(marked.items).toMatchObject([{ id, attentionSince: expect.any(String) }]);
    expect(await move(id as string, { note: 'seen' }, { 'if-match': '"1"' })).toMatchObject({ status: 412 });
    await answered(move(id as string, { note: 'stays for the surgeon' }));
    expect(await attention(id as string)).toBeNull();
    expect((await answered(t.get('/appointments?needsAttention=true'))).items).toEqual([]);
  });

  test('that brings the item back, the item is booked again, and the appointment asks for attention until it is saved', async () => {
    const { patientId, next } = await given();
    const { id } = await answered(book(patientId, [next.id], { date: next.due }), 201);
    const death = await answered(
      t.post(`/patients/${patientId}/events`, { type: 'death', date: '2026-10-30' }),
      201,
    );
    const voiding = { reason: 'entered for another patient' };
    await answered(t.post(`/patients/${patientId}/events/${death.id as string}/void`, voiding));
    expect(await itemNow(next.id)).toMatchObject({ step: 'booked', stepOn: next.due });
    expect(await attention(id as string)).not.toBeNull();
    await answered(move(id as string, {}));
    expect(await itemNow(next.id)).toMatchObject({ step: 'booked', stepOn: next.due });
    expect(await attention(id as string)).toBeNull();
  });

  test('a completion that is undone leaves the item booked on the day to which the appointment was moved', async () => {
    const { patientId, items } = await given();
    const [one] = twoLate(items) as [string, string];
    const { id } = await answered(book(patientId, [one], { date: '2026-11-20' }), 201);
    await answered(t.post(`/items/${one}/complete`, { date: '2026-10-30' }));
    await answered(move(id as string, { date: '2026-11-25' }));
    await answered(t.post(`/items/${one}/undo`));
    expect(await itemNow(one)).toMatchObject({ step: 'booked', stepOn: '2026-11-25' });
  });

  test('or the item was done on another day, it does too; done on its day it does not', async () => {
    const { patientId, items } = await given();
    const [one, two] = twoLate(items) as [string, string];
    const elsewhere = await answered(book(patientId, [one], { date: TODAY }), 201);
    await answered(t.post(`/items/${one}/complete`, { date: '2026-10-30' }));
    expect(await attention(elsewhere.id as string)).not.toBeNull();
    const today = await answered(book(patientId, [two], { date: TODAY }), 201);
    await answered(t.post(`/items/${two}/complete`, { date: TODAY }));
    expect(await attention(today.id as string)).toBeNull();
    expect((await end(today.id as string, 'attended')).status).toBe(200);
  });
});
