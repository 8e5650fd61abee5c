import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { reviewEscalatedTo } from './review-escalation.js';
import { unseenSince } from './unseen-results.js';

const RULE = { clinicianAfterDays: 3, headNurseAfterDays: 7 };
const after = (hours: number, rule = RULE) =>
  reviewEscalatedTo(new Date(0), new Date(hours * 3_600_000), rule);

test.each([
  [0, null],
  [71, null],
  [72, 'clinician'],
  [167, 'clinician'],
  [168, 'head_nurse'],
])('after %i hours an exam that nobody judged is escalated to %s', (hours, role) => {
  expect(after(hours)).toBe(role);
});

test('it is never escalated back', () => {
  const rank = [null, 'clinician', 'head_nurse'];
  const days = fc.nat(90);
  fc.assert(
    fc.property(
      fc.nat(3000),
      fc.nat(3000),
      days,
      days,
      (hours, more, clinicianAfterDays, headNurseAfterDays) => {
        const rule = { clinicianAfterDays, headNurseAfterDays };
        expect(rank.indexOf(after(hours + more, rule))).toBeGreaterThanOrEqual(
          rank.indexOf(after(hours, rule)),
        );
      },
    ),
  );
});

test('what was recorded three days ago to the second has not been seen for three days', () => {
  expect(unseenSince(new Date('2026-11-04T01:00:00Z'), { unseenAfterDays: 3 })).toEqual(
    new Date('2026-11-01T01:00:00Z'),
  );
});
