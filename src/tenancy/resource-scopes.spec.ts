import { describe, expect, test } from '@jest/globals';
import { grantsCall, mayReadType, resourceCallOf } from './resource-scopes.js';

describe('what a call does with resources', () => {
  test.each([
    ['GET /fhir/Patient', { type: 'Patient', interactions: ['s'] }],
    ['GET /fhir/Patient/:id', { type: 'Patient', interactions: ['r'] }],
    ['POST /fhir/Condition/_search', { type: 'Condition', interactions: ['s'] }],
    ['POST /fhir/Observation', { type: 'Observation', interactions: ['c'] }],
    ['PUT /fhir/Observation/:id', { type: 'Observation', interactions: ['u'] }],
    ['GET /fhir/Patient/:id/$everything', { type: '*', interactions: ['r', 's'] }],
    ['PUT /fhir/Observation', { type: 'Observation', interactions: ['c', 'u'] }],
    ['POST /fhir', { type: '*', interactions: ['c', 'u'] }],
    ['POST /fhir/:type', { type: '*', interactions: ['c'] }],
    ['GET /fhir/bulk-exports/:id', { type: '*', interactions: ['r', 's'] }],
    ['GET /fhir/$export', { type: '*', interactions: ['r', 's'] }],
  ])('%s', (call, expected) => {
    expect(resourceCallOf(call)).toEqual(expected);
  });

  test('nothing, outside of FHIR', () => {
    expect(resourceCallOf('GET /patients/:id')).toBeUndefined();
    expect(resourceCallOf('POST /cds-services/:service')).toBeUndefined();
  });
});

describe('a token for resources', () => {
  const RIGHT = { scope: 'patients:read', roles: ['integration'] } as const;
  const token = (granted: readonly string[], within: readonly string[] | null = null) => ({
    ...{ roles: ['integration'] as const, scopes: [], resources: { granted, within } },
  });

  test('permits its types and interactions at FHIR alone', () => {
    const patients = token(['system/Patient.rs']);
    expect(grantsCall(patients, 'GET /fhir/Patient', RIGHT)).toBe(true);
    expect(grantsCall(patients, 'PUT /fhir/Patient/:id', RIGHT)).toBe(false);
    expect(grantsCall(patients, 'GET /fhir/Condition', RIGHT)).toBe(false);
    expect(grantsCall(patients, 'GET /fhir/Patient/:id/$everything', RIGHT)).toBe(false);
    expect(grantsCall(token(['system/*.rs']), 'GET /fhir/Patient/:id/$everything', RIGHT)).toBe(true);
    for (const reads of ['system/*.rs', 'system/*.c'])
      expect([reads, grantsCall(token([reads]), 'POST /fhir', RIGHT)]).toEqual([reads, false]);
    expect(grantsCall(token(['system/*.cu']), 'POST /fhir', RIGHT)).toBe(true);
    expect(grantsCall(token(['system/*.rs']), 'POST /fhir/:type', RIGHT)).toBe(false);
    expect(grantsCall(token(['system/*.cruds']), 'GET /patients', RIGHT)).toBe(false);
  });

  test('stays within the roles and the limits of its registration', () => {
    expect(grantsCall(token(['system/*.rs'], ['webhooks:read']), 'GET /fhir/Patient', RIGHT)).toBe(false);
    expect(grantsCall(token(['system/*.rs']), 'GET /fhir/Patient', { ...RIGHT, roles: ['auditor'] })).toBe(
      false,
    );
  });

  test('exports the types that it may read', () => {
    const patients = token(['system/Patient.rs']);
    expect(grantsCall(patients, 'GET /fhir/$export', RIGHT)).toBe(true);
    expect([mayReadType(patients, 'Patient'), mayReadType(patients, 'Condition')]).toEqual([true, false]);
    expect(mayReadType({ roles: ['integration'], scopes: null }, 'AuditEvent')).toBe(false);
    expect(mayReadType({ roles: ['integration'], scopes: null }, 'constructor')).toBe(false);
  });
});
