import { createServer as createPlain, type IncomingMessage, type Server } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import forge from 'node-forge';
import { givenItem } from '../support/builders.js';
import { issued } from '../support/certificates.js';
import { nextHospital, type ReminderHospital } from '../support/reminder-hospital.js';

const authority = issued('Hospital CA');
const server = issued('his.example', authority);
const client = issued('nedwatch', authority);
const others = issued('Another CA');

const opened: Server[] = [];
async function listening(of: Server): Promise<string> {
  opened.push(of);
  await new Promise<void>((ready) => of.listen(0, '127.0.0.1', ready));
  return String((of.address() as AddressInfo).port);
}

/** A hospital's system with TLS; records the clients, and their tokens. */
async function secured(options: ServerOptions = {}): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const port = await listening(
    createServer({ cert: server.certificate, key: server.key, ...options }, (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      asked.push(String((subject as typeof subject | undefined)?.CN ?? 'nobody'));
      request.resume().on('end', () => response.end());
    }),
  );
  return { url: `https://127.0.0.1:${port}/hook`, asked };
}

let t: ReminderHospital;
beforeEach(async () => {
  t = await nextHospital(t);
  await t.request('DELETE', `/webhook-endpoints/${t.endpointId}`);
});
afterAll(() => t.close());
afterEach(() => {
  for (const each of opened.splice(0)) {
    each.closeAllConnections();
    each.close();
  }
});

/** The outcome of the first attempt at an endpoint with these settings. */
async function attempt(settings: object): Promise<{ id: string; outcome: string; error: string | null }> {
  const { status, body } = await t.post('/webhook-endpoints', settings);
  expect([status, body.errors]).toEqual([201, undefined]);
  const id = body.id as string;
  await givenItem(t, { due: '2026-03-10' });
  await t.sweep();
  await t.settled();
  const { body: found } = await t.get(`/webhook-endpoints/${id}/deliveries`);
  const [{ outcome, error }] = found.items[0].attempts as [{ outcome: string; error: string | null }];
  return { id, outcome, error };
}

describe('TLS', () => {
  test('a server with a certificate of the hospital is trusted where its authority is given, and nowhere else', async () => {
    const { url, asked } = await secured();
    expect(await attempt({ url })).toMatchObject({
      outcome: 'unreachable',
      error: expect.stringMatching(/certificate/),
    });
    const wrong = await attempt({ url, tls: { ca: others.certificate } });
    expect(wrong).toMatchObject({ outcome: 'unreachable', error: expect.stringMatching(/certificate/) });
    expect(asked).toEqual([]);

    const right = await attempt({ url, tls: { ca: authority.certificate } });
    expect(right.outcome).toBe('accepted');
    const { body } = await t.get(`/webhook-endpoints/${right.id}`);
    expect(body.transport).toMatchObject({ privateCa: true, certificateUntil: null, oauth2: null });
  });

  test('a server that requires a client certificate gets ours; a new one replaces the old', async () => {
    const { url, asked } = await secured({
      requestCert: true,
      rejectUnauthorized: true,
      ca: authority.certificate,
    });
    const ca = authority.certificate;
    expect((await attempt({ url, tls: { ca } })).outcome).toBe('unreachable');

    const shown = await attempt({ url, tls: { ca, certificate: client.certificate, key: client.key } });
    expect([shown.outcome, asked.at(-1)]).toEqual(['accepted', 'nedwatch']);
    const renewed = issued('nedwatch 2', authority);
    const path = `/webhook-endpoints/${shown.id}`;
    const changed = await t.request('PATCH', path, {
      payload: { tls: { ca, certificate: renewed.certificate, key: renewed.key } },
    });
    expect(changed.body.transport.certificateUntil).toBe(
      new Date(forge.pki.certificateFromPem(renewed.certificate).validity.notAfter).toISOString(),
    );
    await givenItem(t, { due: '2026-03-10' });
    await t.sweep();
    await t.settled();
    expect(asked.at(-1)).toBe('nedwatch 2');

    const rows = JSON.stringify(await t.dataSource.query('SELECT * FROM webhook_endpoint'));
    expect(rows).not.toContain('PRIVATE KEY');
  });

  test('the log warns three times before our certificate expires, and once afterwards; a new certificate ends the warnings', async () => {
    const warned: string[] = [];
    const log = jest
      .spyOn(Logger.prototype, 'warn')
      .mockImplementation((line: string) => void warned.push(line));
    try {
      const daysBefore = async (days: number): Promise<void> => {
        await t.setClock(new Date(Date.now() + (100 - days) * 86_400_000).toISOString());
        for (let sweeps = 0; sweeps < 2; sweeps++) await t.sweep();
      };
      const tls = issued('nedwatch', authority, 100);
      const { body } = await t.post('/webhook-endpoints', { url: 'https://127.0.0.1:9/hook', tls });
      for (const days of [40, 29, 20, 13, 6, 3, -1]) await daysBefore(days);
      const about = warned.filter((line) => line.includes(body.id as string) && line.includes('certificate'));
      expect(about.map((line) => /within \d+ days|has ended/.exec(line)?.[0])).toEqual([
        ...['within 30 days', 'within 14 days', 'within 7 days', 'has ended'],
      ]);

      const path = `/webhook-endpoints/${body.id as string}`;
      await t.request('PATCH', path, { payload: { tls: issued('nedwatch 2', authority, 200) } });
      warned.length = 0;
      await daysBefore(-2);
      expect(warned.filter((line) => line.includes('certificate'))).toEqual([]);
    } finally {
      log.mockRestore();
    }
  });

  test.each([
    ['a key without its certificate', { key: client.key }, '/tls/certificate required'],
    ['the key of another', { certificate: client.certificate, key: server.key }, '/tls/key mismatch'],
    ['no certificate at all', { certificate: 'x', key: client.key }, '/tls/certificate invalid'],
    ['no key at all', { certificate: client.certificate, key: 'x' }, '/tls/key invalid'],
    ['no authority at all', { ca: 'x' }, '/tls/ca invalid'],
    ['one that has ended', { ...issued('old', authority, -0.5) }, '/tls/certificate expired'],
  ])('refused is %s', async (_, tls, fault) => {
    await t.setClock(new Date().toISOString());
    const { status, body } = await t.post('/webhook-endpoints', { url: 'https://127.0.0.1:9/hook', tls });
    const { pointer, code } = body.errors[0] as Record<string, string>;
    expect([status, `${pointer} ${code}`]).toEqual([422, fault]);
  });
});

