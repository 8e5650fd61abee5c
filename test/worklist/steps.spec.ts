import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, calendarDate } from '../../src/guideline/calendar.js';
import type { TestApp } from '../support/app.js';
import { columnsContaining } from '../support/columns-containing.js';
import { inDays, itemActs, TODAY } from '../support/item-acts.js';
import { nextApp } from '../support/next-app.js';
import { as, givenPerson } from '../support/signed-in.js';
import { answered, openItems } from '../support/ward.js';
import { planAlone } from '../support/plan-alone.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const { givenItem, step, rowOf } = itemActs(() => t);

describe('an item', () => {
  test('that is deferred leaves the list and returns by itself on its day', async () => {
    const { id } = await givenItem();
    const { item, possible } = await answered(step(id, 'defer', { until: inDays(10), reason: 'away' }));
    expect(item).toMatchObject({ step: 'deferred', stepOn: TODAY, stepUntil: inDays(10), returned: false });
    expect(possible.map((one: { step: string }) => one.step)).toEqual(
      expect.arrayContaining(['book', 'defer', 'decline', 'reopen', 'complete']),
    );
    await t.setClock('2026-11-11T00:30:00+08:00');
    expect((await answered(t.get(`/items/${id}`))).item).toMatchObject({ step: 'to_book', returned: true });
    expect(
      (await answered(step(id, 'defer', { until: '2026-11-20', reason: 'no_slot' }))).item,
    ).toMatchObject({
      ...{ step: 'deferred', stepUntil: '2026-11-20', returned: false },
    });
  });

  test('that is deferred beyond its window says what that means', async () => {
    const { id, overdue } = await givenItem('upcoming');
    const until = addDays(calendarDate(overdue), 20);
    const { consequence } = await answered(step(id, 'defer', { until, reason: 'away' }));
    expect(consequence).toMatch(/the plan allows .*, until \d{4}-\d{2}-\d{2}\.$/);
    const inside = await answered(
      step(id, 'defer', { until: addDays(calendarDate(overdue), -1), reason: 'away' }),
    );
    expect(inside.consequence).toBeNull();
  });

  test('that the patient declines is asked about again, after the days of the hospital or on the day that is named', async () => {
    const { id } = await givenItem();
    expect((await answered(step(id, 'decline', { reason: 'afraid' }))).item.stepUntil).toBe(inDays(90));
    await t.dataSource.query(
      `INSERT INTO worklist_settings (hospital_id, settings, changed_by) VALUES ($1, '{"steps": {"askAgainAfterDays": 30}}', 'x')`,
      [t.hospitalId],
    );
    expect((await answered(step(id, 'decline', { reason: 'afraid' }))).item.stepUntil).toBe(inDays(30));
    const named = await answered(step(id, 'decline', { reason: 'cost', askAgainOn: inDays(200) }));
    expect(named.item).toMatchObject({ step: 'declined', stepUntil: inDays(200) });
  });

  test('that is contraindicated is a matter for clinicians, with the substitute named, and can still be completed by a nurse', async () => {
    const { id } = await givenItem();
    const { session: nurse } = await givenPerson(t, { roles: ['nurse'] });
    const { session: clinician } = await givenPerson(t, { roles: ['clinician'] });
    const because = { reason: 'contrast_allergy', substitute: 'mri_liver' };
    const notHers = await step(id, 'contraindicate', because, as(nurse));
    expect(notHers).toMatchObject({ status: 403, body: { code: 'not-allowed', itemId: id } });
    expect(notHers.body.possible.map((one: { step: string }) => one.step)).toEqual([
      ...['book', 'defer', 'decline', 'complete'],
    ]);
    const recorded = await answered(step(id, 'contraindicate', because, as(clinician)));
    expect(recorded.item).toMatchObject({ step: 'contraindicated', stepUntil: null });
    expect(recorded.history[0]).toMatchObject({
      substitute: 'mri_liver',
      reasonText: 'allergy to contrast medium',
    });
    const refused = await step(id, 'reopen', undefined, as(nurse));
    expect(refused).toMatchObject({ status: 409, body: { code: 'step-not-possible' } });
    expect(refused.body.possible.map((one: { step: string }) => one.step)).toEqual(['complete']);
    expect(
      (await answered(step(id, 'reopen', { note: 'tested: no allergy' }, as(clinician)))).item.step,
    ).toBe('to_book');
    await answered(step(id, 'contraindicate', { ...because, until: inDays(5) }, as(clinician)));
    expect((await step(id, 'complete', { date: '2026-10-30' }, as(nurse))).status).toBe(200);
    expect(await rowOf(id)).toEqual({ step: null, stepOn: null, stepUntil: null });
  });

  test('that is done or was cancelled takes no further step, and the refusal says so in the reader’s language', async () => {
    const { id } = await givenItem();
    await answered(step(id, 'complete', { date: '2026-10-30' }));
    const refused = await step(
      id,
      'defer',
      { until: inDays(3), reason: 'away' },
      { 'accept-language': 'zh' },
    );
    expect(refused).toMatchObject({ status: 409, body: { code: 'step-not-possible', possible: [] } });
    expect(refused.body.title).toBe('此项目当前为“已完成”，不能延期，也无需再处理。');
  });

  test.each([
    ['defer', { until: '2026-11-01', reason: 'away' }, '/until'],
    ['defer', { until: inDays(401), reason: 'away' }, '/until'],
    ['defer', { until: inDays(5) }, '/reason'],
    ['decline', { reason: 'afraid', askAgainOn: '2026-10-31' }, '/askAgainOn'],
    ['contraindicate', { reason: 'implant', substitute: 'horoscope' }, '/substitute'],
    ['contraindicate', { reason: 'implant', until: '2025-01-01' }, '/until'],
    ['reopen', { why: 'x' }, '/why'],
  ])('%s with %j is refused and changes nothing', async (name, payload, pointer) => {
    const { id } = await givenItem();
    const before = await answered(t.get(`/items/${id}`));
    expect(await step(id, name, payload)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
    expect(await answered(t.get(`/items/${id}`))).toEqual(before);
  });
});

test('a reason in the nurse’s own words counts as other; what she writes is sealed and shown', async () => {
  const { id } = await givenItem();
  await answered(
    step(id, 'defer', { until: inDays(9), reason: 'niece marries in Kunming', note: 'call after eight' }),
  );
  const { items } = await answered(t.get(`/items/${id}/history`));
  expect(items).toMatchObject([{ reason: 'other', note: 'niece marries in Kunming\ncall after eight' }]);
  expect(await columnsContaining(t, ['Kunming', 'after eight'])).toEqual([]);
});

test('the history says who did what when and why, the newest first, page by page', async () => {
  const { id } = await givenItem();
  const { name, session } = await givenPerson(t, { roles: ['nurse'] });
  await answered(step(id, 'defer', { until: inDays(9), reason: 'away' }, as(session)));
  await t.setClock('2026-11-02T10:00:00+08:00');
  await answered(step(id, 'decline', { reason: 'cost' }));
  const first = await answered(t.get(`/items/${id}/history?limit=1`));
  expect(first.items).toMatchObject([{ number: 2, step: 'decline', from: 'deferred', to: 'declined' }]);
  const second = await answered(t.get(`/items/${id}/history?limit=1&cursor=${first.nextCursor as string}`));
  expect(second).toMatchObject({
    items: [{ number: 1, step: 'defer', author: name, reason: 'away', on: TODAY, until: inDays(9) }],
    nextCursor: null,
  });
});

test('the steps of a patient name the activity of each item, the newest first, page by page', async () => {
  const { id } = await givenItem();
  const { item } = await answered(t.get(`/items/${id}`));
  await answered(step(id, 'defer', { until: inDays(9), reason: 'away', note: 'niece marries' }));
  await answered(step(id, 'decline', { reason: 'cost' }));
  const path = `/patients/${item.patientId as string}/steps?limit=1`;
  const first = await answered(t.get(path));
  expect(first.items).toMatchObject([{ itemId: id, activity: item.activity, step: 'decline' }]);
  const second = await answered(t.get(`${path}&cursor=${first.nextCursor as string}`));
  expect(second).toMatchObject({
    items: [{ step: 'defer', title: 'defer', note: 'niece marries' }],
    nextCursor: null,
  });
});

describe('of two nurses on one item', () => {
  test('one wins; the other learns what changed, and by whom', async () => {
    const { id } = await givenItem();
    const [li, wang] = [await givenPerson(t, { name: '李敏' }), await givenPerson(t, { name: '王芳' })];
    const read = await t.get(`/items/${id}`, as(li.session));
    const etag = String(read.headers['etag']);
    expect(etag).toBe(read.body.item.etag);
    const first = await step(
      id,
      'defer',
      { until: inDays(9), reason: 'away', note: 'secret' },
      { ...as(li.session), 'if-match': etag },
    );
    expect([first.status, first.headers['etag']]).toEqual([200, '"1.1.active"']);
    const second = await step(id, 'decline', { reason: 'cost' }, { ...as(wang.session), 'if-match': etag });
    expect(second).toMatchObject({
      status: 412,
      body: {
        ...{ code: 'changed-meanwhile', etag: '"1.1.active"', planChanged: false },
        item: { id, step: 'deferred', stepUntil: inDays(9) },
        changes: [{ step: 'defer', author: '李敏', note: null }],
      },
    });
    expect(second.body.title).toContain('李敏');
    expect(
      (await step(id, 'undo', undefined, { ...as(li.session), 'if-match': '"1.1.active"' })).status,
    ).toBe(200);
    const third = await step(
      id,
      'decline',
      { reason: 'cost' },
      { ...as(wang.session), 'if-match': '"1.1.active"' },
    );
    expect(third).toMatchObject({ status: 412, body: { changes: [{ undone: { by: '李敏' } }] } });
  });

  test('of any number of changes at once that have read the same, exactly one goes through', async () => {
    const { id } = await givenItem();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(2), { minLength: 2, maxLength: 4 }), async (kinds) => {
        const { etag } = (await answered(t.get(`/items/${id}`))).item;
        const answers = await Promise.all(
          kinds.map((kind, index) =>
            kind === 0
              ? step(id, 'defer', { until: inDays(5 + index), reason: 'away' }, { 'if-match': etag })
              : kind === 1
                ? step(id, 'decline', { reason: 'cost' }, { 'if-match': etag })
                : step(id, 'contraindicate', { reason: 'implant', until: inDays(7) }, { 'if-match': etag }),
          ),
        );
        const done = answers.filter(({ status }) => status === 200);
        expect(done).toHaveLength(1);
        expect(answers.filter(({ status }) => status === 412)).toHaveLength(kinds.length - 1);
        expect((await answered(t.get(`/items/${id}`))).item).toEqual(done[0]!.body.item);
        await answered(step(id, 'reopen'));
      }),
      { numRuns: 40 },
    );
  });
});

