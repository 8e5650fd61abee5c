import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { event } from '../support/any-history.js';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { as, givenPerson } from '../support/signed-in.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const RESECTION = {
  ...{ type: 'primary_resection', date: '2026-01-15', site: 'colon', stage: 'III', intent: 'curative' },
  preoperativeColonoscopy: 'complete',
};
const markers = (date: string, outcome = 'normal') => ({
  ...{ type: 'exam', date, activity: 'tumour_markers', outcome },
});

const ROSTER_COLUMNS =
  'mrn,name,sex,birth_date,diagnosis_date,primary_site,stage,resection_date,preoperative_colonoscopy';

interface Item {
  readonly id: string;
  readonly activity: string;
  readonly due: string;
  readonly status: string;
}
interface Row {
  readonly id: string;
  readonly type: string;
  readonly date: string;
  readonly copiedFrom?: string;
  readonly voidedAt: string | null;
}

async function done<T = { id: string }>(answer: Promise<Answer>): Promise<T> {
  const { status, body } = await answer;
  expect([status < 300, status < 300 ? '' : body]).toEqual([true, '']);
  return body as T;
}

async function givenRecord(facts: object = {}, events: readonly object[] = [RESECTION]): Promise<string> {
  const { id } = await done(
    t.post('/patients', {
      ...{ mrn: `M${randomUUID()}`, name: `李敏${randomUUID()}`, sex: 'female', birthDate: '1960-05-05' },
      ...{ diagnosisDate: '2026-01-02', enrolledOn: '2026-01-15', ...facts },
    }),
  );
  for (const event of events) await done(t.post(`/patients/${id}/events`, event));
  return id;
}
const scheduleOf = async (id: string): Promise<Item[]> =>
  (await done<{ items: Item[] }>(t.get(`/patients/${id}/schedule`))).items;
const historyOf = async (id: string): Promise<Row[]> =>
  (await done<{ items: Row[] }>(t.get(`/patients/${id}/events`))).items.filter(
    ({ voidedAt }) => voidedAt === null,
  );
const merge = (target: string, from: string): Promise<Answer> =>
  t.post(`/patients/${target}/merge`, { from, reason: 'one identity card' });
const undo = (id: string): Promise<Answer> => t.post(`/merges/${id}/undo`, { reason: 'two people' });

/** What must be as it was after a merge was undone. */
async function stateOf(id: string): Promise<unknown> {
  const { body: patient } = await t.get(`/patients/${id}`);
  const { body: consents } = await t.get(`/patients/${id}/consents`);
  const { body: decisions } = await t.get(`/patients/${id}/decisions`);
  const items = await t.dataSource.query<object[]>(
    `SELECT id, key, due, state, step, step_on, step_until, completed_on FROM surveillance_item
      WHERE patient_id = $1 AND state <> 'cancelled' ORDER BY key`,
    [id],
  );
  return {
    patient,
    items,
    events: (await historyOf(id)).map(({ id: event, type, date }) => [event, type, date]),
    channels: consents.channels as unknown,
    decisions: (decisions.items as { revokedAt: unknown }[]).filter(({ revokedAt }) => revokedAt === null),
  };
}

