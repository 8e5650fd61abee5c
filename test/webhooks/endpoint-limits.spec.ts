import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Answer } from '../support/app.js';
import { givenItem, givenPatient, type PatientRow } from '../support/builders.js';
import { issued } from '../support/certificates.js';
import { nextHospital, type ReminderHospital } from '../support/reminder-hospital.js';
import { as } from '../support/signed-in.js';

let t: ReminderHospital;
let limited: Record<string, string>;
let ours: PatientRow;
let others: PatientRow;
beforeEach(async () => {
  t = await nextHospital(t);
  t.receiver.answer = () => ({ status: 200, body: '{"errcode":0}' });
  limited = as(await givenKey({ roles: ['integration'], departments: ['liver'] }));
  ours = await givenPatient(t, { department: 'liver', name: '李敏慧' });
  others = await givenPatient(t, { department: 'colon', name: '孙丽华' });
});
afterAll(() => t.close());

async function givenKey(limits: object): Promise<string> {
  const { status, body } = await t.post('/api-keys', { name: `key ${randomUUID()}`, ...limits });
  expect(status).toBe(201);
  return body.key as string;
}

const statusAndCode = ({ status, body }: Answer): unknown[] => [status, body?.code];

/** An endpoint with a path of its own at the receiver. */
async function register(settings: object, headers = limited): Promise<{ id: string; path: string }> {
  const path = `/${randomUUID()}`;
  const url = new URL(path, t.receiver.url).href;
  const { status, body } = await t.post('/webhook-endpoints', { url, ...settings }, headers);
  expect([status, body.errors]).toEqual([201, undefined]);
  return { id: body.id as string, path };
}

/** All requests to the path, as text. */
const arrived = (path: string): string =>
  t.receiver.arrivals
    .filter((arrival) => arrival.path.startsWith(path))
    .map(({ body }) => body)
    .join('\n');
const saysOf = (path: string, { id, mrn }: PatientRow): boolean =>
  arrived(path).includes(id) || arrived(path).includes(mrn);

const due = (patient: PatientRow, activity = 'colonoscopy') =>
  givenItem(t, { patientId: patient.id, activity, due: '2026-03-10' });
const dueOfBoth = async (): Promise<void> => {
  await due(ours);
  await due(others);
};

const deliveries = async (id: string, headers?: Record<string, string>) =>
  (await t.get(`/webhook-endpoints/${id}/deliveries?limit=200`, headers)).body.items as {
    id: string;
    eventType: string;
    state: string;
    cancelledReason: string | null;
  }[];

describe('an endpoint of a key that is limited to a department', () => {
  test('gets no messages about other patients, in any form, alone or in a digest', async () => {
    await t.dataSource.query(`UPDATE hospital SET policy = jsonb_set(policy, '{reminders,digest}', 'true')`);
    const endpoints = [
      await register({ eventTypes: ['*'] }),
      await register({ eventTypes: ['*'], format: 'fhir-r4' }),
      await register({ eventTypes: ['*'], format: 'hl7-v2' }),
      await register({ eventTypes: ['*'], kind: 'wecom' }),
    ];
    for (const patient of [ours, others]) {
      await t.post(`/patients/${patient.id}/events`, {
        ...{ type: 'primary_resection', date: '2026-01-15', site: 'colon', stage: 'III', intent: 'curative' },
        preoperativeColonoscopy: 'complete',
      });
      await due(patient);
      await due(patient, 'chest-ct');
    }
    await t.tellAll();
    const digests = t.receiver.arrivals.filter(({ body }) => body.includes('surveillance.patient.digest'));
    expect(digests.length).toBeGreaterThanOrEqual(endpoints.length - 1);
    for (const { path } of endpoints)
      expect([saysOf(path, ours), saysOf(path, others)]).toEqual([true, false]);
    expect(saysOf('/hook', others)).toBe(true);
    const ended = (await deliveries(endpoints[0]!.id)).filter(({ state }) => state === 'cancelled');
    expect(new Set(ended.map(({ cancelledReason }) => cancelledReason))).toEqual(new Set(['beyond-limits']));
  });

  test('gets no more messages about a patient who moves to another department, including waiting ones', async () => {
    const { id, path } = await register({});
    t.receiver.answer = () => ({ status: 503 });
    await due(ours);
    await t.tellAll();
    const received = arrived(path);
    expect(received).toContain(ours.id);
    await t.dataSource.query(`UPDATE patient SET department = 'colon' WHERE id = $1`, [ours.id]);
    t.receiver.answer = () => ({ status: 200 });
    await t.setClock('2026-03-10T12:00:00+08:00'); // every next attempt is due
    await t.tellAll();
    expect(arrived(path)).toBe(received);
    expect(await deliveries(id)).toMatchObject([{ state: 'cancelled', cancelledReason: 'beyond-limits' }]);
    const [delivery] = await deliveries(id);
    expect(statusAndCode(await t.post(`/deliveries/${delivery!.id}/replay`))).toEqual([
      409,
      'delivery-outdated',
    ]);
  });

  test('gets the number of open items of its own patients alone, in advance and after', async () => {
    await dueOfBoth();
    await t.sweep();
    const settings = { url: new URL('/counts', t.receiver.url).href, backlog: 'digest' };
    const preview = await t.post('/webhook-endpoints/preview', settings, limited);
    expect(preview.body.backlog).toMatchObject({ open: 1, patients: 1 });
    const { path } = await register({ backlog: 'digest' });
    await t.tellAll();
    expect(JSON.parse(arrived(path))).toMatchObject({ data: { open: 1, patients: 1 } });
  });

  test('continues within its limits when the key is revoked, and shows who made it', async () => {
    const key = await t.post('/api-keys', { name: 'his', roles: ['integration'], departments: ['liver'] });
    const { id, path } = await register({}, as(key.body.key as string));
    await t.request('DELETE', `/api-keys/${key.body.id as string}`);
    await dueOfBoth();
    await t.tellAll();
    expect([saysOf(path, ours), saysOf(path, others)]).toEqual([true, false]);
    expect((await t.get(`/webhook-endpoints/${id}`)).body).toMatchObject({
      ...{ createdBy: 'his', limits: { departments: ['liver'], ownPatientsOf: null } },
    });
  });

  test('from before the migration gets messages about the whole hospital, as before', async () => {
    const { id, path } = await register({});
    await t.dataSource.query('UPDATE webhook_endpoint SET reach = NULL, created_by = NULL WHERE id = $1', [
      id,
    ]);
    await dueOfBoth();
    await t.tellAll();
    expect([saysOf(path, ours), saysOf(path, others)]).toEqual([true, true]);
  });
});

