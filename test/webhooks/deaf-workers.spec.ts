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

onEachBackend('workers that hear nothing, on', (backend) => {
  let redis: TestRedis | undefined;
  let t: ReminderHospital;
  beforeAll(async () => {
    if (backend === 'Redis') redis = await startRedis();
  });
  afterAll(() => redis?.stop());
  beforeEach(async () => {
    // No worker takes jobs: messages leave without the queue, or by a worker that the test starts.
    t = await startHospital({ role: 'api', redisUrls: redis ? [redis.url] : [] });
  });
  afterEach(() => t.close());

  /** The effects of a sweep at this number of minutes from now by the clock of the process. */
  async function look(minutes: number): Promise<void> {
    const due = await t.app.get(DeliveryDispatch).dispatchDue();
    t.app.get(QueueWatch).watch(due, performance.now() + minutes * MINUTE);
  }
  const replaced = (): number => t.app.get(Queues).replaced;

  test('deliveries that have not moved for two sweeps are sent without the queue', async () => {
    await givenItem(t, { due: '2026-03-10' });
    await t.sweep();
    await look(0.5);
    expect(t.receiver.arrivals).toHaveLength(0);

    await look(2);
    await t.arrived(1);
    expect(await t.settled()).toMatchObject([{ state: 'delivered' }]);
  });

  test('a worker that takes no jobs is replaced by one that does', async () => {
    startWorker(t);
    await deafen();
    await givenItem(t, { due: '2026-03-10' });
    await t.sweep();
    await look(0.5);
    expect([replaced(), t.receiver.arrivals.length]).toEqual([0, 0]);
    await look(2);
    expect(replaced()).toBe(1);
    await t.settled();

    await givenItem(t, { due: '2026-03-10' });
    await t.sweep(); // no check this time
    await until(
      () => t.receiver.arrivals.length,
      (count) => count === 2,
    );
  });

  test('a worker without jobs because nothing was due stays', async () => {
    startWorker(t);
    await look(0);
    await look(60);
    expect(replaced()).toBe(0);
  });

  /** The worker, started just before, stays connected and takes no job. */
  async function deafen(): Promise<void> {
    const { workers } = t.app.get<unknown, { workers: [{ current: { current: () => Worker } }] }>(Queues);
    const [{ current }] = workers;
    const worker = current.current();
    // Immediately: a worker that already waits for a job takes it although it is paused.
    await worker.pause(true);
    await worker.waitUntilReady();
  }
});
