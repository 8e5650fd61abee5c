import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, calendarDate } from '../../src/guideline/calendar.js';
import { Resealing } from '../../src/key-rotation/resealing.js';
import type { TestApp } from '../support/app.js';
import { columnsContaining } from '../support/columns-containing.js';
import { appointmentActs, inDays, itemActs, lateOnes } from '../support/item-acts.js';
import { nextApp } from '../support/next-app.js';
import { as, givenPerson } from '../support/signed-in.js';
import { answered, type ScheduledItem } from '../support/ward.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const dayBefore = (day: string) => addDays(calendarDate(day), -1);

const { given, book, end, move } = appointmentActs(() => t);
const { itemNow } = itemActs(() => t);
const twoLate = (items: readonly ScheduledItem[]): string[] => lateOnes(items, 2);

describe('booking', () => {
  test('covers several items of a patient, and moves them all', async () => {
    const { patientId, items } = await given();
    const both = twoLate(items);
    const answer = await book(patientId, both, {
      time: '08:30',
      place: 'radiology',
      room: 'CT 2',
      note: 'fasting',
    });
    expect(answer.status).toBe(201);
    expect(answer.headers['etag']).toBe('"1"');
    expect(answer.body).toMatchObject({
      ...{ patientId, date: inDays(10), time: '08:30', halfDay: null, place: 'radiology', room: 'CT 2' },
      ...{ note: 'fasting', outcome: null, attentionSince: null },
    });
    for (const id of both)
      expect(await itemNow(id)).toMatchObject({ step: 'booked', stepOn: inDays(10), stepUntil: null });
    const { id } = answer.body as { id: string };
    expect(await answered(t.get(`/appointments/${id}`))).toEqual(answer.body);
    const { items: listed } = await answered(t.get(`/patients/${patientId}/appointments`));
    expect(listed).toMatchObject([{ id, etag: '"1"' }]);
  });

  test('outside the window needs a reason, shows the consequence, and stays marked', async () => {
    const { patientId, next } = await given();
    const date = addDays(calendarDate(next.overdue), 30);
    const refused = await book(patientId, [next.id], { date });
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'outside-window',
        window: { earliest: next.earliest, due: next.due, last: dayBefore(next.overdue) },
        items: [{ itemId: next.id, activity: next.activity }],
        errors: [{ pointer: '/reason', code: 'required' }],
      },
    });
    expect(refused.body.items[0].consequence).toMatch(/; the plan allows .*, until /);
    const inChinese = await book(patientId, [next.id], { date }, { 'accept-language': 'zh' });
    expect(inChinese.body.title).toMatch(/计划最多允许.*即不晚于/);

    const booked = await answered(book(patientId, [next.id], { date, reason: 'no_slot' }), 201);
    expect(booked).toMatchObject({
      ...{ reason: 'no_slot', reasonText: 'no slot or bed', outsideWindow: true },
      items: [{ id: next.id, outsideWindow: true }],
      consequences: [{ itemId: next.id, text: refused.body.items[0].consequence }],
    });
    await answered(end(booked.id as string, 'cancelled_by_hospital'));
    expect(await answered(t.get(`/appointments/${booked.id as string}`))).toMatchObject({
      outsideWindow: true,
    });
    expect(
      (await book(patientId, [next.id], { date: dayBefore(next.earliest) })).body.items[0].consequence,
    ).toMatch(/asks for at least/);
    expect((await book(patientId, [next.id], { date: next.earliest })).status).toBe(201);
  });

  test('of an overdue item needs no reason', async () => {
    const { patientId, late } = await given();
    expect(await answered(book(patientId, [late.id]), 201)).toMatchObject({
      reason: null,
      outsideWindow: true,
    });
  });

  test.each([
    ['a day that has passed', { date: '2026-10-31' }, '/date'],
    ['a day too far ahead', { date: inDays(401) }, '/date'],
    ['a time that is none', { time: '25:00' }, '/time'],
    ['a time and a half-day', { time: '09:00', halfDay: 'morning' }, '/halfDay'],
    ['no item', { itemIds: [] }, '/itemIds'],
  ])('for %s is refused', async (_, rest, pointer) => {
    const { patientId, late } = await given();
    expect(await book(patientId, [late.id], rest)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer }] },
    });
    expect(await itemNow(late.id)).toMatchObject({ step: 'to_book' });
  });

  test('takes items of this patient only, each once', async () => {
    const [one, other] = [await given(), await given()];
    const refused = await book(one.patientId, [one.late.id, other.late.id]);
    expect(refused).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/itemIds/1', code: 'other-patient' }] },
    });
    const twice = await book(one.patientId, [one.late.id, one.late.id]);
    expect(twice).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/itemIds/1', code: 'named-twice' }] },
    });
  });

  test('of an item that has an open appointment names it', async () => {
    const { patientId, late } = await given();
    const { id } = await answered(book(patientId, [late.id]), 201);
    expect(await book(patientId, [late.id], { date: inDays(20) })).toMatchObject({
      status: 409,
      body: { code: 'already-booked', appointmentId: id, date: inDays(10) },
    });
  });
});

