import { byDay, type Done, newestFirst } from './history.js';

const done = (key: string, at: string): Done => ({
  ...{ key, at, who: 'n', what: '', about: '', isTakenBack: false },
});

test('what people did is listed by day, the newest first', () => {
  const all = newestFirst([
    [done('a', '2026-03-01T01:00:00Z'), done('b', '2026-03-02T01:00:00Z')],
    [done('c', '2026-03-01T05:00:00Z')],
  ]);
  const days = byDay(all, (at) => at.slice(0, 10));
  expect(days.map(([day, some]) => [day, some.map(({ key }) => key)])).toEqual([
    ['2026-03-02', ['b']],
    ['2026-03-01', ['c', 'a']],
  ]);
});
