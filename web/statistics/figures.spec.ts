import type { Figures } from '../calls/statistics.js';
import { countOf, FIGURES, NOT_COUNTED, OUTCOMES, targetOf, valueOf } from './figures.js';

const share = (numerator: number, denominator: number) => ({ numerator, denominator, percent: null });

test('outcomes outside of every denominator are among those shown, and each is shown once', () => {
  expect(new Set(OUTCOMES).size).toBe(8);
  expect(NOT_COUNTED.every((outcome) => OUTCOMES.includes(outcome))).toBe(true);
});

test('a quotient is no percentage', () => {
  expect(valueOf({}, share(9, 12))).toBe(75);
  expect(valueOf({ isQuotient: true }, share(9, 4))).toBe(2.3);
  expect(valueOf({ isQuotient: true }, share(9, 0))).toBeNull();
});

test('counts are those of the figures; a group of an activity has no visits', () => {
  const figures = {
    items: { overdue: 4 },
    overTesting: share(2, 9),
    ...{
      visits: null,
      contacts: null,
      followUp: { lost: 3, lossProposed: 1, lossesRecorded: 0, rate: share(9, 13) },
    },
  } as unknown as Figures;
  expect(countOf(figures, 'overdue')).toBe(4);
  expect(countOf(figures, 'further_exam')).toBe(2);
  expect(countOf(figures, 'patient_lost')).toBe(3);
  expect(countOf(figures, 'appointment_open')).toBeNull();
  expect(FIGURES.filter(({ of }) => of(figures) === null).map(({ name }) => name)).toContain('noShows');
});

test('only gauged figures have a target', () => {
  const gauge = { percent: 90, figures: ['completion' as const] };
  expect([targetOf(gauge, 'completion'), targetOf(gauge, 'noShows')]).toEqual([90, undefined]);
});
