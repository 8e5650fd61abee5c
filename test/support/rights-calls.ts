import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { RolloutPreviews } from '../../src/schedules/policy-changes/rollout-previews.js';
import { Replanning } from '../../src/schedules/policy-changes/replanning.js';
import type { RequestOptions, TestApp } from './app.js';
import { ownProtocol } from './own-protocol.js';
import {
  type Call,
  type Prepared,
  givenPatient,
  made,
  onItem,
  onPatient,
  person,
  plainly,
  type Ward,
} from './prepared-calls.js';
import { as, codeNow, givenPerson, PASSWORD } from './signed-in.js';
import { ENDPOINT_CALLS } from './endpoint-calls.js';
import { PLANNING_CALLS } from './planning-calls.js';
import { WARD_FILE_CALLS } from './ward-file-calls.js';
import { STATISTICS_CALLS } from './statistics-calls.js';
import { MESSAGE_CALLS } from './message-calls.js';
import { SPREADSHEET_CALLS } from './spreadsheet-calls.js';
import { EXCHANGE_CALLS } from './exchange-calls.js';
import { WORKLIST_CALLS } from './worklist-calls.js';

const DECISION = { author: 'Dr. Chen', reason: 'agreed' };

const inWard = <T>(t: TestApp, ward: Ward, work: () => Promise<T>): Promise<T> =>
  t.app.get(HospitalScope).run(ward.hospitalId, work);

async function previewedRollout(t: TestApp, ward: Ward): Promise<string> {
  const change = { policy: { profile: 'minimal' }, ...DECISION };
  await runPreviews(t, ward); // an unfinished preview of an earlier call would block this one
  const { id } = await made(t, ward, '/plan-changes', change);
  await runPreviews(t, ward);
  return id;
}

const runPreviews = (t: TestApp, ward: Ward): Promise<void> =>
  inWard(t, ward, async () => {
    while (await t.app.get(RolloutPreviews).nextBatch());
  });

async function replanAll(t: TestApp, ward: Ward): Promise<void> {
  await inWard(t, ward, async () => {
    while ((await t.app.get(Replanning).nextBatch(200)) > 0);
    await t.app.get(Replanning).finish();
  });
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

async function givenAssignment(t: TestApp, ward: Ward): Promise<{ id: string; assignment: object }> {
  const id = await givenPatient(t, ward);
  const exam = { type: 'exam', date: '2026-10-20', activity: 'tumour_markers', outcome: 'normal' };
  const { id: eventId } = await made(t, ward, `/patients/${id}/events`, exam);
  const { body } = await t.get(`/patients/${id}/schedule`, { authorization: `Bearer ${ward.key}` });
  const { id: itemId } = (body.items as { id: string; activity: string; status: string }[]).find(
    ({ activity, status }) => activity === 'tumour_markers' && status !== 'completed',
  )!;
  return { id, assignment: { kind: 'assignment', eventId, itemId, ...DECISION } };
}

/** A result that another caller has recorded. Its `outcome` decides whether a clinician has to judge it. */
async function givenResult(t: TestApp, ward: Ward, outcome: string): Promise<string> {
  const id = await givenPatient(t, ward);
  const exam = { type: 'exam', date: '2026-10-20', activity: 'mri_liver', outcome };
  const { id: eventId } = await made(t, ward, `/patients/${id}/events`, exam);
  await t.dataSource.query(`UPDATE clinical_event SET recorded_by = 'another caller' WHERE id = $1`, [
    eventId,
  ]);
  return eventId;
}

const newPerson = () => ({ login: `login-${randomUUID()}`, name: `Name ${randomUUID()}`, roles: ['nurse'] });
const NEW_KEY = { name: 'a machine', roles: ['integration'], scopes: ['people:write'] };
const newClient = () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  return { ...NEW_KEY, keySet: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'first' }] } };
};
const newProvider = () => ({
  ...{ code: `p-${randomUUID().slice(0, 8)}`, name: 'A provider', clientId: 'nedwatch' },
  issuer: `https://${randomUUID()}.example`,
});
const newHospital = () => ({
  ...{ name: 'A third one', code: `h-${randomUUID().slice(0, 8)}` },
  administrator: { login: 'first', name: 'First' },
});

