import { ModernFakeTimers } from '@jest/fake-timers';
import { getState } from 'jest-circus';
import { setLimitMs } from './time-limit.mjs';

// What a suite imports as '@jest/globals', which jest offers only to suites that run in its own sandbox.
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } = globalThis;

const timers = new ModernFakeTimers({ config: { fakeTimers: {} }, global: globalThis });

/** The object of the runner, and what it lacks. */
export const jest = {
  ...globalThis.jest,
  setTimeout: (limitMs) => setLimitMs(getState(), limitMs),
  useFakeTimers: () => timers.useFakeTimers(),
  useRealTimers: () => timers.useRealTimers(),
  advanceTimersByTimeAsync: (ms) => timers.advanceTimersByTimeAsync(ms),
};
