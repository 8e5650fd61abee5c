import { between } from './selection.js';

test('a range has both ends, upward and downward', () => {
  expect(between(['a', 'b', 'c', 'd'], 'b', 'd')).toEqual(['b', 'c', 'd']);
  expect(between(['a', 'b', 'c', 'd'], 'c', 'a')).toEqual(['a', 'b', 'c']);
});

test('a range from a row that is gone is the row alone', () => {
  expect(between(['a', 'b'], 'x', 'b')).toEqual(['b']);
});
