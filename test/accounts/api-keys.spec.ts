import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { as, givenPerson } from '../support/signed-in.js';

let t: TestApp;
let admin: string;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-02T08:00:00+08:00', role: 'api' });
  admin = (await givenPerson(t, { roles: ['hospital_admin'] })).session;
});
afterAll(() => t.close());

const statusAndCode = ({ status, body }: Answer): unknown[] => [status, body?.code];
const create = (limits: object = {}, credential = admin): Promise<Answer> =>
  t.post('/api-keys', { name: 'his', roles: ['integration'], ...limits }, as(credential));
const made = async (limits: object = {}): Promise<string> => (await create(limits)).body.key as string;
const status = async (key: string, path = '/policy'): Promise<number> => (await t.get(path, as(key))).status;

test('a key is shown once; stored are its digest, its last four characters, its creator and its last use', async () => {
  const { status: created, body } = await create();
  expect(created).toBe(201);
  expect(body.key).toMatch(/^nw_[\w-]{65}$/);
  const shown = async () =>
    ((await t.get('/api-keys?limit=500', as(admin))).body.items as Record<string, unknown>[]).find(
      ({ id }) => id === body.id,
    )!;
  expect(await shown()).toEqual({ ...body, key: undefined });
  expect(body).toMatchObject({ lastFour: (body.key as string).slice(-4), lastUsedAt: null, scopes: null });
  const [row] = await t.dataSource.query<[{ hash: Buffer; text: string }]>(
    'SELECT key_hash AS hash, k::text AS text FROM api_key k WHERE id = $1',
    [body.id],
  );
  expect(row.hash).toEqual(
    createHash('sha256')
      .update(body.key as string)
      .digest(),
  );
  expect(row.text).not.toContain(body.key);
  expect(await status(body.key as string)).toBe(200);
  expect((await shown()).lastUsedAt).toMatch(/^2026-11-02T00:0/);
});

test('a key expires after 90 days unless said otherwise, and after a year at the latest', async () => {
  const before = await t.now();
  const days = async (limits: object) => {
    const { body } = await create(limits);
    return Math.round((Date.parse(body.expiresAt as string) - before.getTime()) / 86_400_000);
  };
  expect([await days({}), await days({ expiresInDays: 365 })]).toEqual([90, 365]);
  for (const expiresInDays of [0, 366, 1.5, null])
    expect((await create({ expiresInDays })).body.errors[0].pointer).toBe('/expiresInDays');
  const key = await made({ expiresInDays: 1 });
  await t.setClock(new Date(before.getTime() + 86_300_000).toISOString());
  expect(await status(key)).toBe(200);
  await t.setClock(new Date(before.getTime() + 86_500_000).toISOString());
  expect(await status(key)).toBe(401);
  await t.setClock(before.toISOString());
});

test('a key is accepted from its addresses only', async () => {
  const from = async (key: string, remoteAddress: string): Promise<number> => {
    const headers = as(key);
    return (await t.app.inject({ method: 'GET', url: '/api/v1/policy', remoteAddress, headers })).statusCode;
  };
  const key = await made({ addresses: ['10.1.2.0/24', '192.168.7.9', '2001:db8::/32'] });
  const addresses = [
    '10.1.2.77',
    '10.1.3.1',
    '192.168.7.9',
    '192.168.7.8',
    '2001:db8::1',
    '2001:db9::1',
    '::ffff:10.1.2.3',
  ];
  expect(await Promise.all(addresses.map((address) => from(key, address)))).toEqual([
    ...[200, 401, 200, 401, 200, 401, 200],
  ]);
});

test.each([['10.1.2.0/33'], ['10.1.2'], ['example.com'], ['10.0.0.1/8/9'], ['::/129'], [''], ['1']])(
  '"%s" is no address',
  async (address) => {
    const { status: refused, body } = await create({ addresses: ['10.0.0.0/8', address] });
    expect([refused, body.errors[0].pointer]).toEqual([422, '/addresses/1']);
  },
);

test('a key limited to a scope is refused elsewhere, and the answer names the required scope', async () => {
  const key = await made({ scopes: ['patients:read'] });
  expect(await status(key, '/patients')).toBe(200);
  const refused = await t.get('/policy', as(key));
  expect(statusAndCode(refused)).toEqual([403, 'not-allowed']);
  expect(refused.body.title).toContain('policy:read');
  expect((await create({ scopes: ['everything'] })).body.errors[0].pointer).toBe('/scopes/0');
});

test('a revoked key is refused at once; revoking it again changes nothing', async () => {
  const { body } = await create();
  expect(await status(body.key as string)).toBe(200);
  const revoke = () => t.request('DELETE', `/api-keys/${body.id as string}`, { headers: as(admin) });
  expect([(await revoke()).status, (await revoke()).status]).toEqual([204, 204]);
  expect(await status(body.key as string)).toBe(401);
});

test('a key cannot create a key with more rights than its own', async () => {
  const limited = await made({ roles: ['hospital_admin'], scopes: ['people:write', 'patients:read'] });
  expect(statusAndCode(await create({}, limited))).toEqual([403, 'not-yours-to-give']);
  expect(statusAndCode(await create({ scopes: ['webhooks:write'] }, limited))).toEqual([
    403,
    'not-yours-to-give',
  ]);
  expect(statusAndCode(await create({ scopes: ['patients:read'] }, limited))).toEqual([201, undefined]);
  expect(statusAndCode(await create({ roles: ['platform_operator'] }))).toEqual([403, 'not-yours-to-give']);
  const narrow = await made({ roles: ['hospital_admin'], departments: ['liver'] });
  expect(statusAndCode(await create({}, narrow))).toEqual([403, 'not-yours-to-give']);
  expect(statusAndCode(await create({ departments: ['liver'] }, narrow))).toEqual([201, undefined]);
});

test('the answer with a new key is not stored for repetition', async () => {
  const headers = { ...as(admin), 'idempotency-key': 'key-1' };
  const payload = { name: 'twice', roles: ['integration'] };
  const keys = [await t.post('/api-keys', payload, headers), await t.post('/api-keys', payload, headers)];
  expect(new Set(keys.map(({ body }) => body.key as string)).size).toBe(2);
  const kept = JSON.stringify(await t.dataSource.query('SELECT body FROM idempotent_answer'));
  expect(kept).not.toContain(keys[0]!.body.key);
});
