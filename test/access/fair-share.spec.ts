import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hashOfToken } from '../../src/tenancy/tokens.js';
import { RequestShares } from '../../src/access/request-shares.js';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { givenPatient } from '../support/builders.js';
import { as } from '../support/signed-in.js';
import { until } from '../support/webhook-receiver.js';

// One hospital sends requests without end; another requests its worklist.

const CONNECTIONS = 6;
/** Catches a request that waits for the other hospital, on a busy machine too. */
const PROMPT_MS = 5000;

let t: TestApp;
let url: string;
let patientId: string;
let nurse: Record<string, string>;
let other: Record<string, string>;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', databaseConnections: CONNECTIONS });
  await t.app.listen(0, '127.0.0.1');
  url = await t.app.getUrl();
  patientId = (await givenPatient(t)).id;
  nurse = as(await keyOf(t.adminKey));
  other = as(await otherHospital());
  await timedWorklist(other); // the first answer is slower: its schema is compiled to check it
}, 60_000);
afterAll(() => t.close());

async function keyOf(administrator: string): Promise<string> {
  const asked = { name: randomUUID(), roles: ['nurse', 'head_nurse'] };
  const { status, body } = await t.post('/api-keys', asked, as(administrator));
  expect({ status, errors: body.errors as unknown }).toEqual({ status: 201, errors: undefined });
  return body.key as string;
}

async function otherHospital(): Promise<string> {
  const administrator = { login: 'other-admin', name: 'Other Admin' };
  await t.post('/hospitals', { name: 'Other', code: 'other', administrator });
  const key = `nw_${randomUUID()}`;
  await t.dataSource.query(
    `INSERT INTO api_key (id, hospital_id, name, key_hash) SELECT gen_random_uuid(), id, 'other', $1 FROM hospital WHERE code = 'other'`,
    [hashOfToken(key)],
  );
  return key;
}

async function timedWorklist(headers: Record<string, string>): Promise<{ status: number; ms: number }> {
  const began = performance.now();
  const { status } = await t.get('/worklist', headers);
  return { status, ms: performance.now() - began };
}

/** Runs `work` while events of the patient wait for a lock. */
async function whileLocked(work: () => Promise<void>): Promise<void> {
  const owner = t.dataSource.createQueryRunner();
  await owner.startTransaction();
  await owner.query('SELECT FROM patient WHERE id = $1 FOR UPDATE', [patientId]);
  try {
    await work();
  } finally {
    await owner.rollbackTransaction();
    await owner.release();
  }
}

const event = (): Promise<Answer> =>
  t.post(
    `/patients/${patientId}/events`,
    { type: 'exam', date: '2026-10-20', activity: 'tumour_markers' },
    nurse,
  );

test('requests that wait for a lock take no connection from another hospital, and those beyond the queue are refused', async () => {
  let answers: Promise<Answer[]> = Promise.resolve([]);
  await whileLocked(async () => {
    answers = Promise.all(Array.from({ length: 110 }, event));
    await setTimeout(500);
    const { status, ms } = await timedWorklist(other);
    expect(status).toBe(200);
    expect(ms).toBeLessThan(PROMPT_MS);
    // Another caller of the same hospital has a share too.
    expect((await timedWorklist(as(t.adminKey))).status).toBe(200);
  });
  const statuses = (await answers).map(({ status }) => status);
  const refused = (await answers).filter(({ status }) => status === 429);
  expect(statuses.filter((status) => status === 201 || status === 200)).toHaveLength(101);
  expect(refused).toHaveLength(9);
  for (const { body, headers } of refused)
    expect([body.code, headers['retry-after']]).toEqual(['too-many-waiting', '5']);
}, 60_000);

type Share = Readonly<{ running: number }>;

/** Every share has been given back. */
async function nothingRuns(): Promise<void> {
  const shares = t.app.get<Record<'hospitals' | 'signIns' | 'openCalls', Share>>(RequestShares);
  await until(
    () => shares.hospitals.running + shares.signIns.running + shares.openCalls.running,
    (running) => running === 0,
  );
}

test('a request whose client has disconnected frees its share for the next one', async () => {
  await whileLocked(async () => {
    const gone = new AbortController();
    const headers = { ...nurse, 'content-type': 'application/json' };
    const body = JSON.stringify({ type: 'exam', date: '2026-10-21', activity: 'tumour_markers' });
    const asked = Array.from({ length: 8 }, () =>
      fetch(`${url}/api/v1/patients/${patientId}/events`, {
        ...{ method: 'POST', headers, body, signal: gone.signal },
      }).catch(() => undefined),
    );
    await setTimeout(300);
    gone.abort();
    await Promise.all(asked);
  });
  await nothingRuns();
  expect((await timedWorklist(nurse)).status).toBe(200);
}, 60_000);

/** Makes `atOnce` concurrent requests repeatedly, in a thread of its own; `terminate` ends it. */
const ATTACKER = `
  const { request, Agent } = require('node:http');
  const { workerData: { url, atOnce, calls } } = require('node:worker_threads');
  const agent = new Agent({ keepAlive: true });
  const ask = ({ method, path, headers, body }) => new Promise((resolve) => {
    const asked = request(url + path, { method, headers, agent });
    asked.on('response', (answer) => answer.resume().on('end', resolve)).on('error', resolve);
    asked.end(body);
  });
  const forever = async (index) => { for (;;) { await ask(calls[index % calls.length]); await new Promise((next) => setTimeout(next, 5)); } };
  for (let index = 0; index < atOnce; index++) forever(index);
`;

interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

test('twenty concurrent requests of a nurse or without a key never delay the worklist of another hospital', async () => {
  const json = { 'content-type': 'application/json' };
  const post = (path: string, body: unknown, headers = nurse): Call => ({
    ...{ method: 'POST', path: `/api/v1${path}`, headers: { ...headers, ...json } },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const get = (path: string): Call => ({ method: 'GET', path: `/api/v1${path}`, headers: nurse });
  const decisions = ['P1W', 'P1D'].map((every) => ({
    kind: 'interval',
    rule: 'ned_markers',
    phase: 0,
    every,
  }));
  const attacks: readonly Call[][] = [
    [get(`/worklist?${'status=overdue&'.repeat(500)}`), get(`/worklist?limit=500&status=due,overdue`)],
    decisions.map((decision) => post(`/patients/${patientId}/preview`, { decisions: [decision] })),
    [post('/plan-changes', { policy: { profile: 'minimal' }, author: 'A', reason: 'B' })],
    [post('/patients', `[${'1,'.repeat(490_000)}1]`), post('/patients', `[${'1,'.repeat(490_000)}1]`, {})],
    [post('/sign-in', { hospital: 'other', as: 'token', login: 'nobody', password: 'guessed' }, {})],
  ];
  for (const calls of attacks) {
    const attacker = new Worker(ATTACKER, { eval: true, workerData: { url, atOnce: 20, calls } });
    await setTimeout(300);
    const answers = [];
    for (let asked = 0; asked < 12; asked++) answers.push(await timedWorklist(other));
    await attacker.terminate();
    const path = calls[0]?.path.slice(0, 40);
    expect({ path, statuses: [...new Set(answers.map(({ status }) => status))] }).toEqual({
      ...{ path, statuses: [200] },
    });
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(PROMPT_MS);
    await nothingRuns();
  }
}, 120_000);