describe('merging two records of one person', () => {
  test('copies facts with their origin, doubles none, and draws the plan from both', async () => {
    const target = await givenRecord({}, [RESECTION, markers('2026-04-15')]);
    const source = await givenRecord({}, [RESECTION, markers('2026-07-15')]);
    const before = await historyOf(source);
    const answer = await done<{ events: number; plan: object }>(merge(target, source));
    expect(answer).toMatchObject({ patientId: target, from: source, events: 1, author: 'administrator' });
    const copies = (await historyOf(target)).filter(({ copiedFrom }) => copiedFrom !== undefined);
    expect(copies).toMatchObject([
      { type: 'exam', date: '2026-07-15', copiedFrom: before.find(({ date }) => date === '2026-07-15')?.id },
    ]);
    const completed = (await scheduleOf(target)).filter(
      ({ activity, status }) => activity === 'tumour_markers' && status === 'completed',
    );
    expect(completed).toHaveLength(2);
    expect(await historyOf(source)).toEqual(before);
  });

  test('ends the other record: no plan, no place in lists or the worklist, no change, and it says where it went', async () => {
    const mrn = `M${randomUUID()}`;
    const target = await givenRecord();
    const source = await givenRecord({ mrn });
    await done(merge(target, source));
    const gone = { status: 409, body: { code: 'patient-merged', mergedInto: { id: target } } };
    expect(await t.get(`/patients/${source}`)).toMatchObject(gone);
    expect(await t.get(`/patients/${source}/schedule`)).toMatchObject(gone);
    expect(await t.post(`/patients/${source}/events`, markers('2026-05-05'))).toMatchObject(gone);
    expect(await t.request('PATCH', `/patients/${source}`, { payload: { name: '李' } })).toMatchObject(gone);
    const [{ open }] = await t.dataSource.query<[{ open: number }]>(
      `SELECT count(*)::integer AS open FROM surveillance_item
        WHERE patient_id = $1 AND (state = 'active' OR next_reminder_on IS NOT NULL)`,
      [source],
    );
    expect(open).toBe(0);
    const { items } = await done<{ items: object[] }>(t.get(`/patients?mrn=${mrn}`));
    expect(items).toMatchObject([{ id: target }]);
    expect((await t.post('/patients/search', { mrn })).body.items).toMatchObject([{ id: target }]);
  });

  test('informs the subscribers what became of the items of both', async () => {
    const target = await givenRecord({}, []);
    const source = await givenRecord();
    await done(merge(target, source));
    const types = async (id: string): Promise<string[]> =>
      (
        await t.dataSource.query<{ type: string }[]>(
          'SELECT DISTINCT type FROM surveillance_event WHERE patient_id = $1 ORDER BY 1',
          [id],
        )
      ).map(({ type }) => type);
    expect(await types(source)).toEqual(['surveillance.item.cancelled', 'surveillance.plan.changed']);
    expect(await types(target)).toEqual(['surveillance.plan.changed']);
  });

  test('takes what the record lacks: a number to call, the identity number, the earlier enrolment; shows what differs', async () => {
    const target = await givenRecord({ enrolledOn: '2026-06-01' });
    const identityNumber = '110105196005050024';
    const source = await givenRecord({ phone: '13812345678', identityNumber, department: 'liver' });
    const { filled, differences } = await done<{ filled: string[]; differences: { field: string }[] }>(
      merge(target, source),
    );
    expect(filled).toEqual(['phone', 'identityNumber', 'enrolledOn']);
    expect(differences.map(({ field }) => field)).toEqual(['mrn', 'name', 'department']);
    expect((await t.get(`/patients/${target}`)).body).toMatchObject({
      ...{ phone: '13812345678', identityNumber, enrolledOn: '2026-01-15', department: null },
    });
    const again = { mrn: `M${randomUUID()}`, name: '李', sex: 'female', birthDate: '1960-05-05' };
    expect(
      await t.post('/patients', { ...again, diagnosisDate: '2026-01-02', identityNumber }),
    ).toMatchObject({ status: 409, body: { code: 'identity-number-taken' } });
  });

  test('lets the stricter consent hold, and the decisions of both', async () => {
    const target = await givenRecord();
    const source = await givenRecord();
    const by = { author: 'Dr. Chen', reason: 'frail' };
    await done(
      t.post(`/patients/${source}/consents`, {
        channel: 'webhook',
        decision: 'withdrawn',
        ...{ author: 'Li' },
      }),
    );
    await done(t.post(`/patients/${source}/decisions`, { kind: 'profile', profile: 'minimal', ...by }));
    expect(await done(merge(target, source))).toMatchObject({ decisions: 1, withdrawals: ['webhook'] });
    expect((await t.get(`/patients/${target}/decisions`)).body.items).toMatchObject([
      { kind: 'profile', profile: 'minimal', author: 'Dr. Chen', reason: 'frail' },
    ]);
  });

  test('is refused with every pair that contradicts itself, and changes nothing', async () => {
    const target = await givenRecord({}, [RESECTION, { type: 'death', date: '2026-09-01' }]);
    const source = await givenRecord({ birthDate: '1960-05-06' }, [
      ...[RESECTION, markers('2026-10-01'), { type: 'death', date: '2026-10-02' }],
    ]);
    const before = [await stateOf(target), await stateOf(source)];
    const { status, body } = await merge(target, source);
    expect(status).toBe(409);
    expect((body.errors as { code: string }[]).map(({ code }) => code)).toEqual([
      ...['birth-dates-differ', 'deaths-differ', 'after-death'],
    ]);
    expect(body.pairs).toHaveLength(3);
    expect([await stateOf(target), await stateOf(source)]).toEqual(before);
    expect(await merge(target, target)).toMatchObject({ status: 422, body: { code: 'same-record' } });
  });

  test('repeated, it is the same merge; two at once are one', async () => {
    const [target, source] = [await givenRecord(), await givenRecord()];
    const answers = await Promise.all([merge(target, source), merge(target, source), merge(source, target)]);
    const ids = new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body.id as string));
    expect(ids.size).toBe(1);
    expect(answers.filter(({ status }) => status !== 200).every(({ status }) => status === 409)).toBe(true);
  });
});

