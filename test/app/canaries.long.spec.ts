import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDataSource } from '../../src/app/data-source.js';
import { hashOfToken } from '../../src/tenancy/tokens.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { type RunningProgram, startProgramProcess } from '../support/program.js';
import { until, WebhookReceiver } from '../support/webhook-receiver.js';

const REQUESTS = 1500;
const AT_ONCE = 16;
const ADMIN_KEY = 'nw_administrator-of-this-test';

/** One of two hospitals. Each free text and each name in it contains its canary. */
interface Ward {
  readonly canary: string;
  readonly key: string;
  readonly receiver: WebhookReceiver;
  patientId: string;
  eventId: string;
  itemId: string;
  changeId: string;
  endpointId: string;
}

let database: TestDatabase;
let program: RunningProgram;
let wards: [Ward, Ward];

beforeAll(async () => {
  database = await createDatabase();
  program = await startProgram();
  wards = [
    await givenWard('KanarieAlfa', ADMIN_KEY),
    await givenWard('KanarieBeta', await anotherHospital()),
  ];
}, 120_000);
afterAll(async () => {
  await program.stop();
  await Promise.all(wards.map(({ receiver }) => receiver.stop()));
  await database.drop();
});

const startProgram = (role = 'all'): Promise<RunningProgram> =>
  startProgramProcess({
    ...{ DATABASE_URL: database.url, NEDWATCH_DATABASE_CONNECTIONS: '1', NEDWATCH_ADMIN_KEY: ADMIN_KEY },
    ...{
      NEDWATCH_CLOCK: '2026-11-01T09:00:00+08:00',
      NEDWATCH_WEBHOOK_LOOPBACK: 'true',
      NEDWATCH_LOG: 'debug',
      NEDWATCH_ROLE: role,
    },
  });

async function anotherHospital(): Promise<string> {
  const key = `nw_${randomUUID()}`;
  const owner = await createDataSource(database.url, 1).initialize();
  await owner.query(
    `INSERT INTO hospital (id, name, time_zone, language, policy) SELECT $1, 'KanarieBeta', time_zone, language, policy FROM hospital`,
    ['00000000-0000-7000-8000-00000000000b'],
  );
  await owner.query(
    `INSERT INTO hospital_policy (hospital_id, version, policy) SELECT id, 1, policy FROM hospital WHERE name = 'KanarieBeta'`,
  );
  await owner.query(
    `INSERT INTO api_key (id, hospital_id, name, key_hash) SELECT gen_random_uuid(), id, 'KanarieBeta', $1 FROM hospital WHERE name = 'KanarieBeta'`,
    [hashOfToken(key)],
  );
  await owner.destroy();
  return key;
}

async function ask(
  key: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${program.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const headers = JSON.stringify([...answer.headers]);
  return { status: answer.status, text: `${headers}\n${await answer.text()}` };
}

async function make(key: string, path: string, body: unknown): Promise<{ id: string }> {
  const { status, text } = await ask(key, 'POST', `/api/v1${path}`, body);
  if (status >= 300) throw new Error(`${path}: ${status} ${text}`);
  return JSON.parse(text.slice(text.indexOf('\n'))) as { id: string };
}

async function givenWard(canary: string, key: string): Promise<Ward> {
  const receiver = await WebhookReceiver.start();
  const endpoint = await make(key, '/webhook-endpoints', { url: `${receiver.url}/${canary}` });
  const patient = await make(key, '/patients', {
    ...{
      mrn: `${canary}-1`,
      name: `${canary} 李敏`,
      phone: `13912345678 (${canary})`,
      responsibleNurse: `${canary} 护士`,
    },
    ...{
      department: `${canary} 科`,
      sex: 'female',
      birthDate: '1960-05-05',
      diagnosisDate: '2026-01-02',
      enrolledOn: '2026-05-05',
    },
  });
  const events = `/patients/${patient.id}/events`;
  const event = await make(key, events, {
    ...{ type: 'primary_resection', date: '2026-05-05', site: 'colon', stage: 'III', intent: 'curative' },
    preoperativeColonoscopy: 'complete',
  });
  const wrong = await make(key, events, { type: 'exam', date: '2026-03-01', activity: 'tumour_markers' });
  await make(key, `${events}/${wrong.id}/void`, { reason: `${canary} wrong patient` });
  const decided = { author: `Dr. ${canary}`, reason: `${canary} because` };
  await make(key, `/patients/${patient.id}/decisions`, { kind: 'profile', profile: 'minimal', ...decided });
  const change = await make(key, '/plan-changes', { policy: { profile: 'minimal' }, ...decided });
  const schedule = await ask(key, 'GET', `/api/v1/patients/${patient.id}/schedule`);
  const { items } = JSON.parse(schedule.text.slice(schedule.text.indexOf('\n'))) as {
    items: { id: string }[];
  };
  return {
    ...{ canary, key, receiver, patientId: patient.id, eventId: event.id, itemId: items[0]!.id },
    ...{ changeId: change.id, endpointId: endpoint.id },
  };
}

/** The chart of a patient is opened in another system, which knows the number. */
const chartOf = (patientId: string, mrn?: string): unknown => ({
  ...{ hook: 'patient-view', hookInstance: randomUUID(), context: { userId: 'Practitioner/1', patientId } },
  prefetch: {
    patient: {
      resourceType: 'Patient',
      identifier: [
        {
          type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] },
          value: mrn,
        },
      ],
    },
  },
});

