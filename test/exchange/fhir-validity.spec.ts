import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FhirResource } from 'fhir/r4.js';
import { loadDemonstration } from '../../src/demonstration/demonstration.js';
import { FHIR_TYPES } from '../../src/tenancy/fhir-rights.js';
import { anyCase } from '../support/any-history.js';
import { startApp, type TestApp } from '../support/app.js';
import { ResourceChecker } from '../support/fhir/resource-checker.js';
import { TwoValidators } from '../support/fhir/two-validators.js';
import { allPages, fhirGet, givenEveryKindOfFact } from '../support/fhir-calls.js';
import { EXCHANGE_DATA } from '../support/exchange-data.js';
import { givenHistory } from '../support/given-history.js';
import { testWhere } from '../support/where-present.js';

/** The long form gives every resource to the two validators; the short one, those that differ in form. */
const IS_LONG = process.env['FHIR_EVERY_RESOURCE'] === 'true';
const RANDOM_PATIENTS = Number(process.env['FHIR_PATIENTS'] ?? 10);
/** Of one form: of the same type, elements and statuses. */
const MOST_OF_A_FORM = 2;

let t: TestApp;
let checker: ResourceChecker;
let validators: TwoValidators;
beforeAll(async () => {
  checker = new ResourceChecker();
  validators = new TwoValidators();
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api' });
  await loadDemonstration(t.app, (work) => work(t.dataSource));
  await givenEveryKindOfFact(t);
  const cases = fc.sample(anyCase, { numRuns: RANDOM_PATIENTS, seed: 20261101 });
  for (const [at, { patient, choices }] of cases.entries()) {
    const { profile, liverImaging } = choices;
    await givenHistory(t, `R${at}`, patient.events, { profile, liverImaging });
  }
});
afterAll(() => t.close());

/** What a validator can find a fault in: the names of all elements, and every code that is no date, id or text. */
const formOf = (resource: FhirResource): string => {
  const names = new Set<string>();
  const walk = (value: unknown, at: string): void => {
    if (typeof value === 'object' && value !== null)
      for (const [name, one] of Object.entries(value)) walk(one, Array.isArray(value) ? at : `${at}.${name}`);
    else names.add(/\.(status|intent|comparator|use|type|code)$/.test(at) ? `${at}=${String(value)}` : at);
  };
  walk(resource, resource.resourceType);
  return [...names].sort().join();
};

async function faultsOf(resources: readonly FhirResource[]): Promise<string[]> {
  const faults = new Set<string>();
  const seen = new Map<string, number>();
  for (const [at, resource] of resources.entries()) {
    for (const fault of checker.check(resource)) faults.add(`ours: ${fault}`);
    const form = formOf(resource);
    seen.set(form, (seen.get(form) ?? 0) + 1);
    if (!IS_LONG && (seen.get(form) ?? 0) > MOST_OF_A_FORM) continue;
    const { fhir, medplum } = validators.check(resource);
    for (const fault of [...fhir.map((one) => `fhir: ${one}`), ...medplum.map((one) => `medplum: ${one}`)])
      faults.add(`${resource.resourceType} ${fault}`);
    if (at % 50 === 0) await new Promise(setImmediate);
  }
  return [...faults];
}

/** Types of which a patient has so many that the short form reads a part. */
const MANY = ['ServiceRequest', 'Task', 'AuditEvent', 'DiagnosticReport'];

test.each(FHIR_TYPES)(
  'every %s of the demonstration and of random patients is valid by three validators',
  async (type) => {
    const pages = IS_LONG || !MANY.includes(type) ? Infinity : 3;
    const found = await allPages(t, `/${type}?_count=200`, { pages });
    expect(found.length).toBeGreaterThan(0);
    expect(await faultsOf(found)).toEqual([]);
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
  },
  IS_LONG ? 900_000 : 60_000,
);

test('answers that are no resource of the table are valid too', async () => {
  const [patient] = await allPages(t, '/Patient?_count=1', { pages: 1 });
  const [plan] = await allPages(t, '/PlanDefinition?_count=1', { pages: 1 });
  const paths = [
    ...[
      '/metadata',
      '/Nothing',
      '/Patient/none',
      '/Patient?_lastUpdated=soon',
      '/Patient?nothing=1&_count=1',
    ],
    `/Patient/${patient?.id ?? ''}/$everything`,
    `/PlanDefinition/${plan?.id ?? ''}/$apply?subject=Patient/${patient?.id ?? ''}`,
    '/ServiceRequest?_count=2&_include=ServiceRequest:patient&_include=ServiceRequest:based-on',
  ];
  for (const path of paths) {
    const { body } = await fhirGet(t, path);
    expect([path, await faultsOf([body])]).toEqual([path, []]);
  }
});

const EXAMPLES = join(EXCHANGE_DATA, 'fhir-examples');
const examplesIn = (folder: string): { readonly name: string; readonly text: string }[] =>
  readdirSync(`${EXAMPLES}/${folder}`)
    .filter((name) => name.endsWith('.json') && !['index.json', 'validator-cases.json'].includes(name))
    .map((name) => ({ name, text: readFileSync(`${EXAMPLES}/${folder}/${name}`, 'utf8') }));

/** The score that `docs/fhir.md` publishes. */
const REFUSED_BY_OURS = 35;

testWhere(existsSync(EXAMPLES), 'public examples')(
  'our checker accepts every valid public example, and refuses more of the invalid ones than the two validators',
  () => {
    const valid = [...examplesIn('.'), ...examplesIn('accepted')];
    expect(valid.length).toBe(52);
    expect(valid.filter(({ text }) => checker.checkText(text).length > 0)).toEqual([]);
    const invalid = examplesIn('invalid');
    const ours = invalid.filter(({ text }) => checker.checkText(text).length > 0);
    const theirs = invalid.filter(({ text }) => {
      const { fhir, medplum } = parsedOrNone(text, (resource) => validators.check(resource));
      return fhir.length + medplum.length > 0;
    });

    expect(ours.length).toBe(REFUSED_BY_OURS);
    expect(ours.length).toBeGreaterThan(theirs.length);
  },
);

/** Both validators read parsed JSON: what is no JSON counts as refused by them too. */
function parsedOrNone<T extends { fhir: string[]; medplum: string[] }>(
  text: string,
  check: (resource: object) => T,
) {
  try {
    return check(JSON.parse(text.replace(/^\uFEFF/, '')) as object);
  } catch (error) {
    return { fhir: [String(error)], medplum: [] };
  }
}
