import { newestOf } from './newest-guidelines.js';

test('of each guideline the newest version can be chosen, and the one in force', () => {
  const [old, present, other] = [
    { id: 'a', version: '1.0.0' },
    { id: 'a', version: '1.1.0' },
    { id: 'b', version: '1.0.0' },
  ];
  expect(newestOf([old, present, other], 'a@1.1.0')).toEqual([present, other]);
  expect(newestOf([old, present, other], 'a@1.0.0')).toEqual([old, present, other]);
});
