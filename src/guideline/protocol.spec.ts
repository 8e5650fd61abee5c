import { colonoscopy, dues, exam, fact, of, plannedBy, standing } from '../../test/planned.js';
import { ended, look, protocol, scope, started, visit } from '../../test/protocol.js';
import { addDays, calendarDate } from './calendar.js';
import { problemsOf } from './check.js';
import type { Choices } from './choices.js';
import type { ClinicalFact } from './facts.js';
import type { Guideline, Rule } from './guideline.js';
import { statusOn } from './slot.js';

const START = started('2024-01-15');
const BY = { by: 'clinician', author: 'Dr Wu', reason: 'frail' } as const;

/** Due dates of the rule until the end of 2026. */
const dated = (rule: Rule, events: readonly ClinicalFact[] = [START], more: Partial<Guideline> = {}) =>
  dues(plannedBy(protocol([rule], more), events, { until: '2026-12-31' }), rule.id);
const windows = (rule: Rule, events: readonly ClinicalFact[] = [START], choices: Partial<Choices> = {}) =>
  of(plannedBy(protocol([rule]), events, { until: '2026-12-31', ...choices }), rule.id).map(
    ({ earliest, due, overdue }) => [earliest, due, overdue],
  );

describe('single dates', () => {
  test('are each counted from the clock, in their own unit', () => {
    expect(dated(visit([{ at: ['P10D', 'P6W', 'P3M', 'P2Y'] }]))).toEqual([
      '2024-01-25',
      '2024-02-26',
      '2024-04-15',
      '2026-01-15',
    ]);
  });

  test('a range is due at its short or long end, opens before the short one and is late after the long one', () => {
    const rule = visit([{ at: [['P3M', 'P6M']] }]);

    expect(windows(rule)).toEqual([['2024-04-01', '2024-04-15', '2024-07-16']]);
    expect(windows(rule, [START], { profile: 'minimal' })).toEqual([
      ['2024-03-16', '2024-07-15', '2024-07-16'],
    ]);
  });

  test('equal intervals go on from the last of them', () => {
    expect(dated(visit([{ at: ['P1M', 'P4M'] }, { every: 'P12M' }]))).toEqual([
      '2024-02-15',
      '2024-05-15',
      '2025-05-15',
      '2026-05-15',
    ]);
  });

  test('after equal intervals they stand by themselves', () => {
    expect(dated(visit([{ every: 'P6M', until: 'P12M' }, { at: ['P30M'] }]))).toEqual([
      '2024-07-15',
      '2025-01-15',
      '2026-07-15',
    ]);
  });

  test('out of order they are refused', () => {
    expect(() => protocol([visit([{ at: ['P6M', 'P3M'] }])])).toThrow('out-of-order');
  });
});

describe('phases of equal intervals', () => {
  test('a phase that says from begins there and goes on in its interval', () => {
    expect(
      dated(
        visit([
          { every: 'P3M', until: 'P6M' },
          { every: 'P12M', from: 'P14M' },
        ]),
      ),
    ).toEqual(['2024-04-15', '2024-07-15', '2025-03-15', '2026-03-15']);
  });

  test('from alone delays the first', () => {
    expect(dated(visit([{ every: 'P6M', from: 'P1M', until: 'P13M' }]))).toEqual([
      '2024-02-15',
      '2024-08-15',
      '2025-02-15',
    ]);
  });

  test('until is included', () => {
    expect(dated(visit([{ every: 'P6M', until: 'P12M' }]))).toEqual(['2024-07-15', '2025-01-15']);
    expect(dated(visit([{ every: 'P6M', until: 'P17M' }]))).toEqual(['2024-07-15', '2025-01-15']);
  });

  test('weeks are counted in days, years as twelve months', () => {
    expect(dated(visit([{ every: 'P2W', until: 'P6W' }]))).toEqual([
      '2024-01-29',
      '2024-02-12',
      '2024-02-26',
    ]);
    expect(dated(visit([{ every: 'P1Y', until: 'P2Y' }]))).toEqual(['2025-01-15', '2026-01-15']);
  });

  test('a range is chosen once by the profile and kept', () => {
    const rule = visit([{ every: ['P4M', 'P6M'], until: 'P12M' }]);

    expect(windows(rule).map(([, due]) => due)).toEqual(['2024-05-15', '2024-09-15', '2025-01-15']);
    expect(windows(rule, [START], { profile: 'minimal' }).map(([, due]) => due)).toEqual([
      '2024-07-15',
      '2025-01-15',
    ]);
  });
});

