import {
  conversion,
  dues,
  exam,
  fact,
  month,
  months,
  NED,
  ned,
  of,
  planned,
  recommendations,
  recurrence,
  resection,
  statusesOf,
  SURGERY,
} from '../../test/support/planned.js';
import { addDays, calendarDate, type CalendarDate } from './calendar.js';
import type { Choices } from './choices.js';
import type { Plan } from './planner.js';
import { type ItemStatus, statusOn } from './planned-item.js';

const HALF_YEARS_TO_5 = [30, 36, 42, 48, 54, 60];
const QUARTERS_TO_2 = [3, 6, 9, 12, 15, 18, 21, 24];

describe('1.3(1) after curative resection', () => {
  const contents = ['postoperative_review', 'postoperative_liver_ultrasound', 'postoperative_markers'];

  test.each(contents)('%s: every 3 months for 2 years, every 6 until year 5, then yearly', (rule) => {
    const expected = months(SURGERY, ...QUARTERS_TO_2, ...HALF_YEARS_TO_5, 72, 84, 96, 108, 120);

    expect(dues(planned([resection()]), rule)).toEqual(expected);
  });

  test.each(contents)('%s: the minimal profile takes the long end, every 6 months for 5 years', (rule) => {
    const expected = months(SURGERY, 6, 12, 18, 24, ...HALF_YEARS_TO_5, 72, 84, 96, 108, 120);

    expect(dues(planned([resection()], { profile: 'minimal' }), rule)).toEqual(expected);
  });

  test('the visits of the first 5 years are graded 1a A, the yearly ones after are not graded', () => {
    const visits = of(planned([resection()]), 'postoperative_review');
    const graded = visits.filter(({ evidence, grade }) => evidence === '1a' && grade === 'A');
    const ungraded = visits.filter(({ evidence, grade }) => evidence === null && grade === null);

    expect(graded.at(-1)?.due).toBe(month(60));
    expect(ungraded[0]?.due).toBe(month(72));
    expect(graded.length + ungraded.length).toBe(visits.length);
  });

  test('31 January + 3 months is 30 April, + 6 is 31 July, + 9 is 31 October', () => {
    expect(dues(planned([resection()]), 'postoperative_review').slice(0, 3)).toEqual([
      '2020-04-30',
      '2020-07-31',
      '2020-10-31',
    ]);
  });

  test('an operation on 29 February is remembered on 28 February, and on 29 February in leap years', () => {
    const leap = planned([{ ...resection(), date: calendarDate('2020-02-29') }]);

    expect(dues(leap, 'postoperative_ct').slice(0, 4)).toEqual([
      '2021-02-28',
      '2022-02-28',
      '2023-02-28',
      '2024-02-29',
    ]);
  });
});

describe('1.3(2) chest, abdomen and pelvis CT', () => {
  test.each(['II', 'III'])('stage %s: yearly for 5 years and then yearly', (stage) => {
    expect(dues(planned([resection({ stage })]), 'postoperative_ct')).toEqual(
      months(SURGERY, 12, 24, 36, 48, 60, 72, 84, 96, 108, 120),
    );
  });

  test('minimal: yearly for 3 years and then every 2, from the last yearly one', () => {
    expect(dues(planned([resection()], { profile: 'minimal' }), 'postoperative_ct')).toEqual(
      months(SURGERY, 12, 24, 36, 60, 84, 108),
    );
  });

  test('stage I has no routine CT', () => {
    expect(dues(planned([resection({ stage: 'I' })]), 'postoperative_ct')).toEqual([]);
  });

  test('the yearly phase is graded 1b A: 5 years when intensive, 3 when minimal', () => {
    const graded = (profile: Choices['profile']): (CalendarDate | undefined)[] =>
      of(planned([resection()], { profile }), 'postoperative_ct')
        .filter(({ evidence }) => evidence === '1b')
        .map(({ due }) => due);

    expect(graded('intensive')).toEqual(months(SURGERY, 12, 24, 36, 48, 60));
    expect(graded('minimal')).toEqual(months(SURGERY, 12, 24, 36));
  });

  test('PET is never planned', () => {
    expect(planned([resection(), ned()]).items.filter(({ activity }) => activity.includes('pet'))).toEqual(
      [],
    );
  });
});

