import type { ClinicalEvent } from '../calls/record.js';
import { isHigh, pointsOf } from './curve-points.js';

const event = (id: string, date: string, values: ClinicalEvent['values'], voidedAt: string | null = null) =>
  ({ id, date, values, voidedAt }) as ClinicalEvent;

const EVENTS = [
  event('2', '2026-02-01', [{ code: 'A', value: 7.5, unit: 'ng/mL' }]),
  event('1', '2025-11-01', [
    { code: 'A', comparator: '<', value: 0.5, unit: 'ng/mL' },
    { code: 'B', value: 12, unit: 'U/mL' },
  ]),
  event('3', '2026-03-01', [{ code: 'A', value: 99, unit: 'ng/mL' }], '2026-03-02T00:00:00Z'),
];

test('values are read by day, without those of voided events', () => {
  expect(pointsOf(EVENTS, 'A').map(({ day, written }) => [day, written])).toEqual([
    ['2025-11-01', '<0.5 ng/mL'],
    ['2026-02-01', '7.5 ng/mL'],
  ]);
});

test('a value is high above the limit of its laboratory, and never below detection', () => {
  const [below, above] = pointsOf(EVENTS, 'A');
  expect([isHigh(below!, 0.1), isHigh(above!, 5), isHigh({ ...above!, ownLimit: 10 }, 5)]).toEqual([
    ...[false, true, false],
  ]);
  expect(isHigh({ ...below!, isBelow: false, isMarkedHigh: true }, 5)).toBe(true);
});