describe('a caller who is limited to a department', () => {
  test('reads neither deliveries nor events of other patients, and repeats none of them', async () => {
    await dueOfBoth();
    await t.tellAll();
    const all = await deliveries(t.endpointId);
    const seen = await deliveries(t.endpointId, limited);
    expect([all.length, seen.length]).toEqual([2, 1]);
    const events = (await t.get('/events', limited)).body.items as { data: { patientId: string } }[];
    expect(new Set(events.map(({ data }) => data.patientId))).toEqual(new Set([ours.id]));

    const { id } = await register({ backlog: 'new' });
    await due(others, 'chest-ct');
    await t.tellAll();
    const [hidden] = await deliveries(id);
    expect(hidden).toMatchObject({ state: 'cancelled', cancelledReason: 'beyond-limits' });
    expect(await deliveries(id, limited)).toEqual([]);
    expect(statusAndCode(await t.post(`/deliveries/${hidden!.id}/replay`, {}, limited))).toEqual([
      404,
      'delivery-not-found',
    ]);
    const recovery = await t.post(
      `/webhook-endpoints/${id}/recover`,
      { since: '2026-01-01T00:00:00Z' },
      limited,
    );
    expect(recovery.body).toEqual({ deliveries: 1 });
  });

  test('takes over no endpoint with more patients', async () => {
    await dueOfBoth();
    await t.tellAll();
    const [delivery] = await deliveries(t.endpointId, limited);
    const admin = as(await givenKey({ roles: ['hospital_admin', 'integration'], departments: ['liver'] }));
    const endpoint = `/webhook-endpoints/${t.endpointId}`;
    const message = { webhookId: 'm', webhookTimestamp: '1', webhookSignature: 'v1,', body: '{}' };
    for (const headers of [limited, admin]) {
      const calls = [
        t.request('PATCH', endpoint, { payload: { filter: null }, headers }),
        t.request('PATCH', endpoint, { payload: { limits: { departments: ['liver'] } }, headers }),
        t.request('DELETE', endpoint, { headers }),
        t.post(`${endpoint}/rotate-secret`, {}, headers),
        t.post(`${endpoint}/verify`, {}, headers),
        t.post(`${endpoint}/test`, {}, headers),
        t.post(`${endpoint}/recover`, { since: '2026-01-01T00:00:00Z' }, headers),
        t.post(`${endpoint}/acknowledgements`, { through: 1 }, headers),
        t.post(`${endpoint}/signature-check`, message, headers),
        t.post(`/deliveries/${delivery!.id}/replay`, {}, headers),
      ];
      for (const answer of await Promise.all(calls))
        expect(statusAndCode(answer)).toEqual([403, 'endpoint-beyond-limits']);
    }
    const approval = { approved: true, author: 'Dr. Chen', reason: 'agreed' };
    expect(statusAndCode(await t.post(`${endpoint}/identity-approval`, approval, admin))).toEqual([
      ...[403, 'endpoint-beyond-limits'],
    ]);
  });

  test('gives no endpoint more patients than it sees, and may narrow it', async () => {
    const url = new URL('/none', t.receiver.url).href;
    const both = as(await givenKey({ roles: ['integration'], departments: ['liver', 'colon'] }));
    const { id } = await register({}, both);
    const narrow = (departments: string[] | null, headers: Record<string, string>) =>
      t.request('PATCH', `/webhook-endpoints/${id}`, { payload: { limits: { departments } }, headers });
    expect(statusAndCode(await narrow(null, both))).toEqual([403, 'not-yours-to-give']);
    expect((await narrow(['liver'], both)).body.limits).toEqual({
      departments: ['liver'],
      ownPatientsOf: null,
    });
    expect(statusAndCode(await narrow(['liver', 'colon'], limited))).toEqual([403, 'not-yours-to-give']);
    expect((await narrow(['liver', 'colon'], both)).status).toBe(200);
    expect(statusAndCode(await narrow(['liver'], limited))).toEqual([403, 'endpoint-beyond-limits']);
    for (const departments of [null, ['colon'], ['liver', 'colon']])
      expect(
        statusAndCode(await t.post('/webhook-endpoints', { url, limits: { departments } }, limited)),
      ).toEqual([...[403, 'not-yours-to-give']]);
  });
});

