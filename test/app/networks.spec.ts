import { networkInterfaces } from 'node:os';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, expect, test } from '@jest/globals';
import { createDataSource, MIGRATIONS } from '../../src/app/data-source.js';
import { createDatabase } from '../support/database.js';
import { testWhere } from '../support/where-present.js';
import { isPrivateRange } from '../../src/platform/outbound/outbound-address.js';
import { nextHospital, type ReminderHospital } from '../support/reminder-hospital.js';

let t: ReminderHospital;
beforeEach(async () => {
  t = await nextHospital(t);
});
afterAll(() => t.close());

const open = (networks: unknown, hospitalId = t.hospitalId) =>
  t.request('PATCH', `/hospitals/${hospitalId}`, { payload: { networks } });
const register = (url: string) => t.post('/webhook-endpoints', { url });

test('a private address is refused, and the refusal says how to open it', async () => {
  const { status, body } = await register('http://10.20.30.40:8443/hook');
  expect(status).toBe(422);
  expect(body.errors).toMatchObject([{ pointer: '/url', code: 'address-not-allowed' }]);
  expect(body.errors[0].message).toMatch(/10\.20\.30\.40.*operator.*8443.*PATCH \/hospitals/);
  for (const url of [
    'http://169.254.169.254/',
    'http://[::ffff:10.0.0.1]/',
    'http://0x0a.1/',
    'http://0.0.0.0/',
  ])
    expect([url, (await register(url)).status]).toEqual([url, 422]);
});

test('an address that the operator has opened is accepted, at that port and in that hospital only', async () => {
  const { status, body } = await open([{ range: '10.20.30.0/24', port: 8443 }]);
  expect([status, body.networks]).toEqual([200, [{ range: '10.20.30.0/24', port: 8443 }]]);
  expect((await register('http://10.20.30.40:8443/hook')).status).toBe(201);
  expect((await register('http://10.20.30.40/hook')).status).toBe(422);
  expect((await register('http://10.20.31.40:8443/hook')).status).toBe(422);
});

test.each([
  ['what is no range', [{ range: 'intranet', port: 443 }], '/networks/0/range'],
  ['the internet', [{ range: '0.0.0.0/0', port: 443 }], '/networks/0/range'],
  ['metadata', [{ range: '169.254.0.0/16', port: 80 }], '/networks/0/range'],
  ['loopback', [{ range: '127.0.0.1', port: 80 }], '/networks/0/range'],
  ['every port', [{ range: '10.0.0.0/8' }], '/networks/0/port'],
])('%s cannot be opened', async (_, networks, pointer) => {
  expect(await open(networks)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
});

const own = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(
    ({ address, internal, family }) =>
      !internal && isPrivateRange(`${address}/${family === 'IPv6' ? 128 : 32}`),
  );

testWhere(own !== undefined, 'private address')(
  'an opened private address is reached; closed again, it no longer is, and the message waits',
  async () => {
    let reached = 0;
    const server: Server = createServer((_, response) => {
      reached++;
      response.end();
    });
    await new Promise<void>((listening) => server.listen(0, own!.address, listening));
    const { port } = server.address() as AddressInfo;
    const url = `http://${own!.family === 'IPv6' ? `[${own!.address}]` : own!.address}:${port}/`;

    await open([{ range: own!.address, port }]);
    const { body: endpoint } = await register(url);
    const sent = async () => {
      await t.post(`/webhook-endpoints/${endpoint.id as string}/test`);
      await t.settled();
      const { body } = await t.get(`/webhook-endpoints/${endpoint.id as string}/deliveries`);
      return body.items[0];
    };
    expect(await sent()).toMatchObject({ state: 'delivered' });
    expect(reached).toBe(1);

    await open([]);
    expect(await sent()).toMatchObject({
      state: 'pending',
      attempts: [{ outcome: 'unreachable', error: expect.stringContaining('private network') }],
    });
    expect(reached).toBe(1);
    await new Promise((closed) => server.close(closed));
  },
);

test('an endpoint at a private address from before still gets messages after the upgrade', async () => {
  const database = await createDatabase();
  const dataSource = await createDataSource(database.url, 2).initialize();
  while (MIGRATIONS.length > 0) {
    await dataSource.undoLastMigration();
    const [{ present }] = await dataSource.query<[{ present: boolean }]>(
      `SELECT EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'hospital' AND column_name = 'networks') AS present`,
    );
    if (!present) break;
  }
  await dataSource.query(`
    INSERT INTO hospital (id, name, time_zone, language, policy) VALUES
      ('00000000-0000-7000-8000-000000000001', 'A', 'Asia/Shanghai', 'zh', '{}'), ('00000000-0000-7000-8000-000000000002', 'B', 'Asia/Shanghai', 'zh', '{}');
    INSERT INTO webhook_endpoint (hospital_id, id, url, event_types, secret)
    SELECT '00000000-0000-7000-8000-000000000001', gen_random_uuid(), url, '{}', 's'
      FROM unnest(ARRAY['http://10.1.2.3:8080/hook', 'https://192.168.7.7/x', 'http://[fd00::5]:9000/', 'https://his.example/hook', 'http://8.8.8.8/', 'https://192.168.7.7/y']) AS url`);
  await dataSource.runMigrations();
  const rows = await dataSource.query<{ networks: { range: string; port: number }[] }[]>(
    'SELECT networks FROM hospital ORDER BY id',
  );
  expect(rows[0]!.networks).toHaveLength(3);
  expect(rows[0]!.networks).toEqual(
    expect.arrayContaining([
      { range: '10.1.2.3/32', port: 8080 },
      { range: '192.168.7.7/32', port: 443 },
      { range: 'fd00::5/128', port: 9000 },
    ]),
  );
  expect(rows[1]!.networks).toEqual([]);
  await dataSource.destroy();
  await database.drop();
});