describe('windows and limits', () => {
  test('the window of the text takes the place of the tolerance of the hospital', () => {
    const rule = visit([{ every: 'P6M', until: 'P12M', window: { before: 'P7D', after: 'P2W' } }]);

    expect(windows(rule)).toEqual([
      ['2024-07-08', '2024-07-15', '2024-07-30'],
      ['2025-01-08', '2025-01-15', '2025-01-30'],
    ]);
  });

  test('a window of no days leaves the day itself', () => {
    const rule = visit([{ at: ['P6M'], window: { before: 'P0D', after: 'P0D' } }]);

    expect(windows(rule)).toEqual([['2024-07-15', '2024-07-15', '2024-07-16']]);
  });

  test('a window reaches back to the day after the date before, and no further', () => {
    const rule = visit([{ every: 'P1M', until: 'P3M', window: { before: 'P90D', after: 'P90D' } }]);

    expect(windows(rule)).toEqual([
      ['2024-01-16', '2024-02-15', '2024-02-16'],
      ['2024-02-16', '2024-03-15', '2024-03-16'],
      ['2024-03-16', '2024-04-15', '2024-07-15'],
    ]);
  });

  test('a window in months is refused: a month has no fixed number of days', () => {
    expect(() => protocol([visit([{ at: ['P6M'], window: { before: 'P1M', after: 'P1M' } }])])).toThrow(
      'window-unit',
    );
  });

  test('a limit is late the day after, whatever the tolerance, and counts from the day after the clock', () => {
    expect(windows(visit([{ at: ['P6M'], limit: true }]))).toEqual([
      ['2024-01-16', '2024-07-15', '2024-07-16'],
    ]);
    expect(windows(visit([{ at: ['P6W'], limit: true }]))).toEqual([
      ['2024-01-16', '2024-02-26', '2024-02-27'],
    ]);
  });

  test.each([
    [{ upTo3Months: 1, upTo12Months: 2, longer: 3 }, ['2024-04-16', '2024-07-17', '2025-01-18']],
    [{ upTo3Months: 0, upTo12Months: 0, longer: 0 }, ['2024-04-15', '2024-07-15', '2025-01-15']],
  ] as const)('the hospital may choose its own tolerance: %j', (tolerances, last) => {
    const rule = visit([{ at: ['P3M', 'P6M', 'P12M'] }]);
    const expected = last.map((day) => addDays(calendarDate(day), 1));

    expect(windows(rule, [START], { tolerances }).map(([, , overdue]) => overdue)).toEqual(expected);
  });

  test('a tolerance wider than the interval makes no two windows overlap', () => {
    const year = { upTo3Months: 365, upTo12Months: 365, longer: 365 };
    const its = windows(visit([{ every: 'P1M', until: 'P12M' }]), [START], { tolerances: year });

    for (const [index, [earliest]] of its.entries())
      if (index > 0) expect(earliest).toBe(addDays(its[index - 1]![1]!, 1));
  });
});

describe('rolling', () => {
  const quarterly = visit([{ every: 'P3M', until: 'P12M' }], { anchor: 'rolling' });
  const markers = (date: string) => exam('tumour_markers', date);

  test('each date lies one interval after the last one done, the next ones being assumed on time', () => {
    expect(dated(quarterly)).toEqual(['2024-04-15', '2024-07-15', '2024-10-15', '2025-01-15']);
    expect(dated(quarterly, [START, markers('2024-05-02')])).toEqual([
      '2024-04-15',
      '2024-08-02',
      '2024-11-02',
    ]);
  });

  test('one done early draws the rest forward', () => {
    expect(dated(quarterly, [START, markers('2024-03-20')]).slice(1)).toEqual([
      '2024-06-20',
      '2024-09-20',
      '2024-12-20',
    ]);
  });

  test('only one is open; one that is late moves the projected ones from day to day', () => {
    const on = (asOf: string) =>
      standing(plannedBy(protocol([quarterly]), [START], { asOf, until: '2024-12-31' }), 'visit');

    expect(on('2024-06-01')).toEqual([
      ['2024-04-15', 'overdue'],
      ['2024-09-01', 'upcoming'],
      ['2024-12-01', 'upcoming'],
    ]);
    expect(on('2024-06-02').map(([due]) => due)).toEqual(['2024-04-15', '2024-09-02', '2024-12-02']);
  });

  test('a range opens at the short end and is late past the long one, each from the last one done', () => {
    const rule = visit([{ every: ['P3M', 'P6M'] }], { anchor: 'rolling' });

    expect(windows(rule, [START, markers('2024-05-02')]).slice(0, 2)).toEqual([
      ['2024-04-01', '2024-04-15', '2024-07-16'],
      ['2024-07-19', '2024-08-02', '2024-11-03'],
    ]);
    expect(windows(rule, [START, markers('2024-05-02')], { profile: 'minimal' })[1]).toEqual([
      '2024-07-03',
      '2024-11-02',
      '2024-11-03',
    ]);
  });

  test('a phase ends by the clock, and the next interval then counts from the last one done', () => {
    const rule = visit([{ every: 'P3M', until: 'P6M' }, { every: 'P12M' }], { anchor: 'rolling' });

    expect(dated(rule)).toEqual(['2024-04-15', '2024-07-15', '2025-07-15', '2026-07-15']);
    expect(dated(rule, [START, markers('2024-05-02')])).toEqual(['2024-04-15', '2025-05-02', '2026-05-02']);
  });

  test('it never leaves its run, and a new clock starts it anew', () => {
    expect(dated(quarterly, [START, markers('2024-04-15'), ended('2024-08-01')])).toEqual([
      '2024-04-15',
      '2024-07-15',
    ]);
    expect(dated(quarterly, [START, started('2024-06-01')])).toEqual([
      '2024-04-15',
      '2024-09-01',
      '2024-12-01',
      '2025-03-01',
      '2025-06-01',
    ]);
  });

  test('single dates are used up one by one', () => {
    const rule = visit([{ at: ['P3M', 'P12M'] }], { anchor: 'rolling' });

    expect(dated(rule)).toEqual(['2024-04-15', '2025-01-15']);
    expect(dated(rule, [START, markers('2024-05-20')])).toEqual(['2024-04-15', '2025-01-15']);
  });
});

