import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashOfToken } from '../../src/tenancy/tokens.js';
import { ApiKey } from '../../src/accounts/api-key.entity.js';
import { DEFAULT_POLICY } from '../../src/tenancy/policy/hospital-policy.js';
import { Hospital } from '../../src/tenancy/hospital.entity.js';
import { PolicyVersion } from '../../src/tenancy/policy/policy-version.entity.js';
import { type Role, ROLES } from '../../src/tenancy/caller.js';
import { RIGHTS } from '../../src/tenancy/rights.js';
import { openApiDocument } from '../../src/app/openapi.js';
import { API_CALLS, OPEN_API_CALLS } from '../support/api-calls.js';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { givenPatient, person, type Prepared, type Ward } from '../support/prepared-calls.js';
import { CALLS } from '../support/rights-calls.js';
import { givenPerson } from '../support/signed-in.js';

let t: TestApp;
let own: Ward;
let foreign: Ward;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api' });
  own = { hospitalId: t.hospitalId, key: t.adminKey };
  foreign = await givenWard();
});
afterAll(() => t.close());

type Limits = Partial<Pick<ApiKey, 'roles' | 'scopes' | 'departments' | 'addresses' | 'expiresAt'>>;

async function givenKey(hospitalId: string, limits: Limits = {}): Promise<string> {
  const key = `nw_${randomUUID()}`;
  const row = {
    id: randomUUID(),
    hospitalId,
    name: 'key of a test',
    keyHash: hashOfToken(key),
    createdAt: await t.now(),
  };
  await t.dataSource.getRepository(ApiKey).insert({ ...row, roles: [...ROLES], ...limits });
  return key;
}

async function givenWard(): Promise<Ward> {
  const id = randomUUID();
  const policy = { ...DEFAULT_POLICY, guideline: 'crlm-cn-2025@1.1.0' };
  const createdAt = await t.now();
  const place = {
    name: 'another',
    code: `another-${id}`,
    timeZone: 'Asia/Shanghai',
    language: 'zh' as const,
  };
  await t.dataSource.getRepository(Hospital).insert({ id, ...place, policy, createdAt });
  await t.dataSource.getRepository(PolicyVersion).insert({ hospitalId: id, version: 1, policy, createdAt });
  return { hospitalId: id, key: await givenKey(id) };
}

/** People sign in at the first hospital, whose operator alone sees the others. */
const wardOf = async (call: string): Promise<Ward> =>
  RIGHTS[call]!.own || / \/hospitals/.test(call)
    ? { hospitalId: t.hospitalId, key: t.adminKey }
    : await givenWard();

/** The credential of a person or key with these roles; a session where the call is about the own account. */
async function givenCredential({ hospitalId }: Ward, call: string, roles: Role[]): Promise<string> {
  return RIGHTS[call]!.own ? (await givenPerson(t, { roles })).session : givenKey(hospitalId, { roles });
}

const send = (call: string, { path, headers, payload }: Prepared, key: string): Promise<Answer> =>
  t.request(call.split(' ')[0] as 'GET', path, {
    headers: { ...headers, authorization: `Bearer ${key}` },
    payload,
  });

