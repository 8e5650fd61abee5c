/**
 * How many reminders a second two API and three worker processes deliver together, beside one of each, on the same database and
 * queue. Both deliver the same due items to the same receiver, in turns, each time in a new database. The items become due
 * when all processes run and have delivered others before: a start takes seconds of a core. Prints the rates, and the
 * ratio, which must be at least 0.9: more processes than cores gain nothing, and may cost little.
 * Run: npm run bench:processes -- REMINDERS ROUNDS (defaults: 12000 5).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { dueItems } from '../test/faults/faulty-hospital.js';
import { startExternalPostgres } from '../test/support/external-postgres.js';
import { type RunningProgram, startProgramProcess } from '../test/support/program.js';
import { startRedis } from '../test/support/redis.js';

const REMINDERS = Number(process.argv[2] ?? 12_000);
const ROUNDS = Number(process.argv[3] ?? 5);
const LEAST = 0.9;
const DELIVERED_BEFORE_BY_EACH = 3000;
const WITHIN_MS = 240_000;
const ADMIN_KEY = 'nw_administrator-of-this-benchmark';

/** Processes of each role. */
interface Processes {
  readonly api: number;
  readonly worker: number;
}
const FEW: Processes = { api: 1, worker: 1 };
const MANY: Processes = { api: 2, worker: 3 };

/** What has arrived; instants in milliseconds. */
interface Arrivals {
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

const NOTHING: Arrivals = { count: 0, firstAt: 0, lastAt: 0 };

/**
 * Accepts everything at once, in a process of its own. Answers an expected number with the arrivals; once so many have
 * arrived, it counts from zero.
 */
function receive(): void {
  let arrivals = NOTHING;
  const server = createServer((message, answer) => {
    message.resume().on('end', () => answer.writeHead(204).end());
    const now = Date.now();
    arrivals = { count: arrivals.count + 1, firstAt: arrivals.firstAt || now, lastAt: now };
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  process.on('message', (expected: number) => {
    process.send?.(arrivals);
    if (arrivals.count >= expected) arrivals = NOTHING;
  });
  process.on('disconnect', () => process.exit());
}

/** Waits for a number of reminders at the receiver. */
async function arrivalsAt(receiver: ChildProcess, expected: number): Promise<Arrivals> {
  for (const end = Date.now() + WITHIN_MS; ; await sleep(200)) {
    receiver.send(expected);
    const [arrivals] = (await once(receiver, 'message')) as [Arrivals];
    if (arrivals.count >= expected) return arrivals;
    if (Date.now() > end) throw new Error(`Only ${arrivals.count} of ${expected} reminders arrived.`);
  }
}

/** Reminders a second from the first arrival to the last. */
async function rate({ api, worker }: Processes): Promise<number> {
  const postgres = await startExternalPostgres();
  const redis = await startRedis();
  const receiver = fork(fileURLToPath(import.meta.url), ['receiver']);
  const programs: RunningProgram[] = [];
  const start = async (role: 'api' | 'worker'): Promise<RunningProgram> => {
    const program = await startProgramProcess({
      ...{ DATABASE_URL: postgres.login, NEDWATCH_OWNER_URL: postgres.owner, NEDWATCH_ROLE: role },
      ...{ NEDWATCH_ADMIN_KEY: ADMIN_KEY, NEDWATCH_WEBHOOK_LOOPBACK: 'true' },
      ...(redis && { REDIS_URL: redis.url }),
    });
    programs.push(program);
    return program;
  };
  try {
    const [port] = (await once(receiver, 'message')) as [number];
    const first = await start('api');
    await Promise.all(Array.from({ length: api - 1 }, () => start('api')));
    const answer = await fetch(`${first.url}/api/v1/webhook-endpoints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ url: `http://127.0.0.1:${port}/hook` }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    const before = worker * DELIVERED_BEFORE_BY_EACH;
    for (const statement of dueItems(before + REMINDERS)) await postgres.query(statement);
    await postgres.query(
      `UPDATE surveillance_item SET next_reminder_on = NULL WHERE key::integer > ${before}`,
    );
    await Promise.all(Array.from({ length: worker }, () => start('worker')));
    await arrivalsAt(receiver, before);
    await postgres.query(
      `UPDATE surveillance_item SET next_reminder_on = due WHERE key::integer > ${before}`,
    );
    const { count, firstAt, lastAt } = await arrivalsAt(receiver, REMINDERS);
    return count / ((lastAt - firstAt) / 1000);
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
    receiver.kill();
    await redis?.stop();
    await postgres.stop();
  }
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

if (process.argv[2] === 'receiver') receive();
else {
  process.setMaxListeners(0); // each program and server of a round ends with this process
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const few = await rate(FEW);
    const many = await rate(MANY);
    ratios.push(many / few);
    console.log(
      `${FEW.api} API and ${FEW.worker} worker: ${few.toFixed(0)} reminders a second; ${MANY.api} and ${MANY.worker}: ${many.toFixed(0)}`,
    );
  }
  console.log(`load average ${loadavg()[0]?.toFixed(2)} on ${cpus().length} cores`);
  console.log(`ratio ${median(ratios).toFixed(2)} (median of ${ROUNDS}), at least ${LEAST}`);
  if (median(ratios) < LEAST) process.exitCode = 1;
}
