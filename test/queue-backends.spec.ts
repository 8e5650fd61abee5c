import { Redis } from 'ioredis';
import { Queues } from '../src/queues.js';
import { givenItem, givenPatient } from './builders.js';
import { onEachBackend } from './queue-suites.js';
import { startRedis, type TestRedis } from './redis.js';
import { startHospital, startWorker, type ReminderHospital } from './reminder-hospital.js';

onEachBackend('the queue on', (backend) => {
  let redis: TestRedis | undefined;
  let t: ReminderHospital;
  const queueOptions = () => ({ redisUrls: redis ? [redis.url] : [] });
  beforeAll(async () => {
    if (backend === 'Redis') redis = await startRedis();
  });
  afterAll(() => redis?.stop());
  afterEach(() => t.close());

  /** Everything the queue holds is gone. */
  async function loseQueue(): Promise<void> {
    if (!redis) return t.app.get(Queues).dropAll('webhook-endpoint');
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
  }

  async function givenItems(count: number): Promise<Set<string>> {
    const patient = await givenPatient(t);
    const items = Array.from({ length: count }, () =>
      givenItem(t, { patientId: patient.id, due: '2026-03-10' }),
    );
    return new Set((await Promise.all(items)).map(({ id }) => id));
  }

  const told = () => t.receiver.messages(t.secret).map(({ data }) => data.itemId as string);

  test('each reminder arrives once', async () => {
    t = await startHospital(queueOptions());
    const items = await givenItems(200);

    await Promise.all([t.sweep(), t.sweep()]);
    await t.settled();

    expect(told()).toHaveLength(200);
    expect(new Set(told())).toEqual(items);
  });

  test('a message that fails twice arrives at the third attempt under the same id', async () => {
    t = await startHospital(queueOptions());
    const statuses = [500, 500, 200];
    t.receiver.answer = () => ({ status: statuses.shift() ?? 500 });
    await givenItems(1);
    await t.sweep();
    await t.nextAttempt();

    expect(await t.nextAttempt()).toMatchObject([{ state: 'delivered', attempts: { length: 3 } }]);
    expect(new Set(t.receiver.messages(t.secret).map(({ id }) => id)).size).toBe(1);
  });

  test('a queue that loses all its jobs loses no reminder', async () => {
    t = await startHospital({ ...queueOptions(), role: 'api' });
    const items = await givenItems(50);
    await t.sweep();
    await loseQueue();
    startWorker(t);
    expect(t.receiver.arrivals).toHaveLength(0);

    await t.sweep();
    await t.settled();

    expect(told()).toHaveLength(50);
    expect(new Set(told())).toEqual(items);
  });

  test('a queue that loses its jobs in the middle of the work loses no reminder', async () => {
    t = await startHospital(queueOptions());
    const items = await givenItems(300);
    t.receiver.answer = async () => {
      if (t.receiver.arrivals.length === 40) await loseQueue();
      return { status: 200 };
    };

    await t.sweep();
    await t.arrived(40);
    await t.until(async () => {
      await t.sweep();
      return new Set(told()).size === 300;
    });
    await t.settled();

    expect(new Set(told())).toEqual(items);
    expect(told()).toHaveLength(300);
  });

  test('a delayed job that is lost delays its message by a sweep, not more', async () => {
    t = await startHospital(queueOptions());
    const statuses = [500, 200];
    t.receiver.answer = () => ({ status: statuses.shift() ?? 500 });
    await givenItems(1);
    await t.sweep();
    await t.settled();

    await loseQueue();
    await t.nextAttempt();

    expect(await t.deliveries()).toMatchObject([{ state: 'delivered', attempts: { length: 2 } }]);
  });

  test('jobs leave the queue when they end', async () => {
    t = await startHospital(queueOptions());
    await givenItems(5);
    await t.sweep();
    await t.settled();

    await t.until(async () => (await t.app.get(Queues).count('webhook-endpoint')) === 0);
  });
});