describe('counted from another event', () => {
  const rule = visit([{ every: 'P6M', until: 'P18M' }], { countedFrom: { event: 'scan' } });
  const more = { events: { scan: {} } };

  test('the last one on or before the start; dates on or before the start are left out', () => {
    const events = [fact('scan', '2023-04-10'), fact('scan', '2023-12-01'), START];

    expect(dated(rule, events, more)).toEqual(['2024-06-01', '2024-12-01', '2025-06-01']);
    expect(dated(rule, [fact('scan', '2023-04-10'), START], more)).toEqual(['2024-04-10', '2024-10-10']);
  });

  test('one on the day of the start counts as before it', () => {
    expect(dated(rule, [fact('scan', '2024-01-15'), START, fact('scan', '2024-02-01')], more)[0]).toBe(
      '2024-07-15',
    );
  });

  test('else the first one within the run, and a second one there changes nothing', () => {
    expect(dated(rule, [START, fact('scan', '2024-03-01'), fact('scan', '2024-05-01')], more)).toEqual([
      '2024-09-01',
      '2025-03-01',
      '2025-09-01',
    ]);
  });

  test('while there is none, nothing is planned; one after the end of the run is none', () => {
    expect(dated(rule, [START], more)).toEqual([]);
    expect(dated(rule, [START, ended('2024-03-01'), fact('scan', '2024-03-01')], more)).toEqual([]);
  });

  test('fields narrow it down', () => {
    const narrow = visit([{ at: ['P1M'] }], {
      countedFrom: { event: 'exam', where: { activity: ['ct_abdomen_pelvis'] } },
    });
    const events = [exam('mri_liver', '2024-01-10'), exam('ct_abdomen_pelvis', '2024-01-02'), START];

    expect(dated(narrow, events)).toEqual(['2024-02-02']);
  });
});

describe('examinations in turn', () => {
  const rule = visit([{ every: 'P3M', until: 'P12M' }], {
    activity: ['liver_ultrasound', 'ct_abdomen_pelvis'],
  });
  const on = (asOf: string, ...events: ClinicalFact[]) =>
    of(plannedBy(protocol([rule]), [START, ...events], { asOf }), 'visit').map((item) => [
      item.activity,
      item.due,
      statusOn(calendarDate(asOf), item),
    ]);

  test('take their turns slot by slot', () => {
    expect(on('2024-01-15')).toEqual([
      ['liver_ultrasound', '2024-04-15', 'upcoming'],
      ['ct_abdomen_pelvis', '2024-07-15', 'upcoming'],
      ['liver_ultrasound', '2024-10-15', 'upcoming'],
      ['ct_abdomen_pelvis', '2025-01-15', 'upcoming'],
    ]);
  });

  test('only the examination whose turn it is fulfils a date', () => {
    expect(on('2024-07-20', exam('liver_ultrasound', '2024-07-16'))[1]).toEqual([
      'ct_abdomen_pelvis',
      '2024-07-15',
      'due',
    ]);
    expect(on('2024-07-20', exam('ct_abdomen_pelvis', '2024-07-16'))[1]?.[2]).toBe('completed');
  });

  test('with three the fourth date is the first again', () => {
    const three = visit([{ every: 'P3M', until: 'P12M' }], {
      activity: ['liver_ultrasound', 'ct_abdomen_pelvis', 'mri_liver'],
    });

    expect(of(plannedBy(protocol([three]), [START]), 'visit').map(({ activity }) => activity)).toEqual([
      'liver_ultrasound',
      'ct_abdomen_pelvis',
      'mri_liver',
      'liver_ultrasound',
    ]);
  });
});

