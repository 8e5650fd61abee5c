import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { grantsResource, resourceGrant, scopesNeeded } from './smart-scopes.js';

describe('a scope for a system', () => {
  test.each([
    ['system/Patient.rs', { type: 'Patient', interactions: 'rs' }],
    ['system/*.cruds', { type: '*', interactions: 'cruds' }],
    ['system/Observation.read', { type: 'Observation', interactions: 'rs' }],
    ['system/Observation.write', { type: 'Observation', interactions: 'cud' }],
    ['system/*.*', { type: '*', interactions: 'cruds' }],
  ])('%s is read', (scope, grant) => {
    expect(resourceGrant(scope)).toEqual(grant);
  });

  test.each([
    'user/Patient.rs',
    'patient/Patient.rs',
    'system/Patient.sr', // the order is fixed
    'system/Patient.rr',
    'system/Patient.',
    'system/patient.rs',
    'system/Patient.rs?status=active',
    'system/Patient.rs ',
    'patients:read',
  ])('%s is none', (scope) => {
    expect(resourceGrant(scope)).toBeUndefined();
  });
});

test('a scope grants its type and interactions, and nothing else', () => {
  expect(grantsResource(['system/Patient.rs'], 'Patient', 's')).toBe(true);
  expect(grantsResource(['system/Patient.rs'], 'Patient', 'u')).toBe(false);
  expect(grantsResource(['system/Patient.rs'], 'Condition', 'r')).toBe(false);
  expect(grantsResource(['system/*.r'], 'Condition', 'r')).toBe(true);
  expect(grantsResource([], 'Patient', 'r')).toBe(false);
});

test('the table of rights wants a scope for each interaction', () => {
  expect(scopesNeeded({ type: 'Patient', interactions: 'rs' })).toEqual(['patients:read']);
  expect(scopesNeeded({ type: 'Patient', interactions: 'cruds' })).toEqual([
    'patients:read',
    'patients:write',
  ]);
  expect(scopesNeeded({ type: 'AuditEvent', interactions: 'rs' })).toEqual(['audit:read']);
  expect(scopesNeeded({ type: 'PlanDefinition', interactions: 'r' })).toEqual(['guidelines:read']);
});

test('any text that is read as a scope grants only what it names', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (text) => {
      const grant = resourceGrant(text);
      if (grant !== undefined) expect(text.startsWith(`system/${grant.type}.`)).toBe(true);
    }),
  );
});
