import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { HOSTILE_SPREADSHEETS } from '../support/hostile-spreadsheets.js';
import { uploaded } from '../support/spreadsheet-calls.js';

/**
 * Limits that detect a collapse on a busy machine. Measured alone, each file takes about a second and 100 MB at
 * most.
 */
const MOST_MS = 15_000;
const MOST_BYTES = 300_000_000;

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ clock: '2026-12-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

test.each(HOSTILE_SPREADSHEETS)('%s are refused', async (_, file, code) => {
  const { headers, payload } = await uploaded(file(), { kind: 'roster', dryRun: 'true' });
  const [began, before] = [performance.now(), process.memoryUsage().rss];
  const { body } = await t.request('POST', '/imports', { headers, payload });
  expect(body.code).toBe(code);
  expect(performance.now() - began).toBeLessThan(MOST_MS);
  expect(process.memoryUsage().rss - before).toBeLessThan(MOST_BYTES);
});
