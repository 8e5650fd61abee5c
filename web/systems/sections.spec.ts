import { expect, test } from '@jest/globals';
import { groupsFor } from './sections.js';

const namesFor = (...roles: readonly string[]) =>
  groupsFor(roles).flatMap(({ sections }) => sections.map(({ name }) => name));

test('a nurse decides what came in, and sees nothing of the systems', () => {
  expect(namesFor('nurse')).toEqual(['inbox']);
});

test('hospital IT begins with the endpoints, a head nurse with what waits to be decided', () => {
  expect(namesFor('hospital_admin')[0]).toBe('endpoints');
  expect(namesFor('head_nurse')).toEqual(['inbox', 'messages', 'mappings', 'event-types', 'status']);
});