describe('undoing a merge', () => {
  test('gives both records the plans, histories, consents and decisions that they had', async () => {
    const target = await givenRecord({ enrolledOn: '2026-06-01' }, [RESECTION, markers('2026-04-15')]);
    const source = await givenRecord({ phone: '13812345678', identityNumber: '110105196005050067' }, [
      ...[RESECTION, markers('2026-07-15'), { type: 'recurrence', date: '2026-08-01', site: 'S4' }],
    ]);
    const by = { author: 'Dr. Chen', reason: 'frail' };
    await done(t.post(`/patients/${source}/decisions`, { kind: 'profile', profile: 'minimal', ...by }));
    await done(
      t.post(`/patients/${source}/consents`, { channel: 'webhook', decision: 'withdrawn', author: 'Li' }),
    );
    await t.dataSource.query(
      `UPDATE surveillance_item SET step = 'deferred', step_on = '2026-10-30', step_until = '2026-12-01', steps = 2
        WHERE id = (SELECT id FROM surveillance_item WHERE patient_id = $1 AND state = 'active' ORDER BY due, id LIMIT 1)`,
      [source],
    );
    const before = [await stateOf(target), await stateOf(source)];
    const { id } = await done(merge(target, source));
    expect(await stateOf(target)).not.toEqual(before[0]);
    expect(await done(undo(id))).toMatchObject({ id, undoReason: 'two people', events: 2 });
    expect([await stateOf(target), await stateOf(source)]).toEqual(before);
    await done(undo(id)); // repeated, it changes nothing
    expect([await stateOf(target), await stateOf(source)]).toEqual(before);
  });

  test('gives both records back, whatever their histories are; a refused merge changes nothing', async () => {
    const histories = fc.sample(fc.array(event, { minLength: 1, maxLength: 4 }), { numRuns: 12, seed: 17 });
    const results: string[] = [];
    for (let n = 0; n < histories.length; n += 2) {
      const given = async (index: number): Promise<string> => {
        const id = await givenRecord({ diagnosisDate: '2011-12-01', enrolledOn: '2012-01-01' }, []);
        for (const fact of histories[index] ?? []) await t.post(`/patients/${id}/events`, fact);
        return id;
      };
      const [target, source] = [await given(n), await given(n + 1)];
      const before = [await stateOf(target), await stateOf(source)];
      const { status, body } = await merge(target, source);
      results.push(status === 200 ? 'merged' : (body.code as string));
      if (status === 200) await done(undo(body.id as string));
      expect([await stateOf(target), await stateOf(source)]).toEqual(before);
    }
    expect(results).toContain('merged');
  });

  test('leaves later facts and corrections with the record that went on', async () => {
    const [target, source] = [await givenRecord(), await givenRecord({ phone: '13812345678' })];
    const { id } = await done(merge(target, source));
    await done(t.post(`/patients/${target}/events`, markers('2026-09-09')));
    await done(t.request('PATCH', `/patients/${target}`, { payload: { phone: '13900000000' } }));
    await done(undo(id));
    expect((await historyOf(target)).map(({ date }) => date)).toContain('2026-09-09');
    expect((await historyOf(source)).map(({ date }) => date)).not.toContain('2026-09-09');
    expect((await t.get(`/patients/${target}`)).body.phone).toBe('13900000000');
  });

  test('goes from the last merge to the first, also through a record that was merged itself', async () => {
    const [a, b, c] = [
      await givenRecord({}, [RESECTION, markers('2026-04-15')]),
      await givenRecord({}, [RESECTION, markers('2026-05-15')]),
      await givenRecord({}, [RESECTION, markers('2026-06-15')]),
    ];
    const before = [await stateOf(a), await stateOf(b), await stateOf(c)];
    const { id: first } = await done(merge(b, a));
    const { id: second } = await done(merge(c, b));
    expect((await historyOf(c)).map(({ date }) => date).sort()).toEqual([
      ...['2026-01-15', '2026-04-15', '2026-05-15', '2026-06-15'],
    ]);
    expect((await t.get(`/patients/${a}`)).body.mergedInto).toMatchObject({ id: c });
    expect((await undo(first)).body).toMatchObject({ code: 'patient-merged', mergedInto: { id: c } });
    await done(undo(second));
    expect((await t.get(`/patients/${a}`)).body.mergedInto).toMatchObject({ id: b });
    await done(undo(first));
    expect([await stateOf(a), await stateOf(b), await stateOf(c)]).toEqual(before);

    const { id: one } = await done(merge(c, a));
    const { id: other } = await done(merge(c, b));
    expect(await undo(one)).toMatchObject({ status: 409, body: { code: 'later-merge' } });
    await done(undo(other));
    await done(undo(one));
    expect([await stateOf(a), await stateOf(b), await stateOf(c)]).toEqual(before);
    const { body } = await t.get(`/patients/${c}/merges`);
    expect(body.items.map((item: { id: string }) => item.id)).toEqual([other, one, second]);
  });
});

