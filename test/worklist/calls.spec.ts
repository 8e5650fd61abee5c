import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Answer, TestApp } from '../support/app.js';
import { nextApp } from '../support/next-app.js';
import { person } from '../support/prepared-calls.js';
import { as, givenPerson } from '../support/signed-in.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-02T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

/** A patient whose examinations are due every three months after the resection, and whose first ones were not done. */
async function givenPatient(resectedOn: string, facts: object = {}): Promise<string> {
  const own = { ...person(), phone: '13812345678', enrolledOn: resectedOn, diagnosisDate: resectedOn };
  const { body } = await t.post('/patients', { ...own, ...facts });
  await t.post(`/patients/${body.id as string}/events`, {
    ...{ type: 'primary_resection', date: resectedOn, site: 'colon', stage: 'III', intent: 'curative' },
    preoperativeColonoscopy: 'complete',
  });
  return body.id as string;
}

const next = (query = '', headers = {}): Promise<Answer> => t.get(`/calls/next${query}`, headers);
const called = (patientId: string, facts: object = {}, headers = {}): Promise<Answer> =>
  t.post('/calls', { patientId, channel: 'telephone', outcome: 'no_answer', ...facts }, headers);
const patientIn = ({ body }: Answer): string | null =>
  (body.call as { patient: { id: string } } | null)?.patient.id ?? null;

