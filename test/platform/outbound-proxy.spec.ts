import { createServer, type Server } from 'node:http';
import { createServer as createSecured } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { givenItem } from '../support/builders.js';
import { issued } from '../support/certificates.js';
import { nextHospital, type ReminderHospital } from '../support/reminder-hospital.js';

/** An operator's proxy, whose only destination is the receiver of the test. */
class Proxy {
  readonly asked: { readonly to: string | undefined; readonly as: string | undefined }[] = [];
  refuses: number | null = null;
  receiver = '';
  private readonly server: Server = createServer();

  static async start(): Promise<Proxy> {
    const proxy = new Proxy();
    proxy.server.on('connect', (request, socket, head) => {
      proxy.asked.push({ to: request.url, as: request.headers['proxy-authorization'] });
      if (proxy.refuses !== null) {
        socket.end(`HTTP/1.1 ${proxy.refuses} No\r\n\r\n`);
        return;
      }
      const there = connect(Number(new URL(proxy.receiver).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        there.write(head);
        there.pipe(socket).pipe(there);
      });
      for (const end of [there, socket])
        end.on('error', () => [there, socket].forEach((one) => one.destroy()));
    });
    await new Promise<void>((listening) => proxy.server.listen(0, '127.0.0.1', listening));
    return proxy;
  }

  get url(): URL {
    return new URL(`http://ward:s%3Acret@127.0.0.1:${(this.server.address() as AddressInfo).port}`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

// No name server knows it (RFC 6761).
const OUTSIDE = 'http://his.invalid/hook';

let t: ReminderHospital;
let proxy: Proxy;
beforeAll(async () => {
  proxy = await Proxy.start();
});
beforeEach(async () => {
  t = await nextHospital(t, { outboundProxy: proxy.url }, ['endpoint.test']);
  proxy.receiver = t.receiver.url;
  proxy.refuses = null;
  proxy.asked.length = 0;
});
afterAll(async () => {
  await t.close();
  await proxy.stop();
});

async function register(url: string): Promise<{ id: string; secret: string }> {
  const { status, body } = await t.post('/webhook-endpoints', { url });
  expect([url, status]).toEqual([url, 201]);
  return body as { id: string; secret: string };
}

async function givenDueReminder(): Promise<void> {
  await givenItem(t, { due: '2026-03-10' });
  await t.sweep();
  await t.settled();
}

async function later(minutes: number): Promise<void> {
  await t.setClock(new Date((await t.now()).getTime() + minutes * 60_000).toISOString());
  await t.sweep();
  await t.settled();
}

const deliveriesOf = async ({ id }: { id: string }) =>
  (await t.get(`/webhook-endpoints/${id}/deliveries`)).body.items as unknown[];

test('internet addresses are reached through the proxy, by name and with its password', async () => {
  const endpoint = await register(OUTSIDE);
  await givenDueReminder();
  expect(proxy.asked).toEqual([
    { to: 'his.invalid:80', as: `Basic ${Buffer.from('ward:s:cret').toString('base64')}` },
  ]);
  expect(t.receiver.messages(endpoint.secret)).toHaveLength(1);
  expect(await deliveriesOf(endpoint)).toMatchObject([{ state: 'delivered' }]);
});

test('the tunnel carries TLS up to the receiver', async () => {
  const authority = issued('Hospital CA');
  const { certificate: cert, key } = issued('his.invalid', authority);
  const asked: (string | undefined)[] = [];
  const secured = createSecured({ cert, key }, (request, response) => {
    asked.push(request.headers.host);
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((listening) => secured.listen(0, '127.0.0.1', listening));
  proxy.receiver = `https://127.0.0.1:${(secured.address() as AddressInfo).port}`;
  const { body: endpoint } = await t.post('/webhook-endpoints', {
    ...{ url: 'https://his.invalid/hook', tls: { ca: authority.certificate } },
  });
  await givenDueReminder();
  expect(await deliveriesOf(endpoint as { id: string })).toMatchObject([{ state: 'delivered' }]);
  expect([asked, proxy.asked.map(({ to }) => to)]).toEqual([['his.invalid'], ['his.invalid:443']]);
  expect((await t.get(`/webhook-endpoints/${endpoint.id as string}`)).body.transport).toMatchObject({
    receiverCertificateUntil: expect.any(String),
  });
  secured.closeAllConnections();
  secured.close();
});

test('an opened address is reached without it, and a forbidden one not through it either', async () => {
  const inside = await register(`${t.receiver.url}/inside`);
  await givenDueReminder();
  expect(await deliveriesOf(inside)).toMatchObject([{ state: 'delivered' }]);
  for (const url of ['http://169.254.169.254/', 'http://10.0.0.1/'])
    expect((await t.post('/webhook-endpoints', { url })).status).toBe(422);
  expect(proxy.asked).toEqual([]);
});

test('while the proxy refuses, no attempt is counted and no endpoint is disabled; afterwards everything is sent within minutes', async () => {
  proxy.refuses = 407;
  const endpoint = await register(OUTSIDE);
  await givenDueReminder();
  expect(await deliveriesOf(endpoint)).toMatchObject([
    { state: 'pending', attempts: [{ outcome: 'unreachable', error: 'our own proxy: answered 407' }] },
  ]);
  for (let hours = 0; hours < 100; hours += 4) await later(240);
  await givenDueReminder();
  expect((await t.get(`/webhook-endpoints/${endpoint.id}`)).body).toMatchObject({
    state: 'failing',
    heldReason: null,
  });

  proxy.refuses = null;
  await later(3);
  await later(1);
  expect(await deliveriesOf(endpoint)).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }]);
  expect((await t.get(`/webhook-endpoints/${endpoint.id}`)).body).toMatchObject({ state: 'ok' });
});

test('a host that the proxy cannot reach fails by itself', async () => {
  proxy.refuses = 503;
  const endpoint = await register(OUTSIDE);
  await givenDueReminder();
  const [delivery] = (await deliveriesOf(endpoint)) as { nextAttemptAt: string; attempts: unknown[] }[];
  expect(delivery!.attempts).toMatchObject([
    { error: 'the proxy could not reach his.invalid:80 (503)', outcome: 'unreachable' },
  ]);
  const waitMs = new Date(delivery!.nextAttemptAt).getTime() - (await t.now()).getTime();
  expect(waitMs).toBeLessThan(6000); // the schedule's
});
