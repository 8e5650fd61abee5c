import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../support/app.js';
import { inDays, itemActs, TODAY } from '../support/item-acts.js';
import { nextApp } from '../support/next-app.js';
import { as } from '../support/signed-in.js';
import { answered, givenFollowedUp, itemOf, type ScheduledItem } from '../support/ward.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const { givenItem, step, rowOf } = itemActs(() => t);

async function givenMarkers(): Promise<ScheduledItem & { readonly patientId: string }> {
  const { patientId, items } = await givenFollowedUp(t);
  const markers = items.filter(({ activity }) => activity === 'tumour_markers');
  return { ...itemOf(markers, 'overdue'), patientId };
}

describe('a completion', () => {
  test('that counts as not done ends the visit: the item has to be booked again, and undo gives the visit back', async () => {
    const { patientId, items } = await givenFollowedUp(t);
    const { id } = items.find(({ activity }) => activity === 'colonoscopy')!;
    const booking = { patientId, itemIds: [id], date: TODAY, reason: 'away' };
    const { id: appointmentId } = await answered(t.post('/appointments', booking), 201);
    await answered(t.post(`/appointments/${appointmentId as string}/outcome`, { outcome: 'attended' }));
    const done = await answered(step(id, 'complete', { date: TODAY, outcome: 'incomplete' }));
    expect(done).toMatchObject({ undo: { step: 'complete' } });
    const { item, history } = await answered(t.get(`/items/${id}`));
    expect(item).toMatchObject({ step: 'to_book', stepOn: null, completedOn: null });
    expect(history[0]).toMatchObject({ step: 'complete', from: 'attended', to: 'to_book', eventId: done.id });
    expect((await answered(step(id, 'undo'))).item).toMatchObject({ step: 'attended', stepOn: TODAY });
    const { items: events } = await answered(t.get(`/patients/${patientId}/events`));
    expect(
      (events as { id: string; voidedAt: unknown }[]).find((one) => one.id === done.id)?.voidedAt,
    ).not.toBeNull();
  });

  test('by a key, with If-Match and a result, records all of it or nothing', async () => {
    const { id, patientId } = await givenMarkers();
    const { etag } = (await answered(t.get(`/items/${id}`))).item;
    const key = (await t.post('/api-keys', { name: 'laboratory', roles: ['integration'] })).body
      .key as string;
    const result = {
      ...{ date: '2026-10-30', laboratory: 'central', documents: [{ system: 'LIS', id: '4711' }] },
      values: [{ code: 'CEA', value: 8.2, unit: 'ng/mL' }],
    };
    await answered(step(id, 'defer', { until: inDays(9), reason: 'away' }));
    const stale = await step(id, 'complete', result, { ...as(key), 'if-match': etag });
    expect(stale).toMatchObject({ status: 412, body: { changes: [{ step: 'defer' }] } });
    expect((await answered(t.get(`/patients/${patientId}`))).toJudge).toBe(0);
    const done = await step(id, 'complete', result, { ...as(key), 'if-match': stale.body.etag as string });
    expect(done).toMatchObject({
      status: 200,
      body: {
        event: { recordedBy: 'laboratory', report: { laboratory: 'central' } },
        undo: { step: 'complete' },
      },
    });
    expect(done.headers['etag']).toBe((await answered(t.get(`/items/${id}`))).item.etag);
    expect((await answered(t.get(`/patients/${patientId}`))).toJudge).toBe(1);
    const again = await step(id, 'complete', result, { ...as(key), 'if-match': done.body.etag as string });
    expect(again).toMatchObject({ status: 200, body: { id: done.body.id, undo: null } });
  });

  test('is a step with a history, and undoing it takes the examination back and restores what stood before', async () => {
    const { id, patientId } = await givenItem();
    await answered(step(id, 'defer', { until: inDays(9), reason: 'away' }));
    const before = await rowOf(id);
    const { etag } = (await answered(t.get(`/items/${id}`))).item;
    const done = await step(id, 'complete', { date: '2026-10-30' }, { 'if-match': etag });
    expect(done).toMatchObject({ status: 200, body: { undo: { step: 'complete' } } });
    expect(done.headers['etag']).toBe(done.body.etag);
    const { item, history, possible } = await answered(t.get(`/items/${id}`));
    expect(item).toMatchObject({ step: 'completed', completedOn: '2026-10-30', etag: done.body.etag });
    expect(history).toMatchObject([
      { step: 'complete', from: 'deferred', on: '2026-10-30', eventId: done.body.id },
      { step: 'defer' },
    ]);
    expect(possible).toEqual([]);

    expect((await answered(step(id, 'undo'))).item).toMatchObject({ step: 'deferred', completedOn: null });
    expect(await rowOf(id)).toEqual(before);
    const { items } = await answered(t.get(`/patients/${patientId}/events`));
    const event = (items as { id: string }[]).find((one) => one.id === done.body.id);
    expect(event).toMatchObject({ voidReason: '由 administrator 撤销' });
    expect((await step(id, 'complete', { date: '2026-10-29' })).status).toBe(200);
  });

  test('of an item that has changed since is refused; the same one again is no second step', async () => {
    const { id } = await givenItem();
    const { etag } = (await answered(t.get(`/items/${id}`))).item;
    await answered(step(id, 'defer', { until: inDays(9), reason: 'away' }));
    const late = await step(id, 'complete', { date: '2026-10-30' }, { 'if-match': etag });
    expect(late).toMatchObject({ status: 412, body: { changes: [{ step: 'defer' }] } });
    await answered(step(id, 'complete', { date: '2026-10-30' }));
    expect(await answered(step(id, 'complete', { date: '2026-10-30' }))).toMatchObject({ undo: null });
    expect((await answered(t.get(`/items/${id}/history`))).items).toHaveLength(2);
  });
});
