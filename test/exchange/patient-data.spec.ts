import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_TABLES } from '../../src/app/personal-data.js';
import { AuditAnchor } from '../../src/audit/audit-anchor.js';
import { readAnchors } from '../../src/audit/anchor-reader.js';
import { AuditSealing } from '../../src/audit/audit-sealing.js';
import { verifyAudit } from '../../src/audit/audit-verification.js';
import { Resealing } from '../../src/key-rotation/resealing.js';
import { MessageAttempts } from '../../src/patient-messages/sending/message-attempts.js';
import { MessageSweep } from '../../src/patient-messages/sending/message-sweep.js';
import { givenReport } from '../support/exchange-calls.js';
import { givenMessages } from '../support/given-messages.js';
import { EventRelay } from '../../src/webhooks/deliveries/event-relay.js';
import { exportedTables, MOST_ROWS_OF_A_TABLE } from '../../src/exchange/patient-data/patient-export.js';
import { nextHospital, type ReminderHospital } from '../support/reminder-hospital.js';
import { as, givenPerson } from '../support/signed-in.js';
import { columnsContaining } from '../support/columns-containing.js';

let t: ReminderHospital;
const dataDirectory = mkdtempSync(join(tmpdir(), 'nedwatch-data-'));
beforeEach(async () => {
  t = await nextHospital(t, { dataDirectory }, ['*']);
});
afterAll(() => t.close());

const EXPORTED_TABLES = exportedTables(ALL_TABLES).map(({ table }) => table);

const LI = {
  ...{ mrn: 'MRN-4711', name: '李敏慧', sex: 'female', birthDate: '1949-12-31', diagnosisDate: '2025-10-01' },
  ...{ phone: '13812345678', identityNumber: '11010519491231002X', responsibleNurse: 'Wang Fang' },
};
/** Another patient. */
const SUN = { ...LI, name: '孙丽', identityNumber: undefined };
const RESECTION = {
  ...{ type: 'primary_resection', date: '2025-11-15', site: 'colon', stage: 'III', intent: 'curative' },
  preoperativeColonoscopy: 'complete',
};
const BY = { author: 'Dr. Chen' };

async function givenLi(facts: object = {}): Promise<string> {
  const { body } = await t.post('/patients', { ...LI, ...facts }, { 'idempotency-key': 'li' });
  const id = body.id as string;
  await t.post(`/patients/${id}/events`, RESECTION);
  return id;
}

/** A relative, and an attempt to reach the patient through the relative. */
async function givenContact(id: string): Promise<void> {
  const son = { name: '李明远', relation: 'son', phone: '13911112222', note: 'night shift' };
  const { body } = await t.post(`/patients/${id}/relatives`, son);
  const relativeId = body.id as string;
  const attempt = { channel: 'relative', outcome: 'busy', number: '13911112222', note: 'rings twice' };
  const { body: contact } = await t.post(`/patients/${id}/contacts`, { ...attempt, relativeId });
  const path = `/patients/${id}/contacts/${contact.id as string}/void`;
  await t.post(path, { reason: 'of the other son' });
}

/** An exam with a report, which a clinician has judged. */
async function givenJudgedExam(id: string): Promise<void> {
  const { body } = await t.post(`/patients/${id}/events`, {
    ...{ type: 'exam', date: '2026-02-10', activity: 'mri_liver', outcome: 'suspicious' },
    report: { place: 'Huashan', note: 'shadow beside the scar' },
  });
  const judged = await t.post(`/reviews/${body.id as string}/judgement`, {
    ...{ judgement: 'no_action', note: 'the scar of 2019', ...BY },
  });
  expect(judged.status).toBe(200);
}

