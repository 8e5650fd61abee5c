import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { MedplumClient } from '@medplum/core';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type {
  Appointment,
  Bundle,
  CapabilityStatement,
  FhirResource,
  Patient,
  ServiceRequest,
  Task,
} from 'fhir/r4.js';
import { FHIR_TYPES } from '../../src/tenancy/fhir-rights.js';
import { FHIR_CALLS } from '../support/api-calls.js';
import { startApp, type TestApp } from '../support/app.js';
import { statementsOf } from '../support/counted-statements.js';
import { allPages, fhirGet, givenEveryKindOfFact, resourcesIn } from '../support/fhir-calls.js';
import { FhirSender } from '../support/fhir-sender.js';
import { givenPatient, type Ward } from '../support/prepared-calls.js';

let t: TestApp;
let ward: Ward;
/** With a fact of every kind. */
let patientId: string;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api' });
  ward = { hospitalId: t.hospitalId, key: t.adminKey };
  patientId = await givenEveryKindOfFact(t);
});
afterAll(() => t.close());

const idsIn = (body: unknown): string[] => resourcesIn(body).map(({ id }) => id ?? '');

describe('a search', () => {
  test('finds a patient by the number of the hospital, in any spelling, with and without its system', async () => {
    const id = await givenPatient(t, ward, { mrn: 'F 1' });
    const { body } = await fhirGet(t, `/Patient/${id}`);
    const system = (body as Patient).identifier?.[0]?.system ?? '';
    for (const identifier of ['f1', `${system}|F 1`])
      expect(idsIn((await fhirGet(t, `/Patient?identifier=${encodeURIComponent(identifier)}`)).body)).toEqual(
        [id],
      );
    expect(idsIn((await fhirGet(t, '/Patient?identifier=urn:other|F 1')).body)).toEqual([]);
  });

  test('has pages that together name everything once, whatever is registered meanwhile', async () => {
    const all = await allPages(t, `/ServiceRequest?patient=${patientId}&_count=200`);
    const paged = await allPages(t, `/ServiceRequest?patient=${patientId}&_count=7`);
    expect(paged).toEqual(all);
    const { body } = await fhirGet(t, '/Patient?_count=1');
    await givenPatient(t, ward);
    const next = (body as Bundle).link?.find(({ relation }) => relation === 'next')?.url ?? '';
    const rest = await allPages(t, next.replace(/^.*\/fhir/, ''));
    const [{ patients }] = await t.dataSource.query<[{ patients: number }]>(
      'SELECT count(*)::integer AS patients FROM patient',
    );
    expect(new Set([...idsIn(body), ...rest.map(({ id }) => id)]).size).toBe(patients);
  });

  test.each<readonly [string, (one: FhirResource) => boolean]>([
    ['ServiceRequest?status=active', (one) => (one as ServiceRequest).status === 'active'],
    [
      'ServiceRequest?status=completed,on-hold',
      (one) => ['completed', 'on-hold'].includes((one as ServiceRequest).status),
    ],
    [
      'ServiceRequest?occurrence=eb2027-01-01',
      (one) => ((one as ServiceRequest).occurrencePeriod?.end ?? '9') < '2027',
    ],
    ['ServiceRequest?code=http://loinc.org|2039-6', () => false],
    ['ServiceRequest?intent=order', (one) => (one as ServiceRequest).intent === 'order'],
    ['Task?business-status=overdue', (one) => (one as Task).businessStatus?.coding?.[0]?.code === 'overdue'],
    ['Appointment?date=ge2026-11-01&status=booked', (one) => (one as Appointment).status === 'booked'],
    ['Observation?code=2039-6&date=2026-04', (one) => one.id?.endsWith('-v1') === true],
    ['Observation?_lastUpdated=gt2030', () => false],
    [
      'DiagnosticReport?status=entered-in-error',
      (one) => (one as { status?: string }).status === 'entered-in-error',
    ],
  ])('%s finds what holds, and nothing else of the type', async (query, holds) => {
    const [type = ''] = query.split('?');
    const all = await allPages(t, `/${type}?_count=200`);
    const found = await allPages(t, `/${query}&_count=200`);
    expect(found.map(({ id }) => id)).toEqual(all.filter(holds).map(({ id }) => id));
  });

  test('includes the targets of its references once, from the same record', async () => {
    const query = `/ServiceRequest?patient=${patientId}&status=active&_count=3&_include=ServiceRequest:patient&_include=ServiceRequest:based-on`;
    const { entry = [] } = (await fhirGet(t, query)).body as Bundle;
    const modes = entry.map(
      ({ search, resource }) => `${search?.mode ?? ''} ${resource?.resourceType ?? ''}`,
    );
    expect(modes.sort()).toEqual([
      'include CarePlan',
      'include Patient',
      ...Array<string>(3).fill('match ServiceRequest'),
    ]);
  });

  test('an unknown parameter is ignored and named, or refused by Prefer: handling=strict', async () => {
    const { body } = await fhirGet(t, '/Patient?birthday=1960&_count=1');
    const outcome = (body as Bundle).entry?.find(({ search }) => search?.mode === 'outcome')?.resource;
    expect(JSON.stringify(outcome)).toContain('birthday');
    expect((body as Bundle).link?.[0]?.url).not.toContain('birthday');
    const strict = await fhirGet(t, '/Patient?birthday=1960', { prefer: 'handling=strict' });
    expect([strict.status, (strict.body as { issue: object[] }).issue[0]]).toMatchObject([
      400,
      { expression: ['birthday'] },
    ]);
  });

  test.each([
    '_count=many',
    '_count=1&_count=2',
    '_cursor=x',
    'identifier:exact=1',
    'identifier=',
    '_include=Patient:x',
    '_lastUpdated=soon',
  ])('is refused with %s', async (query) => {
    const { status, body } = await fhirGet(t, `/Patient?${query}`);
    expect([status, (body as FhirResource).resourceType]).toEqual([400, 'OperationOutcome']);
  });

  test('by form is the same search', async () => {
    const answer = await t.app.inject({
      ...{
        method: 'POST',
        url: '/fhir/ServiceRequest/_search',
        payload: `patient=${patientId}&status=active&_count=200`,
      },
      headers: { authorization: `Bearer ${t.adminKey}`, 'content-type': 'application/x-www-form-urlencoded' },
    });
    const { body } = await fhirGet(t, `/ServiceRequest?patient=${patientId}&status=active&_count=200`);
    expect(idsIn(JSON.parse(answer.payload))).toEqual(idsIn(body));
  });

  test('of fifty resources takes a number of statements that does not grow with the patients', async () => {
    for (const type of FHIR_TYPES) {
      const few = await statementsOf(t, () => fhirGet(t, `/${type}?_count=1`));
      const many = await statementsOf(t, () => fhirGet(t, `/${type}?_count=50`));
      expect([type, many <= few]).toEqual([type, true]);
      expect(few).toBeGreaterThan(2);
    }
  });
});

