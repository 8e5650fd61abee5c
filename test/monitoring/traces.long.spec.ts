import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ReminderSweep } from '../../src/reminders/reminder-sweep.js';
import { startApp, type TestApp } from '../support/app.js';
import { createDatabase } from '../support/database.js';
import { startProgramProcess } from '../support/program.js';
import { until, WebhookReceiver } from '../support/webhook-receiver.js';

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
  readonly status: { readonly code?: number };
}

const CANARY = 'KanarieTrace';

let collector: WebhookReceiver;
let receiver: WebhookReceiver;
let t: TestApp;
let patientId: string;

beforeAll(async () => {
  collector = await WebhookReceiver.start();
  receiver = await WebhookReceiver.start();
  t = await startApp({
    clock: '2026-11-01T09:00:00+08:00',
    traceUrl: new URL(`${collector.url}/v1/traces`),
    trustedProxies: ['127.0.0.1'],
    slowStatementMs: 50,
  });
  await t.post('/webhook-endpoints', { url: `${receiver.url}/${CANARY}` });
  const { body } = await t.post('/patients', {
    ...{ mrn: `${CANARY}-1`, name: `${CANARY} 李敏`, phone: '13912345678', sex: 'female' },
    ...{ birthDate: '1960-05-05', diagnosisDate: '2026-01-02', enrolledOn: '2026-05-05' },
  });
  patientId = body.id as string;
});

afterAll(async () => {
  await t.close();
  await Promise.all([collector.stop(), receiver.stop()]);
});

/** All spans that the collector has received. */
const spans = (): SentSpan[] =>
  collector.arrivals.flatMap(({ body }) => {
    const { resourceSpans } = JSON.parse(body) as {
      resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[];
    };
    return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans: sent }) => sent));
  });

const attributesOf = ({ attributes }: SentSpan): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

const isIn = (trace: SentSpan, name: string): boolean =>
  spans().some((span) => span.traceId === trace.traceId && span.name === name);

test('a request is a trace with its transactions, named by the operation id', async () => {
  await t.post(`/patients/${patientId}/events`, {
    ...{ type: 'primary_resection', date: '2026-05-05', site: 'colon', stage: 'III', intent: 'curative' },
    preoperativeColonoscopy: 'complete',
  });
  await until(() => spans().some(({ name }) => name === 'createPatientEvent'), Boolean);

  const request = spans().find(({ name }) => name === 'createPatientEvent')!;
  expect(attributesOf(request)).toEqual({
    'nedwatch.hospital': t.hospitalId,
    'nedwatch.roles': expect.stringContaining('hospital_admin'),
    'http.response.status_code': 201,
  });
  const transaction = spans().find(({ parentSpanId }) => parentSpanId === request.spanId)!;
  expect(transaction).toMatchObject({ name: 'transaction', traceId: request.traceId });
  expect(attributesOf(transaction)).toEqual({ 'nedwatch.hospital': t.hospitalId });
});

test('a delivery is a trace with its claim, its attempt and its record', async () => {
  await t.app.get(ReminderSweep).sweep();
  await until(() => receiver.arrivals.length > 0, Boolean);
  await until(() => spans().some(({ name }) => name === 'delivery attempt'), Boolean);

  const attempt = spans().find(({ name }) => name === 'delivery attempt')!;
  expect(attributesOf(attempt)).toEqual({
    'nedwatch.hospital': t.hospitalId,
    'nedwatch.outcome': 'accepted',
    'http.response.status_code': 200,
  });
  await until(() => isIn(attempt, 'webhook deliveries'), Boolean);
  expect(isIn(attempt, 'transaction')).toBe(true);
});

test('the relay and the sweep are traces that count what they did', async () => {
  await until(() => spans().some(({ name }) => name === 'sweep'), Boolean);
  const relayed = spans().filter(({ name }) => name === 'relay');

  expect(relayed.length).toBeGreaterThan(0);
  expect(attributesOf(relayed[0]!)['nedwatch.count']).toBeGreaterThan(0);
});

test('a refused request is a span with its status, and has not failed', async () => {
  const { status } = await t.get(`/patients/${patientId}/events?limit=none`);
  const isRefused = (span: SentSpan): boolean => attributesOf(span)['http.response.status_code'] === status;

  expect(status).toBe(422);
  await until(() => spans().some(isRefused), Boolean);
  expect(spans().find(isRefused)!.status.code ?? 0).toBe(0);
});

test('the trace of a trusted proxy is continued, and a broken one is not', async () => {
  const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
  await t.get('/patients', { traceparent: `00-${traceId}-${spanId}-00` });
  await t.get('/lists', { traceparent: `00-${'0'.repeat(32)}-${spanId}-01` });

  await until(() => spans().some(({ name }) => name === 'listLists'), Boolean);
  expect(spans().find(({ name }) => name === 'listPatients')).toMatchObject({
    traceId,
    parentSpanId: spanId,
  });
  expect(spans().find(({ name }) => name === 'listLists')!.traceId).toMatch(/[1-9a-f]/);
});

test('a statement that waits for a lock is logged with its call and its trace, without its values', async () => {
  const runner = t.dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.query('SELECT FROM patient WHERE id = $1 FOR UPDATE', [patientId]);
  const event = { type: 'exam', date: '2026-10-15', activity: 'tumour_markers', outcome: 'normal' };
  const posted = t.post(`/patients/${patientId}/events`, event);
  await until(async () => {
    // Who waits for a row holds a lock of this kind.
    const waiting = await t.dataSource.query<unknown[]>(
      `SELECT FROM pg_locks WHERE locktype = 'tuple' AND relation = 'patient'::regclass`,
    );
    return waiting.length;
  }, Boolean);
  await runner.query('SELECT pg_sleep(0.1)');
  await runner.commitTransaction();
  await runner.release();
  expect((await posted).status).toBe(201);

  const logged = t.takeWarnings().filter((line) => line.startsWith('A statement of createPatientEvent'));
  expect(logged).toContainEqual(
    expect.stringMatching(
      / \(trace [0-9a-f]{32}\) took \d+ ms: SELECT .* FROM "patient".* FOR NO KEY UPDATE/,
    ),
  );
  expect(logged.join('')).not.toContain(patientId);
});

test('the built program loads OpenTelemetry and sends traces too', async () => {
  const built = await WebhookReceiver.start();
  const database = await createDatabase();
  const program = await startProgramProcess({
    ...{ DATABASE_URL: database.url, NEDWATCH_TRACE_URL: `${built.url}/v1/traces` },
    NEDWATCH_TRACE_SHARE: '0.999999',
  });
  try {
    await until(() => built.arrivals.some(({ body }) => body.includes('"sweep"')), Boolean);
  } finally {
    expect(await program.stop()).toBe(0);
    await built.stop();
    await database.drop();
  }
});

test('nothing about a patient is in any span, nor an address', () => {
  const sent = collector.arrivals.map(({ body }) => body).join('\n');

  expect(spans().length).toBeGreaterThan(20);
  for (const secret of [CANARY, patientId, '李敏', '13912345678', receiver.url, t.adminKey])
    expect(sent).not.toContain(secret);
});