describe('1.4 after NED', () => {
  const reached = planned([resection({ stage: 'IV' }), ned()], { until: month(96, NED) });
  const least = planned([resection({ stage: 'IV' }), ned()], { until: month(96, NED), profile: 'minimal' });

  test('(1) markers every 3 months for 2 years, every 6 in years 3 to 5, then yearly, in either profile', () => {
    const expected = months(NED, ...QUARTERS_TO_2, ...HALF_YEARS_TO_5, 72, 84, 96);

    expect(dues(reached, 'ned_markers')).toEqual(expected);
    expect(dues(least, 'ned_markers')).toEqual(expected);
  });

  test('(2) abdomen and pelvis CT every 3 months for 2 years, every 6 to 12 until year 5, then yearly', () => {
    const withCoveredOnes = (plan: Plan): CalendarDate[] =>
      plan.items
        .filter(({ activity, covers }) => [activity, ...covers].includes('ct_abdomen_pelvis'))
        .map(({ due }) => due);

    expect(withCoveredOnes(reached)).toEqual(months(NED, ...QUARTERS_TO_2, ...HALF_YEARS_TO_5, 72, 84, 96));
    expect(withCoveredOnes(least)).toEqual(months(NED, ...QUARTERS_TO_2, 36, 48, 60, 72, 84, 96));
  });

  test('(2) with MRI as the liver imaging the MRI is planned instead, no CT covers it, and the pelvis is flagged', () => {
    const plan = planned([resection({ stage: 'IV' }), ned()], { until: month(96, NED), liverImaging: 'mri' });

    expect(dues(plan, 'ned_imaging_mri')).toEqual(
      months(NED, ...QUARTERS_TO_2, ...HALF_YEARS_TO_5, 72, 84, 96),
    );
    expect(dues(plan, 'ned_imaging_ct')).toEqual([]);
    expect(of(plan, 'ned_chest_ct').flatMap(({ covers }) => covers)).toEqual([]);
    expect(plan.flags.map(({ code }) => code)).toEqual(['mri-leaves-pelvis-unseen']);
  });

  test('(1) and (2) are graded 1a A to year 5 and not after', () => {
    for (const rule of ['ned_markers', 'ned_imaging_ct'])
      expect(
        of(reached, rule)
          .filter(({ grade }) => grade === 'A')
          .at(-1)?.due,
      ).toBe(month(rule === 'ned_markers' ? 60 : 54, NED));
    expect(of(reached, 'ned_markers').at(-1)).toMatchObject({
      due: month(96, NED),
      evidence: null,
      grade: null,
    });
  });

  test.each(['ned_review', 'ned_liver_ultrasound'])(
    '(3) %s as after the operation, counted from NED, without a grade',
    (rule) => {
      expect(dues(reached, rule)).toEqual(months(NED, ...QUARTERS_TO_2, ...HALF_YEARS_TO_5, 72, 84, 96));
      expect(dues(least, rule)).toEqual(months(NED, 6, 12, 18, 24, ...HALF_YEARS_TO_5, 72, 84, 96));
      expect(recommendations(reached, rule)).toEqual(['- -']);
    },
  );

  test.each(['I', 'II', 'III', 'IV'])(
    '(3) chest CT yearly from NED for a stage %s primary too, without a grade',
    (stage) => {
      const plan = planned([resection({ stage }), ned()], { until: month(96, NED) });

      expect(dues(plan, 'ned_chest_ct')).toEqual(months(NED, 12, 24, 36, 48, 60, 72, 84, 96));
      expect(recommendations(plan, 'ned_chest_ct')).toEqual(['- -']);
    },
  );

  test('(3) chest CT, minimal: yearly to year 3, then every 2 years', () => {
    expect(dues(least, 'ned_chest_ct')).toEqual(months(NED, 12, 24, 36, 60, 84));
  });

  test('a chest, abdomen and pelvis CT covers the abdomen and pelvis CT due the same day: one item, which says so', () => {
    const atMonth12 = reached.items.filter(
      ({ due, activity }) => due === month(12, NED) && activity.startsWith('ct_'),
    );

    expect(atMonth12).toMatchObject([{ activity: 'ct_chest_abdomen_pelvis', covers: ['ct_abdomen_pelvis'] }]);
  });

  test('one chest CT on the day fulfils both; an abdomen CT alone leaves the chest CT due', () => {
    const due = month(12, NED);
    const both = planned([resection(), ned(), exam('ct_chest_abdomen_pelvis', due)]);
    const alone = planned([resection(), ned(), exam('ct_abdomen_pelvis', due)]);
    const onThatDay = (plan: ReturnType<typeof planned>): [string, ItemStatus][] =>
      plan.items
        .filter((item) => item.due === due && item.activity.startsWith('ct_'))
        .map((item) => [item.rule, statusOn(plan.asOf, item)]);

    expect(onThatDay(both)).toEqual([['ned_chest_ct', 'completed']]);
    expect(onThatDay(alone)).toEqual([['ned_chest_ct', 'due']]);
  });

  test('a chest CT done weeks early leaves the abdomen CT of that day due', () => {
    const due = month(12, NED);
    const plan = planned([resection(), ned(), exam('ct_chest_abdomen_pelvis', addDays(due, -40))]);

    expect(statusesOf(plan, 'ned_chest_ct')[0]).toEqual([due, 'completed']);
    expect(statusesOf(plan, 'ned_imaging_ct').find(([day]) => day === due)).toEqual([due, 'upcoming']);
  });

  test('a chest CT of a pathway that ended hides no abdomen CT of one that runs on', () => {
    const start = addDays(month(12), -42);
    const plan = planned([resection(), conversion(start), recurrence(addDays(month(12), 3))]);

    expect(statusesOf(plan, 'postoperative_ct')).toEqual([[month(12), 'missed']]);
    expect(statusesOf(plan, 'conversion_ct')[0]).toEqual([month(12), 'due']);
  });

  test('a chest CT not done stays open until the next chest CT opens, whatever it covered', () => {
    const plan = planned([resection(), ned()], { asOf: month(18, NED) });

    expect(statusesOf(plan, 'ned_chest_ct')[0]).toEqual([month(12, NED), 'overdue']);
    expect(statusesOf(plan, 'ned_imaging_ct').find(([, status]) => status === 'due')?.[0]).toBe(
      month(18, NED),
    );
  });

  test('a second NED starts a new run', () => {
    const again = calendarDate('2023-05-31');
    const plan = planned([resection(), ned(), ned(again)]);

    expect(dues(plan, 'ned_markers').filter((due) => due >= again)).toEqual(
      months(again, ...QUARTERS_TO_2, ...HALF_YEARS_TO_5, 72, 84, 96, 108, 120),
    );
  });

  test('plans reach ten years past the newest clock', () => {
    expect(reached.items.length).toBeGreaterThan(0);
    expect(dues(planned([resection(), ned()]), 'ned_markers').at(-1)).toBe(month(120, NED));
  });
});

