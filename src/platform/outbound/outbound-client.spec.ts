import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { AddressNotAllowed, type Lookup } from './outbound-address.js';
import { ANSWER_BYTES, OutboundClient, type OutboundRequest } from './outbound-client.js';

const HUGE = 200 * 1024 * 1024;

let server: Server;
let base: string;
const asked: { url: string | undefined; encoding: string | undefined; body: string }[] = [];
/** How many bytes of the huge answer the server sent before the client closed the connection. */
let written = 0;
beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  asked.push({ url: request.url, encoding: request.headers['accept-encoding'], body });
  const json = { 'content-type': 'application/json' };
  if (request.url === '/huge') await pipeline(spaces, response.writeHead(200, json)).catch(() => undefined);
  else if (request.url === '/bomb')
    response
      .writeHead(200, { ...json, 'content-encoding': 'gzip' })
      .end(gzipSync(Buffer.alloc(50 * 1024 * 1024)));
  else if (request.url === '/brotli') response.writeHead(200, { ...json, 'content-encoding': 'br' }).end('x');
  else if (request.url === '/drip') {
    response.writeHead(200, json);
    const drip = setInterval(() => response.write(' '), 200);
    response.on('close', () => clearInterval(drip));
  } else if (request.url === '/never') return;
  else if (request.url === '/metadata')
    response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
  else if (request.url === '/away') response.writeHead(307, { location: `${base}/reached` }).end();
  else if (request.url === '/exact') response.writeHead(200, json).end('x'.repeat(ANSWER_BYTES));
  else response.writeHead(200, json).end('{"fine":true}');
}

function* spaces(): Generator<Buffer> {
  const chunk = Buffer.alloc(64 * 1024, ' ');
  for (written = 0; written < HUGE; written += chunk.length) yield chunk;
}

const client = new OutboundClient({ loopback: true, proxy: undefined });
afterAll(() => client.onApplicationShutdown());
const to = (path: string, limits: Partial<OutboundRequest> = {}): OutboundRequest => ({
  ...{ url: `${base}${path}`, method: 'GET', headers: {}, networks: [] },
  ...limits,
});

test('an answer of 200 MB is cut off after 64 kB', async () => {
  await expect(client.ask(to('/huge'))).rejects.toThrow('its answer is longer than 64 kB');
  expect(written).toBeLessThan(20 * 1024 * 1024); // the capacity of the buffers at both ends
  const { body, broken } = await client.send(to('/huge'), AbortSignal.timeout(5000));
  expect([body.length, broken?.message]).toEqual([ANSWER_BYTES, 'its answer is longer than 64 kB']);
});

test('an answer of exactly 64 kB is whole', async () => {
  expect((await client.ask(to('/exact'))).body).toHaveLength(ANSWER_BYTES);
});

test.each(['/bomb', '/brotli'])('%s: nothing compressed is asked for, or read', async (path) => {
  asked.length = 0;
  await expect(client.ask(to(path))).rejects.toThrow('its answer is compressed');
  expect(asked.map(({ encoding }) => encoding)).toEqual(['identity']);
  const { status, body } = await client.send(to(path), AbortSignal.timeout(5000));
  expect([status, body.length]).toEqual([200, 0]);
});

test('an answer that drips, or never comes, ends after five seconds', async () => {
  const started = performance.now();
  const ends = await Promise.allSettled(['/drip', '/never'].map((path) => client.ask(to(path))));
  for (const end of ends)
    expect(end).toMatchObject({
      status: 'rejected',
      reason: { name: 'TimeoutError', message: 'no answer within 5 s' },
    });
  expect(performance.now() - started).toBeLessThan(9000);
}, 15_000);

test('no redirect is followed, to the metadata service or anywhere', async () => {
  asked.length = 0;
  for (const path of ['/metadata', '/away'])
    await expect(client.ask(to(path))).rejects.toThrow('redirects are not followed');
  expect(asked.map(({ url }) => url)).toEqual(['/metadata', '/away']);
  const { status } = await client.send(to('/away'), AbortSignal.timeout(5000));
  expect(status).toBe(307); // a webhook's log shows that its redirect was refused
});

test('loopback is reached with the switch alone, and a name that changes its address leads nowhere', async () => {
  const answers = [
    '8.8.8.8',
    '127.0.0.1',
    '::ffff:127.0.0.1',
    '::127.0.0.1',
    '169.254.169.254',
    'fd00:ec2::254',
  ];
  const changing = ((_: string, __: object, callback: (error: null, found: object[]) => void) => {
    const address = answers.shift() ?? '127.0.0.1';
    callback(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
  }) as unknown as Lookup;
  const closed = new OutboundClient({ loopback: false, proxy: undefined, lookup: changing });
  asked.length = 0;
  await expect(closed.ask(to('/fine'))).rejects.toThrow(AddressNotAllowed);
  answers.shift(); // the result of the check at saving
  while (answers.length > 0)
    await expect(closed.ask(to('/fine', { url: base.replace('127.0.0.1', 'idp.example') }))).rejects.toThrow(
      AddressNotAllowed,
    );
  expect(asked).toEqual([]);
  await closed.onApplicationShutdown();
});

test('as a fetch for libraries it has the same limits, and sends forms', async () => {
  const fetch = client.fetchWithin([]);
  asked.length = 0;
  const body = new URLSearchParams({ grant_type: 'authorization_code' });
  const found = await fetch(`${base}/fine`, { method: 'POST', body, headers: { authorization: 'Basic x' } });
  expect([found.status, await found.json()]).toEqual([200, { fine: true }]);
  expect(asked).toEqual([{ url: '/fine', encoding: 'identity', body: 'grant_type=authorization_code' }]);
  for (const path of ['/huge', '/bomb', '/metadata'])
    await expect(fetch(`${base}${path}`, { redirect: 'follow' })).rejects.toThrow();
  await expect(fetch(`${base}/never`, { signal: AbortSignal.timeout(100) })).rejects.toThrow();
});