describe('a call session', () => {
  test('goes through the patients by urgency, each once a day, until none is left', async () => {
    const third = await givenPatient('2026-07-20');
    const first = await givenPatient('2026-05-02');
    const second = await givenPatient('2026-06-10');
    expect(patientIn(await next())).toBe(first);
    const afterFirst = await called(first);
    expect(afterFirst).toMatchObject({ status: 201, body: { contact: { cause: 'no_answer' } } });
    expect(patientIn(afterFirst)).toBe(second);
    const afterSecond = await called(second, { outcome: 'reached', nextActionOn: '2026-11-05' });
    expect(patientIn(afterSecond)).toBe(third);
    expect(patientIn(await called(third, { outcome: 'switched_off' }))).toBeNull();
    expect(patientIn(await next())).toBeNull();

    await t.setClock('2026-11-03T09:00:00+08:00');
    const again = await next();
    expect(patientIn(again)).toBe(first);
    expect(again.body.call).toMatchObject({
      attempt: 2,
      script: { name: 'gentle' },
      lastContacts: [{ cause: 'no_answer' }],
    });
    await called(first);
    await called(third);
    await t.setClock('2026-11-05T09:00:00+08:00');
    expect(patientIn(await next())).toBe(first);
    expect(patientIn(await called(first, { outcome: 'reached' }))).toBe(second);
  });

  test('shows what is due and why, preparation and script in both languages, and all numbers', async () => {
    const id = await givenPatient('2026-07-20', { name: '李敏', phone: '13812345678/0571-87654321' });
    const relative = { name: '李明', relation: 'son', phone: '13900000001' };
    const { body: son } = await t.post(`/patients/${id}/relatives`, relative);
    const { body } = await next('', as((await givenPerson(t, { name: '王芳' })).session));
    expect(body.call).toMatchObject({
      patient: { id, name: '李敏' },
      attempt: 1,
      script: { name: 'first', text: { zh: expect.stringMatching(/王芳，请问是李敏吗/) } },
      silentDays: 105,
      contact: { knownAliveOn: '2026-07-20' },
    });
    const { numbers, items } = body.call;
    expect(numbers).toMatchObject([
      { number: '13812345678', channel: 'telephone', relative: null },
      { number: '057187654321', channel: 'telephone', relative: null },
      {
        ...{ number: '13900000001', channel: 'relative', relative: { id: son.id, name: '李明' } },
        script: { zh: expect.stringContaining('您是李敏的儿子吗') },
      },
    ]);
    const markers = (items as { activity: string }[]).find(({ activity }) => activity === 'tumour_markers');
    expect(markers).toMatchObject({
      status: 'due',
      title: { zh: '肿瘤标志物', en: 'tumour markers' },
      reason: { en: expect.stringContaining('2026-07-20 + 3 months') },
      preparation: { zh: expect.stringContaining('空腹'), en: expect.stringContaining('fast') },
    });
  });

  test("reads the hospital's own preparation and script", async () => {
    const preparation = { tumour_markers: { zh: '早晨八点前到。', en: 'Come before eight.' } };
    const scripts = { first: { zh: '{patient}您好', en: 'Hello {patient}' } };
    await t.request('PUT', '/worklist-settings', { payload: { calls: { preparation, scripts } } });
    await givenPatient('2026-07-20', { name: '李敏' });
    const { call } = (await next()).body;
    expect(call.script.text).toEqual({ zh: '李敏您好', en: 'Hello 李敏' });
    const shown = (call.items as { activity: string; preparation: object | null }[]).find(
      ({ activity }) => activity === 'tumour_markers',
    );
    expect(shown!.preparation).toEqual(preparation.tumour_markers);
  });

  test('stays with a patient while a number is left that was not dialled today', async () => {
    const id = await givenPatient('2026-05-02', { phone: '13812345678' });
    const other = await givenPatient('2026-06-10');
    const relative = { name: '李明', relation: 'son', phone: '13900000001' };
    const { body: son } = await t.post(`/patients/${id}/relatives`, relative);
    await next();
    const stayed = await called(id, { number: '13812345678', stay: true });
    expect(patientIn(stayed)).toBe(id);
    expect(stayed.body.call.numbers).toMatchObject([{ number: '13900000001' }]);
    const left = await called(id, { channel: 'relative', relativeId: son.id as string, stay: true });
    expect(patientIn(left)).toBe(other);
  });

  test('continues behind a patient whom the nurse leaves out', async () => {
    const first = await givenPatient('2026-05-02');
    const second = await givenPatient('2026-06-10');
    const shown = await next();
    expect(patientIn(shown)).toBe(first);
    const skipped = await next(`?cursor=${shown.body.cursor as string}`);
    expect(patientIn(skipped)).toBe(second);
    const nurse = await givenPerson(t);
    expect(patientIn(await next('', as(nurse.session)))).toBe(first); // the claim on the first has ended
  });

  test('reads the next patient in advance, leaves patients out, and returns to one', async () => {
    const [first, second] = [await givenPatient('2026-05-02'), await givenPatient('2026-06-10')];
    const other = as((await givenPerson(t)).session);
    expect(patientIn(await next())).toBe(first);
    expect(patientIn(await next(`?keep=${first}&without=${first}`))).toBe(second);
    expect(patientIn(await next('', other))).toBeNull(); // both are kept
    expect(patientIn(await next(`?without=${first},${second}`))).toBeNull();
    await called(first);
    expect(patientIn(await next(`?patientId=${first}`))).toBe(first);
    expect(await next(`?patientId=${first}`, other)).toMatchObject({
      status: 409,
      body: { code: 'call-not-possible' },
    });
    expect((await t.request('DELETE', '/calls/claims')).status).toBe(204);
    expect(patientIn(await next('', other))).toBe(second);
    await t.post(`/patients/${first}/events`, { type: 'death', date: '2026-10-01' });
    expect(await next(`?patientId=${first}`)).toMatchObject({ body: { code: 'follow-up-ended' } });
  });

  test('keeps to the list, the activity and the nurse that were asked for', async () => {
    const late = await givenPatient('2026-05-01', { responsibleNurse: 'Wang Fang' });
    const due = await givenPatient('2026-07-20');
    expect(patientIn(await next('?list=overdue'))).toBe(late);
    expect(patientIn(await next('?owner=Wang Fang&activity=tumour_markers'))).toBe(late);
    expect(patientIn(await next('?activity=mri_liver'))).toBeNull();
    expect(patientIn(await called(late, { list: 'overdue' }))).toBeNull();
    expect(patientIn(await next('?list=due'))).toBe(due);
    expect((await next('?list=all')).status).toBe(422);
    expect((await next('?name=李敏')).status).toBe(422);
  });
});

