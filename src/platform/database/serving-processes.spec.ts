import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ServingProcesses } from './serving-processes.js';

const after = (...counts: readonly number[]): ServingProcesses => {
  const processes = new ServingProcesses();
  for (const count of counts) processes.note(count);
  return processes;
};

test('a process without a count, such as a short command, has the whole limit', () => {
  expect(after().partOf(500)).toBe(500);
  expect(after(0).partOf(500)).toBe(500);
});

test('another process takes its part at once', () => {
  expect(after(1).partOf(500)).toBe(500);
  expect(after(1, 2).partOf(500)).toBe(250);
});

test('the part of an ended process is taken after three renewals', () => {
  expect([after(3, 2).count, after(3, 2, 2).count, after(3, 2, 2, 2).count]).toEqual([3, 3, 2]);
});

test('a renewal that misses others once, as after an outage, changes nothing', () => {
  expect([after(4, 4, 1).count, after(4, 4, 1, 4).count, after(4, 1, 4, 4).count]).toEqual([4, 4, 4]);
});

test('the parts of all processes never exceed the limit, and lose less than one each', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 1_000_000 }), (count, limit) => {
      const sum = count * after(count).partOf(limit);
      if (limit < count) expect(sum).toBe(count);
      else {
        expect(sum).toBeLessThanOrEqual(limit);
        expect(sum).toBeGreaterThan(limit - count);
      }
    }),
  );
});