describe('another method', () => {
  const rule = visit([{ every: 'P3M', until: 'P6M' }], {
    activity: 'ct_abdomen_pelvis',
    satisfiedBy: ['mri_liver'],
  });
  const flags = [
    { code: 'changed', message: { zh: '换', en: 'changed' }, when: { otherMethodFor: ['visit'] } },
  ];
  const plan = (...events: ClinicalFact[]) =>
    plannedBy(protocol([rule], { flags, covers: { ct_chest_abdomen_pelvis: ['ct_abdomen_pelvis'] } }), [
      START,
      ...events,
    ]);

  test('satisfies a date, and is flagged', () => {
    const changed = plan(exam('mri_liver', '2024-04-15'));

    expect(of(changed, 'visit').map(({ otherMethod }) => otherMethod)).toEqual([true, false]);
    expect(standing(changed, 'visit')[0]).toEqual(['2024-04-15', 'completed']);
    expect(changed.flags.map(({ code }) => code)).toEqual(['changed']);
  });

  test.each(['ct_abdomen_pelvis', 'ct_chest_abdomen_pelvis'])('%s is no other method', (activity) => {
    const same = plan(exam(activity, '2024-04-15'));

    expect(standing(same, 'visit')[0]?.[1]).toBe('completed');
    expect(same.flags).toEqual([]);
  });

  test('outside every window it satisfies nothing and flags nothing', () => {
    const outside = plan(exam('mri_liver', '2024-03-01'));

    expect(standing(outside, 'visit')[0]?.[1]).toBe('upcoming');
    expect(outside.flags).toEqual([]);
  });
});

describe('given, and until an age', () => {
  const rule = visit([{ every: 'P12M' }]);
  const more = { events: { gene: {}, stopped: {} } };

  test('every condition must hold', () => {
    const carriers = {
      ...rule,
      given: [{ recorded: { event: 'gene' } }, { neverRecorded: { event: 'stopped' } }],
    };

    expect(dated(carriers, [START], more)).toEqual([]);
    expect(dated(carriers, [fact('gene', '2023-01-01'), START], more)).toEqual(['2025-01-15', '2026-01-15']);
    expect(dated(carriers, [fact('gene', '2023-01-01'), START, fact('stopped', '2024-02-01')], more)).toEqual(
      [],
    );
  });

  test('onset before an age counts whole years at diagnosis', () => {
    const young = protocol([{ ...rule, given: [{ onsetBefore: 50 }] }]);
    const born = (birthDate: string) =>
      dues(
        plannedBy(young, [START], { birthDate, diagnosisDate: '2024-01-10', until: '2025-12-31' }),
        'visit',
      ).length;

    expect([born('1974-01-11'), born('1974-01-10')]).toEqual([1, 0]);
  });

  test('nothing falls due from the birthday on, and what is owed by then is missed on it', () => {
    const until75 = protocol([{ ...rule, untilAge: 75 }]);
    const born = (birthDate: string) => plannedBy(until75, [START], { birthDate, asOf: '2024-02-01' });

    expect(dues(born('1951-01-15'), 'visit')).toEqual(['2025-01-15']);
    expect(dues(born('1951-01-16'), 'visit')).toEqual(['2025-01-15', '2026-01-15']);
    expect(of(born('1951-01-16'), 'visit')[1]?.missedOn).toBe('2026-01-16');
  });

  test('the same for a chain and for what a finding asks for', () => {
    const chain = scope([{ when: {}, from: 'last', due: 'P12M', limit: false }], { untilAge: 75 });
    const plan = plannedBy(
      protocol([chain, look({ event: 'gene' }, 'P6M', { untilAge: 75 })], more),
      [START, fact('gene', '2025-06-20'), fact('gene', '2025-09-20')],
      { birthDate: '1951-01-16', asOf: '2025-09-20' },
    );

    expect(dues(plan, 'scope').every((due) => due < '2026-01-16')).toBe(true);
    expect(dues(plan, 'look')).toEqual(['2025-12-20']);
  });
});

describe('an interval that a clinician gives', () => {
  const rule = visit([{ every: 'clinician', until: 'P24M' }]);
  const flags = [
    {
      code: 'open',
      message: { zh: '待定', en: 'open' },
      when: { running: 'follow_up', neverRecorded: { event: 'death' } },
      settledBy: ['visit'],
    },
  ];
  const plan = (rules?: Choices['rules']) => plannedBy(protocol([rule], { flags }), [START], { rules });

  test('until one has decided nothing is planned, and it is asked for', () => {
    expect(plan().items).toEqual([]);
    expect(plan().flags.map(({ code }) => code)).toEqual(['open']);
  });

  test('once decided it is planned, deviates from nothing, and is asked for no more', () => {
    const decided = plan({ visit: { ...BY, phases: { 0: { every: 'P8M' } } } });

    expect(dues(decided, 'visit')).toEqual(['2024-09-15', '2025-05-15', '2026-01-15']);
    expect(of(decided, 'visit').some(({ deviates }) => deviates)).toBe(false);
    expect(decided.flags).toEqual([]);
  });
});