const wholePath = (path: string): string =>
  /^\/(fhir|cds-services|open)\b/.test(path) ? path : `/api/v1${path}`;

/** Requests of a caller of `ward`: for existing objects, for the other hospital's objects, and for invalid ones. */
function questions({
  patientId,
  eventId,
  itemId,
  changeId,
  endpointId,
  canary,
}: Ward): [string, string, unknown?][] {
  return [
    ['GET', '/patients'],
    ['GET', `/patients?mrn=${canary}-1`],
    ['GET', `/patients/${patientId}`],
    ['GET', `/patients/${patientId}/events`],
    ['GET', `/patients/${patientId}/schedule`],
    ['GET', `/patients/${patientId}/decisions`],
    ['GET', `/patients/${patientId}/comparison?guidelines=crlm-cn-2025,nhc-china-2023`],
    ['POST', `/patients/${patientId}/preview`, { void: [eventId] }],
    [
      'POST',
      `/patients/${patientId}/events`,
      { type: 'exam', date: '2027-01-01', activity: 'tumour_markers' },
    ],
    ['POST', `/patients/${patientId}/events/${eventId}/void`, { reason: '' }],
    ['GET', `/items/${itemId}/reason`],
    ['GET', '/worklist'],
    ['GET', `/worklist?status=missed`],
    ['GET', '/policy'],
    ['GET', '/plan-changes'],
    ['GET', `/plan-changes/${changeId}`],
    ['GET', '/webhook-endpoints'],
    ['GET', `/webhook-endpoints/${endpointId}`],
    ['GET', `/webhook-endpoints/${endpointId}/deliveries`],
    ['POST', `/webhook-endpoints/${endpointId}/test`],
    [
      'POST',
      '/patients',
      { mrn: `${canary}-1`, name: 'x', sex: 'female', birthDate: '1960-05-05', diagnosisDate: '2026-01-02' },
    ],
    ['POST', '/patients', { mrn: 7 }],
    ['POST', '/cds-services/surveillance', chartOf(patientId)],
    ['POST', '/cds-services/surveillance', chartOf('123', `${canary}-1`)],
    ['GET', `/open/patient?patient=${patientId}&step=here`],
    ['GET', '/nothing'],
    ['GET', '/patients/not-an-id'],
  ];
}

test(`${REQUESTS} requests of two hospitals over one connection: neither sees a canary of the other`, async () => {
  const [a, b] = wards;
  const asked = wards.flatMap((ward) => {
    const other = ward === a ? b : a;
    // Its own objects, and the other hospital's ids with its own key. Not the other's patient again: that would be
    // its own patient from then on.
    const foreign = questions(other).filter(([method, path]) => method === 'GET' || path !== '/patients');
    return [...questions(ward), ...foreign].map((question) => ({ ward, other, question }));
  });
  const counts = new Map<string, number>();
  const leaks: string[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < REQUESTS; index = next++) {
      // 97 is coprime to their number, so that hospitals and requests mix.
      const { ward, other, question } = asked[(index * 97) % asked.length]!;
      const [method, path, body] = question;
      const { status, text } = await ask(ward.key, method, wholePath(path), body);
      const isLeaked = path.includes(other.canary) || JSON.stringify(body ?? '').includes(other.canary);
      const ids = [other.patientId, other.eventId, other.itemId, other.changeId, other.endpointId];
      const foreign = [other.canary, ...ids].some((sign) => text.includes(sign) && !path.includes(sign));
      if (foreign && !isLeaked) leaks.push(`${ward.canary}: ${method} ${path} ${status}`);
      if (status >= 500) leaks.push(`${method} ${path} ${status}`);
      const kind = `${ward.canary} ${Math.floor(status / 100)}xx`;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(leaks).toEqual([]);
  for (const { canary } of wards) {
    expect(counts.get(`${canary} 2xx`)).toBeGreaterThan(REQUESTS / 8);
    expect(counts.get(`${canary} 4xx`)).toBeGreaterThan(REQUESTS / 8);
  }
}, 300_000);

test('webhooks of a hospital reach its own endpoints only', async () => {
  const worker = await startProgram('worker'); // it sweeps immediately; the other one does so every 30 seconds
  try {
    for (const [ward, other] of [wards, [...wards].reverse()] as [Ward, Ward][]) {
      await until(
        () => ward.receiver.arrivals.map(({ body }) => body).join('\n'),
        (payload) => payload.includes(`${ward.canary}-1`) && payload.includes('endpoint.test'),
        45_000,
      );
      const payload = JSON.stringify(ward.receiver.arrivals);
      expect(payload).not.toContain(other.canary);
      expect(payload).not.toContain(other.patientId);
    }
  } finally {
    await worker.stop();
  }
  expect(worker.log()).not.toMatch(/Kanarie/);
}, 100_000);

test('log, metrics, health and documentation name no patient or person of either', async () => {
  const pages = [
    '/metrics',
    '/health/ready',
    '/api/openapi.json',
    '/api/docs',
    '/nowhere',
    '/api/v1/nowhere',
  ];
  for (const path of pages) expect((await ask('', 'GET', path)).text).not.toMatch(/Kanarie/);
  expect(program.log().length).toBeGreaterThan(1000);
  expect(program.log()).not.toMatch(/Kanarie/);
});
