import { expect, test } from '@jest/globals';
import { eachHospital, stepInTurns } from './each-hospital.js';
import { workInTurns } from './hospital-turns.js';

const HOSPITALS = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
const MOVES = Object.assign(new Error('It moves.'), { code: 'NW001' });

/** A scope that records the hospital of the running work. */
function scoped(): { current: string; run: <T>(id: unknown, work: () => T) => T } {
  const scope = {
    current: '',
    run<T>(id: unknown, work: () => T): T {
      scope.current = id as string;
      return work();
    },
  };
  return scope;
}

test('in turns, a hospital whose step fails keeps no other from its work, and fails once', async () => {
  const scope = scoped();
  const left: Record<string, number> = { a: 2, b: 1, c: 3 };
  const steps: string[] = [];
  const working = workInTurns(scope, {
    waiting: () => Promise.resolve(HOSPITALS.filter(({ id }) => left[id]! > 0)),
    step: () => {
      const id = scope.current;
      steps.push(id);
      if (id === 'b') return Promise.reject(new Error('no'));
      return Promise.resolve(--left[id]! > 0);
    },
    isStopping: () => false,
  });
  await expect(working).rejects.toThrow('failed in 1 hospitals');
  expect(steps.join('')).toBe('abcacc');
});

test('one after the other, all are visited, and the errors are thrown at the end', async () => {
  const scope = scoped();
  const visited: string[] = [];
  const visiting = eachHospital(scope, HOSPITALS, 'The visit', (id) => {
    visited.push(id);
    return id === 'c' ? Promise.resolve() : Promise.reject(new Error(id));
  });
  await expect(visiting).rejects.toThrow('The visit failed in 2 hospitals.');
  expect(visited).toEqual(['a', 'b', 'c']);
});

test('a hospital with many steps delays another by one step', async () => {
  const scope = scoped();
  const steps: string[] = [];
  async function* stepsOf(id: string): AsyncGenerator<void> {
    for (let step = 0; step < (id === 'a' ? 4 : 1); step++) {
      await Promise.resolve();
      steps.push(scope.current);
      yield;
    }
    if (id === 'b') throw new Error('no');
  }
  await expect(stepInTurns(scope, HOSPITALS, 'The work', stepsOf)).rejects.toThrow('failed in 1 hospitals');
  expect(steps.join('')).toBe('abcaaa');
});

test('a hospital that moves to another database is left out without an error', async () => {
  const scope = scoped();
  await eachHospital(scope, HOSPITALS, 'The visit', () => Promise.reject(MOVES));
  await workInTurns(scope, {
    waiting: () => Promise.resolve(HOSPITALS),
    step: () => Promise.reject(MOVES),
    isStopping: () => false,
  });
});
