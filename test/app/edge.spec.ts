import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { until } from '../support/webhook-receiver.js';

const json = { 'content-type': 'application/json' };

describe('requests on the wire', () => {
  let t: TestApp;
  let port: number;
  beforeAll(async () => {
    t = await startApp({ role: 'api' });
    await t.app.listen(0, '127.0.0.1');
    port = (t.app.getHttpServer().address() as { port: number }).port;
  });
  afterAll(() => t.close());

  /** Everything that the server sends in response to these bytes until it closes the connection. */
  const exchange = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      socket.setEncoding('utf8').on('data', (part) => (answer += part as unknown as string));
      socket.on('close', () => resolve(answer)).on('error', reject);
    });
  const ask = (target: string, ...lines: string[]): Promise<string> =>
    exchange([`GET ${target} HTTP/1.1`, 'Host: x', 'Connection: close', ...lines, '', ''].join('\r\n'));

  test.each([
    ['TRACE', 'TRACE / HTTP/1.1\r\n', /^HTTP\/1.1 40[045] /],
    ['a folder', 'GET /api/docs/static/ HTTP/1.1\r\n', /^HTTP\/1.1 404 /],
    ['the source', 'GET /.git/HEAD HTTP/1.1\r\n', /^HTTP\/1.1 404 /],
  ])('%s is not answered', async (_, line, refused) => {
    expect(await exchange(`${line}Host: x\r\nConnection: close\r\n\r\n`)).toMatch(refused);
  });

  test('requests of another origin are refused', async () => {
    const lines = ['Origin: https://elsewhere.example', `Authorization: Bearer ${t.adminKey}`];
    expect(await ask('/api/v1/patients', ...lines)).not.toMatch(/^access-control-/im);
  });

  test.each([
    ['data', () => ask('/api/v1/patients', `Authorization: Bearer ${t.adminKey}`), 200, 'no-store'],
    ['a caller who is not known', () => ask('/api/v1/patients'), 401, 'no-store'],
    ['an address that leads nowhere', () => ask('/nothing'), 404, 'no-store'],
    ['an address that is none', () => ask('/api/v1/patients/%zz'), 400, 'no-store'],
    ['a part of an address without end', () => ask(`/api/v1/patients/${'a'.repeat(200)}`), 414, 'no-store'],
    ['an address without end', () => ask(`/api/v1/patients?mrn=${'a'.repeat(9000)}`), 414, 'no-store'],
    [
      'more header lines than anyone needs',
      () => ask('/health/live', ...Array.from({ length: 101 }, (_, i) => `X-${i}: 1`)),
      431,
      'no-store',
    ],
    ['a header without end', () => ask('/health/live', `X: ${'a'.repeat(17_000)}`), 431, 'no-store'],
    ['what is not HTTP', () => exchange('\u0000\u0001\r\n\r\n'), 400, 'no-store'],
    ['health', () => ask('/health/live'), 200, 'no-store'],
    ['the API reference', () => ask('/api/docs'), 200, 'no-cache'],
    ['a file of the API reference', () => ask('/api/docs/swagger-ui.css'), 200, 'max-age=0'],
  ])('%s is answered with the same security headers', async (_, answerOf, status, caching) => {
    const [head = '', body = ''] = (await answerOf()).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/^content-security-policy: default-src 'none'.*frame-ancestors 'none'/im);
    expect(head).toMatch(/^x-content-type-options: nosniff\r$/im);
    expect(head).toMatch(/^referrer-policy: no-referrer\r$/im);
    expect(head).toMatch(new RegExp(`^cache-control: .*${caching}`, 'im'));
    // A hospital's intranet may have no HTTPS, and the software's name is not disclosed.
    expect(head).not.toMatch(/strict-transport-security|upgrade-insecure|^server:|^x-powered-by:/im);
    if (status >= 400) {
      expect(head).toMatch(/^content-type: application\/problem\+json/im);
      expect(JSON.parse(body)).toMatchObject({ type: 'about:blank', status });
    }
  });

  test('a HEAD request gets no body, even where the request cannot be parsed', async () => {
    const answer = await exchange('HEAD /\u00e9 HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 400 .*\r\n\r\n$/s);
  });

  test('a request whose headers do not arrive in time is refused with a reason', async () => {
    t.app.getHttpServer().headersTimeout = 200;
    const answer = await exchange('GET /health/live HTTP/1.1\r\nX-Slow');
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(answer).toContain('request-too-slow');
  });

  test.each(['/api/v1/sign-in', '/nowhere'])(
    'a body that is too large from an unknown caller is refused: %s',
    async (path) => {
      const body = JSON.stringify({ login: 'x'.repeat(40_000) });
      const answer = await exchange(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n` +
          `Content-Length: ${body.length}\r\n\r\n${body}`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer).toContain('"code":"body-too-large"');
      const declaredNothing = await exchange(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n` +
          `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
      );
      expect(declaredNothing).toMatch(/^HTTP\/1\.1 413 /);
    },
  );

  test('one address cannot take all connections', async () => {
    const open = await Promise.all(
      Array.from({ length: 120 }, async () => {
        const socket = connect(port, '127.0.0.1');
        await once(socket, 'connect');
        return socket;
      }),
    );
    const left = (): Socket[] => open.filter((socket) => !socket.readableEnded && !socket.destroyed);
    await until(
      () => left().length,
      (count) => count <= 100,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(left().length).toBe(100);

    const neighbour = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' });
    neighbour.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
    const [answer] = await once(neighbour, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1.1 200 /);
    for (const socket of [...open, neighbour]) socket.destroy();
  });

  test('a large body without a credential is refused at once, and then read slowly', async () => {
    const length = 200_000_000; // more than the kernel's buffers on both sides can store
    const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.3' });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(`POST /api/v1/imports HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`);
    const answered = once(socket, 'data') as Promise<[Buffer]>;
    let sent = 0;
    const part = Buffer.alloc(1_000_000);
    const ends = performance.now() + 2000;
    while (sent < length && performance.now() < ends) {
      sent += part.length;
      if (!socket.write(part))
        await Promise.race([once(socket, 'drain'), new Promise((over) => setTimeout(over, 500))]);
    }
    const [answer] = await answered;
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 401 /);
    // Read at full speed it would all have been sent in this time.
    expect(socket.bytesWritten).toBeLessThan(length / 2);
    socket.destroy();
  });
});

describe('the content of a body', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api' });
  });
  afterAll(() => t.close());

  test.each([
    ['a NUL', '{"mrn":"P\\u0000"}', '/mrn', 'not-text'],
    ['half a character', '{"policy":{"profile":"\\ud83d"}}', '/policy/profile', 'not-text'],
    ['half a character in a name of a field', '{"policy":{"\\ude00":1}}', '/policy', 'not-text'],
    ['a key behind its object', '{"policy":{"__proto__":{}}}', '/policy/__proto__', 'unknown-field'],
    ['a hundred thousand lists', '['.repeat(100_000) + ']'.repeat(100_000), '/0'.repeat(32), 'too-deep'],
  ])('%s is refused by the name of its field', async (_, payload, pointer, code) => {
    const { status, body } = await t.request('POST', '/patients', { payload, headers: json });
    expect([status, body.errors]).toEqual([422, [expect.objectContaining({ pointer, code })]]);
  });

  test.each([
    ['half a million numbers', `[${'1,'.repeat(490_000)}1]`],
    ['thousands of fields', `{${Array.from({ length: 1001 }, (_, n) => `"${n}":1`).join()}}`],
  ])('%s are refused without being read', async (_, payload) => {
    const { status, body } = await t.request('POST', '/patients', { payload, headers: json });
    expect([status, body.code]).toEqual([413, 'too-many-values']);
  });

  test('JSON characters inside a string are text', async () => {
    const payload = JSON.stringify({ name: ',:[{"\\'.repeat(50_000) });
    const { body } = await t.request('POST', '/patients', { payload, headers: json });
    expect([body.code, body.errors[0]?.pointer]).toEqual(['invalid-input', '/mrn']);
  });

  test('characters outside the basic plane of Unicode are accepted', async () => {
    const { status, body } = await t.post('/patients', {
      mrn: 'P-𠮷',
      name: '𠮷田',
      sex: 'female',
      birthDate: '1960-05-05',
      diagnosisDate: '2024-01-10',
    });
    expect([status, body.name]).toEqual([201, '𠮷田']);
  });

  test('the refusal of broken JSON does not repeat the body', async () => {
    const { body } = await t.request('POST', '/patients', { payload: '{"name":李敏}', headers: json });
    expect(JSON.stringify(body)).not.toContain('李敏');
  });

  test('an Idempotency-Key longer than the database can look up is refused', async () => {
    const { status, body } = await t.post('/patients', {}, { 'idempotency-key': 'k'.repeat(256) });
    expect([status, body.code]).toEqual([400, 'idempotency-key-too-long']);
  });
});

describe('a caller over the rate limit', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp({
      role: 'api',
      requestsPerSecond: 5,
      requestBurst: 5,
      failedSignInsPerMinute: 10,
      trustedProxies: ['10.9.0.0/16'],
    });
  });
  afterAll(() => t.close());

  const from = async (remoteAddress: string, headers: Record<string, string> = {}, url = '/api/v1/policy') =>
    t.app.inject({ method: 'GET', url, remoteAddress, headers });
  const key = (value: string) => ({ authorization: `Bearer ${value}` });
  const statuses = async (times: number, once: () => ReturnType<typeof from>): Promise<number[]> => {
    const seen: number[] = [];
    for (let n = 0; n < times; n++) seen.push((await once()).statusCode);
    return seen;
  };

  test('gets Retry-After, and health and metrics are not limited', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => from('192.0.2.1', key(t.adminKey))));
    const refused = answers.filter(({ statusCode }) => statusCode === 429);
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(answers.filter(({ statusCode }) => statusCode === 200).length).toBeGreaterThanOrEqual(10);
    expect(Number(refused[0]!.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(refused[0]!.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(refused[0]!.json()).toMatchObject({ code: 'too-many-requests', status: 429 });

    for (const url of ['/health/live', '/health/ready', '/metrics'])
      expect(new Set(await statuses(30, () => from('192.0.2.1', {}, url)))).toEqual(new Set([200]));
  });

  test('pages that are open to all are limited by address', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => from('192.0.2.2', {}, '/api/docs')));
    const seen = answers.map(({ statusCode }) => statusCode);
    expect(seen.slice(0, 5)).toEqual([200, 200, 200, 200, 200]);
    expect(seen).toContain(429);
    expect((await from('192.0.2.3', {}, '/api/docs')).statusCode).toBe(200);
  });

  test('after ten wrong keys in a minute, further wrong ones of the address must wait; a right one is accepted at once', async () => {
    const guesses = await statuses(12, () => from('192.0.2.10', key('wrong')));
    expect(guesses).toEqual([...Array<number>(10).fill(401), 429, 429]);
    const wrong = await from('192.0.2.10', key('wrong'));
    expect([wrong.statusCode, wrong.json().code]).toEqual([429, 'too-many-failed-sign-ins']);
    expect(Number(wrong.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect((await from('192.0.2.11', key('wrong'))).statusCode).toBe(401);
    await new Promise((resolve) => setTimeout(resolve, 1100)); // the limit of its key
    expect((await from('192.0.2.10', key(t.adminKey))).statusCode).toBe(200);
  });

  test('a request without a key does not count as a guess; addresses of one IPv6 network count as one', async () => {
    expect(new Set(await statuses(15, () => from('192.0.2.12')))).toEqual(new Set([401]));
    const guesses: number[] = [];
    for (let n = 0; n < 11; n++) guesses.push((await from(`2001:db8:1:2::${n}`, key('wrong'))).statusCode);
    expect(guesses).toEqual([...Array<number>(10).fill(401), 429]);
    expect((await from('2001:db8:1:3::1', key('wrong'))).statusCode).toBe(401);
  });

  test('a program whose key was accepted before keeps working while another one at its address guesses', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1100)); // the limit of its key
    expect((await from('192.0.2.20', key(t.adminKey))).statusCode).toBe(200);
    await statuses(12, () => from('192.0.2.20', key('wrong')));
    expect((await from('192.0.2.20', key(t.adminKey))).statusCode).toBe(200);
  });

  test('only a trusted proxy determines where a request comes from', async () => {
    const forwarded = { 'x-forwarded-for': '198.51.100.1' };
    await statuses(12, () => from('10.9.1.1', { ...key('wrong'), ...forwarded }));
    expect((await from('10.9.1.1', key('wrong'))).statusCode).toBe(401);
    expect((await from('198.51.100.1', key('wrong'))).statusCode).toBe(429);
    const liar = await statuses(12, () => from('192.0.2.30', { ...key('wrong'), ...forwarded }));
    expect(liar.at(0)).toBe(401);
    expect(liar.at(-1)).toBe(429);
  });
});

test('the start names a limit that is no number and a proxy that is no address', async () => {
  const { loadConfig } = await import('../../src/platform/config.js');
  const bad = { NEDWATCH_REQUESTS_PER_SECOND: 'many', NEDWATCH_TRUSTED_PROXIES: '10.0.0.1,proxy' };
  expect(() => loadConfig(bad)).toThrow(/NEDWATCH_TRUSTED_PROXIES: [^]*NEDWATCH_REQUESTS_PER_SECOND: /);
});