describe('no patient is offered', () => {
  test('who has died, even when the death is recorded while the list is open', async () => {
    const id = await givenPatient('2026-05-02');
    expect(patientIn(await next())).toBe(id);
    await t.post(`/patients/${id}/events`, { type: 'death', date: '2026-10-01' });
    expect(patientIn(await next())).toBeNull();
  });

  test('who withdrew the consent to calls, or has no number', async () => {
    const id = await givenPatient('2026-05-02');
    await givenPatient('2026-05-02', { phone: undefined });
    const consent = { channel: 'phone', author: 'Li Min' };
    await t.post(`/patients/${id}/consents`, { ...consent, decision: 'withdrawn' });
    expect(patientIn(await next())).toBeNull();
    await t.post(`/patients/${id}/consents`, { ...consent, decision: 'given' });
    expect(patientIn(await next())).toBe(id);
  });

  test('whom a message did not reach is still called; who was called today is not', async () => {
    const id = await givenPatient('2026-05-02');
    await t.request('PUT', '/worklist-settings', { payload: { contacts: { restDays: { failed: 0 } } } });
    await t.post(`/patients/${id}/contacts`, { channel: 'message', outcome: 'not_delivered' });
    expect(patientIn(await next())).toBe(id);
    await t.post(`/patients/${id}/contacts`, { channel: 'telephone', outcome: 'busy' });
    expect(patientIn(await next())).toBeNull();
  });

  test('whose department the caller does not see', async () => {
    const hidden = await givenPatient('2026-05-02', { department: 'bowel' });
    const seen = await givenPatient('2026-06-10', { department: 'liver' });
    const nurse = await givenPerson(t, { departments: ['liver'] });
    expect(patientIn(await next('', as(nurse.session)))).toBe(seen);
    expect((await called(hidden, {}, as(nurse.session))).status).toBe(404);
  });
});

describe('two nurses', () => {
  test('never get the same patient, however often and at the same time they ask', async () => {
    const patients = await Promise.all(
      Array.from({ length: 12 }, (_, n) => givenPatient(`2026-05-${String(n + 1).padStart(2, '0')}`)),
    );
    const nurses = await Promise.all([givenPerson(t), givenPerson(t), givenPerson(t)]);
    const dialled: string[] = [];
    const session = async (headers: Record<string, string>): Promise<void> => {
      const begun = await next('', headers);
      expect(begun.status).toBe(200);
      let id = patientIn(begun);
      while (id !== null) {
        dialled.push(id);
        const answer = await called(id, {}, headers);
        expect(answer.status).toBe(201);
        id = patientIn(answer);
      }
    };
    await Promise.all(nurses.map((nurse) => session(as(nurse.session))));
    expect(dialled.sort()).toEqual(patients.sort());
  });

  test('see on the lists who calls whom, and are not offered a patient on whom another one works', async () => {
    const [first, second] = [await givenPatient('2026-05-02'), await givenPatient('2026-06-10')];
    const [one, other] = [await givenPerson(t), await givenPerson(t)];
    const present = async (): Promise<string[]> => {
      const rows = await t.dataSource.query<{ id: string }[]>(
        'SELECT patient_id AS id FROM patient_presence WHERE caller_id = $1',
        [one.id],
      );
      return rows.map(({ id }) => id);
    };
    await next('', as(one.session));
    expect(await present()).toEqual([first]);
    await called(first, {}, as(one.session));
    expect(await present()).toEqual([second]);
    await called(second, {}, as(one.session));
    expect(await present()).toEqual([]);

    const third = await givenPatient('2026-07-20');
    await t.request('PUT', `/patients/${third}/presence`, { payload: {}, headers: as(one.session) });
    expect(patientIn(await next('', as(other.session)))).toBeNull();
  });

  test('share a list again ten minutes after one has left', async () => {
    const id = await givenPatient('2026-05-02');
    const [one, other] = [await givenPerson(t), await givenPerson(t)];
    expect(patientIn(await next('', as(one.session)))).toBe(id);
    expect(patientIn(await next('', as(one.session)))).toBe(id); // her own, again
    expect(patientIn(await next('', as(other.session)))).toBeNull();
    await t.setClock('2026-11-02T09:11:00+08:00');
    expect(patientIn(await next('', as(other.session)))).toBe(id);
  });
});

test('a call names in the audit trail the patient who was called and the one who is shown next, and no other', async () => {
  const first = await givenPatient('2026-05-02');
  const second = await givenPatient('2026-06-10');
  await givenPatient('2026-07-20');
  await next();
  await called(first);
  const rows = await t.dataSource.query<{ call: string; patients: string[] }[]>(
    `SELECT call, patients FROM audit_event WHERE call LIKE '% /calls%' ORDER BY recorded_at`,
  );
  expect(rows.map(({ call, patients }) => [call, [...patients].sort()])).toEqual([
    ['GET /calls/next', [first]],
    ['POST /calls', [first, second].sort()],
  ]);
});
