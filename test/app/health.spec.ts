import { startApp, type TestApp } from '../support/app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T08:00:00+08:00' });
});
afterAll(() => t.close());

test('a live process answers every client', async () => {
  const answer = await t.get('/health/live', { authorization: '' });
  expect(answer).toMatchObject({ status: 200, body: { status: 'ok' } });
});

test('it is ready while its database is reachable and migrated', async () => {
  expect((await t.get('/health/ready')).status).toBe(200);

  await t.dataSource.query(`DELETE FROM migrations`);

  const answer = await t.get('/health/ready');
  expect(answer).toMatchObject({ status: 503, body: { code: 'not-ready' } });
  expect(answer.headers['content-type']).toMatch('application/problem+json');
});

test('a worker serves only the health endpoints', async () => {
  const worker = await startApp({ role: 'worker' });
  try {
    expect((await worker.get('/health/live')).status).toBe(200);
    expect((await worker.get('/patients')).status).toBe(404);
  } finally {
    await worker.close();
  }
});

test('the clock continues from the instant that a test sets', async () => {
  await t.setClock('2027-02-03T04:05:06Z');
  expect((await t.now()).toISOString()).toMatch(/^2027-02-03T04:05:0[67]/);
});
