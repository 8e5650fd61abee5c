import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { PeriodicTask } from './periodic-task.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const logger = new Logger('rounds.spec');
const never = new Promise<void>(() => undefined);

test('one round at a time, and one that fails ends none after it', async () => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  let begun = 0;
  const rounds = new PeriodicTask(() => {
    begun++;
    return begun === 1 ? Promise.reject(new Error('once')) : begun === 2 ? never : Promise.resolve();
  }, logger);
  rounds.every(1000);
  await jest.advanceTimersByTimeAsync(10_000);

  expect(begun).toBe(2);
});

test('a round that does not end is reported, and not before its time', async () => {
  const stuck = jest.fn();
  const rounds = new PeriodicTask(() => never, logger);
  rounds.every(1000, { afterMs: 60_000, then: stuck });

  await jest.advanceTimersByTimeAsync(60_000);
  expect(stuck).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(1000);
  expect(stuck).toHaveBeenCalledTimes(1);
});

test('rounds that end are never reported', async () => {
  const stuck = jest.fn();
  const rounds = new PeriodicTask(() => new Promise((resolve) => setTimeout(resolve, 900)), logger);
  rounds.every(1000, { afterMs: 3000, then: stuck });
  await jest.advanceTimersByTimeAsync(60_000);

  expect(stuck).not.toHaveBeenCalled();
});

test('a task that has failed in every round for the limit is reported, and no more after a success', async () => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  let works = false;
  const rounds = new PeriodicTask(
    () => (works ? Promise.resolve() : Promise.reject(new Error('away'))),
    logger,
  );
  rounds.every(1000);
  await jest.advanceTimersByTimeAsync(30_000);
  expect(rounds.failureFor(45_000)).toBeUndefined();
  await jest.advanceTimersByTimeAsync(17_000);
  expect(rounds.failureFor(45_000)).toBe('away');
  works = true;
  await jest.advanceTimersByTimeAsync(1000);
  expect(rounds.failureFor(45_000)).toBeUndefined();
  await rounds.stop();
});
