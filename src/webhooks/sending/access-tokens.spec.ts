import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { OutboundClient } from '../../platform/outbound/outbound-client.js';
import { AccessTokens } from './access-tokens.js';

let server: Server;
let base: string;
let given = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    const token = JSON.stringify({ access_token: `token ${++given}`, token_type: 'Bearer', expires_in: 600 });
    if (request.url === '/compressed') response.setHeader('content-encoding', 'gzip').end(gzipSync(token));
    else if (request.url === '/long') response.end(token.padEnd(100_000));
    else if (request.url === '/elsewhere') response.writeHead(307, { location: `${base}/token` }).end();
    else response.end(token);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
const client = new OutboundClient({ loopback: true, proxy: undefined });
afterAll(async () => {
  await client.onApplicationShutdown();
  await new Promise((closed) => server.close(closed));
});

const asking = (hospitalId: string, path = '/token') => ({
  ...{ hospitalId, networks: [] },
  transport: { oauth2: { tokenUrl: `${base}${path}`, clientId: 'nedwatch', clientSecret: 'secret' } },
});
const get = (tokens: AccessTokens, ...of: Parameters<typeof asking>) =>
  tokens.get(asking(...of), AbortSignal.timeout(5000));

test('a token that one hospital was given is used for no other, although the client is the same', async () => {
  const tokens = new AccessTokens(client);
  given = 0;
  expect(await Promise.all([get(tokens, 'a'), get(tokens, 'a')])).toEqual(['token 1', 'token 1']);
  expect(await get(tokens, 'b')).toBe('token 2');
  tokens.forget(asking('b'));
  expect([await get(tokens, 'a'), await get(tokens, 'b')]).toEqual(['token 1', 'token 3']);
});

test.each([
  ['/compressed', 'its answer is compressed (gzip)'],
  ['/long', 'its answer is longer than 64 kB'],
  ['/elsewhere', 'answered 307: redirects are not followed'],
])('no token comes from %s', async (path, why) => {
  await expect(get(new AccessTokens(client), 'a', path)).rejects.toThrow(why);
});
