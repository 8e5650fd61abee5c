import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { MedplumClient } from '@medplum/core';
import fc from 'fast-check';
import { addAdministratorKey } from '../../src/accounts/api-keys/administrator-keys.js';
import { anyCase } from '../support/any-history.js';
import { startApp, type TestApp } from '../support/app.js';
import { EXCHANGE_DATA } from '../support/exchange-data.js';
import { givenHistory } from '../support/given-history.js';
import {
  bundle,
  cea,
  diagnosis,
  FhirSender,
  HIS,
  idIn,
  patient,
  resection,
  type Resource,
} from '../support/fhir-sender.js';
import { testWhere } from '../support/where-present.js';

// A hospital leaves with all that it has, and arrives elsewhere; other people's resources; a client from npm.

jest.setTimeout(180_000);
const PATIENTS = Number(process.env['ROUND_TRIP_PATIENTS'] ?? 5);
const TYPES = ['Patient', 'Condition', 'Procedure', 'Observation', 'DiagnosticReport'];

let t: TestApp;
let other: Readonly<Record<string, string>>;
let here: FhirSender;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-10T08:00:00+08:00', role: 'api' });
  here = new FhirSender(t);
  const { body } = await t.post('/hospitals', {
    ...{ name: 'Other', code: 'other', administrator: { login: 'other', name: 'Other' } },
  });
  const key = `nw_${randomUUID()}${randomUUID()}`;
  await addAdministratorKey(t.dataSource.manager, body.id as string, key);
  other = { authorization: `Bearer ${key}` };
});
afterAll(() => t.close());

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const withoutIds = (value: object): string => JSON.stringify(value).replace(UUID, 'ID');

/** Without ids, and what says when and by whom it was recorded. */
const comparable = (resources: readonly Resource[]): string[] =>
  resources
    .filter(({ status }) => status !== 'revoked')
    .map((resource) => withoutIds({ ...resource, meta: undefined, id: undefined, created: undefined }))
    .sort();

describe('a hospital that is exported and imported', () => {
  test('has the same plans, and sent twice changes nothing', async () => {
    const cases = fc.sample(anyCase, { numRuns: PATIENTS, seed: 20261110 });
    const ids = new Map<string, string>();
    for (const [at, { patient: facts, choices }] of cases.entries()) {
      const { profile, liverImaging } = choices;
      ids.set(`R${at}`, await givenHistory(t, `R${at}`, facts.events, { profile, liverImaging }));
    }
    const measured = {
      ...{ type: 'exam', date: '2026-10-01', activity: 'tumour_markers', outcome: 'suspicious' },
      values: [
        { code: 'CEA', value: '<0.5', unit: 'ng/mL' },
        { code: 'CA19-9', value: 61, unit: 'U/mL', referenceLimit: 34 },
      ],
      report: { laboratory: '检验科', note: '复查', place: '社区医院' },
    };
    const imaging = {
      ...{ type: 'exam', date: '2026-10-02', activity: 'ct_chest_abdomen_pelvis', outcome: 'suspicious' },
      findings: [{ kind: 'liver_lesion', count: 2, segments: ['II', 'III'] }, { kind: 'local_recurrence' }],
    };
    const [first] = ids.values();
    for (const event of [measured, imaging]) await t.post(`/patients/${first}/events`, event);

    const there = new FhirSender(t, other);
    const exported = (await Promise.all(TYPES.map((type) => here.all(type)))).flat();
    const bundles = exported
      .filter(({ resourceType }) => resourceType === 'Patient')
      .map(({ id }) =>
        bundle(
          exported
            .filter((one) => JSON.stringify(one).includes(`Patient/${String(id)}`) || one['id'] === id)
            .map((resource) => ({
              ...{
                fullUrl: `https://here.test/fhir/${resource.resourceType}/${String(resource['id'])}`,
                resource,
              },
            })),
        ),
      );
    const located = [];
    for (const sent of bundles)
      located.push((await there.entries(sent)).map(({ location }) => location as string));
    for (const [at, sent] of bundles.entries())
      expect((await there.entries(sent)).map(({ location }) => location as string)).toEqual(located[at]);

    for (const [mrn, id] of ids) {
      const [copy] = (await t.get(`/patients?mrn=${mrn}`, other)).body.items;
      const plain = (items: readonly object[]) => items.map((item) => JSON.parse(withoutIds(item)) as object);
      const planHere = plain((await t.get(`/patients/${id}/schedule`)).body.items);
      const planThere = plain((await t.get(`/patients/${copy.id}/schedule`, other)).body.items);
      expect([mrn, planThere]).toEqual([mrn, planHere]);
    }
    for (const type of ['CarePlan', 'ServiceRequest'])
      expect(comparable(await there.all(type))).toEqual(comparable(await here.all(type)));
    for (const type of ['Observation', 'DiagnosticReport'])
      expect((await there.all(type)).length).toBe((await here.all(type)).length);
  });
});

