import { afterAll, beforeEach, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.js';
import { nextApp } from '../support/next-app.js';
import { givenItem, givenPatient } from '../support/prepared-calls.js';

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
