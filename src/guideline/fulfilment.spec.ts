import { dues, exam, fact, ned, of, plannedBy, resection, statusesOf } from '../../test/support/planned.js';
import { ended, look, protocol, started, visit } from '../../test/support/protocol.js';
import { calendarDate } from './calendar.js';
import type { ClinicalFact } from './facts.js';
import { findGuideline } from './published/index.js';

const CRLM = findGuideline('crlm-cn-2025')!;
const START = started('2024-01-15');
const marker = (date: string, fields: object = {}): ClinicalFact => ({
  ...exam('tumour_markers', date),
  ...fields,
});
const quarterly = protocol([visit([{ every: 'P3M' }])]);
const until = '2024-12-31';

/** Due date and day of completion of the visits. */
const done = (events: readonly ClinicalFact[], guideline = quarterly) =>
  of(plannedBy(guideline, [START, ...events], { until }), 'visit').map(({ due, completedOn }) => [
    due,
    completedOn,
  ]);

describe('the exam that fulfils a grid date', () => {
  test('from the first day of its window to the day before the next one opens', () => {
    expect(done([marker('2024-04-01')])[0]).toEqual(['2024-04-15', '2024-04-01']);
    expect(done([marker('2024-03-31')])[0]).toEqual(['2024-04-15', null]);
    expect(done([marker('2024-06-30')])[0]).toEqual(['2024-04-15', '2024-06-30']);
    expect(done([marker('2024-07-01')]).slice(0, 2)).toEqual([
      ['2024-04-15', null],
      ['2024-07-15', '2024-07-01'],
    ]);
  });

  test('that a person recorded it for, whatever the windows say, and then no other', () => {
    expect(done([marker('2024-07-10', { forDue: '2024-04-15' })]).slice(0, 2)).toEqual([
      ['2024-04-15', '2024-07-10'],
      ['2024-07-15', null],
    ]);
  });

  test('the first exam in its window, when it was recorded for a date that does not exist', () => {
    expect(done([marker('2024-07-10', { forDue: '2024-05-05' })]).slice(0, 2)).toEqual([
      ['2024-04-15', null],
      ['2024-07-15', '2024-07-10'],
    ]);
  });

  test('one recorded for it after the run, if the grid date was due on the run', () => {
    const after = [ended('2024-05-01'), marker('2024-06-10', { forDue: '2024-04-15' })];
    const beyond = [ended('2024-05-01'), marker('2024-06-10', { forDue: '2024-07-15' })];

    expect(done(after)).toEqual([['2024-04-15', '2024-06-10']]);
    expect(done(beyond)).toEqual([['2024-04-15', null]]);
  });

  test('by its own id', () => {
    const plan = plannedBy(quarterly, [START, marker('2024-04-15', { id: 'e1' })], { until });

    expect(
      of(plan, 'visit')
        .slice(0, 2)
        .map(({ completedBy }) => completedBy),
    ).toEqual(['e1', null]);
  });
});

describe('a range is late past its long end', () => {
  const range = protocol([visit([{ every: ['P3M', 'P6M'] }])]);
  const overdue = (...events: ClinicalFact[]) =>
    of(plannedBy(range, [START, ...events], { until: '2025-06-30' }), 'visit').map((item) => item.overdue);

  test('counted from the start without an exam, but a grid date never outlives the next one', () => {
    // Six months from 15 January is 15 July; the next grid date opens on 1 July and overtakes the item.
    expect(overdue()[0]).toBe('2024-07-01');
  });

  test('counted from the last one before its window, not from one within it or from before the start', () => {
    const wide = protocol([
      visit([
        { at: ['P1M'] },
        { every: ['P2M', 'P10M'], from: 'P6M', until: 'P6M' },
        { every: ['P3M', 'P12M'] },
      ]),
    ]);
    const late = (...events: ClinicalFact[]) =>
      of(plannedBy(wide, [START, ...events], { until: '2024-10-31' }), 'visit')[2]?.overdue;

    expect(late()).toBe('2025-01-01'); // the next grid date opens
    expect(late(marker('2023-06-01'))).toBe('2025-01-01');
  });

  test('a day after the long end, without a next grid date', () => {
    const last = protocol([visit([{ every: ['P3M', 'P6M'], until: 'P6M' }])]);
    const late = (...events: ClinicalFact[]) =>
      of(plannedBy(last, [START, ...events], {}), 'visit').at(-1)?.overdue;

    expect(late()).toBe('2024-07-16');
    expect(late(marker('2024-01-15'))).toBe('2024-07-16');
    expect(late(marker('2023-12-31'))).toBe('2024-07-16');
    expect(late(marker('2024-04-20'))).toBe('2024-10-21');
    expect(late(marker('2024-04-20'), marker('2024-06-30'))).toBe('2024-12-31');
    expect(late(marker('2024-04-20'), marker('2024-07-01'))).toBe('2024-10-21'); // that exam is in the window
  });
});

