import { dues, exam, fact, of, plannedBy, statusesOf } from '../../test/support/planned.js';
import { ended, protocol, started, visit } from '../../test/support/protocol.js';
import { calendarDate } from './calendar.js';
import type { Choices } from './choices.js';
import type { ClinicalFact } from './facts.js';
import type { Guideline, Rule } from './guideline.js';
import { statusOn } from './planned-item.js';

const START = started('2024-01-15');

/** Due dates of the rule until the end of 2026. */
const dated = (rule: Rule, events: readonly ClinicalFact[] = [START], more: Partial<Guideline> = {}) =>
  dues(plannedBy(protocol([rule], more), events, { until: '2026-12-31' }), rule.id);
const windows = (rule: Rule, events: readonly ClinicalFact[] = [START], choices: Partial<Choices> = {}) =>
  of(plannedBy(protocol([rule]), events, { until: '2026-12-31', ...choices }), rule.id).map(
    ({ earliest, due, overdue }) => [earliest, due, overdue],
  );

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
      statusesOf(plannedBy(protocol([quarterly]), [START], { asOf, until: '2024-12-31' }), 'visit');

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

  test('it never leaves its run, and a new clock restarts it', () => {
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

  test('take turns, one date each', () => {
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
    expect(statusesOf(changed, 'visit')[0]).toEqual(['2024-04-15', 'completed']);
    expect(changed.flags.map(({ code }) => code)).toEqual(['changed']);
  });

  test.each(['ct_abdomen_pelvis', 'ct_chest_abdomen_pelvis'])('%s is no other method', (activity) => {
    const same = plan(exam(activity, '2024-04-15'));

    expect(statusesOf(same, 'visit')[0]?.[1]).toBe('completed');
    expect(same.flags).toEqual([]);
  });

  test('outside every window it satisfies nothing and flags nothing', () => {
    const outside = plan(exam('mri_liver', '2024-03-01'));

    expect(statusesOf(outside, 'visit')[0]?.[1]).toBe('upcoming');
    expect(outside.flags).toEqual([]);
  });
});
