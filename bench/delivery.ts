/**
 * Deliveries a second from the due row to the recorded answer, including PostgreSQL, queue and receiver, compared
 * with (a) a bare loop of signed POSTs by undici, the upper limit, and (b) the usual way: one BullMQ job for each
 * reminder, which fetches and saves with the ORM. The rounds alternate. The due row is a delivery, like the reminder
 * of (b); a second measurement starts from the item whose reminder must first be decided and recorded with its event
 * and its delivery. Then the time of one single reminder from due to received, and the cost of a sweep that finds
 * nothing, with 50,000 and with 5,000,000 future items. Run: npm run bench:delivery, or one of both: npm run
 * bench:delivery -- rate, npm run bench:delivery -- sweep 5000000
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { DataSource, EntitySchema } from 'typeorm';
import { Agent, request } from 'undici';
import { v7 as uuid } from 'uuid';
import { firstHospital } from '../src/tenancy/first-hospital.js';
import { HospitalScope } from '../src/tenancy/hospital-scope.js';
import { loadConfig } from '../src/platform/config.js';
import { type Program, startProgram } from '../src/app/program.js';
import { DeliveryDispatch } from '../src/webhooks/deliveries/delivery-dispatch.js';
import { ReminderSweep } from '../src/reminders/reminder-sweep.js';
import { WebhookEndpointsService } from '../src/webhooks/webhook-endpoints.service.js';
import { newSigningKey, signatureHeader } from '../src/webhooks/sending/webhook-signature.js';
import { removeDataFolder } from '../test/support/data-folder.js';
import { startRedis } from '../test/support/redis.js';
import { PLANNER_REVISION } from '../src/guideline/planner.js';

const ROUNDS = 5;
const REMINDERS = 5000;
const BARE = 4 * REMINDERS;
const ALONE = 30;
const AT_ONCE = 20;

const [what = 'all', items = '5000000'] = process.argv.slice(2);
async function main(): Promise<void> {
  if (what !== 'sweep') await rates();
  if (what !== 'rate') await idleSweeps(Number(items));
}

/** A receiver that accepts everything immediately, in a process of its own. */
function receive(): void {
  const server = createServer((message, answer) => {
    message.resume().on('end', () => answer.writeHead(204).end());
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  process.on('disconnect', () => process.exit());
}

async function startReceiver(): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(fileURLToPath(import.meta.url), ['receiver']);
  const [port] = (await once(child, 'message')) as [number];
  return { child, url: `http://127.0.0.1:${port}/hook` };
}

async function rates(): Promise<void> {
  const receiver = await startReceiver();
  const redis = await startRedis();
  try {
    const ours = [await Ours.start(receiver.url, undefined)];
    if (redis) ours.push(await Ours.start(receiver.url, redis.url));
    const usual = redis && (await Usual.start(receiver.url, redis.url, ours[0]!.program));
    const figures: Record<string, number[]> = {};
    const note = (name: string, rate: number): void => void (figures[name] ??= []).push(rate);
    for (const one of ours) await one.fromItems(); // the first round of this and the others below is not counted
    await bareLoop(receiver.url);
    await usual?.round();
    for (let round = 0; round < ROUNDS; round++) {
      note('(a) bare loop of signed POSTs', await bareLoop(receiver.url));
      for (const one of ours) {
        note(`nedwatch on ${one.queue}, from the due delivery`, await one.fromDeliveries());
        note(`nedwatch on ${one.queue}, from the due item`, await one.fromItems());
      }
      if (usual) note('(b) a job and the ORM for each, on Redis', await usual.round());
    }
    const limit = median(figures['(a) bare loop of signed POSTs'] ?? []);
    for (const [name, rates] of Object.entries(figures))
      console.log(
        `${name}: ${Math.round(median(rates))} a second, ${(median(rates) / limit).toFixed(2)} of the limit`,
      );
    for (const one of ours) {
      const times = await one.alone();
      console.log(
        `one reminder alone on ${one.queue}, from due to its recorded answer: p50 ${quantile(times, 0.5)} ms, p99 ${quantile(times, 0.99)} ms`,
      );
    }
    await usual?.close();
    for (const one of ours) await one.close();
  } finally {
    receiver.child.kill();
    await redis?.stop();
  }
}

async function bareLoop(url: string): Promise<number> {
  const agent = new Agent({ connections: AT_ONCE });
  const { secret } = newSigningKey('hmac');
  const body = JSON.stringify({ id: uuid(), type: 'surveillance.item.due', data: { mrn: 'x'.repeat(200) } });
  let left = BARE;
  const loop = async (): Promise<void> => {
    while (left-- > 0) await post(url, agent, secret, body);
  };
  const seconds = await timed(() => Promise.all(Array.from({ length: AT_ONCE }, loop)));
  await agent.close();
  return BARE / seconds;
}

async function post(url: string, dispatcher: Agent, secret: string, body: string): Promise<void> {
  const content = { id: uuid(), timestamp: Math.floor(Date.now() / 1000), body };
  const answer = await request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': content.id,
      'webhook-timestamp': String(content.timestamp),
      'webhook-signature': signatureHeader(content, [secret]),
    },
    body,
    dispatcher,
  });
  await answer.body.dump();
}

