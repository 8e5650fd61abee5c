import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import forge from 'node-forge';
import { EntityManager } from 'typeorm';
import { givenItem } from '../support/builders.js';
import { type Issued, issued } from '../support/certificates.js';
import { nextHospital, type ReminderHospital } from '../support/reminder-hospital.js';

const authority = issued('Hospital CA');

/** A hospital's system with TLS, which keeps connections open for long. */
class Secured {
  connections = 0;
  private readonly server: Server;

  constructor(certificate: Issued) {
    this.server = createServer(contextOf(certificate), (request, response) => {
      request.resume().on('end', () => response.end());
    });
    this.server.keepAliveTimeout = 60_000;
    this.server.on('secureConnection', () => this.connections++);
  }

  async url(): Promise<string> {
    if (!this.server.listening) await new Promise<void>((ready) => this.server.listen(0, '127.0.0.1', ready));
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  renew(certificate: Issued): void {
    this.server.setSecureContext(contextOf(certificate));
    this.server.closeAllConnections();
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const contextOf = ({ certificate, key }: Issued): { cert: string; key: string } => ({
  cert: certificate,
  key,
});

const endOf = ({ certificate }: Issued): string =>
  forge.pki.certificateFromPem(certificate).validity.notAfter.toISOString();

let t: ReminderHospital;
let receiver: Secured;
let warned: string[];
beforeEach(async () => {
  t = await nextHospital(t);
  warned = [];
  jest.spyOn(Logger.prototype, 'warn').mockImplementation((line: string) => void warned.push(line));
});
afterAll(() => t.close());
afterEach(() => {
  jest.restoreAllMocks();
  receiver.stop();
});

/** An endpoint at a system with this certificate. */
async function registered(certificate: Issued): Promise<string> {
  receiver = new Secured(certificate);
  return registeredAgain();
}

async function registeredAgain(eventTypes?: string[]): Promise<string> {
  const { body } = await t.post('/webhook-endpoints', {
    url: await receiver.url(),
    tls: { ca: authority.certificate },
    ...(eventTypes && { eventTypes }),
  });
  return body.id as string;
}

async function deliver(): Promise<void> {
  await givenItem(t, { due: '2026-03-10' });
  await t.sweep();
  await t.settled();
}

const shownAt = async (id: string): Promise<string | null> =>
  (await t.get(`/webhook-endpoints/${id}`)).body.transport.receiverCertificateUntil as string | null;

/** The warnings after these days, counted from now. */
async function warnedOn(id: string, days: readonly number[]): Promise<(string | undefined)[]> {
  warned.length = 0;
  for (const day of days) {
    await t.setClock(new Date(Date.now() + day * 86_400_000).toISOString());
    for (let sweeps = 0; sweeps < 2; sweeps++) await t.sweep();
    await t.settled();
  }
  return warned
    .filter((line) => line.includes(id) && line.includes('certificate'))
    .map((line) => /within \d+ days|has ended/.exec(line)?.[0]);
}

test('the log warns three times before the certificate of a receiver expires, and once afterwards', async () => {
  const certificate = issued('his.example', authority, 100);
  const id = await registered(certificate);
  expect(await shownAt(id)).toBeNull();
  await deliver();
  expect(await shownAt(id)).toBe(endOf(certificate));
  expect(await shownAt(t.endpointId)).toBeNull(); // it is at http

  expect(await warnedOn(id, [60, 71, 80, 87, 94, 97, 101])).toEqual([
    ...['within 30 days', 'within 14 days', 'within 7 days', 'has ended'],
  ]);
  expect(warned.join('\n')).toContain(`that the server of endpoint ${id} shows ends within 30 days`);
});

test('a renewed certificate is shown after the next attempt, and warned about again', async () => {
  const id = await registered(issued('his.example', authority, 100));
  await deliver();
  expect(await warnedOn(id, [97])).toEqual(['within 7 days']);

  const renewed = issued('his.example', authority, 200);
  receiver.renew(renewed);
  await deliver();
  expect(await shownAt(id)).toBe(endOf(renewed));
  expect(await warnedOn(id, [101, 169, 171, 187, 194, 201])).toEqual([
    ...['within 30 days', 'within 14 days', 'within 7 days', 'has ended'],
  ]);
});

test('a certificate that is renewed every few days causes one warning, until it does end', async () => {
  const id = await registered(issued('his.example', authority, 6));
  await deliver();
  expect(await warnedOn(id, [0, 3])).toEqual(['within 7 days']);
  receiver.renew(issued('his.example', authority, 9));
  await deliver();
  expect(await warnedOn(id, [4, 8])).toEqual([]);
  expect(await warnedOn(id, [10])).toEqual(['has ended']);
  receiver.renew(issued('his.example', authority, 16));
  await deliver();
  expect(await warnedOn(id, [10])).toEqual([]);
  expect(await warnedOn(id, [17])).toEqual(['has ended']);
});

test('the certificate of a reused connection is known, and written once', async () => {
  const query = jest.spyOn(EntityManager.prototype, 'query');
  const certificate = issued('his.example', authority);
  const first = await registered(certificate);
  for (let messages = 0; messages < 3; messages++) await deliver();
  const second = await registeredAgain(['surveillance.plan.changed']);
  await t.post(`/webhook-endpoints/${second}/test`);
  await t.settled();
  expect([await shownAt(second), receiver.connections]).toEqual([endOf(certificate), 1]);
  const written = query.mock.calls.filter(([sql]) => sql.includes('SET receiver_certificate_until'));
  expect(written.map(([, parameters]) => (parameters as unknown[])[1])).toEqual([first, second]);
});

test('after the end of the certificate nothing can be sent, and its last seen end stays', async () => {
  const certificate = issued('his.example', authority, 40);
  const id = await registered(certificate);
  await deliver();
  receiver.renew(issued('his.example', authority, -0.5));
  await deliver();
  const { body } = await t.get(`/webhook-endpoints/${id}/deliveries`);
  expect(body.items[0].attempts[0]).toMatchObject({
    outcome: 'unreachable',
    error: 'certificate has expired',
  });
  expect(await shownAt(id)).toBe(endOf(certificate));
});
