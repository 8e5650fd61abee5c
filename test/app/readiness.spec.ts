import { startApp } from '../support/app.js';
import { freePort, hasRedis, startRedis } from '../support/redis.js';
import { until } from '../support/webhook-receiver.js';
import { testWhere } from '../support/where-present.js';

const READY = { status: 200, body: { status: 'ok' } };
const unready = (title: RegExp) => ({
  status: 503,
  body: { code: 'not-ready', title: expect.stringMatching(title) },
});

test('a worker whose queue on PostgreSQL cannot be reached is not ready, though the database is', async () => {
  const t = await startApp({ directUrl: `postgres://nobody@127.0.0.1:${await freePort()}/none` });
  expect(await t.get('/health/ready')).toMatchObject(unready(/^The queue cannot be reached: /));
  const inChinese = await t.get('/health/ready', { 'accept-language': 'zh-CN' });
  expect(inChinese).toMatchObject(unready(/^无法连接队列：/));
  expect(await t.get('/health/live')).toMatchObject(READY);
  await t.close();
});

test('a process that only answers requests needs no queue to be ready', async () => {
  const t = await startApp({
    role: 'api',
    directUrl: `postgres://nobody@127.0.0.1:${await freePort()}/none`,
  });
  expect(await t.get('/health/ready')).toMatchObject(READY);
  await t.close();
});

testWhere(hasRedis(), 'redis-server')(
  'a worker is not ready while Redis is away, and ready when it is back',
  async () => {
    const redis = (await startRedis())!;
    const t = await startApp({ redisUrls: [redis.url] });
    expect(await t.get('/health/ready')).toMatchObject(READY);
    await redis.kill();
    expect(await t.get('/health/ready')).toMatchObject(unready(/^The queue cannot be reached: /));
    await redis.restart();
    await until(
      () => t.get('/health/ready'),
      ({ status }) => status === 200,
    );
    await t.close();
    await redis.stop();
  },
);
