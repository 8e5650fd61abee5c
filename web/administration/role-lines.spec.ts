import { linesOf, roleMapOf } from './role-lines.js';

test('a map is shown as lines and read as it was', () => {
  const map = { nurses: ['nurse'], heads: ['nurse', 'head_nurse'] };
  expect(linesOf(map)).toEqual([
    { value: 'nurses', role: 'nurse' },
    { value: 'heads', role: 'nurse' },
    { value: 'heads', role: 'head_nurse' },
  ]);
  expect(roleMapOf(linesOf(map))).toEqual(map);
});

test('empty lines and repetitions are left out', () => {
  const lines = [
    { value: ' ', role: 'nurse' },
    { value: 'a ', role: 'nurse' },
    { value: 'a', role: 'nurse' },
  ];
  expect(roleMapOf(lines)).toEqual({ a: ['nurse'] });
});