const SYNTHEA = join(EXCHANGE_DATA, 'synthea');

testWhere(existsSync(SYNTHEA), 'patients of Synthea')(
  'patients of Synthea are followed where they have cancer of the colon, and nothing is invented',
  async () => {
    const { files } = JSON.parse(readFileSync(`${SYNTHEA}/index.json`, 'utf8')) as {
      readonly files: readonly {
        readonly file: string;
        readonly bundle: { readonly entries: number; readonly byType: Readonly<Record<string, number>> };
        readonly patient: { readonly mrn: string; readonly birthDate: string; readonly gender: string };
        readonly colorectalConditions: readonly { readonly code: string; readonly onset: string }[];
      }[];
    };
    for (const { file, bundle: expected, patient: who, colorectalConditions } of files) {
      const sent = JSON.parse(readFileSync(`${SYNTHEA}/${file}`, 'utf8')) as Resource;
      const entries = await here.entries(sent);
      expect([file, entries.length]).toEqual([file, expected.entries]);
      for (const { status, outcome, location } of entries) {
        expect(['200 OK', '201 Created', '202 Accepted']).toContain(status);
        expect(location !== undefined || outcome.issue.length > 0).toBe(true); // nothing is dropped silently
      }
      const primary = colorectalConditions.filter(({ code }) => code !== '94260004'); // a secondary cancer
      const { items } = (await t.get(`/patients?mrn=${who.mrn}`)).body;
      expect([file, items.length]).toEqual([file, Number(primary.length > 0)]);
      if (primary.length === 0) continue;
      expect(items[0]).toMatchObject({ birthDate: who.birthDate, sex: who.gender });
      const onset = primary.map((one) => one.onset).sort()[0]!;
      const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date(onset));
      expect([file, items[0].diagnosisDate]).toEqual([file, day]);
      const events = (await t.get(`/patients/${items[0].id}/events`)).body.items as { type: string }[];
      expect(events.filter(({ type }) => type !== 'death')).toEqual([]);
    }
  },
);

test('a client from npm creates, updates, and sends a transaction', async () => {
  await t.app.listen(0, '127.0.0.1');
  const client = new MedplumClient({
    ...{ baseUrl: await t.app.getUrl(), fhirUrlPath: 'fhir', fetch },
    ...{ accessToken: t.adminKey, cacheTime: 0 },
  });
  const url = 'urn:uuid:0b3a1c1e-6d0f-4b5e-9d0a-0000000000aa';
  const sent = bundle([{ fullUrl: url, resource: patient('M1') }, { resource: diagnosis(url) }]);
  const { entry } = await client.executeBatch(sent);
  const id = idIn(entry?.[0]?.response?.location ?? '');
  const value: { readonly id?: string } = await client.createResource(cea(`Patient/${id}`, 3.1) as never);
  expect(await client.readResource('Observation', value.id ?? '')).toMatchObject({
    valueQuantity: { value: 3.1 },
  });
  const corrected = {
    ...value,
    valueQuantity: { value: 3.3, unit: 'ng/mL', system: 'http://unitsofmeasure.org', code: 'ng/mL' },
  };
  expect(await client.updateResource(corrected as never)).toMatchObject({
    id: value.id,
    valueQuantity: { value: 3.3 },
  });
  const again = await client.createResourceIfNoneExist(
    patient('M1') as never,
    'identifier=urn:oid:1.2.156.999|M1',
  );
  expect((again as { id: string }).id).toBe(id);
});

