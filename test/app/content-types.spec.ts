import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { lacksCharset } from '../support/openapi-contract.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ role: 'api' });
});
afterAll(() => t.close());

async function typeOf(url: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await t.app.inject({ method: 'GET', url, headers });
  expect([url, answer.payload === '']).toEqual([url, false]);
  return String(answer.headers['content-type']);
}

/** The files that the pages load. */
async function assetsOf(page: string): Promise<string[]> {
  const { payload } = await t.app.inject({ method: 'GET', url: page });
  const named = [...payload.matchAll(/(?:src|href)="([^"#]+\.(?:js|css|json|html))"/g)].map(
    ([, name]) => name!,
  );
  return named.map((name) => new URL(name, `http://nedwatch${page}/`).pathname);
}

test('every text answer has a charset: pages and their files, documents, metrics and refusals', async () => {
  const assets = [...(await assetsOf('/api/docs')), ...(await assetsOf('/status'))];
  expect(assets.length).toBeGreaterThan(3);
  const open = ['/status', '/status/status.js', '/status/status-words.js', '/status/status.css', '/api/docs'];
  const documents = ['/api/openapi.json', '/api/docs/events', '/health/live', '/health/ready', '/metrics'];
  const refusals = ['/nowhere', '/api/v1/nowhere', '/api/v1/patients', '/api/v1/sso/none/none/start'];
  const types: string[] = [];
  for (const url of new Set([...open, ...assets, ...documents, ...refusals]))
    types.push(`${url} ${await typeOf(url)}`);
  types.push(`/guidelines ${await typeOf('/api/v1/guidelines', { authorization: `Bearer ${t.adminKey}` })}`);
  expect(types.filter((line) => lacksCharset(line.split(' ').slice(1).join(' ')))).toEqual([]);
  const known = / (text\/|application\/(javascript|(problem\+)?json))/;
  expect(types.filter((line) => !known.test(line))).toEqual([]);
});

test.each([
  '/.git/HEAD',
  '/.env',
  '/package.json',
  '/src/main.ts',
  '/dist/program/main.js',
  '/status/../.env',
  '/debug',
])('no file of the checkout and no debug page is served at %s', async (url) => {
  const { statusCode } = await t.app.inject({ method: 'GET', url });
  expect(statusCode).toBe(404);
});
