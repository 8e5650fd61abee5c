import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { type RunningProgram, startProgramProcess } from '../support/program.js';
import { until } from '../support/webhook-receiver.js';

// Two processes of the program behind a proxy that distributes requests, which is the test.

const PER_SECOND = 2;
const BURST = 40;
const FAILED = 10;
const ADMIN_KEY = 'nw_administrator-of-this-test';

/** Three renewals of the lease, on a busy machine. */
const NOTICED_MS = 45_000;

jest.setTimeout(120_000);

let database: TestDatabase;
let processes: [RunningProgram, RunningProgram];
beforeAll(async () => {
  database = await createDatabase();
  processes = [await start(), await start()];
});
afterAll(async () => {
  await Promise.all(processes.filter((one) => one.runs()).map((one) => one.stop()));
  await database.drop();
});

const start = (): Promise<RunningProgram> =>
  startProgramProcess({
    ...{ DATABASE_URL: database.url, NEDWATCH_ROLE: 'api', NEDWATCH_ADMIN_KEY: ADMIN_KEY },
    ...{ NEDWATCH_REQUESTS_PER_SECOND: String(PER_SECOND), NEDWATCH_REQUEST_BURST: String(BURST) },
    ...{ NEDWATCH_FAILED_SIGN_INS_PER_MINUTE: String(FAILED), NEDWATCH_TRUSTED_PROXIES: '127.0.0.1' },
  });

async function query(statement: string, parameters: unknown[] = []): Promise<pg.QueryResult> {
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  try {
    return await owner.query(statement, parameters);
  } finally {
    await owner.end();
  }
}

const known = async ({ url }: RunningProgram): Promise<number> =>
  Number(/^nedwatch_serving_processes (\d+)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1]);

const allKnow = (running: readonly RunningProgram[]): Promise<unknown> =>
  until(
    () => Promise.all(running.map(known)),
    (counts) => counts.every((count) => count === running.length),
    NOTICED_MS,
  );

/** The answers to so many simultaneous requests with one key, distributed in turn, and how many were admitted at most. */
async function flood(
  running: readonly RunningProgram[],
  times: number,
): Promise<{ admitted: number; refused: number; seconds: number }> {
  const began = performance.now();
  const statuses = await Promise.all(
    Array.from({ length: times }, async (_, n) => {
      const { url } = running[n % running.length]!;
      const answer = await fetch(`${url}/api/v1/policy`, {
        headers: { authorization: `Bearer ${ADMIN_KEY}` },
      });
      await answer.arrayBuffer();
      return answer.status;
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  const count = (status: number): number => statuses.filter((one) => one === status).length;
  return { admitted: count(200), refused: count(429), seconds };
}

/** All of the burst, and of the requests of each second, of which the flood touches two more than it lasts. */
function refuseBeyondLimit({ admitted, refused, seconds }: Awaited<ReturnType<typeof flood>>): void {
  expect(seconds).toBeLessThan(10); // within one burst
  expect(admitted).toBeGreaterThanOrEqual(BURST);
  expect(admitted).toBeLessThanOrEqual(BURST + PER_SECOND * (Math.ceil(seconds) + 1));
  expect(admitted + refused).toBe(160);
}

test('two processes together admit the requests of one caller up to the limit', async () => {
  await allKnow(processes);
  refuseBeyondLimit(await flood(processes, 160));
});

test('wrong keys of one address are counted at both processes', async () => {
  const call = async ({ url }: RunningProgram): Promise<number> => {
    const headers = { authorization: 'Bearer nw_wrong', 'x-forwarded-for': '192.0.2.1' };
    const answer = await fetch(`${url}/api/v1/policy`, { headers });
    await answer.arrayBuffer();
    return answer.status;
  };
  const statuses: number[] = [];
  for (let n = 0; n < 30; n++) statuses.push(await call(processes[n % 2]!));
  const wrong = statuses.filter((status) => status === 401).length;
  expect(wrong).toBeGreaterThanOrEqual(FAILED);
  expect(wrong).toBeLessThanOrEqual(FAILED + 1); // the other process learns it from its own next one
  expect(new Set(statuses.slice(FAILED + 1))).toEqual(new Set([429]));
});

const signIn = async ({ url }: RunningProgram, login: string, address: string): Promise<number> => {
  const answer = await fetch(`${url}/api/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify({ hospital: 'nedwatch', as: 'cookie', login, password: 'a guess of somebody' }),
  });
  await answer.arrayBuffer();
  return answer.status;
};

test('wrong sign-ins of one address are exactly limited over both processes', async () => {
  const statuses: number[] = [];
  for (let n = 0; n < 16; n++) statuses.push(await signIn(processes[n % 2]!, `nobody-${n}`, '192.0.2.2'));
  expect(statuses).toEqual([...Array<number>(FAILED).fill(401), ...Array<number>(6).fill(429)]);
});

test('every guess at one login that is checked was counted before, at whichever process', async () => {
  const statuses = await Promise.all(
    Array.from({ length: 12 }, (_, n) => signIn(processes[n % 2]!, 'nobody', '192.0.2.3')),
  );
  const checked = statuses.filter((status) => status === 401).length;
  expect(statuses).toContain(429);
  expect(checked).toBeGreaterThanOrEqual(5); // those without a wait
  const { rows } = await query('SELECT max(failures) AS failures FROM sign_in_attempt');
  expect(rows).toEqual([{ failures: checked }]);
});

test('a killed process leaves its part to the other one when its lease has ended', async () => {
  const [stays, ends] = processes;
  await ends.kill();
  // The rest of its 30 seconds pass.
  const { rowCount } = await query(
    `UPDATE nedwatch_runtime.program_lease SET expires_at = clock_timestamp() WHERE holder LIKE '%pid ' || $1`,
    [ends.pid],
  );
  expect(rowCount).toBe(1);
  await allKnow([stays]);
  refuseBeyondLimit(await flood([stays], 160));
});
