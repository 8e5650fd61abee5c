import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { HospitalScope } from '../src/access/hospital-scope.js';
import { PlanPreviews } from '../src/schedules/plan-previews.js';
import { Replanning } from '../src/schedules/replanning.js';
import type { RequestOptions, TestApp } from './app.js';

/** A hospital of the test, with the key of somebody there who may do everything. */
export interface Ward {
  readonly hospitalId: string;
  readonly key: string;
}

export type Prepared = RequestOptions & { readonly path: string };

/** Prepares one call in a ward so that whoever has the right to it succeeds. */
export type Call = (t: TestApp, ward: Ward) => Promise<Prepared>;

const RESECTION = {
  ...{ type: 'primary_resection', date: '2026-01-15', site: 'colon', stage: 'III', intent: 'curative' },
  preoperativeColonoscopy: 'complete',
};
const DECIDED = { author: 'Dr. Chen', reason: 'agreed' };

async function made(t: TestApp, { key }: Ward, path: string, payload: unknown = {}): Promise<{ id: string }> {
  const { status, body } = await t.post(path, payload, { authorization: `Bearer ${key}` });
  expect({ path, ok: status < 300, body: status < 300 ? 'as documented' : body }).toEqual({
    ...{ path, ok: true, body: 'as documented' },
  });
  return body as { id: string };
}

export const person = () => ({
  ...{ mrn: `M${randomUUID()}`, name: '李敏', sex: 'female', birthDate: '1960-05-05' },
  ...{ diagnosisDate: '2026-01-02', enrolledOn: '2026-01-15' },
});

export async function givenPatient(t: TestApp, ward: Ward, facts: object = {}): Promise<string> {
  const { id } = await made(t, ward, '/patients', { ...person(), ...facts });
  await made(t, ward, `/patients/${id}/events`, RESECTION);
  return id;
}

async function givenItem(t: TestApp, ward: Ward): Promise<string> {
  const id = await givenPatient(t, ward);
  const { body } = await t.get(`/patients/${id}/schedule`, { authorization: `Bearer ${ward.key}` });
  return (body.items as { id: string; activity: string; status: string }[]).find(
    ({ activity, status }) => activity === 'tumour_markers' && status !== 'completed',
  )!.id;
}

const inWard = <T>(t: TestApp, ward: Ward, work: () => Promise<T>): Promise<T> =>
  t.app.get(HospitalScope).run(ward.hospitalId, work);

async function askedChange(t: TestApp, ward: Ward): Promise<string> {
  const change = { policy: { profile: 'minimal' }, ...DECIDED };
  const { id } = await made(t, ward, '/plan-changes', change);
  await inWard(t, ward, async () => {
    while (await t.app.get(PlanPreviews).nextBatch());
  });
  return id;
}

async function settled(t: TestApp, ward: Ward): Promise<void> {
  await inWard(t, ward, async () => {
    while ((await t.app.get(Replanning).nextBatch(200)) > 0);
    await t.app.get(Replanning).finish();
  });
}

const endpoint = { url: 'http://127.0.0.1:9/nobody' };

async function givenEndpoint(t: TestApp, ward: Ward): Promise<string> {
  return (await made(t, ward, '/webhook-endpoints', endpoint)).id;
}

async function upload(csv: string, kind: string): Promise<RequestOptions> {
  const form = new FormData();
  form.set('kind', kind);
  form.set('dryRun', 'true');
  form.set('file', new Blob([csv]), 'file.csv');
  const request = new Request('http://localhost', { method: 'POST', body: form });
  return {
    headers: { 'content-type': request.headers.get('content-type')! },
    payload: Buffer.from(await request.arrayBuffer()),
  };
}

const onPatient =
  (rest: string, payload?: unknown): Call =>
  async (t, ward) => ({ path: `/patients/${await givenPatient(t, ward)}${rest}`, payload });

const onItem =
  (rest: string, payload?: unknown): Call =>
  async (t, ward) => ({ path: `/items/${await givenItem(t, ward)}${rest}`, payload });

const onEndpoint =
  (rest: string, payload?: unknown): Call =>
  async (t, ward) => ({ path: `/webhook-endpoints/${await givenEndpoint(t, ward)}${rest}`, payload });

const plainly =
  (path: string, payload?: unknown): Call =>
  () =>
    Promise.resolve({ path, payload });

const DECISION = { kind: 'profile', profile: 'minimal', ...DECIDED };

