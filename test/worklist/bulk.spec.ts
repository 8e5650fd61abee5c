import { afterAll, beforeEach, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.js';
import { nextApp } from '../support/next-app.js';
import { givenItem, givenPatient } from '../support/prepared-calls.js';
import { as, givenPerson } from '../support/signed-in.js';
import { answered, givenFollowedUp, itemOf } from '../support/ward.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const UNKNOWN_ID = '00000000-0000-7000-8000-000000000000';
const ward = () => ({ hospitalId: t.hospitalId, key: t.adminKey });
const bulk = (payload: object) => t.post('/worklist/bulk', payload);

test('one row that is refused takes no other along, and the answer says why', async () => {
  const [one, other] = [await givenItem(t, ward()), await givenItem(t, ward())];
  const { status, body } = await bulk({
    ...{ action: 'defer', until: '2026-12-01', reason: 'away' },
    targets: [
      { itemId: one },
      { itemId: UNKNOWN_ID },
      { itemId: other, etag: '"9.9.active"' },
      { itemId: other },
    ],
  });
  expect([status, body.done, body.refused]).toEqual([200, 2, 2]);
  expect(
    (body.results as { itemId: string; done: boolean; problem: { code: string } | null }[]).map(
      ({ itemId, done, problem }) => [itemId, done, problem?.code],
    ),
  ).toEqual([
    [one, true, undefined],
    [UNKNOWN_ID, false, 'item-not-found'],
    [other, false, 'changed-meanwhile'],
    [other, true, undefined],
  ]);
  const { body: lists } = await t.get('/worklist?list=to_book&view=items&activity=tumour_markers');
  expect((lists.items as { id: string }[]).filter(({ id }) => [one, other].includes(id))).toEqual([]);
});

test('two acts in a row on the same rows succeed: the answer carries the ETag for the next one', async () => {
  const items = [await givenItem(t, ward()), await givenItem(t, ward())];
  const shown = await Promise.all(items.map((id) => t.get(`/items/${id}`)));
  let targets = shown.map(({ body }) => ({ itemId: body.item.id as string, etag: body.item.etag as string }));
  for (const action of [
    { action: 'defer', until: '2026-12-01', reason: 'away' },
    { action: 'decline', reason: 'no_symptoms' },
    { action: 'reopen' },
    { action: 'book', date: '2026-11-10', reason: 'patient_wish' },
    { action: 'complete', date: '2026-10-30' },
  ]) {
    const { body } = await bulk({ ...action, targets });
    expect([action.action, body.done, body.results[0].problem]).toEqual([action.action, 2, null]);
    targets = (body.results as typeof targets).map(({ itemId, etag }) => ({ itemId, etag }));
    for (const { itemId, etag } of targets)
      expect((await t.get(`/items/${itemId}`)).body.item.etag).toBe(etag);
  }
});

test('a field that is wrong for all rows is refused before any is changed', async () => {
  const itemId = await givenItem(t, ward());
  const { status, body } = await bulk({ action: 'defer', targets: [{ itemId }], reason: 'away' });
  expect([status, body.code]).toEqual([422, 'invalid-input']);
  expect(await t.dataSource.query('SELECT FROM item_step')).toEqual([]);
});

test('an attempt to reach many patients is recorded for each, and they rest', async () => {
  const patients = [await givenPatient(t, ward()), await givenPatient(t, ward())];
  const shown = async () =>
    ((await t.get('/worklist?list=to_book')).body.items as { patient: { id: string } }[]).map(
      ({ patient }) => patient.id,
    );
  expect((await shown()).sort()).toEqual([...patients].sort());
  const { body } = await bulk({
    ...{ action: 'contact', channel: 'message', outcome: 'sent' },
    targets: patients.map((patientId) => ({ patientId })),
  });
  expect(body).toMatchObject({ done: 2, refused: 0 });
  const attempts = (body.results as { contactId: string }[]).map(({ contactId }) => contactId);
  for (const [place, patientId] of patients.entries())
    expect((await t.get(`/patients/${patientId}/contacts`)).body.items).toMatchObject([
      { id: attempts[place] },
    ]);
  expect(await shown()).toEqual([]);
  await t.setClock('2026-11-05T09:00:00+08:00');
  expect((await shown()).sort()).toEqual([...patients].sort());
});

test('a completion of many rows is a step of each item, and passes over one that has changed since', async () => {
  const [one, other] = [await givenItem(t, ward()), await givenItem(t, ward())];
  const { body } = await bulk({
    ...{ action: 'complete', date: '2026-10-30' },
    targets: [{ itemId: one }, { itemId: other, etag: '"9.9.active"' }],
  });
  expect(body).toMatchObject({
    done: 1,
    refused: 1,
    results: [{}, { problem: { code: 'changed-meanwhile' } }],
  });
  const stepsOf = async (id: string) => (await t.get(`/items/${id}/history`)).body.items as object[];
  expect(await stepsOf(one)).toMatchObject([{ step: 'complete', on: '2026-10-30' }]);
  expect(await stepsOf(other)).toEqual([]);
});

test('results of many rows are recorded by one request, each with its own values, and each can be undone', async () => {
  const [one, other] = [await givenItem(t, ward()), await givenItem(t, ward())];
  const { etag } = (await answered(t.get(`/items/${one}`))).item;
  await answered(t.post(`/items/${one}/defer`, { until: '2026-12-01', reason: 'away' }));
  const cea = (value: number) => [{ code: 'CEA', value, unit: 'ng/mL' }];
  const { body } = await bulk({
    ...{ action: 'complete', date: '2026-10-30', laboratory: 'central' },
    targets: [
      { itemId: one, etag, values: cea(2) },
      { itemId: one, values: cea(2) },
      { itemId: other, values: cea(8), date: '2026-10-29' },
    ],
  });
  expect(body).toMatchObject({ done: 2, results: [{ problem: { code: 'changed-meanwhile' } }, {}, {}] });
  expect((await answered(t.get(`/items/${other}`))).item).toMatchObject({ completedOn: '2026-10-29' });
  expect((await answered(t.get('/reviews'))).items).toMatchObject([{ reasons: [{ code: 'CEA' }] }]);
  expect((await answered(t.post(`/items/${one}/undo`))).item).toMatchObject({ step: 'deferred' });
});

test('rows of one patient are booked as one visit; a patient who cannot be booked takes no other along', async () => {
  const [li, wang] = [await givenFollowedUp(t), await givenFollowedUp(t)];
  const late = (items: typeof li.items) => items.filter(({ status }) => status === 'overdue');
  const [first, second] = late(li.items);
  const [far, near] = [itemOf(wang.items, 'upcoming'), late(wang.items)[0]!];
  const { body } = await bulk({
    ...{ action: 'book', date: '2026-11-20', halfDay: 'morning', place: 'radiology' },
    targets: [first!, far, second!, near].map(({ id }) => ({ itemId: id })),
  });
  const { results } = body as {
    results: { patientId: string; appointmentId: string | null; problem: unknown }[];
  };
  expect(results.map(({ patientId }) => patientId)).toEqual([
    ...[li.patientId, wang.patientId, li.patientId, wang.patientId],
  ]);
  expect(results[1]).toMatchObject({ done: false, appointmentId: null, problem: { code: 'outside-window' } });
  expect(results[3]).toMatchObject({ done: false, problem: { code: 'outside-window' } });
  expect(results[0]!.appointmentId).toBe(results[2]!.appointmentId);
  const { items } = await answered(t.get('/appointments'));
  expect(items).toMatchObject([{ patientId: li.patientId, halfDay: 'morning', place: 'radiology' }]);
  expect(
    await bulk({
      action: 'book',
      date: '2026-11-20',
      time: '08:00',
      halfDay: 'morning',
      targets: [{ itemId: near.id }],
    }),
  ).toMatchObject({ status: 422, body: { errors: [{ pointer: '/halfDay' }] } });
});

test('an owner is named for many patients, and results of many exams are marked as seen', async () => {
  const [one, other] = [await givenPatient(t, ward()), await givenPatient(t, ward())];
  const nurse = await givenPerson(t);
  const targets = [one, other, UNKNOWN_ID].map((patientId) => ({ patientId }));
  expect((await bulk({ action: 'owner', personId: nurse.id, duty: 'books', targets })).body).toMatchObject({
    ...{ done: 2, results: [{}, {}, { patientId: UNKNOWN_ID, problem: { code: 'patient-not-found' } }] },
  });
  expect((await answered(t.get(`/owners/${nurse.id}`))).named).toBe(2);
  const exam = { type: 'exam', date: '2026-10-30', activity: 'tumour_markers', outcome: 'normal' };
  const results: string[] = [];
  for (const id of [one, other])
    results.push((await answered(t.post(`/patients/${id}/events`, exam), 201)).id as string);
  const seen = { action: 'seen', targets: results.map((resultId) => ({ resultId })) };
  const { body } = await t.post('/worklist/bulk', seen, as(nurse.session));
  expect(body).toMatchObject({ done: 2, results: results.map((resultId) => ({ resultId })) });
});

test('what a role may not do to one row it may not do to many', async () => {
  const itemId = await givenItem(t, ward());
  const { session } = await givenPerson(t, { roles: ['nurse'] });
  const { body } = await t.post(
    '/worklist/bulk',
    { action: 'contraindicate', reason: 'implant', targets: [{ itemId }] },
    as(session),
  );
  expect(body.results).toMatchObject([{ done: false, problem: { code: 'not-allowed' } }]);
  const key = (await t.post('/api-keys', { name: 'his', roles: ['integration'] })).body.key as string;
  const patient = await givenPatient(t, ward());
  const exam = { type: 'exam', date: '2026-10-30', activity: 'tumour_markers', outcome: 'normal' };
  const { id: resultId } = await answered(t.post(`/patients/${patient}/events`, exam), 201);
  const seen = { action: 'seen', author: 'x', targets: [{ resultId }] };
  expect((await t.post('/worklist/bulk', seen, as(key))).body.results).toMatchObject([
    { done: false, problem: { code: 'not-allowed' } },
  ]);
});