describe('OAuth 2.0 client credentials', () => {
  const CLIENT = { clientId: 'nedwatch+1', clientSecret: 'a&b: 密', scope: 'reminders' };

  /** An authorization server (RFC 6749, 4.4) and a system that requires its newest token. */
  async function authorized(
    expiresIn?: number,
  ): Promise<{ url: string; tokenUrl: string; tokens: string[]; asked: string[] }> {
    const tokens: string[] = [];
    const asked: string[] = [];
    const form = (of: IncomingMessage): Promise<string> =>
      new Promise((done) => {
        let text = '';
        of.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => done(text));
      });
    const tokenPort = await listening(
      createPlain((request, response) => {
        void form(request).then((text) => {
          const [id, secret] = Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64')
            .toString()
            .split(':')
            .map((part) => new URLSearchParams(`v=${part}`).get('v'));
          const right = id === CLIENT.clientId && secret === CLIENT.clientSecret;
          asked.push(text);
          if (!right) return response.writeHead(401).end();
          tokens.push(`token-${tokens.length + 1}`);
          const answer = { access_token: tokens.at(-1), token_type: 'bearer', expires_in: expiresIn };
          return response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
        });
      }),
    );
    const port = await listening(
      createPlain((request, response) => {
        request.resume();
        const taken = request.headers.authorization === `Bearer ${tokens.at(-1)}`;
        response.writeHead(taken ? 204 : 401).end();
      }),
    );
    return {
      url: `http://127.0.0.1:${port}/hook`,
      tokenUrl: `http://127.0.0.1:${tokenPort}/token`,
      tokens,
      asked,
    };
  }

  test('messages carry a token, which is requested once for its lifetime', async () => {
    const { url, tokenUrl, tokens, asked } = await authorized(3600);
    const { id, outcome } = await attempt({ url, oauth2: { ...CLIENT, tokenUrl } });
    expect([outcome, asked]).toEqual(['accepted', ['grant_type=client_credentials&scope=reminders']]);
    for (let n = 0; n < 5; n++) await givenItem(t, { due: '2026-03-10' });
    await t.sweep();
    await t.settled();
    expect(tokens).toHaveLength(1);

    const { body } = await t.get(`/webhook-endpoints/${id}`);
    expect(body.transport.oauth2).toEqual({ tokenUrl, clientId: CLIENT.clientId, scope: 'reminders' });
    const rows = JSON.stringify(await t.dataSource.query('SELECT * FROM webhook_endpoint'));
    expect(rows).not.toContain(CLIENT.clientSecret);
  });

  test('a token that is refused, or about to expire, is replaced', async () => {
    const { url, tokenUrl, tokens } = await authorized(3600);
    await attempt({ url, oauth2: { ...CLIENT, tokenUrl } });
    tokens.push('revoked all before');
    await givenItem(t, { due: '2026-03-10' });
    await t.sweep();
    await t.settled(); // refused with 401
    await t.setClock('2026-03-10T10:01:00+08:00');
    await t.sweep();
    await t.settled();
    expect(tokens).toEqual(['token-1', 'revoked all before', 'token-3']);

    const brief = await authorized(20);
    await attempt({ url: brief.url, oauth2: { ...CLIENT, tokenUrl: brief.tokenUrl } });
    const before = brief.tokens.length;
    await givenItem(t, { due: '2026-03-10' });
    await t.sweep();
    await t.settled();
    expect(brief.tokens.length).toBeGreaterThan(before);
  });

  test('refused credentials are a failed attempt with the reason', async () => {
    const { url, tokenUrl } = await authorized();
    const { outcome, error } = await attempt({ url, oauth2: { ...CLIENT, clientSecret: 'wrong', tokenUrl } });
    expect([outcome, error]).toEqual([
      'unreachable',
      'no access token: the authorization server answered 401',
    ]);
  });
});