describe('moving', () => {
  test('keeps both days in the history, and moves the items', async () => {
    const { patientId, late } = await given();
    const { id } = await answered(book(patientId, [late.id], { halfDay: 'morning' }), 201);
    const moved = await answered(move(id as string, { date: inDays(20), time: '10:00' }));
    expect(moved).toMatchObject({ date: inDays(20), time: '10:00', halfDay: null, moves: 1, etag: '"2"' });
    const { item, history } = await answered(t.get(`/items/${late.id}`));
    expect(item).toMatchObject({ step: 'booked', stepOn: inDays(20) });
    expect(history).toMatchObject([
      {
        step: 'move',
        appointment: { date: inDays(20), time: '10:00', halfDay: null },
        before: { date: inDays(10), time: null, halfDay: 'morning' },
      },
      { step: 'book', on: inDays(10) },
    ]);
  });

  test('out of the window needs a reason; what is written besides is no step', async () => {
    const { patientId, next } = await given();
    const { id } = await answered(book(patientId, [next.id], { date: next.due }), 201);
    const date = addDays(calendarDate(next.overdue), 3);
    expect(await move(id as string, { date })).toMatchObject({
      status: 409,
      body: { code: 'outside-window' },
    });
    expect(await answered(move(id as string, { date, reason: 'away' }))).toMatchObject({
      outsideWindow: true,
    });
    const back = await answered(move(id as string, { date: next.due, note: 'told her son', place: null }));
    expect(back).toMatchObject({ outsideWindow: false, reason: null, note: 'told her son', moves: 2 });
    const { possible } = await answered(t.get(`/items/${next.id}`));
    const moving = (possible as { step: string }[]).find(({ step }) => step === 'move');
    expect(moving).toMatchObject({
      reasons: expect.arrayContaining([expect.objectContaining({ code: 'away' })]),
    });
    await answered(move(id as string, { room: 'CT 3' }));
    expect((await answered(t.get(`/items/${next.id}/history`))).items).toHaveLength(3);
  });
});

test('a calendar reads the open appointments of its days with patients and items', async () => {
  const { patientId, late, next } = await given();
  const { id } = await answered(book(patientId, [late.id, next.id], { reason: 'combined_visit' }), 201);
  const { items } = await answered(t.get(`/appointments?from=${inDays(10)}&to=${inDays(10)}`));
  const shown = (items as { id: string }[]).find((one) => one.id === id);
  expect(shown).toMatchObject({
    patient: { mrn: expect.any(String), name: expect.any(String), department: null },
    items: [{ id: late.id, activity: late.activity, earliest: late.earliest }, { id: next.id }],
  });
});

describe('the outcome', () => {
  test.each([
    ['attended', 'attended'],
    ['not_attended', 'not_attended'],
    ['cancelled_by_patient', 'to_book'],
    ['cancelled_by_hospital', 'to_book'],
  ])('%s leaves all items %s', async (outcome, position) => {
    const { patientId, items } = await given();
    const both = twoLate(items);
    const { id } = await answered(book(patientId, both), 201);
    await t.setClock('2026-11-11T12:00:00+08:00');
    expect(await answered(end(id as string, outcome, { note: 'rang at noon' }))).toMatchObject({
      ...{ outcome, outcomeNote: 'rang at noon', etag: '"2"' },
    });
    for (const item of both)
      expect(await itemNow(item)).toMatchObject({
        ...{ step: position, stepOn: position === 'to_book' ? null : inDays(10) },
      });
    expect(await answered(end(id as string, outcome))).toMatchObject({ etag: '"2"' });
    const other = outcome === 'attended' ? 'not_attended' : 'attended';
    expect(await end(id as string, other)).toMatchObject({
      status: 409,
      body: { code: 'appointment-closed', outcome },
    });
  });

  test('of an examination cannot be known before its day', async () => {
    const { patientId, late } = await given();
    const { id } = await answered(book(patientId, [late.id]), 201);
    expect(await end(id as string, 'attended')).toMatchObject({
      status: 409,
      body: { code: 'appointment-not-yet' },
    });
    expect((await end(id as string, 'cancelled_by_patient')).status).toBe(200);
  });
});

