import type { Worker } from 'bullmq';
import { Queues } from '../../src/platform/queues/queues.js';
import { DeliveryDispatch } from '../../src/webhooks/deliveries/delivery-dispatch.js';
import { QueueWatch } from '../../src/webhooks/deliveries/queue-watch.js';
import { givenItem } from '../support/builders.js';
import { onEachBackend } from '../support/queue-suites.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { startHospital, startWorker, type ReminderHospital } from '../support/reminder-hospital.js';
import { until } from '../support/webhook-receiver.js';

const MINUTE = 60_000;

onEachBackend('workers that receive no jobs, on', (backend) => {
  let redis: TestRedis | undefined;
  let t: ReminderHospital;
  beforeAll(async () => {
    if (backend === 'Redis') redis = await startRedis();
  });
  afterAll(() => redis?.stop());
  beforeEach(async () => {
    // The role `api` has no worker: messages are sent without the queue, or by a worker that the test starts.
    t = await startHospital({ role: 'api', redisUrls: redis ? [redis.url] : [] });
  });
  afterEach(() => t.close());

  /** Runs the watch as if this number of minutes had passed on the clock of the process. */
  async function watchAfter(minutes: number): Promise<void> {
    const due = await t.app.get(DeliveryDispatch).dispatchDue();
    t.app.get(QueueWatch).watch(due, performance.now() + minutes * MINUTE);
  }
  const replaced = (): number => t.app.get(Queues).replaced;

  test('deliveries that have not moved for two sweeps are sent without the queue', async () => {
    await givenItem(t, { due: '2026-03-10' });
    await t.sweep();
    await watchAfter(0.5);
    expect(t.receiver.arrivals).toHaveLength(0);

    await watchAfter(2);
    await t.arrived(1);
    expect(await t.settled()).toMatchObject([{ state: 'delivered' }]);
  });

  test('a worker that takes no jobs is replaced by one that does', async () => {
    startWorker(t);
    await pauseWorker();
    await givenItem(t, { due: '2026-03-10' });
    await t.sweep();
    await watchAfter(0.5);
    expect([replaced(), t.receiver.arrivals.length]).toEqual([0, 0]);
    await watchAfter(2);
    expect(replaced()).toBe(1);
    await t.settled();

    await givenItem(t, { due: '2026-03-10' });
    await t.sweep(); // without a run of the watch
    await until(
      () => t.receiver.arrivals.length,
      (count) => count === 2,
    );
  });

  test('a worker without jobs because nothing was due stays', async () => {
    startWorker(t);
    await watchAfter(0);
    await watchAfter(60);
    expect(replaced()).toBe(0);
  });

  /** Makes the started worker stay connected without taking a job. */
  async function pauseWorker(): Promise<void> {
    const { workers } = t.app.get<unknown, { workers: [{ current: { current: () => Worker } }] }>(Queues);
    const [{ current }] = workers;
    const worker = current.current();
    // `true` pauses at once. Otherwise a worker that already waits for a job takes it although it is paused.
    await worker.pause(true);
    await worker.waitUntilReady();
  }
});
