import { Redis } from 'ioredis';
import { Queues } from '../../src/platform/queues/queues.js';
import { givenItems, givenPatient } from '../support/builders.js';
import { onEachBackend } from '../support/queue-suites.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import {
  nextHospital,
  startWorker,
  type ReminderHospital,
  withHospital,
} from '../support/reminder-hospital.js';

onEachBackend('the queue on', (backend) => {
  let redis: TestRedis | undefined;
  let t: ReminderHospital;
  const queueOptions = () => ({ redisUrls: redis ? [redis.url] : [] });
  beforeAll(async () => {
    if (backend === 'Redis') redis = await startRedis();
  });
  beforeEach(async () => {
    t = await nextHospital(t, queueOptions());
  });
  afterAll(async () => {
    await t.close();
    await redis?.stop();
  });

  /** All jobs in the queue are lost. */
  async function loseQueue(at = t): Promise<void> {
    if (!redis) return at.app.get(Queues).dropAll('webhook-endpoint');
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
  }

  async function givenDue(count: number, at = t): Promise<Set<string>> {
    const { id: patientId } = await givenPatient(at);
    const items = await givenItems(at, count, { patientId, due: '2026-03-10' });
    return new Set(items.map(({ id }) => id));
  }

  const delivered = (at = t) => at.receiver.messages(at.secret).map(({ data }) => data.itemId as string);

  test('each reminder arrives once', async () => {
    const items = await givenDue(200);

    await Promise.all([t.sweep(), t.sweep()]);
    await t.settled();

    expect(delivered()).toHaveLength(200);
    expect(new Set(delivered())).toEqual(items);
  });

  test('a message that fails twice arrives at the third attempt under the same id', async () => {
    const statuses = [500, 500, 200];
    t.receiver.answer = () => ({ status: statuses.shift() ?? 500 });
    await givenDue(1);
    await t.sweep();
    await t.nextAttempt();

    expect(await t.nextAttempt()).toMatchObject([{ state: 'delivered', attempts: { length: 3 } }]);
    expect(new Set(t.receiver.messages(t.secret).map(({ id }) => id)).size).toBe(1);
  });

  test('a queue that loses all its jobs loses no reminder', () =>
    withHospital({ ...queueOptions(), role: 'api' }, async (own) => {
      const items = await givenDue(50, own);
      await own.sweep();
      await loseQueue(own);
      startWorker(own);
      expect(own.receiver.arrivals).toHaveLength(0);

      await own.sweep();
      await own.settled();

      expect(delivered(own)).toHaveLength(50);
      expect(new Set(delivered(own))).toEqual(items);
    }));

  test('a queue that loses its jobs in the middle of the work loses no reminder', async () => {
    const items = await givenDue(300);
    t.receiver.answer = async () => {
      if (t.receiver.arrivals.length === 40) await loseQueue();
      return { status: 200 };
    };

    await t.sweep();
    await t.arrived(40);
    await t.until(async () => {
      await t.sweep();
      return new Set(delivered()).size === 300;
    });
    await t.settled();

    expect(new Set(delivered())).toEqual(items);
    expect(delivered()).toHaveLength(300);
  });

  test('a delayed job that is lost delays its message by a sweep, not more', async () => {
    const statuses = [500, 200];
    t.receiver.answer = () => ({ status: statuses.shift() ?? 500 });
    await givenDue(1);
    await t.sweep();
    await t.settled();

    await loseQueue();
    await t.nextAttempt();

    expect(await t.deliveries()).toMatchObject([{ state: 'delivered', attempts: { length: 2 } }]);
  });

  test('jobs leave the queue when they end', async () => {
    await givenDue(5);
    await t.sweep();
    await t.settled();

    await t.until(async () => (await t.app.get(Queues).count('webhook-endpoint')) === 0);
  });
});
