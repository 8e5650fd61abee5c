import { actOnEach } from './many-replays.js';

const ids = ['a', 'b', 'c', 'd', 'e', 'f'];

test('each id is tried once, and a refusal does not stop the others', async () => {
  const tried: string[] = [];
  const progress: number[] = [];
  const outcome = await actOnEach(
    ids,
    (id) => {
      tried.push(id);
      return id === 'b' ? Promise.reject(new Error('outdated')) : Promise.resolve();
    },
    { isStopped: () => false, onProgress: (over) => progress.push(over) },
  );
  expect(tried.sort()).toEqual(ids);
  expect(outcome).toEqual({ done: 5, failed: [{ id: 'b', why: 'outdated' }] });
  expect(progress).toEqual([1, 2, 3, 4, 5, 6]);
});

test('after a stop nothing more begins', async () => {
  let tried = 0;
  const outcome = await actOnEach(ids, () => Promise.resolve(tried++), {
    isStopped: () => tried >= 4,
    onProgress: () => undefined,
  });
  expect(outcome.done).toBe(4);
});