describe('hostile senders', () => {
  const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 60);
  const URL = 'urn:uuid:0b3a1c1e-6d0f-4b5e-9d0a-0000000000cc';
  const ANSWERS = [200, 201, 202, 400, 404, 409, 412, 413, 422];

  /** The places of a value of JSON. */
  const placesOf = (value: unknown, path: readonly string[] = []): (readonly string[])[] =>
    typeof value !== 'object' || value === null
      ? [path]
      : [path, ...Object.entries(value).flatMap(([key, one]) => placesOf(one, [...path, key]))];
  const changed = (value: unknown, [key, ...rest]: readonly string[], to: unknown): unknown => {
    if (key === undefined) return to;
    const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
    (copy as Record<string, unknown>)[key] = changed((copy as Record<string, unknown>)[key], rest, to);
    return copy;
  };

  const rowsIn = async (table: string): Promise<number> =>
    Number((await t.dataSource.query<[{ count: string }]>(`SELECT count(*) FROM ${table}`))[0].count);
  const expressionsOf = (body: { issue: { expression?: string[] }[] }) =>
    body.issue.flatMap(({ expression }) => expression ?? []);

  test('whatever one element of a transaction is, the program answers, and refuses whole', async () => {
    const sent = bundle([
      { fullUrl: URL, resource: patient('Z140') },
      { resource: diagnosis(URL) },
      { resource: resection(URL) },
      { resource: cea(URL, 3.2, { issued: '2026-11-09T10:00:00Z', performer: [{ display: 'LIS' }] }) },
    ]);
    const places = placesOf(sent);
    const to = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(
        '',
        ' ',
        '9999-12-31',
        '0001',
        '2026-11-09T25:00:00Z',
        1e308,
        -1,
        '\u0000',
        'x'.repeat(70_000),
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(places.length - 1), to, async (at, value) => {
        const before = [await rowsIn('patient'), await rowsIn('clinical_event'), await rowsIn('fhir_source')];
        const { status } = await here.send('POST', '', changed(sent, places[at]!, value));
        expect(ANSWERS).toContain(status);
        if (status >= 400)
          expect([
            await rowsIn('patient'),
            await rowsIn('clinical_event'),
            await rowsIn('fhir_source'),
          ]).toEqual(before);
      }),
      { numRuns: RUNS },
    );
  });

  test('a patient of another hospital is one that does not exist', async () => {
    const id = await here.follow('Z141');
    const there = new FhirSender(t, other);
    const value = await there.send('POST', '/Observation', cea(`Patient/${id}`, 5));
    expect([value.status, expressionsOf(value.body)]).toEqual([422, ['Observation.subject']]);
    expect((await there.send('PUT', `/Patient/${id}`, patient('Z141', { id }))).status).toBe(404);
    expect((await there.send('POST', '/Observation', cea(`Patient?identifier=${HIS}|Z141`, 5))).status).toBe(
      202,
    );
    expect((await t.get(`/patients/${id}/events`)).body.items).toEqual([]);
  });

  test('a Bundle of too many entries is refused at once', async () => {
    const { status, body } = await here.send(
      'POST',
      '',
      bundle(Array(1001).fill({ resource: patient('Z142') })),
    );
    expect([status, expressionsOf(body)]).toEqual([422, ['Bundle.entry']]);
  });
});
