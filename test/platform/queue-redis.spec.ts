import { loadConfig, type Config } from '../../src/platform/config.js';
import { createDataSource } from '../../src/app/data-source.js';
import { Queues } from '../../src/platform/queues/queues.js';
import { UnsafeRedis } from '../../src/platform/queues/redis-check.js';
import { dataFolder } from '../support/data-folder.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { givenItem } from '../support/builders.js';
import { describeOnRedis } from '../support/queue-suites.js';
import { startRedis, type RedisOptions, type TestRedis } from '../support/redis.js';
import { startHalfOpenProxy } from '../faults/half-open-proxy.js';
import { startHospital } from '../support/reminder-hospital.js';
import { until } from '../support/webhook-receiver.js';

describeOnRedis('Redis', () => {
  let redis: TestRedis;
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());
  afterEach(() => redis.stop());

  async function openOn(options: RedisOptions): Promise<void> {
    redis = (await startRedis(options))!;
    const config: Config = { ...loadConfig({ NEDWATCH_DATA: dataFolder() }), redisUrls: [redis.url] };
    const dataSource = await createDataSource(database.url, 1).initialize();
    try {
      const queues = await Queues.open(config, dataSource);
      await queues.close();
    } finally {
      await dataSource.destroy();
    }
  }

  const refused: [string, RedisOptions, string[], RegExp][] = [
    ['without an append-only file', { aof: false }, ['appendonly'], /Set "appendonly yes"/],
    [
      'that evicts',
      { settings: { 'maxmemory-policy': 'allkeys-lru' } },
      ['maxmemory-policy'],
      /Set "maxmemory-policy noeviction"/,
    ],
    [
      'with both faults',
      { aof: false, settings: { 'maxmemory-policy': 'volatile-ttl' } },
      ['maxmemory-policy', 'appendonly'],
      /volatile-ttl[^]*appendonly/,
    ],
  ];
  test.each(refused)(
    'a Redis %s is refused, with the setting and the remedy',
    async (_, options, settings, message) => {
      const error = await openOn(options).catch((reason: unknown) => reason);

      expect(error).toBeInstanceOf(UnsafeRedis);
      expect(error).toMatchObject({ settings, message: expect.stringMatching(message) });
    },
  );

  test('a safe Redis is accepted', async () => {
    await expect(openOn({ aof: true })).resolves.toBeUndefined();
  });

  test('silently lost connections to Redis are replaced, and jobs continue', async () => {
    redis = (await startRedis())!;
    const between = await startHalfOpenProxy(Number(new URL(redis.url).port));
    const config: Config = {
      ...loadConfig({ NEDWATCH_DATA: dataFolder() }),
      redisUrls: [`redis://127.0.0.1:${between.port}`],
    };
    const dataSource = await createDataSource(database.url, 1).initialize();
    const queues = await Queues.open(config, dataSource);
    const taken: string[] = [];
    queues.startWorker('webhook-endpoint', 1, ({ endpointId }) => {
      taken.push(endpointId);
      return Promise.resolve();
    });
    const add = (id: string) =>
      queues.add('webhook-endpoint', [{ id, data: { hospitalId: 'h', endpointId: id } }]);
    await add('before');
    await until(
      () => taken,
      ({ length }) => length === 1,
    );

    expect(between.cut()).toBeGreaterThan(1);
    await expect(add('lost')).rejects.toThrow('The queue did not answer within 10 s.');
    queues.replaceWorkers(performance.now()); // like after two sweeps without progress
    await until(
      () => add('after').then(() => taken, String),
      (now) => now.includes('after'),
    );
    await queues.close();
    await dataSource.destroy();
    await between.stop();
  }, 60_000);

  test('while Redis is away requests are answered, and when it is back everything is sent', async () => {
    redis = (await startRedis())!;
    const t = await startHospital({ redisUrls: [redis.url] });
    await redis.kill();
    const began = performance.now();
    expect((await t.post(`/webhook-endpoints/${t.endpointId}/test`)).status).toBe(202);
    expect(performance.now() - began).toBeLessThan(10_000);
    await givenItem(t, { due: '2026-03-10' });
    await t.sweep(); // records the reminder; the queue accepts no job

    await redis.restart();
    await t.until(async () => {
      await t.sweep();
      return (await t.deliveries()).every(({ state }) => state === 'delivered');
    });

    expect(t.receiver.arrivals).toHaveLength(2);
    await t.close();
  });
});