describe('another method', () => {
  const either = protocol(
    [
      visit([{ every: 'P3M' }], {
        activity: 'ct_abdomen_pelvis',
        satisfiedBy: ['mri_liver', 'liver_ultrasound'],
      }),
      look(
        { event: 'exam', where: { activity: ['ct_chest_abdomen_pelvis'], outcome: ['suspicious'] } },
        'P0D',
      ),
    ],
    { covers: { ct_chest_abdomen_pelvis: ['ct_abdomen_pelvis'] } },
  );
  const first = (...events: ClinicalFact[]) => {
    const [item] = of(plannedBy(either, [START, ...events], { until }), 'visit');
    return [item?.completedOn, item?.otherMethod];
  };

  test('satisfies the date, each of them, and is called another', () => {
    expect(first(exam('mri_liver', '2024-04-10'))).toEqual(['2024-04-10', true]);
    expect(first(exam('liver_ultrasound', '2024-04-10'))).toEqual(['2024-04-10', true]);
    expect(first(exam('ct_abdomen_pelvis', '2024-04-10'))).toEqual(['2024-04-10', false]);
    expect(first(exam('ct_chest_abdomen_pelvis', '2024-04-10'))).toEqual(['2024-04-10', false]);
    expect(first(marker('2024-04-10'))).toEqual([null, false]);
  });

  test('does not, where it answered a finding: that exam was additional', () => {
    const found = exam('ct_chest_abdomen_pelvis', '2024-02-20', 'suspicious');

    expect(first(found, exam('mri_liver', '2024-04-10'))).toEqual([null, false]);
    expect(first(found, exam('mri_liver', '2024-02-25'), exam('mri_liver', '2024-04-10'))).toEqual([
      '2024-04-10',
      true,
    ]);
    expect(
      first(found, { ...exam('mri_liver', '2024-04-10'), forDue: '2024-04-15' } as ClinicalFact),
    ).toEqual(['2024-04-10', true]);
    expect(first(found, exam('ct_abdomen_pelvis', '2024-04-10'))).toEqual(['2024-04-10', false]);
  });

  test('after NED either satisfies the date of liver imaging, and the plan says so', () => {
    const plan = plannedBy(CRLM, [ned('2021-08-31'), exam('mri_liver', '2021-11-30')]);

    expect(statusesOf(plan, 'ned_imaging_ct')[0]).toEqual(['2021-11-30', 'completed']);
    expect(plan.flags.map(({ code }) => code)).toContain('imaging-method-changed');
    expect(plannedBy(CRLM, [ned('2021-08-31')]).flags.map(({ code }) => code)).not.toContain(
      'imaging-method-changed',
    );
  });
});

describe('counted from another event', () => {
  const from = visit([{ every: 'P6M' }], { countedFrom: { event: 'scan' } });
  const guideline = protocol([from], { events: { scan: {} } });
  const dated = (...events: ClinicalFact[]) =>
    dues(plannedBy(guideline, [START, ...events], { until }), 'visit');

  test('the last one up to the start, that day included; what would fall on the start or before is left out', () => {
    expect(dated(fact('scan', '2023-01-20'), fact('scan', '2023-12-01'))).toEqual([
      '2024-06-01',
      '2024-12-01',
    ]);
    expect(dated(fact('scan', '2024-01-15'))).toEqual(['2024-07-15']);
    expect(dated(fact('scan', '2023-07-15'))).toEqual(['2024-07-15']);
  });

  test('else the first one within the run; without one nothing is planned', () => {
    expect(dated(fact('scan', '2024-02-01'), fact('scan', '2024-03-01'))).toEqual(['2024-08-01']);
    expect(dated()).toEqual([]);
  });
});

test('of two rules with the same phases, a choice for one leaves the other as it was', () => {
  const phases = visit([{ every: 'P3M' }]).phases;
  const guideline = protocol([
    visit([{ every: 'P3M' }], { phases }),
    visit([{ every: 'P3M' }], { id: 'other', activity: 'clinical_review', phases }),
    visit([{ every: 'P3M' }], {
      id: 'third',
      activity: 'liver_ultrasound',
      phases,
      countedFrom: { event: 'diagnosis' },
    }),
  ]);
  const plan = plannedBy(guideline, [START], {
    until: '2024-07-31',
    diagnosisDate: '2024-01-01',
    rules: { visit: { by: 'clinician', phases: { 0: { every: 'P2M' } } } },
  });

  expect(dues(plan, 'visit')).toEqual(['2024-03-15', '2024-05-15', '2024-07-15']);
  expect(dues(plan, 'other')).toEqual(['2024-04-15', '2024-07-15']);
  expect(dues(plan, 'third')).toEqual(['2024-04-01', '2024-07-01']);
});

test('rules of one sentence share their dates on each run of their own', () => {
  const plan = plannedBy(CRLM, [resection(), ned('2021-08-31'), ned('2022-01-31')], { until: '2022-08-31' });

  expect(dues(plan, 'ned_review')).toEqual(['2021-11-30', '2022-04-30', '2022-07-31']);
  expect(dues(plan, 'ned_liver_ultrasound')).toEqual(['2021-11-30', '2022-04-30', '2022-07-31']);
});

test('on the day a pathway ends no further date opens: an exam of that day completes the open one', () => {
  const surgery = { ...resection({ stage: 'II' }), date: calendarDate('2018-10-26') };
  const events = [surgery, fact('transferred_out', '2019-04-12'), exam('tumour_markers', '2019-04-12')];

  // The window of month 6 would have opened on that day.
  expect(of(plannedBy(CRLM, events, { diagnosisDate: '2018-10-06' }), 'postoperative_markers')).toMatchObject(
    [{ due: '2019-01-26', completedOn: '2019-04-12' }],
  );
});