describe('what hospital and clinician choose', () => {
  const rule = visit([
    { every: ['P3M', 'P6M'], until: ['P6M', 'P12M'] },
    { every: 'P12M', until: 'P36M' },
  ]);
  const chosen = (choice: NonNullable<Choices['rules']>[string], its: Rule = rule) =>
    plannedBy(protocol([its]), [START], { rules: { visit: choice } });

  test('an interval within the range is taken and is no deviation', () => {
    const plan = chosen({ ...BY, phases: { 0: { every: 'P4M' } } });

    expect(dues(plan, 'visit')).toEqual([
      '2024-05-15',
      '2024-09-15',
      '2025-01-15',
      '2026-01-15',
      '2027-01-15',
    ]);
    expect(of(plan, 'visit').map(({ deviates }) => deviates)).toEqual([false, false, false, false, false]);
  });

  test('one outside the range is taken and deviates, in its phase only', () => {
    const plan = chosen({ ...BY, phases: { 0: { every: 'P12M' } } });

    expect(of(plan, 'visit').map(({ due, deviates }) => [due, deviates])).toEqual([
      ['2025-01-15', true],
      ['2026-01-15', false],
      ['2027-01-15', false],
    ]);
  });

  test('a duration within the range is no deviation, a longer one is', () => {
    const of9 = chosen({ ...BY, phases: { 0: { until: 'P9M' } } });
    const of15 = chosen({ ...BY, phases: { 0: { until: 'P15M' } } });

    expect(of(of9, 'visit').map(({ due, deviates }) => [due, deviates])).toEqual([
      ['2024-04-15', false],
      ['2024-07-15', false],
      ['2024-10-15', false],
      ['2025-10-15', false],
      ['2026-10-15', false],
    ]);
    expect(of(of15, 'visit').map(({ deviates }) => deviates)).toEqual([true, true, true, true, true, false]);
  });

  test('a rule switched off asks for nothing from that day on, and what it was owed is missed on it', () => {
    const plan = chosen({ ...BY, offFrom: calendarDate('2024-07-15') });

    expect(of(plan, 'visit').map(({ due, missedOn }) => [due, missedOn])).toEqual([
      ['2024-04-15', '2024-07-01'],
    ]);
    expect(of(chosen({ ...BY, offFrom: calendarDate('2024-06-01') }), 'visit')[0]?.missedOn).toBe(
      '2024-06-01',
    );
  });

  test('the same choices hold for a rolling rule', () => {
    const rolling = { ...rule, anchor: 'rolling' } as const;
    const plan = chosen({ ...BY, phases: { 0: { every: 'P2M', until: 'P4M' } } }, rolling);

    expect(of(plan, 'visit').map(({ due, deviates }) => [due, deviates])).toEqual([
      ['2024-03-15', true],
      ['2024-05-15', true],
      ['2025-05-15', false],
      ['2026-05-15', false],
    ]);
  });

  test('an interval of no time, should one come in, ends', () => {
    expect(chosen({ ...BY, phases: { 0: { every: 'P0D' }, 1: { every: 'P0M' } } }).items).toEqual([]);
  });

  const chain = scope([
    { when: { none: true }, from: 'clock', due: 'P12M', limit: true },
    { when: {}, from: 'last', due: 'P36M', limit: false },
  ]);
  const scoped = (interval: 'P6M' | 'P24M' | 'P60M') =>
    of(
      plannedBy(protocol([chain]), [START], {
        until: '2030-06-01',
        rules: { scope: { ...BY, interval } },
      }),
      'scope',
    ).map(({ due, deviates }) => [due, deviates]);

  test('for a chain a decided interval holds after each, a limit of the text stands if sooner', () => {
    expect(scoped('P24M')).toEqual([
      ['2025-01-15', false],
      ['2027-01-15', false],
      ['2029-01-15', false],
    ]);
    expect(scoped('P6M').slice(0, 2)).toEqual([
      ['2024-07-15', false],
      ['2025-01-15', false],
    ]);
    expect(scoped('P60M')).toEqual([
      ['2025-01-15', false],
      ['2030-01-15', true],
    ]);
  });

  test('one added by hand stands beside the rules until follow-up is closed', () => {
    const added = [{ ...BY, id: 'a', activity: 'mri_liver', due: calendarDate('2024-03-01') }] as const;
    const plan = (...events: ClinicalFact[]) =>
      plannedBy(protocol([rule]), [START, ...events], { added, until: '2024-04-30' });

    expect(standing(plan(), 'by_hand')).toEqual([['2024-03-01', 'upcoming']]);
    expect(standing(plan(exam('mri_liver', '2024-02-20')), 'by_hand')).toEqual([['2024-03-01', 'completed']]);
    expect(standing(plan(fact('death', '2024-02-01')), 'by_hand')).toEqual([]);
    expect(dues(plan(), 'visit')).toEqual(['2024-04-15']);
  });
});

