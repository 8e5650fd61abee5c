import { changeOf, intervalOf, isClear, isSmall, percentOf } from './shares.js';

const of = (numerator: number, denominator: number) => ({ numerator, denominator });

test('a share without cases has no percentage', () => {
  expect([percentOf(of(0, 0)), percentOf(of(2, 3))]).toEqual([null, 66.7]);
  expect(changeOf(of(1, 2), of(0, 0))).toBeNull();
});

test('few cases have a wide interval, also where all or none are done', () => {
  expect(intervalOf(of(5, 5))).toEqual([57, 100]);
  expect(intervalOf(of(0, 10))).toEqual([0, 28]);
  expect(intervalOf(of(900, 1000))).toEqual([88, 92]);
  expect(intervalOf(of(0, 0))).toBeNull();
  expect([isSmall(of(20, 29)), isSmall(of(20, 30))]).toEqual([true, false]);
});

test('a change is in percentage points, and clear where the intervals lie apart', () => {
  expect(changeOf(of(9, 10), of(8, 10))).toBe(10);
  expect(isClear(of(9, 10), of(8, 10))).toBe(false);
  expect(isClear(of(900, 1000), of(800, 1000))).toBe(true);
});