/** Every call of `rights.ts`, in the same words. */
export const CALLS: Readonly<Record<string, Call>> = {
  'GET /guidelines': plainly('/guidelines'),
  'GET /guidelines/:id': plainly('/guidelines/crlm-cn-2025'),

  'GET /patients': plainly('/patients?limit=500'),
  'GET /patients/:id': onPatient(''),
  'GET /patients/:id/events': onPatient('/events'),
  'GET /patients/:id/schedule': onPatient('/schedule'),
  'GET /patients/:id/decisions': onPatient('/decisions'),
  'GET /patients/:id/comparison': onPatient('/comparison?guidelines=crlm-cn-2025,nhc-china-2023'),
  'POST /patients/:id/preview': onPatient('/preview', { policy: { profile: 'minimal' } }),
  'GET /items/:id/reason': onItem('/reason'),
  'GET /worklist': plainly('/worklist?limit=500'),

  'POST /patients': () => Promise.resolve({ path: '/patients', payload: person() }),
  'POST /patients/:id/events': onPatient('/events', {
    ...{ type: 'exam', date: '2026-04-15', activity: 'tumour_markers', outcome: 'normal' },
  }),
  'POST /patients/:id/events/:eventId/void': async (t, ward) => {
    const id = await givenPatient(t, ward);
    const { body } = await t.get(`/patients/${id}/events`, { authorization: `Bearer ${ward.key}` });
    return {
      path: `/patients/${id}/events/${body.items[0].id as string}/void`,
      payload: { reason: 'wrong' },
    };
  },
  'POST /items/:id/complete': onItem('/complete', { date: '2026-04-15' }),
  'POST /patients/:id/decisions': onPatient('/decisions', DECISION),
  'POST /patients/:id/decisions/:decisionId/revoke': async (t, ward) => {
    const id = await givenPatient(t, ward);
    const { id: decisionId } = await made(t, ward, `/patients/${id}/decisions`, DECISION);
    return { path: `/patients/${id}/decisions/${decisionId}/revoke`, payload: DECIDED };
  },
  'POST /imports': async () => ({ path: '/imports', ...(await upload('mrn,type,date\n', 'events')) }),

  'GET /policy': plainly('/policy'),
  'GET /plan-changes': plainly('/plan-changes'),
  'GET /plan-changes/:id': async (t, ward) => ({ path: `/plan-changes/${await askedChange(t, ward)}` }),
  'POST /plan-changes': plainly('/plan-changes', { policy: { profile: 'minimal' }, ...DECIDED }),
  'POST /plan-changes/:id/discard': async (t, ward) => ({
    path: `/plan-changes/${await askedChange(t, ward)}/discard`,
  }),
  'POST /plan-changes/:id/apply': async (t, ward) => {
    await settled(t, ward);
    return { path: `/plan-changes/${await askedChange(t, ward)}/apply` };
  },
  'POST /plan-changes/:id/undo': async (t, ward) => {
    await settled(t, ward);
    const id = await askedChange(t, ward);
    await made(t, ward, `/plan-changes/${id}/apply`);
    await settled(t, ward);
    return { path: `/plan-changes/${id}/undo`, payload: DECIDED };
  },

  'GET /audit-events': plainly('/audit-events'),

  'GET /webhook-endpoints': plainly('/webhook-endpoints'),
  'GET /webhook-endpoints/:id': onEndpoint(''),
  'GET /webhook-endpoints/:id/deliveries': onEndpoint('/deliveries'),
  'POST /webhook-endpoints': plainly('/webhook-endpoints', endpoint),
  'DELETE /webhook-endpoints/:id': onEndpoint(''),
  'POST /webhook-endpoints/:id/rotate-secret': onEndpoint('/rotate-secret'),
  'POST /webhook-endpoints/:id/test': onEndpoint('/test'),
  'POST /webhook-endpoints/:id/recover': onEndpoint('/recover', { since: '2026-10-01T00:00:00Z' }),
  'POST /deliveries/:id/replay': async (t, ward) => {
    const answer = await made(t, ward, `/webhook-endpoints/${await givenEndpoint(t, ward)}/test`);
    const id = (answer as unknown as { deliveryId: string }).deliveryId;
    await t.dataSource.query(
      `UPDATE delivery SET state = 'exhausted', next_attempt_at = NULL, attempts = 10 WHERE id = $1`,
      [id],
    );
    return { path: `/deliveries/${id}/replay` };
  },
};