describe('a correction', () => {
  test('changes only the given fields, and the patient is found by the new name alone', async () => {
    const id = await givenLi();
    const answer = await t.request('PATCH', `/patients/${id}`, {
      payload: { name: '李敏', phone: null, department: 'liver' },
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { ...LI, name: '李敏', phone: null, department: 'liver', plan: { added: 0, moved: 0 } },
    });
    const found = async (wanted: object) => (await t.post('/patients/search', wanted)).body.items.length;
    expect([await found({ name: '李敏' }), await found({ name: '李敏慧' })]).toEqual([1, 0]);
  });

  test('of the enrolment updates the plan', async () => {
    const id = await givenLi({ enrolledOn: '2025-11-15' });
    const statuses = async (): Promise<Set<string>> => {
      const { body } = await t.get(`/patients/${id}/schedule`);
      return new Set((body.items as { status: string }[]).map(({ status }) => status));
    };
    expect(await statuses()).not.toContain('before_enrolment');
    await t.request('PATCH', `/patients/${id}`, { payload: { enrolledOn: '2026-03-10' } });
    expect(await statuses()).toContain('before_enrolment');
  });

  test.each([
    ['nothing at all', {}, 422, ''],
    ['a field that is none', { nam: 'x' }, 422, '/nam'],
    ['a name taken away', { name: null }, 422, '/name'],
    ['a birth after the operation', { birthDate: '2026-01-01' }, 422, undefined],
    ['an mrn that somebody has', { mrn: 'TAKEN' }, 409, '/mrn'],
  ])('with %s is refused and changes nothing', async (_, payload, status, pointer) => {
    await t.post('/patients', { ...SUN, mrn: 'TAKEN' });
    const id = await givenLi();
    const before = (await t.get(`/patients/${id}`)).body;
    const answer = await t.request('PATCH', `/patients/${id}`, { payload });
    expect(answer.status).toBe(status);
    if (pointer !== undefined) expect(answer.body.errors).toMatchObject([{ pointer }]);
    expect((await t.get(`/patients/${id}`)).body).toEqual(before);
  });

  test('cannot give a patient another department, or the MRN of a patient, that the caller may not see', async () => {
    const id = await givenLi({ department: 'liver' });
    await t.post('/patients', { ...SUN, mrn: 'HIDDEN', department: 'lung' });
    const { session } = await givenPerson(t, { roles: ['head_nurse'], departments: ['liver'] });
    const correct = (payload: object) =>
      t.request('PATCH', `/patients/${id}`, { payload, headers: as(session) });
    expect(await correct({ department: 'lung' })).toMatchObject({
      status: 422,
      body: { code: 'out-of-reach' },
    });
    expect(await correct({ mrn: 'HIDDEN' })).toMatchObject({ status: 409, body: { code: 'mrn-taken' } });
  });
});