test('a file that still names the record that ended is refused with the number to write', async () => {
  const [mrn, other] = [`X${randomUUID()}`, `Y${randomUUID()}`];
  const [target, source] = [await givenRecord({ mrn }), await givenRecord({ mrn: other })];
  await done(merge(target, source));
  const send = async (kind: string, csv: string): Promise<Answer> => {
    const form = new FormData();
    for (const [field, value] of Object.entries({ kind, dryRun: 'true' })) form.set(field, value);
    form.set('file', new Blob([csv]), 'file.csv');
    const request = new Request('http://localhost', { method: 'POST', body: form });
    return t.request('POST', '/imports', {
      headers: { 'content-type': request.headers.get('content-type') ?? '' },
      payload: Buffer.from(await request.arrayBuffer()),
    });
  };
  const events = await send(
    'events',
    `mrn,type,date,activity,outcome\n${other},exam,2026-04-15,tumour_markers,normal\n`,
  );
  expect(events.body.rows).toMatchObject([
    { result: 'rejected', errors: [{ code: 'patient-merged', pointer: '/rows/2/mrn' }] },
  ]);
  expect(JSON.stringify(events.body.rows)).toContain(mrn);
  const roster = await send(
    'roster',
    `${ROSTER_COLUMNS}\n${other},李敏,female,1960-05-05,2026-01-02,colon,III,2026-01-15,complete\n`,
  );
  expect(roster.body.rows).toMatchObject([{ result: 'rejected', errors: [{ code: 'patient-merged' }] }]);
});

test('an erasure and a copy of a patient hold the records that were merged into it', async () => {
  const [target, source] = [await givenRecord(), await givenRecord({ name: '欧阳修远' })];
  const { id } = await done(merge(target, source));
  const { records } = await done<{ records: Record<string, object[]> }>(t.get(`/patients/${target}/export`));
  expect(records['patient']).toHaveLength(2);
  expect(records['record_merge']).toMatchObject([{ id, reason: 'one identity card' }]);
  expect(JSON.stringify(records)).toContain('欧阳修远');
  expect(await t.get(`/patients/${source}/export`)).toMatchObject({ status: 409 });
  expect(
    await t.post(`/patients/${source}/erase`, { ground: 'patient_request', author: 'Li' }),
  ).toMatchObject({
    ...{ status: 409, body: { code: 'patient-merged' } },
  });
  await done(t.post(`/patients/${target}/erase`, { ground: 'patient_request', author: 'Li' }));
  const rows = await t.dataSource.query<{ name: string }[]>('SELECT name FROM patient WHERE id = ANY ($1)', [
    [target, source],
  ]);
  expect(rows).toEqual([{ name: '' }, { name: '' }]);
  expect(await undo(id)).toMatchObject({ status: 409, body: { code: 'patient-erased' } });
});

test('a nurse may see merges and not make them; the audit entry names both records', async () => {
  const [target, source] = [await givenRecord(), await givenRecord()];
  const nurse = await givenPerson(t, { roles: ['nurse'] });
  const head = await givenPerson(t, { roles: ['head_nurse'] });
  const input = { from: source, reason: 'one card' };
  expect((await t.post(`/patients/${target}/merge`, input, as(nurse.session))).status).toBe(403);
  const { body } = await t.post(`/patients/${target}/merge`, input, as(head.session));
  expect(body).toMatchObject({ author: head.name });
  const [entry] = await t.dataSource.query<{ patients: string[] }[]>(
    `SELECT patients FROM audit_event WHERE call = 'POST /patients/:id/merge' AND caller_id = $1`,
    [head.id],
  );
  expect(entry?.patients.sort()).toEqual([source, target].sort());
  const limited = await givenPerson(t, { roles: ['head_nurse'], departments: ['liver'] });
  const hidden = await givenRecord({ department: 'lung' });
  expect(
    await t.post(`/patients/${await givenRecord()}/merge`, { ...input, from: hidden }, as(limited.session)),
  ).toMatchObject({ status: 404, body: { code: 'patient-not-found' } });
});
