import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { startApp, type TestApp } from '../support/app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ role: 'api' });
});
afterAll(() => t.close());

const BROWSER = 'text/html,application/xhtml+xml,*/*;q=0.8';
const open = (url: string, accept = BROWSER) => t.app.inject({ method: 'GET', url, headers: { accept } });

test.each(['/', '/worklist', '/worklist?list=overdue&activity=x', '/a/page/of/tomorrow'])(
  'a browser that opens %s gets the document of the pages',
  async (url) => {
    const { statusCode, headers, body } = await open(url);
    expect([statusCode, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-cache',
    ]);
    expect(headers['content-security-policy']).toContain("script-src 'self'; style-src 'self'");
    expect(body).toContain('<div id="root">');
    expect(body).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/i);
  },
);

test('every built file is served, and may be kept because its name changes with its content', async () => {
  const names = readdirSync(join(CHECKOUT, 'dist-pages/assets'));
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) {
    const { statusCode, headers } = await open(`/assets/${name}`);
    expect([name, statusCode, headers['cache-control']]).toEqual([
      name,
      200,
      'public, max-age=31536000, immutable',
    ]);
    expect(headers['content-type']).toMatch(/^(text\/(javascript|css); charset=utf-8|image\/png)$/);
  }
});

test('a built file is sent compressed to a browser that says that it can read it', async () => {
  const [name = ''] = readdirSync(join(CHECKOUT, 'dist-pages/assets')).filter((file) => file.endsWith('.js'));
  const plain = await open(`/assets/${name}`);
  const read = (accepted: string) =>
    t.app.inject({ method: 'GET', url: `/assets/${name}`, headers: { 'accept-encoding': accepted } });
  const packed = await read('gzip, deflate');
  expect([packed.headers['content-encoding'], packed.headers['vary']]).toEqual(['gzip', 'accept-encoding']);
  expect(gunzipSync(packed.rawPayload)).toEqual(plain.rawPayload);
  for (const accepted of ['identity', 'gzip;q=0, br', 'gzip; q=0'])
    expect((await read(accepted)).headers['content-encoding']).toBeUndefined();
});

test.each([
  ['an unknown call', '/api/v1/nowhere', BROWSER],
  ['a file that is missing', '/assets/old-1234.js', BROWSER],
  ['a file of the checkout', '/package.json', BROWSER],
  ['a program that asks for a page', '/worklist', 'application/json'],
])('%s is refused as before', async (_, url, accept) => {
  const { statusCode, body } = await open(url, accept);
  expect([statusCode, (JSON.parse(body) as { code: string }).code]).toEqual([404, 'no-such-call']);
});

test('an unknown address of FHIR is refused to a browser too, in the form of FHIR', async () => {
  const { statusCode, headers, body } = await open('/fhir/nowhere', BROWSER);
  expect([statusCode, headers['content-type']]).toEqual([404, 'application/fhir+json; charset=utf-8']);
  expect(JSON.parse(body)).toMatchObject({ resourceType: 'OperationOutcome' });
});

test('a sign-in page learns the name of the hospital by its code, and of an unknown one nothing', async () => {
  const options = async (code: string) =>
    (await t.get(`/sign-in-options/${code}`, { authorization: '' })).body as unknown;
  expect(await options('nedwatch')).toEqual({
    ...{ hospital: expect.any(String), providers: [], hasPeople: false, demonstration: null },
  });
  expect(await options('elsewhere')).toEqual({
    hospital: null,
    providers: [],
    hasPeople: true,
    demonstration: null,
  });
});