describe('an export', () => {
  test('contains every table with data of the patient, decrypted, and who has seen the patient', async () => {
    const id = await givenLi();
    const { body: event } = await t.post(`/patients/${id}/events`, {
      ...{ type: 'recurrence', date: '2026-02-01', site: 'liver segment 4' },
    });
    await t.post(`/patients/${id}/events/${event.id as string}/void`, { reason: 'of another' });
    await t.post(`/patients/${id}/decisions`, {
      kind: 'profile',
      profile: 'minimal',
      ...BY,
      reason: 'frail',
    });
    await t.request('PUT', `/patients/${id}/presence`, { payload: {} });
    await t.post(`/patients/${id}/consents`, {
      channel: 'phone',
      decision: 'given',
      ...BY,
      note: 'evenings',
    });
    const [item] = (await t.get(`/patients/${id}/schedule`)).body.items as [{ id: string }];
    const visit = { patientId: id, itemIds: [item.id], date: '2026-03-20', reason: 'away' };
    expect((await t.post('/appointments', visit)).status).toBe(201);
    await givenContact(id);
    const { body: other } = await t.post('/patients', { ...SUN, mrn: 'OTHER' });
    const { body: merge } = await t.post(`/patients/${id}/merge`, { from: other.id, reason: 'one card' });
    await t.post(`/merges/${merge.id as string}/undo`, { reason: 'two people' });
    await t.post('/patients/duplicates/dismissals', { patientIds: [id, other.id] });
    const [nurse, standIn] = [await givenPerson(t), await givenPerson(t)];
    await t.request('PUT', `/patients/${id}/owner`, { payload: { personId: nurse.id, duty: 'books' } });
    const days = { firstDay: '2026-05-01', lastDay: '2026-06-01' };
    await t.post('/handovers', { from: nurse.id, to: standIn.id, ...days, patientIds: [id] });
    await givenJudgedExam(id);
    const { body: feed } = await t.post('/calendar-feeds', {});
    expect((await t.get(`/calendar/${feed.token as string}.ics`)).status).toBe(200);
    await givenMessages(t, id);
    await givenReport(t, id);
    await t.setClock('2026-05-20T10:00:00+08:00');
    await t.sweep();
    await t.app.get(MessageSweep).sweep();
    await t.app.get(MessageAttempts).attemptJob({ hospitalId: t.hospitalId });
    await t.app.get(EventRelay).relay();
    await t.settled();
    await t.get(`/patients/${id}`, { 'x-purpose': 'HOPERAT' });

    const { status, body } = await t.get(`/patients/${id}/export`);
    expect(status).toBe(200);
    expect(body.records.patient).toMatchObject([{ name: '李敏慧', identity_number: '11010519491231002X' }]);
    for (const table of EXPORTED_TABLES)
      expect([table, body.records[table].length > 0]).toEqual([table, true]);
    const text = JSON.stringify(body);
    const words = [
      '13812345678',
      'liver segment 4',
      'of another',
      'frail',
      'evenings',
      'MRN-4711',
      'one card',
    ];
    for (const word of [...words, '李明远', '13911112222', 'night shift', 'rings twice', 'of the other son'])
      expect(text).toContain(word);
    for (const word of ['shadow beside the scar', 'Huashan', 'the scar of 2019'])
      expect(text).toContain(word);
    for (const secret of ['sealed:1:', 'search_terms', t.secret]) expect(text).not.toContain(secret);
    expect(body.seenBy).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ purpose: 'HOPERAT', calls: ['GET /patients/:id'], times: 1 }),
      ]),
    );
  });

  test('shows the newest rows of a table that holds very many, and names the table', async () => {
    const id = await givenLi();
    await t.dataSource.query(
      `INSERT INTO surveillance_event (id, hospital_id, type, patient_id, data, position)
       SELECT gen_random_uuid(), hospital_id, 'surveillance.plan.changed', id, jsonb_build_object('n', n), 1000000 + n
         FROM patient, generate_series(1, $2::int) AS n WHERE id = $1`,
      [id, MOST_ROWS_OF_A_TABLE],
    );
    const { body } = await t.get(`/patients/${id}/export`);
    expect(body.incomplete).toEqual(['surveillance_event']);
    expect(body.records.surveillance_event).toHaveLength(MOST_ROWS_OF_A_TABLE);
    expect(body.records.surveillance_event.at(-1).data).toEqual({ n: MOST_ROWS_OF_A_TABLE });
  });

  test('contains the whole plan, also the items that are not stored yet', async () => {
    const id = await givenLi();
    const { body } = await t.get(`/patients/${id}/export`);
    const { records, plannedItems } = body as Record<'records', Record<string, { id: string }[]>> &
      Record<'plannedItems', { id: string; due: string }[]>;
    const { body: schedule } = await t.get(`/patients/${id}/schedule`);
    const ids = (items: readonly { id: string }[]): string[] => items.map((item) => item.id).sort();
    expect(plannedItems.length).toBeGreaterThan(0);
    expect(ids([...records['surveillance_item']!, ...plannedItems])).toEqual(
      ids(schedule.items as { id: string }[]),
    );
  });

  test('includes every table that references a patient', async () => {
    const tables = await t.dataSource.query<{ name: string }[]>(`
      WITH RECURSIVE knows AS (
        SELECT 'patient'::regclass::oid AS id
        UNION SELECT k.conrelid FROM pg_constraint k JOIN knows ON k.confrelid = knows.id AND k.contype = 'f')
      SELECT c.relname AS name FROM knows JOIN pg_class c ON c.oid = knows.id ORDER BY 1`);
    expect(tables.map(({ name }) => name)).toEqual([...EXPORTED_TABLES].sort());
  });
});

