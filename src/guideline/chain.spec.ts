import {
  colonoscopy,
  dues,
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
import { addDays, calendarDate } from './calendar.js';

describe('1.3(3) colonoscopy', () => {
  test('a new patient sees months 12, 36, 96 and 156, the later ones on the assumption of a normal result', () => {
    const plan = planned([resection()], { until: month(156) });

    expect(dues(plan, 'colonoscopy')).toEqual(months(SURGERY, 12, 36, 96, 156));
    expect(of(plan, 'colonoscopy').map(({ projected }) => projected)).toEqual([false, true, true, true]);
  });

  test('"within one year" is a limit: the day after is late', () => {
    expect(of(planned([resection()]), 'colonoscopy')[0]).toMatchObject({
      due: '2021-01-31',
      overdue: '2021-02-01',
    });
  });

  test('after an incomplete preoperative one the first is due by month 6, not before month 3, graded 1a A', () => {
    const plan = planned([resection({ preoperativeColonoscopy: 'incomplete' })], { until: month(96) });

    expect(of(plan, 'colonoscopy')[0]).toMatchObject({
      earliest: month(3),
      due: month(6),
      overdue: addDays(month(6), 1),
      evidence: '1a',
      grade: 'A',
    });
    expect(dues(plan, 'colonoscopy')).toEqual(months(SURGERY, 6, 36, 96));
  });

  test('no grade stands behind any other colonoscopy', () => {
    expect(recommendations(planned([resection()]), 'colonoscopy')).toEqual(['- -']);
  });

  test('an abnormal one is repeated within 12 months of it, and the day after is late', () => {
    const plan = planned([resection(), colonoscopy('2020-12-15', 'abnormal')]);

    expect(of(plan, 'colonoscopy')[1]).toMatchObject({
      due: '2021-12-15',
      overdue: '2021-12-16',
      measuredFrom: '2020-12-15',
    });
  });

  test('a clean colonoscopy at month 11 is followed by the one at month 36, not three years after it', () => {
    const plan = planned([resection(), colonoscopy(month(11))], { until: month(156) });

    expect(statusesOf(plan, 'colonoscopy')).toEqual([
      [month(12), 'completed'],
      [month(36), 'upcoming'],
      [month(96), 'upcoming'],
      [month(156), 'upcoming'],
    ]);
  });

  test('a clean repeat after an abnormal one leads back to month 36', () => {
    const plan = planned([resection(), colonoscopy(month(10), 'abnormal'), colonoscopy(month(20))]);

    expect(statusesOf(plan, 'colonoscopy').slice(0, 3)).toEqual([
      [month(12), 'completed'],
      [month(22), 'completed'],
      [month(36), 'upcoming'],
    ]);
  });

  test('one at month 30 counts for year 3: that step moves to 60 months after it, and is not shown as done', () => {
    const plan = planned([resection(), colonoscopy(month(11)), colonoscopy(month(30))]);

    expect(statusesOf(plan, 'colonoscopy').slice(0, 2)).toEqual([
      [month(12), 'completed'],
      [month(60, month(30)), 'upcoming'],
    ]);
    expect(of(plan, 'colonoscopy')[1]?.sequence).toBe(2);
  });

  test('one years before its step completes nothing: normal at months 12, 36 and 48', () => {
    const done = [12, 36, 48].map((count) => colonoscopy(month(count)));
    const plan = planned([resection(), ...done]);

    expect(statusesOf(plan, 'colonoscopy').slice(0, 3)).toEqual([
      [month(12), 'completed'],
      [month(36), 'completed'],
      [month(60, month(48)), 'upcoming'],
    ]);
  });

  test('a clean repeat completes the repeat, also where year 3 is due on the same day', () => {
    const plan = planned([resection(), colonoscopy(month(24), 'abnormal'), colonoscopy(month(28))]);

    expect(statusesOf(plan, 'colonoscopy').slice(0, 3)).toEqual([
      [month(12), 'completed'],
      [month(36), 'completed'],
      [month(36), 'upcoming'],
    ]);
  });

  test('an early abnormal one is heeded: the step moves to 12 months after it', () => {
    const plan = planned([resection(), colonoscopy(month(11)), colonoscopy(month(20), 'abnormal')]);

    expect(statusesOf(plan, 'colonoscopy').slice(0, 2)).toEqual([
      [month(12), 'completed'],
      [month(32), 'upcoming'],
    ]);
  });

  test('on the day its window opens a colonoscopy completes its step', () => {
    const opens = addDays(month(36), -60);
    const early = planned([resection(), colonoscopy(month(11)), colonoscopy(addDays(opens, -1))]);
    const inTime = planned([resection(), colonoscopy(month(11)), colonoscopy(opens)]);

    expect(statusesOf(early, 'colonoscopy')[1]?.[1]).toBe('upcoming');
    expect(statusesOf(inTime, 'colonoscopy')[1]).toEqual([month(36), 'completed']);
  });

  test('one on the day before month 30 leaves month 36 standing and stands for nothing', () => {
    const plan = planned([resection(), colonoscopy(month(11)), colonoscopy(addDays(month(30), -1))]);

    expect(statusesOf(plan, 'colonoscopy').slice(0, 2)).toEqual([
      [month(12), 'completed'],
      [month(36), 'upcoming'],
    ]);
  });

  test('every 5 years counts from the last one done, not from the operation', () => {
    const late = addDays(month(36), 100);
    const plan = planned([resection(), colonoscopy(month(12)), colonoscopy(late)]);

    expect(dues(plan, 'colonoscopy')[2]).toBe(month(60, late));
  });

  test('an abnormal one after month 30 is repeated in a year, then every 5 years', () => {
    const plan = planned([resection(), colonoscopy(month(12)), colonoscopy(month(36), 'abnormal')], {
      until: month(108),
    });

    expect(dues(plan, 'colonoscopy')).toEqual(months(SURGERY, 12, 36, 48, 108));
  });

  test('an incomplete one does not count', () => {
    const plan = planned([resection(), colonoscopy(month(11), 'incomplete')]);

    expect(statusesOf(plan, 'colonoscopy')[0]).toEqual([month(12), 'upcoming']);
  });

  test('one before the operation does not count', () => {
    const plan = planned([colonoscopy('2020-01-15'), resection()]);

    expect(statusesOf(plan, 'colonoscopy')[0]).toEqual([month(12), 'upcoming']);
  });

  test('of two results on one day the abnormal one decides', () => {
    const both = [colonoscopy(month(11)), colonoscopy(month(11), 'abnormal')];

    for (const [a, b] of [both, both.toReversed()])
      expect(dues(planned([resection(), a!, b!]), 'colonoscopy')[1]).toBe(month(23));
  });

  test('an overdue one waits, and what follows is projected from the day of planning', () => {
    const plan = planned([resection()], { asOf: month(33), until: month(93) });

    expect(statusesOf(plan, 'colonoscopy')).toEqual([
      [month(12), 'overdue'],
      [month(60, month(33)), 'upcoming'],
    ]);
  });

  test.each([
    ['1970-01-11', true],
    ['1970-01-10', false],
  ])('born %s and diagnosed on 10 January 2020: flagged %s, planned as usual', (birthDate, flagged) => {
    const plan = planned([resection()], { birthDate });

    expect(plan.flags.map(({ code }) => code)).toEqual(
      flagged ? ['interval-to-be-decided-onset-before-50'] : [],
    );
    expect(dues(plan, 'colonoscopy').slice(0, 3)).toEqual(months(SURGERY, 12, 36, 96));
  });

  test('Lynch syndrome is flagged and planned as usual', () => {
    const plan = planned([resection(), fact('lynch_syndrome_confirmed', '2020-03-01')]);

    expect(plan.flags.map(({ code }) => code)).toEqual(['interval-to-be-decided-lynch']);
    expect(dues(plan, 'colonoscopy').slice(0, 3)).toEqual(months(SURGERY, 12, 36, 96));
  });
});

describe('colonoscopy while the patient is on no follow-up pathway', () => {
  test('nothing is due, and what fell due meanwhile is due on the day of return', () => {
    const away = [resection(), recurrence('2020-10-01')];

    expect(dues(planned(away, { asOf: '2021-08-30' }), 'colonoscopy')).toEqual([]);
    expect(statusesOf(planned([...away, ned()]), 'colonoscopy')[0]).toEqual([NED, 'due']);
  });

  test('after stage IV disease it is due when NED is reached', () => {
    const plan = planned([resection({ stage: 'IV' }), ned()]);

    expect(of(plan, 'colonoscopy')[0]).toMatchObject({
      pathway: 'crlm_ned',
      due: NED,
      overdue: addDays(NED, 1),
    });
  });

  test('left undone when the pathway ended it is missed there, and due again on return', () => {
    const plan = planned([resection(), recurrence('2021-03-01'), ned()]);

    expect(of(plan, 'colonoscopy').slice(0, 2)).toMatchObject([
      { pathway: 'crc_postoperative', due: month(12), missedOn: '2021-03-01' },
      { pathway: 'crlm_ned', due: NED, missedOn: null },
    ]);
  });

  test('an exam outside every run completes the missed item, and the chain continues from it', () => {
    const plan = planned([
      resection(),
      recurrence('2021-03-01'),
      colonoscopy('2021-04-01', 'abnormal'),
      ned(),
    ]);

    expect(statusesOf(plan, 'colonoscopy').slice(0, 2)).toEqual([
      [month(12), 'completed'],
      ['2022-04-01', 'upcoming'],
    ]);
  });

  test('NED does not move those still ahead: they count from the operation', () => {
    const plan = planned([resection(), colonoscopy(month(12)), ned()], { until: month(96) });

    expect(dues(plan, 'colonoscopy')).toEqual(months(SURGERY, 12, 36, 96));
  });

  test('where two pathways overlap it is missed once', () => {
    const second = { ...resection(), date: calendarDate('2022-03-31') };
    const plan = planned([ned(), second, recurrence('2023-05-01')]);

    expect(statusesOf(plan, 'colonoscopy')).toEqual([['2023-03-31', 'missed']]);
  });

  test('without a recorded operation NED follow-up says that colonoscopy cannot be dated', () => {
    const plan = planned([ned()]);

    expect(plan.flags.map(({ code }) => code)).toEqual(['colonoscopy-without-clock']);
    expect(dues(plan, 'colonoscopy')).toEqual([]);
  });
});