test('the items are those of the schedule: the same windows, due dates and statuses', async () => {
  const { items } = (await t.get(`/patients/${patientId}/schedule`)).body as {
    items: {
      id: string;
      earliest: string;
      due: string;
      overdue: string;
      status: string;
      step: string | null;
    }[];
  };
  const requests = (await allPages(t, `/ServiceRequest?patient=${patientId}&_count=200`)) as ServiceRequest[];
  const tasks = (await allPages(t, `/Task?patient=${patientId}&_count=200`)) as Task[];
  const current = requests.filter(({ status }) => status !== 'revoked');
  expect(current.map(({ id }) => id).sort()).toEqual(items.map(({ id }) => id).sort());
  for (const item of items) {
    const request = requests.find(({ id }) => id === item.id);
    const task = tasks.find(({ id }) => id === item.id);
    expect(request?.occurrencePeriod?.start).toBe(item.earliest);
    expect((request?.occurrencePeriod?.end ?? '9999') < item.overdue).toBe(true);
    expect(task?.restriction?.period?.end).toBe(item.due);
    const word = item.step !== null && item.step !== 'not_attended' ? item.step : item.status;
    expect(task?.businessStatus?.coding?.[0]?.code).toBe(word);
  }
});

test('a version that the client has is not sent again; another content has another version', async () => {
  const id = await givenPatient(t, ward);
  const first = await fhirGet(t, `/Patient/${id}`);
  const etag = String(first.headers['etag']);
  expect(etag).toBe(`W/"${(first.body as Patient).meta?.versionId ?? ''}"`);
  const again = await fhirGet(t, `/Patient/${id}`, { 'if-none-match': etag });
  expect([again.status, again.body]).toEqual([304, undefined]);
  await t.request('PATCH', `/patients/${id}`, { payload: { name: '王小明' } });
  const changed = await fhirGet(t, `/Patient/${id}`, { 'if-none-match': etag });
  expect([changed.status, (changed.body as Patient).name?.[0]?.text]).toEqual([200, '王小明']);
});