describe('undo', () => {
  test('gives back exactly what stood before, stays in the history, and goes back step by step', async () => {
    const { id } = await givenItem();
    await answered(step(id, 'defer', { until: inDays(9), reason: 'away' }));
    const deferred = await rowOf(id);
    const { undo } = await answered(step(id, 'decline', { reason: 'cost' }));
    expect(undo).toMatchObject({ step: 'decline' });
    const back = await answered(step(id, 'undo'));
    expect(await rowOf(id)).toEqual(deferred);
    expect(back.history).toMatchObject([
      { step: 'decline', undone: {} },
      { step: 'defer', undone: null },
    ]);
    await answered(step(id, 'undo'));
    expect(await rowOf(id)).toEqual({ step: null, stepOn: null, stepUntil: null });
    expect(await step(id, 'undo')).toMatchObject({ status: 409, body: { code: 'nothing-to-undo' } });
  });

  test('is for an hour for those who may take the step, and for a day for a head nurse', async () => {
    const { id } = await givenItem();
    const nurse = await givenPerson(t, { roles: ['nurse'] });
    const clinician = await givenPerson(t, { roles: ['clinician'] });
    const headKey = (await t.post('/api-keys', { name: 'head', roles: ['head_nurse'] })).body.key as string;
    await answered(
      step(id, 'contraindicate', { reason: 'implant', until: inDays(9) }, as(clinician.session)),
    );
    const refused = await step(id, 'undo', undefined, as(nurse.session));
    expect(refused).toMatchObject({ status: 403, body: { code: 'undo-not-yours' } });
    await answered(step(id, 'undo', undefined, as(clinician.session)));

    await answered(step(id, 'defer', { until: inDays(9), reason: 'away' }, as(nurse.session)));
    const key = (await t.post('/api-keys', { name: 'nurse', roles: ['nurse'] })).body.key as string;
    await t.setClock('2026-11-01T10:05:00+08:00');
    const late = await step(id, 'undo', undefined, as(key));
    expect(late).toMatchObject({ status: 409, body: { code: 'undo-too-late' } });
    expect((await answered(t.get(`/items/${id}`, as(key)))).undo).toBeNull();
    expect((await step(id, 'undo', undefined, as(headKey))).status).toBe(200);
  });

  test('is refused once the plan has gone on', async () => {
    const { id, patientId } = await givenItem('upcoming');
    await answered(step(id, 'defer', { until: inDays(9), reason: 'away' }));
    await answered(t.post(`/patients/${patientId}/events`, { type: 'death', date: '2026-10-31' }), 201);
    expect(await step(id, 'undo')).toMatchObject({ status: 409, body: { code: 'undo-not-possible' } });
  });
});

