import { afterAll, beforeEach, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.js';
import { nextApp } from '../support/next-app.js';
import { givenPerson } from '../support/signed-in.js';
import { answered, givenFollowedUp } from '../support/ward.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const DAYS = { firstDay: '2026-11-01', lastDay: '2026-11-05' };

async function givenPatientOf(nurse: { readonly id: string }): Promise<string> {
  const { patientId } = await givenFollowedUp(t);
  await answered(t.request('PUT', `/patients/${patientId}/owner`, { payload: { personId: nurse.id } }));
  return patientId;
}
const bookerOf = async (patientId: string): Promise<string> => {
  const { owners } = await answered(t.get(`/patients/${patientId}/owner`));
  return (owners as { duty: string; people: { id: string }[] }[]).find(({ duty }) => duty === 'books')!
    .people[0]!.id;
};

test('the patients of a list are handed over, those of other people and of other lists are not, and all return', async () => {
  const [nurse, other, standIn] = [await givenPerson(t), await givenPerson(t), await givenPerson(t)];
  const [late, deferred, foreign] = [
    await givenPatientOf(nurse),
    await givenPatientOf(nurse),
    await givenPatientOf(other),
  ];
  const { items } = await answered(t.get('/worklist?list=overdue&view=items&limit=100'));
  for (const { id, patient } of items as { id: string; patient: { id: string } }[])
    if (patient.id === deferred)
      await answered(t.post(`/items/${id}/defer`, { until: '2026-12-01', reason: 'away' }));
  const asked = { from: nurse.id, to: standIn.id, ...DAYS, list: 'overdue' };
  expect(await answered(t.post('/handovers', asked), 201)).toMatchObject({
    ...{ allPatients: false, patientIds: [late], state: 'running' },
  });
  const owners = async () => [await bookerOf(late), await bookerOf(deferred), await bookerOf(foreign)];
  expect(await owners()).toEqual([standIn.id, nurse.id, other.id]);
  await t.setClock('2026-11-06T09:00:00+08:00');
  expect(await owners()).toEqual([nurse.id, nurse.id, other.id]);
});

test('a list with filters is handed over; an empty one, and one beside patients, is refused', async () => {
  const [nurse, standIn] = [await givenPerson(t), await givenPerson(t)];
  const patientId = await givenPatientOf(nurse);
  const asked = { from: nurse.id, to: standIn.id, ...DAYS };
  const refusal = async (payload: object): Promise<unknown> => {
    const { status, body } = await t.post('/handovers', { ...asked, ...payload });
    return [status, body.code, (body.errors as { pointer: string }[])[0]?.pointer];
  };
  expect(await refusal({ list: 'booked' })).toEqual([422, 'handover-list-empty', '/list']);
  expect(await refusal({ list: 'overdue', patientIds: [patientId] })).toEqual([
    422,
    'invalid-input',
    '/list',
  ]);
  expect(await refusal({ list: { list: 'overdue', activity: 'colonoscopy' } })).toEqual([
    ...[422, 'handover-list-empty', '/list'],
  ]);
  expect(
    await answered(
      t.post('/handovers', { ...asked, list: { list: 'overdue', activity: 'tumour_markers' } }),
      201,
    ),
  ).toMatchObject({ patientIds: [patientId] });
});

test('the stream reports whose owner changes with a handover that runs, and with its end', async () => {
  const [nurse, standIn] = [await givenPerson(t), await givenPerson(t)];
  const patients = [await givenPatientOf(nurse), await givenPatientOf(nurse)];
  await t.dataSource.query('DELETE FROM worklist_change');
  const changed = async () =>
    (
      await t.dataSource.query<{ id: string }[]>(
        `DELETE FROM worklist_change WHERE kind = 'owner' RETURNING patient_id AS id`,
      )
    )
      .flat()
      .map(({ id }) => id)
      .sort();
  const later = { firstDay: '2026-12-01', lastDay: '2026-12-05' };
  await answered(t.post('/handovers', { from: nurse.id, to: standIn.id, ...later }), 201);
  expect(await changed()).toEqual([]);
  const { id } = await answered(t.post('/handovers', { from: nurse.id, to: standIn.id, ...DAYS }), 201);
  expect(await changed()).toEqual([...patients].sort());
  expect((await t.request('DELETE', `/handovers/${id as string}`, {})).status).toBe(204);
  expect(await changed()).toEqual([...patients].sort());
});

test('a stand-in whose account is closed hands nothing on: the head nurse owns the patients at once', async () => {
  const head = await givenPerson(t, { roles: ['head_nurse'] });
  const [nurse, standIn] = [await givenPerson(t), await givenPerson(t)];
  const patientId = await givenPatientOf(nurse);
  await answered(t.post('/handovers', { from: nurse.id, to: standIn.id, ...DAYS }), 201);
  expect(await bookerOf(patientId)).toBe(standIn.id);
  await answered(t.request('PATCH', `/people/${standIn.id}`, { payload: { state: 'disabled' } }));
  expect(await bookerOf(patientId)).toBe(head.id);
});