describe('the capability statement', () => {
  test('equals what the server does: every type, parameter, include and operation, and no other', async () => {
    const { status, body } = await fhirGet(t, '/metadata', { authorization: '' });
    expect(status).toBe(200);
    const { resource = [] } = (body as CapabilityStatement).rest?.[0] ?? {};
    expect(resource.map(({ type }) => type).sort()).toEqual([...FHIR_TYPES].sort());
    const sample = { token: 'x', reference: randomUUID(), date: '2026-01-01', uri: 'urn:x' } as Record<
      string,
      string
    >;
    for (const { type, searchParam = [], searchInclude = [] } of resource) {
      const strict = (query: string) =>
        fhirGet(t, `/${type}?${query}&_count=1`, { prefer: 'handling=strict' });
      for (const { name, type: form } of searchParam) {
        const value = name === '_id' ? randomUUID() : (sample[form] ?? '');
        expect([type, name, (await strict(`${name}=${value}`)).status]).toEqual([type, name, 200]);
      }
      for (const include of searchInclude)
        expect([include, (await strict(`_include=${include}`)).status]).toEqual([include, 200]);
      expect([type, (await strict('unknown=1')).status]).toEqual([type, 400]);
      const [one] = await allPages(t, `/${type}?_count=1`, { pages: 1 });
      expect([type, (await fhirGet(t, `/${type}/${one?.id ?? ''}`)).body]).toEqual([type, one]);
    }
    const operations = resource.flatMap(({ type, operation = [] }) =>
      operation.map(({ name }) => `${type} ${name}`),
    );
    const calls = FHIR_CALLS.flatMap(
      (call) => /^GET \/fhir\/(\w+)\/(?::id\/)?\$(\w+)$/.exec(call)?.slice(1).join(' ') ?? [],
    );
    expect(operations.sort()).toEqual(calls.sort());
    expect((await fhirGet(t, '/Encounter')).status).toBe(404);
  });

  test('equals what the server does: every interaction that writes, with its conditional form, and no other', async () => {
    const { rest } = (await fhirGet(t, '/metadata')).body as CapabilityStatement;
    const { resource = [], interaction = [] } = rest?.[0] ?? {};
    const sender = new FhirSender(t);
    // An empty resource reaches the check of its content where the interaction exists; another type is not found.
    const empty = (resourceType: string, changes: object = {}) => ({ resourceType, unknown: 1, ...changes });
    const identifier = 'identifier=urn:x%7C1';
    for (const { type, interaction: own = [], conditionalCreate, conditionalUpdate } of resource) {
      const has = (code: string): number => (own.some((one) => one.code === code) ? 422 : 404);
      const create = await sender.send('POST', `/${type}`, empty(type));
      const conditional = await sender.send('POST', `/${type}`, empty(type), { 'if-none-exist': identifier });
      const id = randomUUID();
      const update = await sender.send('PUT', `/${type}/${id}`, empty(type, { id }));
      const where = await sender.send('PUT', `/${type}?${identifier}`, empty(type));
      expect([type, create.status, update.status]).toEqual([type, has('create'), has('update')]);
      const conditions = [conditionalCreate, conditionalUpdate].map((one) => (one ? 422 : 404));
      expect([type, conditional.status, where.status]).toEqual([type, ...conditions]);
    }
    const answers = new Map<string, number>();
    for (const type of ['transaction', 'batch', 'collection', 'history'])
      answers.set(type, (await sender.send('POST', '', { resourceType: 'Bundle', type })).status);
    const taken = [...answers].flatMap(([type, status]) => (status === 200 ? type : []));
    expect(interaction.map(({ code }) => code)).toEqual(taken);
  });
});

describe('a third-party client', () => {
  test('reads, searches and pages over HTTP', async () => {
    await t.app.listen(0, '127.0.0.1');
    const { port } = t.app.getHttpServer().address() as AddressInfo;
    const client = new MedplumClient({
      baseUrl: `http://127.0.0.1:${port}/`,
      fhirUrlPath: 'fhir',
      accessToken: t.adminKey,
      fetch,
    });
    const patient = await client.readResource('Patient', patientId);
    expect(patient.identifier?.[0]?.value).toMatch(/^M/);
    let pages = 0;
    const found: (string | undefined)[] = [];
    for await (const page of client.searchResourcePages('ServiceRequest', {
      patient: patientId,
      _count: '20',
    })) {
      pages++;
      found.push(...page.map(({ id }) => id));
    }
    const all = await allPages(t, `/ServiceRequest?patient=${patientId}&_count=200`);
    expect([pages, found]).toEqual([Math.ceil(all.length / 20), all.map(({ id }) => id)]);
    const everything = await client.readPatientEverything(patientId);
    expect(
      new Set((everything as Bundle).entry?.map(({ resource }) => resource?.resourceType)).size,
    ).toBeGreaterThan(8);
    await expect(client.readResource('Patient', randomUUID())).rejects.toThrow(/没有 Patient/);
  });
});
