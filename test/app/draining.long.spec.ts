import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { startProgramProcess, type RunningProgram } from '../support/program.js';
import { until } from '../support/webhook-receiver.js';

// How a process ends behind a proxy, which must find it not ready before its port closes.

const KEY = 'nw_administrator-of-this-test';
const started: RunningProgram[] = [];
let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterEach(async () => {
  for (const program of started.splice(0)) if (program.runs()) await program.kill();
});
afterAll(() => database.drop());

async function start(drainSeconds: number, role: 'api' | 'worker' | 'all' = 'api'): Promise<RunningProgram> {
  const program = await startProgramProcess({
    ...{ DATABASE_URL: database.url, NEDWATCH_ROLE: role, NEDWATCH_ADMIN_KEY: KEY },
    NEDWATCH_DRAIN_SECONDS: String(drainSeconds),
  });
  started.push(program);
  return program;
}

const ready = ({ url }: RunningProgram): Promise<Response> => fetch(`${url}/health/ready`);

/** On a connection of its own. */
const worklist = ({ url }: RunningProgram): Promise<Response> =>
  fetch(`${url}/api/v1/worklist`, { headers: { authorization: `Bearer ${KEY}` } });

async function connected({ url }: RunningProgram): Promise<{ socket: Socket; answer: () => string }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
  await once(socket, 'connect');
  return { socket, answer: () => received };
}

test('after SIGTERM a process is not ready at once, and serves and closes connections until it has drained', async () => {
  const program = await start(3);
  expect((await ready(program)).status).toBe(200);
  expect((await worklist(program)).headers.get('connection')).toBe('keep-alive');
  const began = performance.now();
  const ended = program.stop();
  const unready = await until(
    () => ready(program),
    ({ status }) => status === 503,
  );
  expect(await unready.json()).toMatchObject({
    code: 'not-ready',
    title: 'This process is ending. It still serves requests; send new ones to another process.',
  });
  for (const secondsAfter of [0, 1, 2]) {
    await sleep(Math.max(0, began + secondsAfter * 1000 - performance.now()));
    const answer = await worklist(program);
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
  }
  expect(await ended).toBe(0);
  expect(performance.now() - began).toBeGreaterThanOrEqual(3000);
});

test('a second signal ends the draining', async () => {
  const program = await start(600);
  const ended = program.stop();
  await until(
    () => ready(program),
    ({ status }) => status === 503,
  );
  process.kill(program.pid, 'SIGTERM');
  expect(await ended).toBe(0);
});

test('a worker has no calls to drain', async () => {
  expect(await (await start(600, 'worker')).stop()).toBe(0);
});

test('without draining, a request that is being received is still served', async () => {
  const program = await start(0, 'all');
  const { socket, answer } = await connected(program);
  const closed = once(socket, 'close');
  socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\n');
  await sleep(200); // the head has begun: the connection is not idle
  const ended = program.stop();
  const isOpen = (): Promise<boolean> =>
    connected(program).then(
      ({ socket: other }) => !other.destroy().connecting,
      () => false,
    );
  await until(isOpen, (is) => !is);
  socket.write('\r\n');
  await closed;
  expect(answer()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer()).toMatch(/\r\nconnection: close\r\n/i);
  expect(await ended).toBe(0);
});
