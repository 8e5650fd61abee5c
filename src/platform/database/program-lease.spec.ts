import { expect, test } from '@jest/globals';
import { LEASE_MS, LeaseWatch } from './program-lease.js';

const lease = (renewals: number) => ({ id: 'a', holder: 'host, pid 1', renewals });

test('a lease that is renewed is alive, and one that is not renewed for its duration is not', () => {
  const watch = new LeaseWatch();
  expect(watch.judge([lease(7)], 0)).toEqual({ living: [], unsure: [lease(7)] });
  expect(watch.judge([lease(7)], LEASE_MS - 1)).toEqual({ living: [], unsure: [lease(7)] });
  expect(watch.judge([lease(7)], LEASE_MS)).toEqual({ living: [], unsure: [] });
  expect(watch.judge([lease(8)], LEASE_MS + 1)).toEqual({ living: [lease(8)], unsure: [] });
});

test('an expired lease blocks no process', () => {
  const watch = new LeaseWatch();
  watch.judge([lease(7)], 0);
  expect(watch.judge([], 1)).toEqual({ living: [], unsure: [] });
});