describe('3.2.2 during conversion therapy', () => {
  const start = calendarDate('2024-01-31');

  test.each([
    ['intensive', 42],
    ['minimal', 56],
  ] as const)('%s: ultrasound and contrast CT every %i days', (profile, days) => {
    const plan = planned([conversion(start)], { profile, until: addDays(start, 200) });
    const expected = [1, 2, 3, 4, 5]
      .map((count) => addDays(start, count * days))
      .filter((due) => due <= addDays(start, 200));

    expect(dues(plan, 'conversion_liver_ultrasound')).toEqual(expected);
    expect(dues(plan, 'conversion_ct')).toEqual(expected);
    expect(recommendations(plan, 'conversion_ct')).toEqual(['- -']);
  });

  test('for dMMR the text prints no interval: nothing is planned and a clinician is asked', () => {
    const plan = planned([conversion(start, 'dMMR')]);

    expect(plan.items).toEqual([]);
    expect(plan.flags.map(({ code }) => code)).toEqual(['interval-to-be-decided-dmmr']);
  });

  test('no clinician is asked once that therapy has ended', () => {
    const plan = planned([conversion(start, 'dMMR'), fact('conversion_therapy_ended', '2024-06-01')]);

    expect(plan.flags).toEqual([]);
  });

  test.each(['conversion_therapy_ended', 'liver_ned', 'death'] as const)('%s ends it', (type) => {
    const plan = planned([conversion(start), fact(type, '2024-04-20')]);

    expect(dues(plan, 'conversion_ct')).toEqual(['2024-03-13']);
  });

  test('a line that starts on the day the last one ended is followed up', () => {
    const plan = planned([
      conversion(start),
      conversion('2024-04-20'),
      fact('conversion_therapy_ended', '2024-04-20'),
    ]);

    expect(dues(plan, 'conversion_ct').slice(0, 2)).toEqual(['2024-03-13', '2024-06-01']);
  });
});
