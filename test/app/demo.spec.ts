import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadDemo } from '../../src/exchange/imports/demo.js';
import { startApp, type TestApp } from '../support/app.js';

/** Of 929. */
const PATIENTS = 500;

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ clock: '2028-02-29T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

test('the demonstration fills an empty database with items that are due around today', async () => {
  await loadDemo(t.app, PATIENTS);
  const statuses = async (): Promise<string[]> =>
    (await t.get('/worklist?limit=500&to=2028-03-14')).body.items.map(
      ({ status }: { status: string }) => status,
    );
  const before = await statuses();
  for (const status of ['overdue', 'due', 'upcoming']) {
    expect(before.filter((one) => one === status).length).toBeGreaterThan(20);
  }
  await loadDemo(t.app, PATIENTS);
  expect(await statuses()).toEqual(before);
});