/** The program itself, with one endpoint. */
class Ours {
  private constructor(
    readonly program: Program,
    readonly queue: string,
    private readonly folder: string,
    private readonly hospitalId: string,
    /** Checks whether all is delivered. */
    private readonly looking: pg.Client,
  ) {}

  static async start(url: string, redisUrl: string | undefined): Promise<Ours> {
    const { program, folder } = await startedProgram('all', redisUrl);
    const scope = program.app.get(HospitalScope);
    const hospitalId = await firstHospital(scope);
    await scope.run(hospitalId, () =>
      program.app.get(WebhookEndpointsService).register({
        url,
        kind: 'webhook',
        eventTypes: ['surveillance.item.due'],
        signature: 'hmac',
        payload: 'thin',
        format: 'json',
        eventVersion: 1,
        verify: false,
      }),
    );
    const looking = new pg.Client({ connectionString: program.database.url });
    await looking.connect();
    return new Ours(program, redisUrl === undefined ? 'PostgreSQL' : 'Redis', folder, hospitalId, looking);
  }

  async fromItems(): Promise<number> {
    await givenItems(this.program, this.hospitalId, REMINDERS, 0);
    // As autovacuum does within a minute; a hospital does not double from one minute to the next.
    await this.looking.query('VACUUM ANALYZE');
    return REMINDERS / (await timed(() => this.deliverAll()));
  }

  async fromDeliveries(): Promise<number> {
    await givenItems(this.program, this.hospitalId, REMINDERS, 0);
    await this.looking.query(RECORDED);
    await this.looking.query('VACUUM ANALYZE');
    const waiting = await this.pending();
    const seconds = await timed(async () => {
      await this.program.app.get(DeliveryDispatch).dispatchDue();
      await this.allDelivered();
    });
    return waiting / seconds;
  }

  async alone(): Promise<number[]> {
    const times: number[] = [];
    for (let count = 0; count < ALONE; count++) {
      await givenItems(this.program, this.hospitalId, 1, 0);
      times.push((await timed(() => this.deliverAll())) * 1000);
    }
    return times;
  }

  async close(): Promise<void> {
    await this.looking.end();
    await this.program.close();
    await removeDataFolder(this.folder);
  }

  private async deliverAll(): Promise<void> {
    await this.program.app.get(ReminderSweep).sweep();
    await this.allDelivered();
  }

  private async allDelivered(): Promise<void> {
    for (;;) {
      const count = await this.pending();
      if (count === 0) return;
      await new Promise((later) => setTimeout(later, count > 50 ? 50 : 2));
    }
  }

  private async pending(): Promise<number> {
    const { rows } = await this.looking.query<{ count: number }>(
      `SELECT (SELECT count(*)::integer FROM delivery WHERE state = 'pending')
              + (SELECT count(*)::integer FROM surveillance_event WHERE awaiting_relay_since IS NOT NULL) AS count`,
    );
    return rows[0]!.count;
  }
}

interface UsualReminder {
  id: string;
  body: string;
  state: string;
  attempts: number;
  deliveredAt: Date | null;
}
const USUAL = new EntitySchema<UsualReminder>({
  name: 'usual_reminder',
  columns: {
    id: { type: 'uuid', primary: true },
    body: { type: 'text' },
    state: { type: 'text' },
    attempts: { type: 'integer' },
    deliveredAt: { type: 'timestamptz', nullable: true },
  },
});

/** One job for each reminder; the worker fetches it, sends it and saves it. */
class Usual {
  private constructor(
    private readonly dataSource: DataSource,
    private readonly queue: Queue,
    private readonly worker: Worker,
    private readonly agent: Agent,
    private readonly connections: readonly Redis[],
  ) {}

  static async start(url: string, redisUrl: string, { database }: Program): Promise<Usual> {
    const options = await database.asOwner((owner) => Promise.resolve(owner.options));
    const dataSource = await new DataSource({
      ...options,
      ...{ entities: [USUAL], migrations: [], subscribers: [], synchronize: true, poolSize: 10 },
    } as ConstructorParameters<typeof DataSource>[0]).initialize();
    const repository = dataSource.getRepository(USUAL);
    const agent = new Agent({ connections: AT_ONCE });
    const { secret } = newSigningKey('hmac');
    const connections = [new Redis(redisUrl), new Redis(redisUrl, { maxRetriesPerRequest: null })];
    const queue = new Queue('usual', { connection: connections[0]! });
    const worker = new Worker<{ id: string }>(
      'usual',
      async ({ data }) => {
        const reminder = await repository.findOneByOrFail({ id: data.id });
        await post(url, agent, secret, reminder.body);
        await repository.save({ ...reminder, state: 'delivered', attempts: 1, deliveredAt: new Date() });
      },
      { connection: connections[1]!, concurrency: AT_ONCE },
    );
    return new Usual(dataSource, queue, worker, agent, connections);
  }