test('whatever nurses and clinicians do in any order, a refusal lists only what then succeeds, and undo restores exactly', async () => {
  const { id } = await givenItem();
  const bodies: Record<string, object | undefined> = {
    defer: { until: inDays(9), reason: 'away' },
    decline: { reason: 'cost' },
    contraindicate: { reason: 'implant', until: inDays(12) },
    reopen: undefined,
  };
  const names = Object.keys(bodies);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...names), fc.boolean()), { minLength: 1, maxLength: 8 }),
      async (taken) => {
        for (const [name, isUndone] of taken) {
          const before = await rowOf(id);
          const answer = await step(id, name, bodies[name]);
          if (answer.status === 409) {
            expect(await rowOf(id)).toEqual(before);
            const listed = (answer.body.possible as { step: string }[]).map((one) => one.step);
            for (const other of listed.filter((one) => names.includes(one))) {
              expect([other, (await step(id, other, bodies[other])).status]).toEqual([other, 200]);
              await answered(step(id, 'undo'));
              expect(await rowOf(id)).toEqual(before);
            }
            continue;
          }
          expect(answer.status).toBe(200);
          expect(answer.body.possible.length).toBeGreaterThan(0);
          if (!isUndone) continue;
          await answered(step(id, 'undo'));
          expect(await rowOf(id)).toEqual(before);
        }
      },
    ),
    { numRuns: 15 },
  );
});

test('a step changes neither the plan nor its reminders', async () => {
  const { id, patientId } = await givenItem();
  const before = await openItems(t, patientId);
  const reminders = () =>
    t.dataSource.query(
      'SELECT id, next_reminder_on, revision, changed_at FROM surveillance_item ORDER BY id',
    );
  const stored = await reminders();
  await answered(step(id, 'defer', { until: inDays(30), reason: 'away' }));
  expect(planAlone(await openItems(t, patientId))).toEqual(planAlone(before));
  expect(await reminders()).toEqual(stored);
});
