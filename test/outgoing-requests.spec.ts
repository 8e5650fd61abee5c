import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from './app.js';
import { anonymously, as, givenPerson } from './signed-in.js';

let t: TestApp;
let server: Server;
let base: string;
/** What was written of endless answers. */
let written = 0;
beforeAll(async () => {
  t = await startApp({ role: 'api' });
  server = createServer((request, response) => {
    HOSTILE[request.url!.split('/')[1]!]!(response.setHeader('content-type', 'application/json'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await t.close();
});

const HOSTILE: Readonly<Record<string, (response: ServerResponse) => void>> = {
  huge: (response) => void pipeline(spaces, response).catch(() => undefined),
  bomb: (response) =>
    response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(20 * 1024 * 1024, ' '))),
  drip: (response) => {
    const drip = setInterval(() => response.write(' '), 200);
    response.on('close', () => clearInterval(drip));
  },
  metadata: (response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
};

function* spaces(): Generator<Buffer> {
  const chunk = Buffer.alloc(64 * 1024, ' ');
  for (written = 0; written < 200 * 1024 * 1024; written += chunk.length) yield chunk;
}

test('an identity provider that answers 200 MB, compresses, drips or redirects is refused within seconds', async () => {
  const admin = (await givenPerson(t, { roles: ['hospital_admin'] })).session;
  for (const code of Object.keys(HOSTILE)) {
    const provider = {
      code,
      name: code,
      issuer: `${base}/${code}`,
      clientId: 'nedwatch',
      clientSecret: null,
    };
    const { status } = await t.post(
      '/sso-providers',
      { ...provider, roleMap: {}, autoCreate: false },
      as(admin),
    );
    expect(status).toBe(201);
  }
  const before = process.memoryUsage().rss;
  const started = performance.now();
  const answers = await Promise.all(
    Object.keys(HOSTILE).flatMap((code) =>
      Array.from({ length: 5 }, () => anonymously(t, 'GET', `/sso/nedwatch/${code}/start`)),
    ),
  );
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.code}`))).toEqual(
    new Set(['409 provider-unreachable']),
  );
  expect(performance.now() - started).toBeLessThan(15_000);
  expect(written).toBeLessThan(20 * 1024 * 1024);
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
}, 30_000);
