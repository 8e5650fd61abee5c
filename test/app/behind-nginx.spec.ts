import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as overHttp, type IncomingMessage } from 'node:http';
import { request as overHttps } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { startApp, type TestApp } from '../support/app.js';
import { issued } from '../support/certificates.js';
import { givenPerson } from '../support/signed-in.js';
import { until } from '../support/webhook-receiver.js';

// The configuration in docs/tls.md, in a real nginx. Several addresses of loopback are the clients.

const HOST = 'nedwatch.hospital.example';
const present = spawnSync('nginx', ['-v']).status === 0 && process.platform === 'linux';
if (!present) process.stderr.write('\n*** NO nginx ON PATH: THE REVERSE PROXY IS NOT TESTED ***\n\n');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

(present ? describe : describe.skip)('behind nginx', () => {
  const certificate = issued(HOST);
  let folder: string;
  let nginx: ChildProcess;
  let t: TestApp;
  let ports: { http: number; https: number };

  beforeAll(async () => {
    t = await startApp({ role: 'api', trustedProxies: ['127.0.0.1'], publicUrl: `https://${HOST}` });
    await t.app.listen(0, '127.0.0.1');
    const { port } = t.app.getHttpServer().address() as { port: number };
    ports = { http: await freePort(), https: await freePort() };
    folder = mkdtempSync(join(tmpdir(), 'nedwatch-nginx-'));
    writeFileSync(join(folder, 'nedwatch.crt'), certificate.certificate);
    writeFileSync(join(folder, 'nedwatch.key'), certificate.key);
    writeFileSync(join(folder, 'nginx.conf'), configuration(port));
    nginx = spawn('nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], { stdio: ['ignore', 2, 2] });
    process.once('exit', () => nginx.kill('SIGTERM'));
    await until(
      () =>
        ask('/health/ready').then(
          ({ status }) => status,
          () => 0,
        ),
      (status) => status === 200,
    );
  });
  afterAll(async () => {
    const exited = once(nginx, 'exit');
    nginx.kill('SIGQUIT');
    await exited;
    rmSync(folder, { recursive: true });
    await t.close();
  });

  /** The documented file with this test's ports and certificate. */
  function configuration(port: number): string {
    const site = readFileSync(join(CHECKOUT, 'packaging/nginx.conf'), 'utf8')
      .replace('server 127.0.0.1:3000;', `server 127.0.0.1:${port};`)
      .replace('listen 80;', `listen 127.0.0.1:${ports.http};`)
      .replace('listen 443 ssl;', `listen 127.0.0.1:${ports.https} ssl;`)
      .replaceAll('/etc/nginx/tls/', `${folder}/`);
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    return `daemon off; error_log stderr crit; pid ${folder}/pid; user root; worker_processes 1; events {}
      http { access_log off; ${places.join(' ')}\n${site}\n}`;
  }

  interface Asked {
    readonly from?: string;
    readonly headers?: Record<string, string>;
    readonly body?: unknown;
  }
  interface Got {
    readonly status: number;
    readonly headers: IncomingMessage['headers'];
    readonly text: string;
  }

  const ask = (path: string, { from = '127.0.0.1', headers = {}, body }: Asked = {}, secure = true) =>
    new Promise<Got>((resolve, reject) => {
      const at = { host: '127.0.0.1', localAddress: from, path, method: body === undefined ? 'GET' : 'POST' };
      const all = { host: HOST, 'content-type': 'application/json', ...headers };
      const tls = { port: ports.https, ca: certificate.certificate, servername: HOST };
      const answered = (answer: IncomingMessage): void => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
      };
      const options = { ...at, agent: false, headers: all };
      const sent = secure
        ? overHttps({ ...options, ...tls }, answered)
        : overHttp({ ...options, port: ports.http }, answered);
      sent.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
    });

  test('a request has the address of its client, whatever its headers claim', async () => {
    const { body } = await t.post('/api-keys', {
      name: 'HIS',
      roles: ['nurse'],
      addresses: ['127.0.0.9/32'],
    });
    const authorization = `Bearer ${(body as { key: string }).key}`;
    const from = (address: string, headers = {}): Promise<number> =>
      ask('/api/v1/worklist', { from: address, headers: { authorization, ...headers } }).then(
        ({ status }) => status,
      );
    expect(await from('127.0.0.9')).toBe(200);
    expect(await from('127.0.0.8')).toBe(401);
    expect(await from('127.0.0.8', { 'x-forwarded-for': '127.0.0.9' })).toBe(401);
    expect(await from('127.0.0.9', { 'x-forwarded-for': '127.0.0.8' })).toBe(200);
  });

  test('cookies are sent over HTTPS only, and HTTP is redirected to HTTPS', async () => {
    const { login, password } = await givenPerson(t);
    const { status, headers } = await ask('/api/v1/sign-in', {
      headers: { 'x-requested-with': 'nedwatch', 'x-forwarded-host': 'elsewhere.example' },
      body: { hospital: 'nedwatch', login, password },
    });
    expect(status).toBe(200);
    expect(headers['set-cookie']?.join()).toMatch(/__Host-nedwatch-session=[^,]*; Secure/);
    expect(headers['strict-transport-security']).toBe('max-age=31536000');

    const plain = await ask('/status?lang=en', {}, false);
    expect(plain.status).toBe(308);
    expect(plain.headers.location).toBe(`https://${HOST}/status?lang=en`);
  });

  test('metrics are served to this machine only, pages and the API to every client', async () => {
    expect((await ask('/metrics')).status).toBe(200);
    expect((await ask('/metrics', { from: '127.0.0.9' })).status).toBe(403);
    expect((await ask('/status', { from: '127.0.0.9' })).status).toBe(200);
  });

  test('a body that is too large is refused by the program, not by nginx', async () => {
    const headers = { authorization: `Bearer ${t.adminKey}` };
    const { status, text } = await ask('/api/v1/patients', {
      headers,
      body: { name: 'x'.repeat(1_100_000) }, // the program reads so much of a refused body while it lingers
    });
    expect(status).toBe(413);
    expect(JSON.parse(text)).toMatchObject({ status: 413, code: expect.any(String) });
  });
});