describe('two nurses at once', () => {
  test('learn of a change of one item, also where another item of the booking has the same ETag now', async () => {
    const { patientId, items } = await given();
    const [one, two] = twoLate(items) as [string, string];
    await answered(t.post(`/items/${two}/decline`, { reason: 'cost' }));
    const tags = [(await itemNow(one)).etag as string, (await itemNow(two)).etag as string].join(', ');
    await answered(t.post(`/items/${one}/defer`, { until: inDays(30), reason: 'away' }));
    expect(await book(patientId, [one, two], {}, { 'if-match': tags })).toMatchObject({
      status: 412,
      body: { itemId: one, changes: [{ step: 'defer' }] },
    });
  });

  test('book an item once', async () => {
    const { patientId, items } = await given();
    const late = twoLate(items);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.subarray(late, { minLength: 1 }), { minLength: 2, maxLength: 3 }),
        async (wanted) => {
          const answers = await Promise.all(wanted.map((ids) => book(patientId, ids)));
          expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
          const done = answers.filter(({ status }) => status === 201);
          const taken = done.flatMap(({ body }) => (body.items as { id: string }[]).map((item) => item.id));
          expect(done.length).toBeGreaterThan(0);
          expect(new Set(taken).size).toBe(taken.length);
          for (const { body } of done) await answered(end(body.id as string, 'cancelled_by_hospital'));
        },
      ),
      { numRuns: 15 },
    );
  });

  test('change an appointment one after the other; the second learns who was first', async () => {
    const { patientId, late } = await given();
    const [li, wang] = [await givenPerson(t, { name: '李敏' }), await givenPerson(t, { name: '王芳' })];
    const { id } = await answered(book(patientId, [late.id]), 201);
    for (let round = 1; round <= 60; round++) {
      const etag = `"${round}"`;
      const answers = await Promise.all([
        move(
          id as string,
          { time: '09:00', date: inDays(10 + (round % 7)) },
          { ...as(li.session), 'if-match': etag },
        ),
        move(id as string, { time: '10:00' }, { ...as(wang.session), 'if-match': etag }),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
      const [first, second] = answers[0].status === 200 ? answers : answers.toReversed();
      expect(second!.body).toMatchObject({ code: 'changed-meanwhile', changedBy: first!.body.changedBy });
      expect(second!.body.appointment.etag).toBe(first!.headers['etag']);
    }
    expect(await answered(t.get(`/appointments/${id as string}`))).toMatchObject({ etag: '"61"' });
  });
});

test('what is written of an appointment is sealed, exported, sealed again, and gone after an erasure', async () => {
  const { patientId, next } = await given();
  const far = {
    date: addDays(calendarDate(next.overdue), 5),
    reason: 'waits for her son',
    note: 'comes with her son',
  };
  const { id } = await answered(
    book(patientId, [next.id], { ...far, room: 'room of her son', place: 'ward of her son' }),
    201,
  );
  await answered(end(id as string, 'cancelled_by_patient', { note: 'said her son' }));
  await answered(book(patientId, [next.id], far), 201);
  expect(await columnsContaining(t, ['her son'])).toEqual([
    'her son in appointment.place',
    'her son in item_step.detail',
  ]);
  await t.app.get(Resealing).reseal();
  const { records } = await answered(t.get(`/patients/${patientId}/export`));
  expect(records.appointment).toHaveLength(2);
  expect(records.appointment[0]).toMatchObject({
    reason_note: 'waits for her son',
    outcome_note: 'said her son',
  });
  expect([records.appointment_item.length, records.item_step.length]).toEqual([2, 3]);
  await answered(t.post(`/patients/${patientId}/erase`, { ground: 'patient_request', author: 'Dr. Chen' }));
  expect(await columnsContaining(t, ['her son'])).toEqual([]);
  const { items } = await answered(t.get(`/patients/${patientId}/appointments`));
  expect(items).toMatchObject([
    { outcome: 'withdrawn', attentionSince: null },
    { outcome: 'cancelled_by_patient' },
  ]);
});