describe('chains', () => {
  const first = { when: { none: true }, from: 'clock', due: 'P12M', limit: false } as const;

  test('how many were counted so far says when the next is due', () => {
    const chain = scope([
      { when: { count: 0 }, from: 'clock', due: 'P12M', limit: false },
      { when: { count: 1 }, from: 'last', due: 'P6M', limit: false },
      { when: { count: 2 }, from: 'clock', due: 'P30M', limit: false },
    ]);

    expect(dated(chain)).toEqual(['2025-01-15', '2025-07-15', '2026-07-15']);
  });

  test('without a case that holds it ends', () => {
    expect(dated(scope([first]))).toEqual(['2025-01-15']);
    expect(dated(scope([first]), [START, colonoscopy('2024-12-20')])).toEqual(['2025-01-15']);
  });

  test('an incomplete one does not count', () => {
    const plan = plannedBy(protocol([scope([first])]), [START, colonoscopy('2024-12-20', 'incomplete')]);

    expect(standing(plan, 'scope')).toEqual([['2025-01-15', 'upcoming']]);
  });

  test('of several moments the latest counts: an age and an interval', () => {
    const chain = scope([
      {
        when: { none: true },
        from: 'clock',
        due: [
          { from: 'birth', after: 'P50Y' },
          { from: 'clock', after: 'P12M' },
        ],
        limit: false,
      },
    ]);
    const born = (birthDate: string) =>
      of(plannedBy(protocol([chain]), [START], { birthDate }), 'scope').map(({ due, measuredFrom }) => [
        due,
        measuredFrom,
      ]);

    expect(born('1976-08-20')).toEqual([['2026-08-20', '1976-08-20']]);
    expect(born('1974-08-20')).toEqual([['2025-01-15', '2024-01-15']]);
  });

  test('earliest and latest may be moments too', () => {
    const chain = scope([
      {
        when: { none: true },
        from: 'clock',
        earliest: [
          { from: 'birth', after: 'P49Y' },
          { from: 'clock', after: 'P3M' },
        ],
        due: 'P6M',
        latest: [{ from: 'clock', after: 'P18M' }],
        limit: false,
      },
    ]);

    expect(
      of(plannedBy(protocol([chain]), [START], { birthDate: '1975-06-01' }), 'scope').map(
        ({ earliest, due, overdue }) => [earliest, due, overdue],
      ),
    ).toEqual([['2024-06-01', '2024-07-15', '2025-07-16']]);
  });

  test('an earliest day after the due date moves it, unless that is a limit', () => {
    const dueOf = (limit: boolean) =>
      of(
        plannedBy(
          protocol([
            scope([
              {
                when: { none: true },
                from: 'clock',
                earliest: [{ from: 'birth', after: 'P50Y' }],
                due: 'P6M',
                limit,
              },
            ]),
          ]),
          [START],
          { birthDate: '1974-09-01' },
        ),
        'scope',
      ).map(({ earliest, due }) => [earliest, due]);

    expect(dueOf(false)).toEqual([['2024-09-01', '2024-09-01']]);
    expect(dueOf(true)).toEqual([['2024-07-15', '2024-07-15']]);
  });

  test('a range is due at one end and late after the long one', () => {
    const chain = scope([{ when: { none: true }, from: 'clock', due: ['P6M', 'P9M'], limit: false }]);

    expect(windows(chain)).toEqual([['2024-06-15', '2024-07-15', '2024-10-16']]);
    expect(windows(chain, [START], { profile: 'minimal' })).toEqual([
      ['2024-06-15', '2024-10-15', '2024-10-16'],
    ]);
  });

  test('one that comes too early is repeated, counted from it; within the grace it counts', () => {
    const chain = scope(
      [
        { when: { none: true }, from: 'clock', earliest: 'P6M', due: 'P6M', limit: false },
        { when: { count: 1 }, from: 'last', earliest: 'P6M', due: 'P6M', limit: false },
      ],
      { repeatIfEarlierBy: 'P4D' },
    );

    expect(dated(chain, [START, colonoscopy('2024-07-11')])).toEqual(['2024-07-15', '2025-01-11']);
    expect(dated(chain, [START, colonoscopy('2024-07-10')])).toEqual(['2024-07-15', '2025-01-15']);
    expect(dated(chain, [START, colonoscopy('2024-07-15'), colonoscopy('2024-11-01')])).toEqual([
      '2024-07-15',
      '2025-05-01',
    ]);
  });

  test('a condition on the patient chooses the case', () => {
    const chain = scope([
      { when: { given: [{ recorded: { event: 'gene' } }] }, from: 'last', due: 'P12M', limit: false },
      { when: {}, from: 'last', due: 'P24M', limit: false },
    ]);
    const more = { events: { gene: {} } };

    expect(dated(chain, [START], more)).toEqual(['2026-01-15']);
    expect(dated(chain, [START, fact('gene', '2024-01-16')], more)).toEqual(['2025-01-15', '2026-01-15']);
  });

  test('birth may be its clock: due by age, whenever follow-up began', () => {
    const chain = scope(
      [
        { when: { none: true }, from: 'clock', due: 'P50Y', limit: false },
        { when: {}, from: 'last', due: 'P10Y', limit: false },
      ],
      { clock: { event: 'birth' } },
    );
    const plan = (birthDate: string, ...events: ClinicalFact[]) =>
      dues(plannedBy(protocol([chain]), [START, ...events], { birthDate, until: '2045-12-31' }), 'scope');

    expect(plan('1980-02-29')).toEqual(['2030-02-28', '2040-02-28']);
    expect(plan('1960-05-05')).toEqual(['2024-01-15', '2034-01-15', '2044-01-15']);
    expect(plan('1960-05-05', colonoscopy('2015-03-03'))).toEqual(['2025-03-03', '2035-03-03', '2045-03-03']);
  });
});

