import { expect, test } from '@jest/globals';
import { permitsChange } from './if-match.js';

test.each([
  [undefined, true],
  ['*', true],
  ['"1.0.active"', true],
  ['"0.0.active" ,"1.0.active"', true],
  ['W/"1.0.active"', false],
  ['"1.0.active.1"', false],
  ['1.0.active', false],
  ['', false],
])('If-Match %s', (header, named) => {
  expect(permitsChange(header, '"1.0.active"')).toBe(named);
});