describe('the approval of identities', () => {
  const change = (id: string, payload: object) => t.request('PATCH', `/webhook-endpoints/${id}`, { payload });

  test('ends when the filter or the limits become wider, and stays when they become narrower', async () => {
    const { id } = await register(
      {
        payload: 'full',
        filter: { activities: ['colonoscopy'] },
        limits: { departments: ['liver', 'colon'] },
      },
      {},
    );
    const approve = () =>
      t.post(`/webhook-endpoints/${id}/identity-approval`, {
        approved: true,
        author: 'Dr. Chen',
        reason: 'agreed',
      });
    for (const [patch, stays] of [
      [{ heartbeatMinutes: 10 }, true],
      [{ filter: { activities: ['colonoscopy'], departments: ['liver'] } }, true],
      [{ limits: { departments: ['liver'] } }, true],
      [{ limits: { departments: ['liver', 'colon'] } }, false],
      [{ filter: { activities: ['colonoscopy', 'chest-ct'], departments: ['liver'] } }, false],
      [{ filter: { activities: ['colonoscopy'] } }, false],
      [{ filter: { activities: ['chest-ct'] } }, false],
      [{ filter: null }, false],
      [{ limits: { departments: null } }, false],
    ] as const) {
      expect((await approve()).body.identityApproval).not.toBeNull();
      const { body } = await change(id, patch);
      expect([patch, body.identityApproval !== null]).toEqual([patch, stays]);
    }
  });

  test('ends when tls or oauth2 change, and stays when they are sent again as they are', async () => {
    const { id } = await register({ payload: 'full', url: 'https://127.0.0.1:9/hook' }, {});
    const tls = { ca: issued('receiver').certificate };
    const oauth2 = { tokenUrl: 'https://127.0.0.1:9/token', clientId: 'a', clientSecret: 'b' };
    for (const [patch, stays] of [
      [{ tls: null, oauth2: null }, true],
      [{ tls }, false],
      [{ tls }, true],
      [{ oauth2 }, false],
      [{ oauth2, tls }, true],
      [{ oauth2: { ...oauth2, tokenUrl: 'https://127.0.0.1:9/other' } }, false],
      [{ oauth2: null }, false],
      [{ tls: null }, false],
    ] as const) {
      const approval = { approved: true, author: 'Dr. Chen', reason: 'agreed' };
      const { body: approved } = await t.post(`/webhook-endpoints/${id}/identity-approval`, approval);
      expect(approved.identityApproval).not.toBeNull();
      const { status, body } = await change(id, patch);
      expect([patch, status, body.identityApproval !== null]).toEqual([patch, 200, stays]);
    }
  });

  test('that has ended holds for the very next message', async () => {
    const { id, path } = await register({ payload: 'full', filter: { departments: ['liver'] } }, {});
    await t.post(`/webhook-endpoints/${id}/identity-approval`, {
      approved: true,
      author: 'Wu',
      reason: 'agreed',
    });
    await due(ours);
    await t.tellAll();
    expect(arrived(path)).toContain('李敏慧');
    await change(id, { filter: null });
    await due(others);
    await t.tellAll();
    expect(saysOf(path, others)).toBe(true);
    expect(arrived(path)).not.toContain('孙丽华');
  });
});
