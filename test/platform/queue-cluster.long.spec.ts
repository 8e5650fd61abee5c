import { Redis } from 'ioredis';
import { givenItem, givenPatient } from '../support/builders.js';
import { describeOnRedis } from '../support/queue-suites.js';
import { startRedisCluster, type TestRedis } from '../support/redis.js';
import { startHospital, type ReminderHospital } from '../support/reminder-hospital.js';

describeOnRedis('a Redis Cluster of three nodes', () => {
  let nodes: readonly TestRedis[];
  let t: ReminderHospital;
  beforeAll(async () => {
    nodes = await startRedisCluster();
    t = await startHospital({ redisUrls: nodes.map(({ url }) => url) });
  }, 60_000);
  afterAll(async () => {
    await t.close();
    await Promise.all(nodes.map((node) => node.stop()));
  }, 120_000);

  const delivered = (): Set<unknown> =>
    new Set(t.receiver.messages(t.secret).map(({ data }) => data['itemId']));

  async function givenItems(count: number): Promise<void> {
    const { id: patientId } = await givenPatient(t);
    await Promise.all(Array.from({ length: count }, () => givenItem(t, { patientId, due: '2026-03-10' })));
  }

  /** The number of our keys on each node. */
  const held = (): Promise<number[]> =>
    Promise.all(
      nodes.map(async ({ url }) => {
        const client = new Redis(url);
        const keys = await client.keys('{nedwatch-*');
        client.disconnect();
        return keys.length;
      }),
    );

  test('carries the queue, all of whose keys are on one node; each reminder arrives once', async () => {
    await givenItems(300);
    await t.sweep();
    await t.settled();

    expect([delivered().size, t.receiver.arrivals.length]).toEqual([300, 300]);
    expect((await held()).filter((count) => count > 0)).toHaveLength(1);
  });

  test.each([
    ['another node', (count: number) => count === 0],
    ['the node that holds the queue', (count: number) => count > 0],
  ])(
    'loses no reminder when %s is killed and comes back',
    async (_, isIt) => {
      const before = delivered().size;
      const node = nodes[(await held()).findIndex(isIt)];
      await node?.kill();
      await givenItems(100);
      await t.sweep();
      await node?.restart();
      await t.until(async () => {
        await t.sweep();
        return delivered().size === before + 100;
      });

      expect((await t.settled()).every(({ state }) => state === 'delivered')).toBe(true);
    },
    60_000,
  );
});
