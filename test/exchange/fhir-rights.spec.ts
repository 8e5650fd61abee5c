import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FhirResource, Patient } from 'fhir/r4.js';
import { hashOfToken } from '../../src/tenancy/tokens.js';
import { ApiKey } from '../../src/accounts/api-key.entity.js';
import { ROLES } from '../../src/tenancy/caller.js';
import { RIGHTS } from '../../src/tenancy/rights.js';
import { FHIR_CALLS } from '../support/api-calls.js';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { allPages, fhirGet, givenEveryKindOfFact, resourcesIn } from '../support/fhir-calls.js';

let t: TestApp;
/** With a fact of every kind. */
let patientId: string;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api' });
  patientId = await givenEveryKindOfFact(t);
});
afterAll(() => t.close());

async function givenKey(limits: Partial<ApiKey>): Promise<Record<string, string>> {
  const key = `nw_${randomUUID()}`;
  const row = {
    id: randomUUID(),
    hospitalId: t.hospitalId,
    name: 'key of a test',
    keyHash: hashOfToken(key),
    createdAt: await t.now(),
  };
  await t.dataSource.getRepository(ApiKey).insert({ ...row, roles: [...ROLES], ...limits });
  return { authorization: `Bearer ${key}` };
}

type Credential = Readonly<Record<string, string>>;

const NO_PARAMETERS = JSON.stringify({ resourceType: 'Parameters' });

/** What makes a call succeed; a call that writes or exports gets past the rights, and is refused for what it asks. */
async function preparedFor(call: string): Promise<(by: Credential) => Promise<Answer>> {
  const [method, address] = call.split(' ') as ['GET' | 'POST' | 'PUT' | 'DELETE', string];
  const [, type = ''] = /^\/fhir\/([A-Z]\w+)/.exec(address) ?? [];
  const [one] = type === '' ? [] : await allPages(t, `/${type}?_count=1`, { pages: 1 });
  const path = address
    .replace(':id', one?.id ?? randomUUID())
    .replace(':type', 'Patient')
    .replace(':file', 'Patient.ndjson');
  const query = address.endsWith('$apply') ? `?subject=Patient/${patientId}` : '';
  const isForm = address.endsWith('_search');
  const contentType = isForm ? 'application/x-www-form-urlencoded' : 'application/fhir+json';
  const payload = isForm ? '_count=1' : address.endsWith('$apply') ? NO_PARAMETERS : '{}';
  return (by) =>
    t.request(method, path + query, {
      headers: { ...by, ...(method !== 'GET' && method !== 'DELETE' && { 'content-type': contentType }) },
      ...(method !== 'GET' && method !== 'DELETE' && { payload }),
    });
}

/** Calls of which an allowed one is not answered by 200 here. */
const IS_REFUSED_LATER = /export|^(POST|PUT) \/fhir(\/:type(\/:id)?)?$/;

test.each(FHIR_CALLS)('%s may be made as the table says', async (call) => {
  const make = await preparedFor(call);
  for (const role of ROLES) {
    const { status } = await make(await givenKey({ roles: [role] }));
    if (RIGHTS[call]?.roles.includes(role) !== true) expect([role, status]).toEqual([role, 403]);
    else if (IS_REFUSED_LATER.test(call)) expect([role, status === 403]).toEqual([role, false]);
    else expect([role, status]).toEqual([role, 200]);
  }
  expect((await make(await givenKey({ scopes: ['webhooks:read'] }))).status).toBe(403);
  const unknown = await make({ authorization: '' });
  expect([unknown.status, (unknown.body as FhirResource).resourceType]).toEqual([401, 'OperationOutcome']);
});

test('callers who do not care for patients see no names, phones or identity numbers', async () => {
  const { body } = await fhirGet(t, `/Patient/${patientId}`, await givenKey({ roles: ['auditor'] }));
  const { name, telecom, identifier = [] } = body as Patient;
  expect([name, telecom, identifier.length]).toEqual([undefined, undefined, 1]);
});

test('a caller who is limited to other departments sees nothing of the patient', async () => {
  await t.dataSource.query('UPDATE patient SET department = $2 WHERE id = $1', [patientId, 'bowel']);
  const limited = await givenKey({ departments: ['liver'] });
  for (const type of [
    'Patient',
    'CarePlan',
    'ServiceRequest',
    'Observation',
    'Appointment',
    'Consent',
    'Communication',
  ]) {
    const [one] = await allPages(
      t,
      `/${type}?${type === 'Patient' ? '_id' : 'patient'}=${patientId}&_count=1`,
      { pages: 1 },
    );
    expect((await fhirGet(t, `/${type}/${one?.id ?? ''}`)).status).toBe(200);
    expect([type, (await fhirGet(t, `/${type}/${one?.id ?? ''}`, limited)).status]).toEqual([type, 404]);
    expect(JSON.stringify(await allPages(t, `/${type}?_count=200`, { headers: limited }))).not.toContain(
      patientId,
    );
  }
  await t.dataSource.query('UPDATE patient SET department = NULL WHERE id = $1', [patientId]);
});

test('the audit entry of a search names the patients of the page, and no other', async () => {
  const { body } = await fhirGet(t, '/Patient?_count=2');
  const [entry] = await t.dataSource.query<[{ call: string; patients: string[] }]>(
    'SELECT call, patients FROM audit_event ORDER BY recorded_at DESC, id DESC LIMIT 1',
  );
  expect(entry).toEqual({ call: 'GET /fhir/Patient', patients: resourcesIn(body).map(({ id }) => id) });
});