describe('after an erasure', () => {
  const words = [
    '李敏慧',
    '13812345678',
    '11010519491231002X',
    'MRN-4711',
    'liver segment 4',
    'frail',
    'evenings',
    'Wang Fang',
    '李明远',
    '13911112222',
    'night shift',
    'rings twice',
    'of the other son',
    'shadow beside',
    'scar of 2019',
  ];
  const erase = (id: string) => t.post(`/patients/${id}/erase`, { ground: 'patient_request', ...BY });

  async function givenHistory(): Promise<string> {
    t.receiver.answer = ({ body }) => ({ status: 200, body }); // reports what it received, as some receivers do
    const id = await givenLi();
    const { body: event } = await t.post(`/patients/${id}/events`, {
      ...{ type: 'recurrence', date: '2026-02-01', site: 'liver segment 4' },
    });
    await t.post(`/patients/${id}/events/${event.id as string}/void`, {
      reason: 'liver segment 4 was another',
    });
    await t.post(`/patients/${id}/decisions`, {
      kind: 'profile',
      profile: 'intensive',
      ...BY,
      reason: 'frail',
    });
    await t.post(`/patients/${id}/consents`, {
      channel: 'phone',
      decision: 'given',
      ...BY,
      note: 'evenings',
    });
    await givenContact(id);
    await givenJudgedExam(id);
    await t.sweep();
    await t.app.get(EventRelay).relay();
    await t.settled();
    return id;
  }

  test('nothing in the database identifies the patient, nor can be opened to do so', async () => {
    const id = await givenHistory();
    expect(await columnsContaining(t, ['MRN-4711'])).not.toEqual([]);
    expect(await erase(id)).toMatchObject({
      status: 200,
      body: { id, mrn: `erased-${id}`, name: null, phone: null, birthDate: '1949-01-01' },
    });
    expect(await columnsContaining(t, words)).toEqual([]);
    const { body } = await t.get(`/patients/${id}/export`);
    for (const word of words) expect(JSON.stringify(body)).not.toContain(word);
    const sealed = await t.dataSource.query(`SELECT FROM idempotent_answer WHERE body IS NOT NULL`);
    expect(sealed).toHaveLength(0);
    await t.app.get(Resealing).reseal();
    expect((await t.get(`/patients/${id}`)).body).toMatchObject({ name: null, phone: null });
  });

  test('no item is due, no message leaves, and the clinical rows remain without an identity', async () => {
    const id = await givenHistory();
    t.receiver.answer = () => ({ status: 503 });
    await t.setClock('2026-05-20T10:00:00+08:00');
    await t.sweep();
    await t.settled();
    await erase(id);
    const arrived = t.receiver.arrivals.length;
    expect((await t.get('/worklist')).body.items).toEqual([]);
    const pending = (await t.deliveries()).filter(({ state }) => state === 'pending');
    expect(pending).toEqual([]);
    expect((await t.deliveries()).map(({ cancelledReason }) => cancelledReason)).toContain('patient-erased');
    await t.setClock('2026-12-20T10:00:00+08:00');
    await t.sweep();
    await t.app.get(EventRelay).relay();
    await t.settled();
    expect(t.receiver.arrivals).toHaveLength(arrived);
    expect((await t.get(`/patients/${id}/events`)).body.items).toMatchObject([
      { type: 'primary_resection' },
      { type: 'recurrence' },
      { type: 'exam', outcome: 'suspicious' },
    ]);
  });

  test('nothing can be added or changed, another policy plans nothing, and the number may be given again', async () => {
    const id = await givenLi();
    const item = (await t.get(`/patients/${id}/schedule`)).body.items.at(-1) as { id: string };
    await erase(id);
    for (const [path, payload] of [
      [`/patients/${id}/events`, RESECTION],
      [`/patients/${id}/consents`, { channel: 'sms', decision: 'given', ...BY }],
      [`/patients/${id}/contacts`, { channel: 'telephone', outcome: 'reached' }],
      [`/patients/${id}/relatives`, { name: '李明远', relation: 'son' }],
      [`/patients/${id}/decisions`, { kind: 'profile', profile: 'minimal', ...BY, reason: 'why' }],
      [`/items/${item.id}/complete`, { date: '2026-03-01', outcome: 'normal' }],
    ] as const)
      expect(await t.post(path, payload)).toMatchObject({ status: 409, body: { code: 'patient-erased' } });
    const { status } = await t.request('PATCH', `/patients/${id}`, { payload: { name: 'x' } });
    expect(status).toBe(409);
    await t.dataSource.query('UPDATE patient SET policy_version = 0');
    await t.sweep();
    const [{ active }] = await t.dataSource.query<[{ active: number }]>(
      `SELECT count(*)::int AS active FROM surveillance_item WHERE state = 'active'`,
    );
    expect(active).toBe(0);
    expect((await t.post('/patients', LI)).status).toBe(201);
    expect((await erase(id)).body).toMatchObject({ mrn: `erased-${id}` }); // once more
  });

  test('the audit trail is whole, and says that it was done, by whom and to which id', async () => {
    const id = await givenHistory();
    const whole = async () => {
      await t.app.get(AuditSealing).sealAll();
      await t.app.get(AuditAnchor).write();
      return (await verifyAudit(t.dataSource.manager, t.hospitalId, await readAnchors(t.config))).faults;
    };
    expect(await whole()).toEqual([]);
    await erase(id);
    expect(await whole()).toEqual([]);
    const { body } = await t.get(`/audit-events?patient=${id}&limit=500`);
    expect(body.items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ call: 'POST /patients/:id/erase', outcome: 'done' }),
      ]),
    );
  });

  test('without one of the grounds nothing is erased', async () => {
    const id = await givenLi();
    expect(await t.post(`/patients/${id}/erase`, { ground: 'bored', ...BY })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/ground' }] },
    });
    expect((await t.get(`/patients/${id}`)).body).toMatchObject({ name: '李敏慧', erasedAt: null });
  });
});
