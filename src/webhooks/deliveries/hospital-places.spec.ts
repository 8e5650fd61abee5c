import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { HospitalPlaces } from './hospital-places.js';

interface Attempt {
  readonly endpoint: string;
  readonly end: () => void;
}

/** Attempts that last until they are ended. */
function held(): { readonly begun: Attempt[]; readonly attempt: (endpoint: string) => Promise<void> } {
  const begun: Attempt[] = [];
  return {
    begun,
    attempt: (endpoint) => new Promise((end) => begun.push({ endpoint, end })),
  };
}
const placesOf = (inAll: number, turnMs: number): HospitalPlaces =>
  Object.assign(new HospitalPlaces(), { inAll, turnMs });
const namesOf = (begun: readonly Attempt[]): string => begun.map(({ endpoint }) => endpoint).join('');

test('a hospital has its places; the next endpoint waits for one, without holding the place of a job', async () => {
  const places = placesOf(6, 60_000);
  const { begun, attempt } = held();
  const jobs = ['a', 'b'].map((endpoint) => places.serve('large', endpoint, attempt));
  const other = places.serve('small', 'x', attempt);
  expect(await places.serve('large', 'c', attempt)).toBe(true);
  expect(await places.serve('large', 'c', attempt)).toBe(true);
  expect(namesOf(begun)).toBe('abx');
  begun[1]!.end();
  await sleep(1);
  expect(namesOf(begun)).toBe('abxc');
  for (const { end } of begun) end();
  expect(await Promise.all([...jobs, other])).toEqual([true, true, true]);
  expect(namesOf(begun)).toBe('abxc');
});

test('a turn ends; what waits then is left to the queue', async () => {
  const places = placesOf(2, 20);
  const { begun, attempt } = held();
  const job = places.serve('large', 'a', attempt);
  await places.serve('large', 'b', attempt);
  await sleep(30);
  begun[0]!.end();
  expect(await job).toBe(false);
  expect(namesOf(begun)).toBe('a');
  const next = places.serve('large', 'b', attempt);
  begun[1]!.end();
  expect(await next).toBe(true);
  expect(namesOf(begun)).toBe('ab');
});

test('a failed attempt frees its place', async () => {
  const places = placesOf(2, 60_000);
  const failing = places.serve('large', 'a', () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  let isServed = false;
  await places.serve('large', 'b', () => {
    isServed = true;
    return Promise.resolve();
  });
  expect(isServed).toBe(true);
});

test('the more hospitals are served, the fewer places each has, and one is left for the next', async () => {
  const places = placesOf(6, 60_000);
  const { begun, attempt } = held();
  const jobs = ['a', 'b', 'c'].map((endpoint) => places.serve('first', endpoint, attempt));
  jobs.push(...['k', 'l'].map((endpoint) => places.serve('second', endpoint, attempt)));
  expect(await places.serve('second', 'm', attempt)).toBe(true);
  expect(await places.serve('first', 'd', attempt)).toBe(true);
  expect(namesOf(begun)).toBe('abckl');
  begun[0]!.end(); // above the share of the first now: its place is left
  expect(await jobs[0]).toBe(false);
  jobs.push(places.serve('third', 'x', attempt));
  begun[3]!.end();
  expect(await jobs[3]).toBe(false);
  begun[4]!.end(); // the last one of the second, which serves what waits there
  await sleep(1);
  expect(namesOf(begun)).toBe('abcklxm');
  for (const { end } of begun) end();
  await sleep(1);
  expect(namesOf(begun)).toBe('abcklxmd');
  begun.at(-1)!.end();
  await Promise.all(jobs);
});
