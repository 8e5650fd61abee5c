import type { Months } from '../calls/statistics.js';
import { FIGURES } from './figures.js';
import { largestGroups, seriesOf } from './series.js';

const share = (numerator: number, denominator: number) => ({ numerator, denominator, percent: null });
const figures = (completion: object) => ({ completion, followUp: null });
const MONTHS = {
  groups: [
    { key: 'a', label: 'A' },
    { key: 'b', label: 'B' },
    { key: 'c', label: 'C' },
  ],
  months: [
    {
      ...{ month: '2026-01', isOver: true, total: figures(share(5, 9)) },
      groups: [
        { key: 'a', ...figures(share(1, 2)) },
        { key: 'b', ...figures(share(4, 7)) },
      ],
    },
    {
      ...{ month: '2026-02', isOver: false, total: figures(share(0, 3)) },
      groups: [
        { key: 'b', ...figures(share(0, 3)) },
        { key: 'c', ...figures(share(0, 0)) },
      ],
    },
  ],
} as unknown as Months;
const [completion, , followUp] = FIGURES;

test('a month in which a group has nothing is a gap, and the largest group is first', () => {
  const groups = largestGroups(MONTHS, completion!);
  expect(groups.map(({ key, cases }) => [key, cases])).toEqual([
    ['b', 10],
    ['a', 2],
  ]);
  expect(groups[1]?.series.map((one) => one.share)).toEqual([share(1, 2), null]);
});

test('a figure that belongs to no group has no groups', () => {
  expect(largestGroups(MONTHS, followUp!)).toEqual([]);
  expect(seriesOf(MONTHS, completion!).map(({ isOver }) => isOver)).toEqual([true, false]);
});