  async round(): Promise<number> {
    const repository = this.dataSource.getRepository(USUAL);
    const body = JSON.stringify({ type: 'surveillance.item.due', data: { mrn: 'x'.repeat(200) } });
    const rows = Array.from({ length: REMINDERS }, () => ({ id: uuid(), body, state: 'due', attempts: 0 }));
    await repository.insert(rows);
    await this.dataSource.query('VACUUM ANALYZE usual_reminder');
    const seconds = await timed(async () => {
      await this.queue.addBulk(
        rows.map(({ id }) => ({ name: 'remind', data: { id }, opts: { removeOnComplete: true } })),
      );
      while ((await repository.countBy({ state: 'due' })) > 0)
        await new Promise((later) => setTimeout(later, 50));
    });
    return REMINDERS / seconds;
  }

  async close(): Promise<void> {
    await this.worker.close();
    await this.queue.close();
    for (const connection of this.connections) connection.disconnect();
    await this.agent.close();
    await this.dataSource.destroy();
  }
}

async function startedProgram(
  role: string,
  redisUrl?: string,
): Promise<{ program: Program; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'nedwatch-bench-'));
  await chmod(folder, 0o755); // as root, PostgreSQL runs as another user
  const environment = {
    ...{ NEDWATCH_DATA: folder, NEDWATCH_CLOCK: '2026-11-01T12:00:00+08:00', NEDWATCH_LOG: 'warn' },
    ...{ NEDWATCH_ROLE: role, NEDWATCH_WEBHOOK_LOOPBACK: 'true', REDIS_URL: redisUrl },
  };
  return { program: await startProgram(loadConfig({ ...process.env, ...environment })), folder };
}

/** Items, one for each patient, or twenty future ones, due in `days`; today's need their reminder now. */
async function givenItems(
  { database }: Program,
  hospitalId: string,
  count: number,
  days: number,
): Promise<void> {
  await database.asOwner((owner) =>
    owner.query(
      `WITH due AS (SELECT '2026-11-01'::date + $3::integer AS day),
            patients AS (
              INSERT INTO patient (id, hospital_id, mrn, name, sex, birth_date, diagnosis_date, enrolled_on, planner_revision)
              SELECT id, $1, id::text, 'B', 'female', '1960-01-01', '2025-01-01', '2025-01-01', ${PLANNER_REVISION}
                FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, ceil($2::integer / $4::float8)::integer)) AS new
              RETURNING id)
       INSERT INTO surveillance_item (id, hospital_id, patient_id, guideline, key, pathway, rule, activity, covers, sequence, phase,
              measured_from, earliest, due, overdue, before_enrolment, projected, deviates, state, next_reminder_on)
       SELECT gen_random_uuid(), $1, p.id, 'crlm-cn-2025@1.0.0', n::text, 'bench', 'bench', 'ct', '{}', n, 0,
              due.day - 90, due.day - 14, due.day, due.day + 28, false, false, false, 'active', due.day
         FROM patients p, generate_series(1, $4::integer) AS n, due`,
      [hospitalId, count, days, days === 0 ? 1 : 20],
    ),
  );
}

/** The work of sweep and relay on the items that are due today. */
const RECORDED = `
  WITH item AS (UPDATE surveillance_item SET next_reminder_on = due + 28 WHERE next_reminder_on = '2026-11-01' RETURNING *),
       reminder AS (
         INSERT INTO reminder (hospital_id, id, item_id, item_revision, kind, due, remind_on, late)
         SELECT hospital_id, gen_random_uuid(), id, revision, 'due', due, due, false FROM item RETURNING *)
  INSERT INTO delivery (hospital_id, id, endpoint_id, reminder_id, event_type, next_attempt_at)
  SELECT r.hospital_id, gen_random_uuid(), e.id, r.id, 'surveillance.item.due', program_now()
    FROM reminder r JOIN webhook_endpoint e ON e.hospital_id = r.hospital_id`;

async function idleSweeps(most: number): Promise<void> {
  const { program, folder } = await startedProgram('api');
  try {
    const hospitalId = await firstHospital(program.app.get(HospitalScope));
    let stored = 0;
    const figures: number[] = [];
    for (const count of [50_000, most]) {
      for (; stored < count; stored += 50_000) await givenItems(program, hospitalId, 50_000, 400);
      await program.database.asOwner(async (owner) => {
        await owner.query('VACUUM ANALYZE surveillance_item');
        await owner.query('CHECKPOINT'); // avoids writing millions of new rows to disk during the measurement
      });
      const sweep = program.app.get(ReminderSweep);
      await sweep.sweep();
      const times: number[] = [];
      for (let turn = 0; turn < 200; turn++) times.push((await timed(() => sweep.sweep())) * 1000);
      figures.push(median(times));
      console.log(
        `a sweep that finds nothing among ${count} items of the future: ${median(times).toFixed(1)} ms`,
      );
    }
    console.log(`ratio ${(figures[1]! / figures[0]!).toFixed(2)}`);
  } finally {
    await program.close();
    await removeDataFolder(folder);
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

const quantile = (values: readonly number[], part: number): string =>
  ([...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? 0).toFixed(0);

if (what === 'receiver') receive();
else await main();
