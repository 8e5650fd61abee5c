import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer, get, type Server } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectSecurely } from 'node:tls';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { OwnCertificate } from '../../src/platform/http/own-certificate.js';
import { startApp, type TestApp } from '../support/app.js';
import { issued, type Issued } from '../support/certificates.js';
import { startCommand } from '../support/program.js';

let folder: string;
let files: { certificateFile: string; keyFile: string };
let [first, second]: Issued[] = [];
let t: TestApp;
let port: number;

const write = ({ certificate, key }: { certificate?: string; key?: string }): void => {
  if (certificate !== undefined) writeFileSync(files.certificateFile, certificate);
  if (key !== undefined) writeFileSync(files.keyFile, key);
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nedwatch-certificate-'));
  files = { certificateFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  [first, second] = [issued('nedwatch.hospital.example'), issued('nedwatch.hospital.example')];
  write(first);
  t = await startApp({ role: 'api', tls: files });
  await t.app.listen(0, '127.0.0.1');
  port = (t.app.getHttpServer().address() as { port: number }).port;
});
afterAll(async () => {
  await t.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => write(first!));

const ask = (at: number, { certificate }: Issued, path = '/health/ready'): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: at, path, ca: certificate, agent: false }, (answer) =>
      resolve(answer.resume()),
    ).on('error', reject);
  });

test('with a certificate of its own the program serves HTTPS, and binds no other service of the name to it', async () => {
  const answer = await ask(port, first!);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(answer.headers['strict-transport-security']).toBeUndefined();
  expect((await ask(port, first!, '/status')).statusCode).toBe(200);
});

test('a client without TLS, or with an unsafe version, gets no answer, and others are still served', async () => {
  const socket = connect(port, '127.0.0.1', () =>
    socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'),
  );
  let log = '';
  socket.on('data', (bytes: Buffer) => (log += bytes.toString('latin1')));
  socket.on('error', () => undefined);
  await once(socket, 'close');
  expect(log).not.toContain('200 OK');

  const old = connectSecurely({ port, host: '127.0.0.1', maxVersion: 'TLSv1.1', minVersion: 'TLSv1' });
  const [refused] = (await once(old, 'error')) as [NodeJS.ErrnoException];
  expect(refused.message).toMatch(/protocol version|unsupported|no protocols/i);
  expect((await ask(port, first!)).statusCode).toBe(200);
});

const listening = async (certificate: OwnCertificate): Promise<{ server: Server; at: number }> => {
  const server = createServer(certificate.current, (_, response) => response.end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, at: (server.address() as { port: number }).port };
};

test('a renewed certificate is served without a restart, once its key is there too; until then the earlier one', async () => {
  const [lines, faults]: [string[], string[]] = [[], []];
  const log = {
    log: (line: string) => void lines.push(line),
    error: (line: string) => void faults.push(line),
  };
  const certificate = OwnCertificate.read(files);
  const { server, at } = await listening(certificate);
  try {
    write({ certificate: second!.certificate });
    certificate.refresh(server, log);
    certificate.refresh(server, log);
    await ask(at, first!);
    await expect(ask(at, second!)).rejects.toThrow(/self-signed|unable to verify/);
    expect(faults).toHaveLength(1); // not at every check
    expect(faults[0]).toMatch(/NEDWATCH_TLS_KEY: .*key\.pem is not the key of the certificate .*cert\.pem/);

    write({ key: second!.key });
    certificate.refresh(server, log);
    await ask(at, second!);
    await expect(ask(at, first!)).rejects.toThrow(/self-signed|unable to verify/);
    certificate.refresh(server, log);
    expect(lines).toEqual([expect.stringMatching(/renewed: .*nedwatch\.hospital\.example.*valid until/)]);

    rmSync(files.keyFile);
    certificate.refresh(server, log);
    expect(faults[1]).toMatch(/NEDWATCH_TLS_KEY: .*key\.pem cannot be read/);
    await ask(at, second!);
  } finally {
    server.close();
  }
});

test.each([
  ['NEDWATCH_TLS_CERT', 'NEDWATCH_TLS_KEY'],
  ['NEDWATCH_TLS_KEY', 'NEDWATCH_TLS_CERT'],
])('with %s alone the program does not start, and names %s', async (given, lacking) => {
  const { code, stderr: log } = await startCommand(['up', '--port', '0'], { [given]: files.certificateFile })
    .ended;
  expect(log).toContain(`${lacking}: is missing: TLS needs it beside ${given}`);
  expect(code).toBe(2);
});

test.each([
  ['no certificate', { certificate: 'nonsense' }, /NEDWATCH_TLS_CERT: .*cert\.pem is no certificate in PEM/],
  ['no key', { key: 'nonsense' }, /NEDWATCH_TLS_KEY: .*key\.pem is no private key in PEM/],
])('what is %s is refused by the name of its variable', (_name, content, log) => {
  write(content);
  expect(() => OwnCertificate.read(files)).toThrow(log);
});
