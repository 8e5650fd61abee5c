import type { TestApp } from './app.js';
import {
  type Call,
  givenItem,
  givenPatient,
  made,
  onItem,
  onPatient,
  plainly,
  type Ward,
} from './prepared-calls.js';

const onDeferredItem =
  (rest: string): Call =>
  async (t, ward) => {
    const id = await givenItem(t, ward);
    await made(t, ward, `/items/${id}/defer`, { until: '2026-12-01', reason: 'away' });
    return { path: `/items/${id}${rest}` };
  };

async function booking(t: TestApp, ward: Ward): Promise<object> {
  const patientId = await givenPatient(t, ward);
  const { body } = await t.get(`/patients/${patientId}/schedule`, { authorization: `Bearer ${ward.key}` });
  const due = (body.items as { id: string; status: string }[]).find(({ status }) => status === 'overdue')!;
  return { patientId, itemIds: [due.id], date: '2026-11-20', place: 'radiology', note: 'comes by train' };
}

const onAppointment =
  (rest: string, payload?: unknown): Call =>
  async (t, ward) => {
    const { id } = await made(t, ward, '/appointments', await booking(t, ward));
    return { path: `/appointments/${id}${rest}`, payload };
  };

const NO_ANSWER = { channel: 'telephone', outcome: 'failed', cause: 'no_answer' };
const RELATIVE = { name: '李明', relation: 'son', phone: '13912345678' };

const onRelative =
  (payload: unknown): Call =>
  async (t, ward) => {
    const id = await givenPatient(t, ward);
    const { id: relativeId } = await made(t, ward, `/patients/${id}/relatives`, RELATIVE);
    return { path: `/patients/${id}/relatives/${relativeId}`, payload };
  };

const LATE_COLONOSCOPIES = {
  name: 'late',
  shared: true,
  query: { list: 'overdue', activity: 'colonoscopy' },
};

/** A caller has so many saved lists at most: those of earlier calls make room. */
const savedList =
  (call: Call): Call =>
  async (t, ward) => {
    await t.dataSource.query('DELETE FROM saved_list WHERE hospital_id = $1', [ward.hospitalId]);
    return call(t, ward);
  };

/** The calls of the worklist in `rights.ts`, in the same notation. */
export const WORKLIST_CALLS: Readonly<Record<string, Call>> = {
  'POST /worklist/search': plainly('/worklist/search', { q: '张三' }),
  'POST /worklist/bulk': async (t, ward) => ({
    path: '/worklist/bulk',
    payload: {
      action: 'defer',
      targets: [{ itemId: await givenItem(t, ward) }],
      until: '2026-12-01',
      reason: 'away',
    },
  }),
  'GET /activities': plainly('/activities'),
  'GET /lists': plainly('/lists'),
  'GET /stream': plainly('/stream?follow=false'),
  'PUT /patients/:id/presence': onPatient('/presence', {}),
  'POST /lists': savedList(() => Promise.resolve({ path: '/lists', payload: LATE_COLONOSCOPIES })),
  'PATCH /lists/:id': savedList(async (t, ward) => ({
    path: `/lists/${(await made(t, ward, '/lists', LATE_COLONOSCOPIES)).id}`,
    payload: { name: 'colonoscopies' },
  })),
  'DELETE /lists/:id': savedList(async (t, ward) => ({
    path: `/lists/${(await made(t, ward, '/lists', LATE_COLONOSCOPIES)).id}`,
  })),
  'GET /items/:id': onItem(''),
  'GET /items/:id/history': onItem('/history'),
  'GET /patients/:id/steps': onPatient('/steps'),
  'POST /items/:id/defer': onItem('/defer', { until: '2026-12-01', reason: 'away' }),
  'POST /items/:id/decline': onItem('/decline', { reason: 'feels_well', note: 'said so' }),
  'POST /items/:id/contraindicate': onItem('/contraindicate', { reason: 'poor_condition' }),
  'POST /items/:id/reopen': onDeferredItem('/reopen'),
  'POST /items/:id/undo': onDeferredItem('/undo'),
  'GET /patients/:id/appointments': onPatient('/appointments'),
  'POST /appointments': async (t, ward) => ({ path: '/appointments', payload: await booking(t, ward) }),
  'GET /appointments': plainly('/appointments?needsAttention=true'),
  'GET /appointments/:id': onAppointment(''),
  'PATCH /appointments/:id': onAppointment('', { time: '08:30', room: 'CT 2' }),
  'POST /appointments/:id/outcome': onAppointment('/outcome', { outcome: 'cancelled_by_patient' }),
  'GET /patients/:id/relatives': onPatient('/relatives'),
  'POST /patients/:id/relatives': onPatient('/relatives', RELATIVE),
  'PATCH /patients/:id/relatives/:relativeId': onRelative({ rank: 2 }),
  'DELETE /patients/:id/relatives/:relativeId': onRelative(undefined),
  'GET /patients/:id/contacts': onPatient('/contacts'),
  'POST /patients/:id/contacts': onPatient('/contacts', NO_ANSWER),
  'POST /patients/:id/contacts/:contactId/void': async (t, ward) => {
    const id = await givenPatient(t, ward);
    const { id: contactId } = await made(t, ward, `/patients/${id}/contacts`, NO_ANSWER);
    return { path: `/patients/${id}/contacts/${contactId}/void`, payload: { reason: 'of another' } };
  },
  'GET /calls/next': plainly('/calls/next'),
  'DELETE /calls/claims': plainly('/calls/claims'),
  'POST /calls': async (t, ward) => ({
    path: '/calls',
    payload: { patientId: await givenPatient(t, ward), ...NO_ANSWER },
  }),
};