test('the table names every call of the API, and no other', () => {
  const paths = Object.entries(openApiDocument(t.app).paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  const calls = paths
    .filter((call) => / \/(api\/v1|cds-services)(\/|$)/.test(call))
    .map((call) => call.replace('/api/v1', ''));
  expect([...API_CALLS, ...OPEN_API_CALLS].sort()).toEqual(calls.sort());
  expect(Object.keys(CALLS).sort()).toEqual([...API_CALLS].sort());
});

/**
 * Accounts have the scopes of their roles, and providers every one: a key limited to a scope must not manage them.
 */
const MORE_THAN_ONE_SCOPE = /^(POST|PATCH|PUT|DELETE) \/(people|sso-providers|second-factor)/;

describe.each(API_CALLS)('%s', (call) => {
  // A published guideline belongs to no hospital, a hospital to the operator, and a session to its person.
  const named = call.includes('/:id') && !/ \/(guidelines|hospitals|me)/.test(call);

  // A preview, a list or a rollout takes longer with more patients, and earlier calls have left some in the hospital.
  let here: Ward;
  // A call that is refused or reads changes nothing, so all of them use the same request.
  const isRead = call.startsWith('GET ');
  let refused: Prepared;
  let foreign: Prepared;
  beforeAll(async () => {
    here = await wardOf(call);
    if (!RIGHTS[call]!.own) refused = await CALLS[call]!(t, here);
    if (named) foreign = await CALLS[call]!(t, await givenWard());
  });

  test.each(ROLES)('%s may call as the table says, and in no other hospital', async (role: Role) => {
    const key = await givenCredential(here, call, [role]);
    const allowed = RIGHTS[call]!.roles.includes(role);

    const ward = RIGHTS[call]!.own ? { ...here, key } : here;
    const isChange = allowed && !isRead;
    const asked = isChange || RIGHTS[call]!.own ? await CALLS[call]!(t, ward) : refused;
    const { status, body } = await send(call, asked, key);
    expect(status < 300 ? 'done' : [status, body.code]).toEqual(allowed ? 'done' : [403, 'not-allowed']);
    if (!named) return;
    const elsewhere = await send(call, foreign, key);
    const isLookedUp = allowed || RIGHTS[call]!.refusedByService?.includes(role) === true;
    expect(elsewhere.status).toBe(isLookedUp ? 404 : 403);
  });

  test('every call without a key is refused', async () => {
    const { path, payload, headers } = RIGHTS[call]!.own
      ? await CALLS[call]!(t, { ...here, key: await givenCredential(here, call, ['nurse']) })
      : refused;
    const { status } = await t.request(call.split(' ')[0] as 'GET', path, {
      headers: { ...headers, authorization: '' },
      payload,
    });
    expect(status).toBe(401);
  });

  test('a key limited to another scope is refused, whatever its roles', async () => {
    if (RIGHTS[call]!.own) {
      const ward = { ...here, key: await givenCredential(here, call, ['nurse']) };
      const { status, body } = await send(call, await CALLS[call]!(t, ward), here.key);
      expect([status, body.code]).toEqual([403, 'not-allowed']);
      return;
    }
    const key = await givenKey(here.hospitalId, { scopes: ['nothing:read'] });
    expect((await send(call, refused, key)).status).toBe(403);
    const fitting = await givenKey(here.hospitalId, { scopes: [RIGHTS[call]!.scope] });
    const { status, body } = await send(call, isRead ? refused : await CALLS[call]!(t, here), fitting);
    if (MORE_THAN_ONE_SCOPE.test(call)) expect([status, body.code]).toEqual([403, 'not-yours-to-give']);
    else expect(status).toBeLessThan(300);
  });
});

test('lists show the own hospital alone', async () => {
  const known = { mrn: 'the same in both', responsibleNurse: 'of both' };
  const mine = await givenPatient(t, own, known);
  const theirs = await givenPatient(t, foreign, known);
  for (const path of ['/patients?mrn=the same in both', '/worklist?assignee=of both']) {
    const text = JSON.stringify((await t.get(path)).body);
    expect([text.includes(mine), text.includes(theirs)]).toEqual([true, false]);
  }
});

describe('a caller who sees some departments', () => {
  const PATIENT_CALLS = API_CALLS.filter((call) => /^\w+ \/patients\/:id/.test(call));

  test.each(PATIENT_CALLS)(
    '%s: those departments, the own patients and those of no department',
    async (call) => {
      const key = await givenKey(own.hospitalId, { departments: ['liver'] });
      const { path, ...rest } = await CALLS[call]!(t, own);
      const id = /\/patients\/([^/?]+)/.exec(path)![1]!;
      const nurse = await givenPerson(t, { roles: ['head_nurse'], departments: ['liver'] });
      const asked = async (
        department: string | null,
        responsibleNurse: string | null,
        by = key,
      ): Promise<number> => {
        await t.dataSource.query('UPDATE patient SET department = $2, responsible_nurse = $3 WHERE id = $1', [
          ...[id, department, responsibleNurse],
        ]);
        return (await send(call, { path, ...rest }, by)).status;
      };
      expect(await asked('bowel', 'somebody else')).toBe(404);
      expect(await asked('liver', null)).toBeLessThan(300);
      if (!call.startsWith('GET')) return;
      expect(await asked('bowel', nurse.name, nurse.session)).toBe(200);
      expect(await asked('bowel', 'key of a test')).toBe(404); // a key is never a nurse, whatever its name
      expect(await asked(null, null)).toBe(200);
    },
  );

  test('lists, items and new patients keep to them too', async () => {
    const key = await givenKey(own.hospitalId, { departments: ['liver'] });
    const seen = await givenPatient(t, own, { mrn: '0-1', department: 'liver', responsibleNurse: 'both' });
    const hidden = await givenPatient(t, own, { mrn: '0-2', department: 'bowel', responsibleNurse: 'both' });
    for (const path of ['/patients?limit=500', '/worklist?assignee=both']) {
      const text = JSON.stringify((await t.get(path, { authorization: `Bearer ${key}` })).body);
      expect([text.includes(seen), text.includes(hidden)]).toEqual([true, false]);
    }
    const { body: schedule } = await t.get(`/patients/${hidden}/schedule`);
    const item = `/items/${schedule.items[0].id as string}`;
    expect((await t.get(`${item}/reason`, { authorization: `Bearer ${key}` })).status).toBe(404);
    const refused = await t.post(
      '/patients',
      { ...person(), department: 'bowel' },
      { authorization: `Bearer ${key}` },
    );
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/department']);
  });
});

test('callers who care for the patient see name and phone; the others see the MRN only', async () => {
  const id = await givenPatient(t, own);
  for (const role of RIGHTS['GET /patients/:id']!.roles) {
    const authorization = `Bearer ${await givenKey(own.hospitalId, { roles: [role] })}`;
    const { body } = await t.get(`/patients/${id}`, { authorization });
    const identified = ['nurse', 'head_nurse', 'clinician', 'integration'].includes(role);
    expect([role, body.name, typeof body.mrn]).toEqual([
      role,
      identified ? expect.stringContaining('李敏') : null,
      'string',
    ]);
    const list = JSON.stringify((await t.get('/worklist?limit=500', { authorization })).body);
    expect(list.includes('李敏')).toBe(identified);
  }
});

test('a key that has expired, or is used from another address, is refused', async () => {
  const expired = await givenKey(own.hospitalId, { expiresAt: new Date('2026-10-31T00:00:00Z') });
  const elsewhere = await givenKey(own.hospitalId, { addresses: ['10.0.0.0/8', 'fd00::/8'] });
  const fromHere = await givenKey(own.hospitalId, { addresses: ['127.0.0.0/8'] });
  const status = async (key: string) => (await t.get('/policy', { authorization: `Bearer ${key}` })).status;
  expect([await status(expired), await status(elsewhere), await status(fromHere)]).toEqual([401, 401, 200]);
});
