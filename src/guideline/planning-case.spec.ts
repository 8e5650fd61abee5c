import { colonoscopy, exam, fact, plannedBy } from '../../test/support/planned.js';
import { drafted, protocol, started, visit } from '../../test/support/protocol.js';
import { calendarDate } from './calendar.js';
import type { ClinicalFact } from './facts.js';
import { examsOf, isOrIncludes, type PlanningCase, ruleEnd } from './planning-case.js';

const guideline = drafted([], { covers: { ct_chest_abdomen_pelvis: ['ct_abdomen_pelvis'] } });

describe('which fact is an examination of what', () => {
  const is = (one: ClinicalFact, activity: string): boolean => isOrIncludes(one, activity, guideline);

  test('an examination of that activity, or of one that includes it, and not the other way round', () => {
    expect(is(exam('ct_abdomen_pelvis', '2024-01-15'), 'ct_abdomen_pelvis')).toBe(true);
    expect(is(exam('ct_chest_abdomen_pelvis', '2024-01-15'), 'ct_abdomen_pelvis')).toBe(true);
    expect(is(exam('ct_abdomen_pelvis', '2024-01-15'), 'ct_chest_abdomen_pelvis')).toBe(false);
    expect(is(exam('mri_liver', '2024-01-15'), 'ct_abdomen_pelvis')).toBe(false);
  });

  test('a colonoscopy, whatever it found, unless it was incomplete', () => {
    expect(is(colonoscopy('2024-01-15'), 'colonoscopy')).toBe(true);
    expect(is(colonoscopy('2024-01-15', 'abnormal'), 'colonoscopy')).toBe(true);
    expect(is(colonoscopy('2024-01-15', 'incomplete'), 'colonoscopy')).toBe(false);
    expect(
      is(fact('colonoscopy', '2024-01-15', { activity: 'mri_liver', finding: 'normal' }), 'mri_liver'),
    ).toBe(false);
  });

  test('no other event, even if it names an activity; no examination that names none', () => {
    expect(is(fact('recurrence', '2024-01-15', { activity: 'mri_liver' }), 'mri_liver')).toBe(false);
    expect(is(fact('exam', '2024-01-15', { activity: 7 }), 'mri_liver')).toBe(false);
    expect(is(fact('exam', '2024-01-15', { finding: 'normal' }), 'colonoscopy')).toBe(false);
  });

  test('of several activities', () => {
    const inTime = [
      exam('mri_liver', '2024-01-15'),
      colonoscopy('2024-02-01'),
      exam('ct_abdomen_pelvis', '2024-03-01'),
    ];
    const found = examsOf({ guideline, inTime } as unknown as PlanningCase, [
      'mri_liver',
      'ct_abdomen_pelvis',
    ]);
    expect(found.map(({ date }) => date)).toEqual(['2024-01-15', '2024-03-01']);
  });
});

describe('when a rule asks for nothing any more', () => {
  const end = (
    untilAge: number | undefined,
    offFrom: string | undefined,
    born = '1955-03-01',
  ): string | null =>
    ruleEnd(visit([{ every: 'P6M' }], { untilAge }), {
      patient: { birthDate: calendarDate(born) },
      choices: {
        rules: offFrom === undefined ? {} : { visit: { by: 'clinician', offFrom: calendarDate(offFrom) } },
      },
    } as unknown as PlanningCase);

  test('never, by age, or because it was switched off', () => {
    expect(end(undefined, undefined)).toBeNull();
    expect(end(70, undefined)).toBe('2025-03-01');
    expect(end(undefined, '2024-05-05')).toBe('2024-05-05');
  });

  test('whichever comes first', () => {
    expect(end(70, '2024-05-05')).toBe('2024-05-05');
    expect(end(70, '2026-05-05')).toBe('2025-03-01');
    expect(end(70, '2025-03-01')).toBe('2025-03-01');
  });

  test('a person born on 29 February turns a year older on 1 March', () => {
    expect(end(70, undefined, '1956-02-29')).toBe('2026-03-01');
    expect(end(72, undefined, '1956-02-29')).toBe('2028-02-29');
  });

  test('nothing falls due from that day on', () => {
    const dues = (offFrom: string): number =>
      plannedBy(protocol([visit([{ every: 'P6M', until: 'P2Y' }])]), [started('2024-01-15')], {
        rules: { visit: { by: 'clinician', offFrom: calendarDate(offFrom) } },
      }).items.length;
    expect([dues('2025-07-15'), dues('2025-07-16')]).toEqual([2, 3]);
  });
});