describe('because of an event of its own', () => {
  const more = { events: { report: { fields: { says: ['clear', 'doubtful'] } } } };
  const rule = look({ event: 'report', where: { says: ['doubtful'] } }, 'P6W');
  const report = (date: string, says = 'doubtful') => fact('report', date, { says });

  test('it is due that long after it, once for each, and the next one overtakes it', () => {
    const plan = plannedBy(protocol([rule], more), [START, report('2024-02-01'), report('2024-06-01')]);

    expect(of(plan, 'look').map(({ due, missedOn }) => [due, missedOn])).toEqual([
      ['2024-03-14', '2024-06-01'],
      ['2024-07-13', null],
    ]);
  });

  test('a report that says otherwise asks for nothing, nor does one off the pathway', () => {
    expect(dated(rule, [START, report('2024-02-01', 'clear')], more)).toEqual([]);
    expect(dated(rule, [report('2024-01-14'), START], more)).toEqual([]);
    expect(dated(rule, [START, ended('2024-05-01'), report('2024-05-01')], more)).toEqual([]);
  });

  test('what would fall due after the end of the pathway is not asked for', () => {
    expect(dated(rule, [START, report('2024-02-01'), ended('2024-03-01')], more)).toEqual([]);
  });

  test('a declared activity is planned, recorded and covered like any other', () => {
    const activities = { pet: { title: { zh: '某检查', en: 'scan' } } };
    const plan = plannedBy(
      protocol([visit([{ every: 'P6M', until: 'P12M' }], { activity: 'pet' })], { activities }),
      [START, exam('pet', '2024-07-10')],
    );

    expect(standing(plan, 'visit')).toEqual([
      ['2024-07-15', 'completed'],
      ['2025-01-15', 'upcoming'],
    ]);
  });

  test('what is not declared is refused', () => {
    expect(() => protocol([rule])).toThrow('unknown-event');
    expect(() => protocol([visit([{ at: ['P1M'] }], { activity: 'pet' })])).toThrow('unknown-activity');
  });

  test('on the day of closing, own events come before the closing one', () => {
    expect(
      dated(
        look({ event: 'report' }, 'P0D'),
        [START, report('2024-05-01'), fact('death', '2024-05-01')],
        more,
      ),
    ).toEqual([]);
  });
});

