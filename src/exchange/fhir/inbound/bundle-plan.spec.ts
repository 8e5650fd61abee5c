import { describe, expect, test } from '@jest/globals';
import { isSnomed } from '../../../interop/fhir/check-digits.js';
import { GUIDELINES } from '../../../guideline/published/index.js';
import { BUILT_IN_MAPPING } from '../../mappings/built-in-mapping.js';
import { stepsOf } from './bundle-plan.js';
import { COLORECTAL_SNOMED, LIVER_METASTASIS_SNOMED } from './reading/diagnosis.js';
import { MOST_ENTRIES, readBundle, readResource } from './request-reading.js';

const context = { timeZone: 'Asia/Shanghai', guideline: GUIDELINES.at(-1), mapping: BUILT_IN_MAPPING };
const PATIENT = 'urn:uuid:0b3a1c1e-6d0f-4b5e-9d0a-000000000001';
const subject = { reference: PATIENT };
const ICD10 = 'http://hl7.org/fhir/sid/icd-10';
const coded = (system: string, code: string): object => ({ coding: [{ system, code }] });

const patient = { resourceType: 'Patient', identifier: [{ value: 'Z1' }] };
const condition = (code: string, onsetDateTime: string) => ({
  ...{ resourceType: 'Condition', code: coded(ICD10, code), subject, onsetDateTime },
});
const marker = (loinc: string, effectiveDateTime: string) => ({
  ...{ resourceType: 'Observation', status: 'final', code: coded('http://loinc.org', loinc), subject },
  ...{ effectiveDateTime, valueQuantity: { value: 2, unit: 'ng/mL' } },
});

/** The steps of a transaction that has these resources, each with its place in the Bundle. */
function steps(resources: readonly { readonly resourceType: string; readonly fullUrl?: string }[]): string[] {
  const entry = resources.map(({ fullUrl, ...resource }) => ({
    ...(fullUrl !== undefined && { fullUrl }),
    ...{ resource, request: { method: 'POST', url: resource.resourceType } },
  }));
  const { entries } = readBundle({ resourceType: 'Bundle', type: 'transaction', entry });
  const read = entries.map((one) => {
    if (one.is !== 'read') throw new Error(one.is);
    return one.entry;
  });
  const place = ({ at }: { readonly at: string }): string => /\d+/.exec(at)?.[0] ?? '';
  return stepsOf(read, context).map((step) => {
    if (step.is !== 'report') return `${step.is} ${place(step.entry)}`;
    const report = step.report === undefined ? '' : ` of report ${place(step.report)}`;
    return `exam ${step.observations.map(place).join('+')}${report}`;
  });
}

describe('the steps of a transaction', () => {
  test('begin with the patients, whatever the order of the entries', () => {
    const sent = [
      marker('2039-6', '2026-11-09'),
      condition('C18.7', '2025-11-02'),
      { ...patient, fullUrl: PATIENT },
    ];
    expect(steps(sent)).toEqual(['patient 2', 'fact 1', 'exam 0']);
  });

  test('join values of one day of the hospital, and no others', () => {
    const sent = [
      marker('2039-6', '2026-11-09T16:30:00Z'), // 10 November in Shanghai
      marker('24108-3', '2026-11-10'),
      marker('2039-6', '2026-11-09'),
      marker('8302-2', '2026-11-09'), // body height
    ];
    expect(steps(sent)).toEqual(['exam 0+1', 'exam 2', 'exam 3']);
  });

  test('join the values that a report of the same exam names', () => {
    const url = 'urn:uuid:0b3a1c1e-6d0f-4b5e-9d0a-000000000002';
    const report = (code: string) => ({
      ...{
        resourceType: 'DiagnosticReport',
        status: 'final',
        code: coded('urn:nedwatch:activity', code),
        subject,
      },
      ...{ effectiveDateTime: '2026-11-09', result: [{ reference: url }] },
    });
    const value = { ...marker('2039-6', '2026-11-09'), fullUrl: url };
    expect(steps([value, report('tumour_markers')])).toEqual(['exam 0 of report 1']);
    expect(steps([value, report('mri_liver')])).toEqual(['exam  of report 1', 'exam 0']);
  });

  test('register the patient with the earliest diagnosis of the Bundle', () => {
    const entry = [
      { ...patient, fullUrl: PATIENT },
      condition('C20', '2025-11-02'),
      condition('C18.7', '2024-03-01'),
    ];
    const { entries } = readBundle({
      ...{ resourceType: 'Bundle', type: 'transaction' },
      entry: entry
        .map(({ fullUrl, ...resource }: (typeof entry)[number] & { fullUrl?: string }) => ({
          ...{ fullUrl, resource, request: { method: 'POST', url: resource.resourceType } },
        }))
        .map((one) => JSON.parse(JSON.stringify(one)) as object),
    });
    const [first] = stepsOf(
      entries.flatMap((one) => (one.is === 'read' ? [one.entry] : [])),
      context,
    );
    expect(first).toMatchObject({ is: 'patient', diagnosisDate: '2024-03-01' });
  });
});

describe('a request', () => {
  const of = (request: object, resource: object = patient) =>
    readBundle({ resourceType: 'Bundle', type: 'batch', entry: [{ resource, request }] }).entries[0];

  test.each([
    [{ method: 'POST', url: 'Patient' }, { is: 'create' }],
    [
      { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=urn:h|Z1' },
      { is: 'create', ifNoneExist: { system: 'urn:h', value: 'Z1' } },
    ],
    [
      { method: 'PUT', url: 'Patient?identifier=urn:h%7CZ1', ifMatch: 'W/"1"' },
      { is: 'update-where', criteria: { system: 'urn:h', value: 'Z1' }, ifMatch: 'W/"1"' },
    ],
  ])('%j is read', (request, operation) =>
    expect(of(request)).toMatchObject({ is: 'read', entry: { operation } }),
  );

  test.each([
    [{ method: 'DELETE', url: 'Patient/1' }],
    [{ method: 'PUT', url: 'Patient?name=wang' }],
    [{ method: 'PUT', url: 'Patient/1' }], // the resource has no id
    [{ method: 'POST', url: 'Observation' }],
    [{ method: 'POST', url: 'Patient', ifNoneExist: 'name=wang' }],
  ])('%j is refused', (request) => expect(of(request)).toMatchObject({ is: 'refused' }));

  test('about a type that is not stored is known as such', () =>
    expect(of({ method: 'POST', url: 'Encounter' }, { resourceType: 'Encounter' })).toEqual({
      ...{ is: 'other-type', type: 'Encounter' },
    }));

  test('with too many entries, or two of one full URL, is refused', () => {
    const entry = { fullUrl: PATIENT, resource: patient, request: { method: 'POST', url: 'Patient' } };
    for (const sent of [Array(MOST_ENTRIES + 1).fill({ ...entry, fullUrl: undefined }), [entry, entry]])
      expect(() =>
        readBundle(JSON.parse(JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry: sent }))),
      ).toThrow();
  });

  test('for one resource refuses another type', () =>
    expect(() => readResource(patient, 'Observation', { is: 'create' })).toThrow());
});

test('the SNOMED CT codes of diagnoses have the right check digit', () => {
  for (const code of [...COLORECTAL_SNOMED, ...LIVER_METASTASIS_SNOMED])
    expect([code, isSnomed(code)]).toEqual([code, true]);
});