const onPerson =
  (rest: string, payload?: unknown): Call =>
  async (t, ward) => {
    const { id } = await made(t, ward, '/people', newPerson());
    return { path: `/people/${id}${rest}`, payload };
  };

const onIdentity =
  (rest: string): Call =>
  async (t, ward) => {
    const { id } = await made(t, ward, '/people', newPerson());
    const added = newProvider();
    await made(t, ward, '/sso-providers', added);
    return {
      path: `/people/${id}/identities${rest}`,
      payload: { provider: added.code, subject: 'a-subject' },
    };
  };

async function requestedHandover(t: TestApp, ward: Ward): Promise<Prepared> {
  const [from, to] = [
    await made(t, ward, '/people', newPerson()),
    await made(t, ward, '/people', newPerson()),
  ];
  const days = { firstDay: '2026-11-01', lastDay: '2027-03-01' };
  return { path: '/handovers', payload: { from: from.id, to: to.id, ...days } };
}

/** How to make each call of `rights.ts` successfully. The keys are the same. */
export const CALLS: Readonly<Record<string, Call>> = {
  'GET /guidelines': plainly('/guidelines'),
  'GET /guidelines/:id': plainly('/guidelines/crlm-cn-2025'),
  'GET /guidelines/:id/:version': plainly('/guidelines/crlm-cn-2025/1.1.0'),
  'POST /guidelines': () =>
    Promise.resolve({ path: '/guidelines', payload: ownProtocol('P1M', { id: `own-${randomUUID()}` }) }),
  'POST /guidelines/comparison': plainly('/guidelines/comparison', {
    ...{ birthDate: '1958-05-05', diagnosisDate: '2025-01-20', events: [], guidelines: ['crlm-cn-2025'] },
  }),
  'GET /event-types': plainly('/event-types'),
  'GET /measurements': plainly('/measurements'),
  'GET /findings': plainly('/findings'),

  'GET /patients': plainly('/patients?limit=500'),
  'GET /patients/:id': onPatient(''),
  'GET /patients/:id/events': onPatient('/events'),
  'GET /patients/:id/schedule': onPatient('/schedule'),
  'GET /patients/:id/decisions': onPatient('/decisions'),
  'GET /patients/:id/comparison': onPatient('/comparison?guidelines=crlm-cn-2025,nhc-china-2023'),
  'POST /patients/:id/preview': onPatient('/preview', { policy: { profile: 'minimal' } }),
  'GET /items/:id/reason': onItem('/reason'),
  'GET /worklist': plainly('/worklist?limit=500'),
  'GET /worklist-settings': plainly('/worklist-settings'),
  'PUT /worklist-settings': plainly('/worklist-settings', { contacts: { lostAfterMonths: 12 } }),

  ...ENDPOINT_CALLS,
  ...WORKLIST_CALLS,
  ...PLANNING_CALLS,
  ...WARD_FILE_CALLS,
  ...STATISTICS_CALLS,
  ...MESSAGE_CALLS,
  ...SPREADSHEET_CALLS,
  ...EXCHANGE_CALLS,

  'GET /patients/:id/consents': onPatient('/consents'),
  'POST /patients/:id/consents': onPatient('/consents', {
    ...{ channel: 'webhook', decision: 'given', author: 'Dr. Chen', note: 'said so' },
  }),
  'GET /first-run': plainly('/first-run'),
  'POST /first-run/finish': plainly('/first-run/finish', {}),
  'GET /status': plainly('/status'),
  'PATCH /patients/:id': onPatient('', { name: '李敏慧', phone: null }),
  'GET /patients/:id/export': onPatient('/export'),
  'POST /patients/:id/erase': onPatient('/erase', { ground: 'patient_request', author: 'Dr. Chen' }),
  'POST /patients/search': () => Promise.resolve({ path: '/patients/search', payload: { name: '张三' } }),
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
  'POST /results/:id/seen': async (t, ward) => ({
    path: `/results/${await givenResult(t, ward, 'normal')}/seen`,
    payload: { author: 'Dr. Chen' },
  }),
  'GET /reviews': plainly('/reviews?limit=500'),
  'POST /reviews/:id/preview': async (t, ward) => ({
    path: `/reviews/${await givenResult(t, ward, 'suspicious')}/preview`,
    payload: { judgement: 'no_action', author: 'Dr. Chen' },
  }),
  'POST /reviews/:id/judgement': async (t, ward) => ({
    path: `/reviews/${await givenResult(t, ward, 'suspicious')}/judgement`,
    payload: { judgement: 'no_action', author: 'Dr. Chen' },
  }),
  'POST /reviews/:id/undo': async (t, ward) => {
    const id = await givenResult(t, ward, 'suspicious');
    await made(t, ward, `/reviews/${id}/judgement`, { judgement: 'no_action', author: 'Dr. Chen' });
    return { path: `/reviews/${id}/undo`, payload: { author: 'Dr. Chen' } };
  },
  'POST /patients/:id/decisions': async (t, ward) => {
    const { id, assignment } = await givenAssignment(t, ward);
    return { path: `/patients/${id}/decisions`, payload: assignment };
  },
  'POST /patients/:id/decisions/:decisionId/revoke': async (t, ward) => {
    const { id, assignment } = await givenAssignment(t, ward);
    const { id: decisionId } = await made(t, ward, `/patients/${id}/decisions`, assignment);
    return { path: `/patients/${id}/decisions/${decisionId}/revoke`, payload: DECISION };
  },
  'POST /patients/:id/merge': async (t, ward) => {
    const from = await givenPatient(t, ward);
    return { path: `/patients/${await givenPatient(t, ward)}/merge`, payload: { from, reason: 'one card' } };
  },
  'GET /patients/:id/merges': onPatient('/merges'),
  'POST /merges/:id/undo': async (t, ward) => {
    const merge = { from: await givenPatient(t, ward), reason: 'one card' };
    const { id } = await made(t, ward, `/patients/${await givenPatient(t, ward)}/merge`, merge);
    return { path: `/merges/${id}/undo`, payload: { reason: 'two people' } };
  },
  'GET /patients/duplicates': plainly('/patients/duplicates'),
  'POST /patients/duplicates/dismissals': async (t, ward) => ({
    path: '/patients/duplicates/dismissals',
    payload: { patientIds: [await givenPatient(t, ward), await givenPatient(t, ward)] },
  }),
  'GET /patients/:id/owner': onPatient('/owner'),
  'PUT /patients/:id/owner': async (t, ward) => {
    const { id: personId } = await made(t, ward, '/people', newPerson());
    return { path: `/patients/${await givenPatient(t, ward)}/owner`, payload: { personId, duty: 'books' } };
  },
  'GET /patients/unowned': plainly('/patients/unowned'),
  'GET /owners': plainly('/owners'),
  'GET /owners/people': plainly('/owners/people'),
  'GET /owners/:id': async (t, ward) => ({
    path: `/owners/${(await made(t, ward, '/people', newPerson())).id}`,
  }),
  'GET /handovers': plainly('/handovers'),
  'POST /handovers': (t, ward) => requestedHandover(t, ward),
  'DELETE /handovers/:id': async (t, ward) => {
    const { path, payload } = await requestedHandover(t, ward);
    return { path: `/handovers/${(await made(t, ward, path, payload)).id}` };
  },
  'POST /imports': async () => ({ path: '/imports', ...(await upload('mrn,type,date\n', 'events')) }),

  'GET /policy': plainly('/policy'),
  'GET /plan-changes': plainly('/plan-changes'),
  'GET /plan-changes/:id': async (t, ward) => ({ path: `/plan-changes/${await previewedRollout(t, ward)}` }),
  'GET /plan-changes/:id/examples': async (t, ward) => ({
    path: `/plan-changes/${await previewedRollout(t, ward)}/examples`,
  }),
  'POST /plan-changes': async (t, ward) => {
    await runPreviews(t, ward);
    return { path: '/plan-changes', payload: { policy: { profile: 'minimal' }, ...DECISION } };
  },
  'POST /plan-changes/:id/discard': async (t, ward) => ({
    path: `/plan-changes/${await previewedRollout(t, ward)}/discard`,
  }),
  'POST /plan-changes/:id/apply': async (t, ward) => {
    await replanAll(t, ward);
    return { path: `/plan-changes/${await previewedRollout(t, ward)}/apply` };
  },
  'POST /plan-changes/:id/undo': async (t, ward) => {
    await replanAll(t, ward);
    const id = await previewedRollout(t, ward);
    await made(t, ward, `/plan-changes/${id}/apply`);
    await replanAll(t, ward);
    return { path: `/plan-changes/${id}/undo`, payload: DECISION };
  },

  'GET /audit-events': plainly('/audit-events'),
  'GET /audit-events/seals': plainly('/audit-events/seals'),
  'GET /exports/audit-events.csv': plainly('/exports/audit-events.csv'),

  'GET /departments': plainly('/departments'),

  'GET /me': plainly('/me'),
  'POST /sign-out': plainly('/sign-out', {}),
  'PATCH /me': plainly('/me', { language: 'en' }),
  'POST /me/password': plainly('/me/password', { password: PASSWORD, newPassword: `another ${PASSWORD}` }),
  'POST /me/step-up': plainly('/me/step-up', { password: PASSWORD }),
  'POST /me/totp': plainly('/me/totp', { password: PASSWORD }),
  'POST /me/totp/confirm': async (t, ward) => {
    const { body } = await t.post('/me/totp', { password: PASSWORD }, as(ward.key));
    return { path: '/me/totp/confirm', payload: { code: await codeNow(t, body.secret as string) } };
  },
  'DELETE /me/totp': plainly('/me/totp', { password: PASSWORD }),
  'GET /me/sessions': plainly('/me/sessions'),
  'DELETE /me/sessions/:id': async (t, ward) => {
    const { body } = await t.get('/me/sessions', as(ward.key));
    return { path: `/me/sessions/${body.items[0].id as string}` };
  },

  'GET /nurse-names': plainly('/nurse-names?limit=500'),
  'PUT /nurse-names': async (t, ward) => {
    const { id } = await made(t, ward, '/people', newPerson());
    return { path: '/nurse-names', payload: { name: 'nurse.li', personId: id, author: 'Dr. Chen' } };
  },
  'GET /people': plainly('/people?limit=500'),
  'GET /people/:id': onPerson(''),
  'POST /people': () => Promise.resolve({ path: '/people', payload: newPerson() }),
  'PATCH /people/:id': onPerson('', { language: 'en' }),
  'POST /people/:id/reset': onPerson('/reset', {}),
  'GET /people/:id/sessions': onPerson('/sessions'),
  'DELETE /people/:id/sessions': onPerson('/sessions'),
  'DELETE /people/:id/sessions/:sessionId': async (t, ward) => {
    const { body } = await t.get('/me', as(ward.key));
    const { code } = body.hospital as { code: string };
    const { id, session } = await givenPerson(t, {}, { key: ward.key, hospital: code });
    const sessions = await t.get('/me/sessions', as(session));
    return { path: `/people/${id}/sessions/${sessions.body.items[0].id as string}` };
  },
  'GET /api-keys': plainly('/api-keys?limit=500'),
  'POST /api-keys': plainly('/api-keys', NEW_KEY),
  'POST /api-clients': () => Promise.resolve({ path: '/api-clients', payload: newClient() }),
  'DELETE /api-keys/:id': async (t, ward) => ({
    path: `/api-keys/${(await made(t, ward, '/api-keys', NEW_KEY)).id}`,
  }),

  'GET /people/:id/identities': onPerson('/identities'),
  'POST /people/:id/identities': onIdentity(''),
  'POST /people/:id/identities/unlink': onIdentity('/unlink'),
  'GET /second-factor-requirement': plainly('/second-factor-requirement'),
  'PUT /second-factor-requirement': plainly('/second-factor-requirement', { roles: [] }),
  'GET /sso-providers': plainly('/sso-providers?limit=500'),
  'POST /sso-providers': () => Promise.resolve({ path: '/sso-providers', payload: newProvider() }),
  'PATCH /sso-providers/:id': async (t, ward) => ({
    path: `/sso-providers/${(await made(t, ward, '/sso-providers', newProvider())).id}`,
    payload: { name: 'Another name' },
  }),
  'POST /sso-providers/:id/test': async (t, ward) => ({
    path: `/sso-providers/${(await made(t, ward, '/sso-providers', newProvider())).id}/test`,
  }),

  'GET /hospitals': plainly('/hospitals?limit=500'),
  'POST /hospitals': () => Promise.resolve({ path: '/hospitals', payload: newHospital() }),
  'PATCH /hospitals/:id': async (t, ward) => ({
    path: `/hospitals/${(await made(t, ward, '/hospitals', newHospital())).id}`,
    payload: { language: 'en' },
  }),
};