describe('months that are too short', () => {
  const monthly = visit([{ every: 'P1M', until: 'P4M' }]);
  const yearly = visit([{ every: 'P12M', until: 'P48M' }]);
  const from = (date: string, monthEnd: 'clamp' | 'roll', rule: Rule = monthly) =>
    dues(plannedBy(protocol([rule], { monthEnd }), [started(date)], { until: '2030-12-31' }), rule.id);

  test.each([
    ['2023-01-29', ['2023-02-28', '2023-03-29', '2023-04-29', '2023-05-29']],
    ['2023-01-30', ['2023-02-28', '2023-03-30', '2023-04-30', '2023-05-30']],
    ['2023-01-31', ['2023-02-28', '2023-03-31', '2023-04-30', '2023-05-31']],
    ['2024-01-31', ['2024-02-29', '2024-03-31', '2024-04-30', '2024-05-31']],
  ])('clamp, from %s: the last day of the month', (date, expected) => {
    expect(from(date, 'clamp')).toEqual(expected);
  });

  test.each([
    ['2023-01-28', ['2023-02-28', '2023-03-28', '2023-04-28', '2023-05-28']],
    ['2023-01-29', ['2023-03-01', '2023-03-29', '2023-04-29', '2023-05-29']],
    ['2023-01-30', ['2023-03-01', '2023-03-30', '2023-04-30', '2023-05-30']],
    ['2023-01-31', ['2023-03-01', '2023-03-31', '2023-05-01', '2023-05-31']],
    ['2024-01-29', ['2024-02-29', '2024-03-29', '2024-04-29', '2024-05-29']],
    ['2024-01-30', ['2024-03-01', '2024-03-30', '2024-04-30', '2024-05-30']],
    ['2023-10-31', ['2023-12-01', '2023-12-31', '2024-01-31', '2024-03-01']],
  ])('roll, from %s: the first of the next month', (date, expected) => {
    expect(from(date, 'roll')).toEqual(expected);
  });

  test('a leap day comes back every four years', () => {
    expect(from('2024-02-29', 'clamp', yearly)).toEqual([
      '2025-02-28',
      '2026-02-28',
      '2027-02-28',
      '2028-02-29',
    ]);
    expect(from('2024-02-29', 'roll', yearly)).toEqual([
      '2025-03-01',
      '2026-03-01',
      '2027-03-01',
      '2028-02-29',
    ]);
  });

  test('chains, rolling dates and findings roll too', () => {
    const rules = [
      scope([{ when: { none: true }, from: 'clock', due: 'P1M', limit: false }]),
      visit([{ every: 'P1M', until: 'P2M' }], { anchor: 'rolling' }),
      look({ event: 'exam', where: { activity: ['liver_ultrasound'] } }, 'P1M'),
    ];
    const plan = plannedBy(protocol(rules, { monthEnd: 'roll' }), [
      started('2023-01-31'),
      exam('liver_ultrasound', '2023-01-31'),
    ]);

    expect(['scope', 'visit', 'look'].map((rule) => dues(plan, rule)[0])).toEqual([
      '2023-03-01',
      '2023-03-01',
      '2023-03-01',
    ]);
  });
});

describe('what the guideline itself calls no routine', () => {
  const notRoutine = [
    { activities: ['pet_ct', 'mri_liver'], section: '1', sentence: { zh: '不常规', en: 'No routine.' } },
  ];

  test('is refused in every kind of rule, and as one of several in turn', () => {
    const problems = (rule: Rule) =>
      problemsOf({ ...protocol([visit([{ at: ['P1M'] }])]), rules: [rule], notRoutine }).map(
        ({ code, pointer }) => [code, pointer],
      );
    const refused = [['not-routine', '/rules/0/activity']];

    expect(problems(visit([{ at: ['P1M'] }], { activity: 'mri_liver' }))).toEqual(refused);
    expect(problems(visit([{ at: ['P1M'] }], { activity: ['liver_ultrasound', 'mri_liver'] }))).toEqual(
      refused,
    );
    expect(problems(look({ event: 'started' }, 'P1M'))).toEqual(refused);
    expect(problems(visit([{ at: ['P1M'] }]))).toEqual([]);
  });
});

describe('several clocks', () => {
  const second = {
    id: 'therapy',
    section: '2',
    title: { zh: '治疗', en: 'Therapy' },
    clock: { event: 'therapy' },
    endedBy: ['therapy', 'ended'],
  };

  test('run side by side, each by its own; of two that ask for one activity only one item waits', () => {
    const base = protocol([visit([{ every: 'P3M', until: 'P6M' }])], { events: { therapy: {} } });
    const both: Guideline = {
      ...base,
      pathways: [...base.pathways, second],
      rules: [...base.rules, visit([{ every: 'P4W', until: 'P8W' }], { id: 'watch', pathway: 'therapy' })],
    };
    const plan = plannedBy(both, [START, fact('therapy', '2024-03-10')]);
    const waiting = (day: string) =>
      plan.items
        .filter((item) => ['due', 'overdue'].includes(statusOn(calendarDate(day), item)))
        .map(({ rule, due }) => [rule, due]);

    expect(problemsOf(both)).toEqual([]);
    expect(dues(plan, 'watch')).toEqual(['2024-04-07', '2024-05-05']);
    expect(dues(plan, 'visit')).toEqual(['2024-04-15', '2024-07-15']);
    // From 1 April on the examination counts for that of 15 April, so that of 7 April waits no longer.
    expect(waiting('2024-04-07')).toEqual([['watch', '2024-04-07']]);
    expect([waiting('2024-04-10'), waiting('2024-04-16'), waiting('2024-05-06')]).toEqual([
      [],
      [['visit', '2024-04-15']],
      [['watch', '2024-05-05']],
    ]);
  });
});
