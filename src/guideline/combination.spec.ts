import { conversion, exam, ned, of, plannedBy, statusesOf } from '../../test/support/planned.js';
import { ended, look, protocol, started, visit } from '../../test/support/protocol.js';
import { calendarDate } from './calendar.js';
import { findGuideline } from './published/index.js';
import { statusOn } from './planned-item.js';

const CRLM = findGuideline('crlm-cn-2025')!;
const START = started('2024-01-15');

const liver = (date: string, outcome: string) => exam('liver_ultrasound', date, outcome);

describe('one live item of an activity, whichever rules ask for it', () => {
  test('an MRI owed for a finding waits, and stands for the MRI of the plan from the day that one opens', () => {
    const events = [ned('2024-01-15'), exam('mri_liver', '2024-04-15'), liver('2024-06-01', 'suspicious')];
    const on = (asOf: string) => plannedBy(CRLM, events, { liverImaging: 'mri', asOf });
    const opening = on('2024-06-30');
    const open = on('2024-07-01'); // 14 days before 15 July

    expect(statusesOf(opening, 'suspicious_finding_mri')).toEqual([['2024-06-01', 'overdue']]);
    expect(statusesOf(opening, 'ned_imaging_mri')[1]).toEqual(['2024-07-15', 'upcoming']);
    expect(opening.validUntil).toBe('2024-06-30');
    expect(statusesOf(open, 'suspicious_finding_mri')).toEqual([['2024-06-01', 'overdue']]);
    expect(of(open, 'suspicious_finding_mri')[0]?.alsoFor).toEqual(['ned_imaging_mri@2024-07-15']);
    expect(statusesOf(open, 'ned_imaging_mri')[1]).toEqual(['2024-10-15', 'upcoming']);
    expect(statusesOf(on('2025-03-01'), 'suspicious_finding_mri')).toEqual([['2024-06-01', 'overdue']]);

    const after = plannedBy(CRLM, [...events, exam('mri_liver', '2024-07-10')], {
      liverImaging: 'mri',
      asOf: '2024-07-20',
    });
    expect(of(after, 'suspicious_finding_mri')[0]?.completedOn).toBe('2024-07-10');
    expect(of(after, 'ned_imaging_mri')[1]).toMatchObject({ due: '2024-07-15', completedOn: '2024-07-10' });
  });

  test('an item is due for a day at least, even where the next one opens before', () => {
    const guideline = protocol([visit([{ at: ['P3M'] }]), visit([{ at: ['P92D'] }], { id: 'second' })]);
    const plan = plannedBy(guideline, [START]);

    expect(of(plan, 'second')[0]).toMatchObject({ earliest: '2024-03-17', due: '2024-04-16' });
    expect(of(plan, 'visit')[0]).toMatchObject({
      due: '2024-04-15',
      overdue: '2024-04-16',
      missedOn: '2024-04-16',
    });
  });

  test('of two due on one day the one that waits longer stands, with the narrower window of both', () => {
    const guideline = protocol(
      [
        visit([{ every: 'P3M', until: 'P6M' }], { id: 'grid', activity: 'mri_liver' }),
        look({ event: 'report' }, 'P0D', { id: 'owed' }),
      ],
      { events: { report: {} } },
    );
    const plan = plannedBy(guideline, [START, { type: 'report', date: calendarDate('2024-04-15') }]);

    expect(of(plan, 'grid').map(({ due }) => due)).toEqual(['2024-07-15']);
    expect(of(plan, 'owed')[0]).toMatchObject({
      due: '2024-04-15',
      earliest: '2024-04-15',
      overdue: '2024-04-30',
      missedOn: null,
      alsoFor: ['grid@2024-04-15'],
    });
  });

  test('what is done neither overtakes nor is overtaken', () => {
    const guideline = protocol([visit([{ at: ['P3M'] }]), visit([{ at: ['P4M'] }], { id: 'second' })]);
    const plan = plannedBy(guideline, [START, exam('tumour_markers', '2024-05-10')], {});

    expect(of(plan, 'visit')[0]).toMatchObject({ completedOn: '2024-05-10', missedOn: null });
    expect(of(plan, 'second')[0]).toMatchObject({ completedOn: '2024-05-10', missedOn: null });
  });

  test('grid dates from before enrolment overtake nothing', () => {
    const guideline = protocol([
      visit([{ at: ['P3M'] }], { anchor: 'rolling' }),
      visit([{ at: ['P4M'] }], { id: 'second' }),
    ]);
    const plan = plannedBy(guideline, [START], { enrolledOn: '2024-06-01', asOf: '2024-06-01' });

    expect(statusesOf(plan, 'visit')).toEqual([['2024-04-15', 'overdue']]);
    expect(statusesOf(plan, 'second')).toEqual([['2024-05-15', 'before_enrolment']]);
  });

  test('two pathways at once: the ultrasound of one gives way to that of the other', () => {
    const plan = plannedBy(CRLM, [ned('2024-01-15'), conversion('2024-03-01')], {
      asOf: '2024-04-20',
      until: '2024-06-30',
    });
    const live = plan.items.filter(
      (item) =>
        item.activity === 'liver_ultrasound' &&
        ['due', 'overdue'].includes(statusOn(calendarDate('2024-04-20'), item)),
    );

    expect(live.map(({ rule, due }) => [rule, due])).toEqual([['ned_liver_ultrasound', '2024-04-15']]);
    expect(statusesOf(plan, 'conversion_liver_ultrasound')[0]).toEqual(['2024-04-12', 'missed']);
  });
});

describe('a rule that ends', () => {
  const switchedOff = { visit: { by: 'clinician', offFrom: calendarDate('2024-05-01') } } as const;
  const guideline = protocol([visit([{ every: 'P3M' }])]);

  test('asks for nothing from that day on, and what was owed is missed on it', () => {
    const plan = plannedBy(guideline, [START], { rules: switchedOff, asOf: '2024-05-01' });

    expect(statusesOf(plan, 'visit')).toEqual([['2024-04-15', 'missed']]);
    expect(of(plan, 'visit')[0]?.missedOn).toBe('2024-05-01');
  });

  test('keeps what was done, also what was due later', () => {
    const plan = plannedBy(guideline, [START, exam('tumour_markers', '2024-07-10')], {
      rules: switchedOff,
    });

    expect(statusesOf(plan, 'visit')).toEqual([
      ['2024-04-15', 'missed'],
      ['2024-07-15', 'completed'],
    ]);
  });

  test('an earlier end by the pathway stands', () => {
    const plan = plannedBy(guideline, [START, ended('2024-04-20')], { rules: switchedOff });

    expect(of(plan, 'visit')[0]?.missedOn).toBe('2024-04-20');
  });
});

test('the items of one day are ordered by activity, then by key, whatever the order of the rules', () => {
  const added = ['b', 'a', 'c'].map((id) => ({
    ...{ id, activity: id === 'c' ? 'clinical_review' : 'mri_liver', by: 'clinician' as const },
    due: calendarDate('2024-07-15'),
  }));
  const rules = [visit([{ every: 'P6M', until: 'P6M' }], { activity: 'colonoscopy' })];
  const keys = (list: typeof added): string[] =>
    plannedBy(protocol(rules), [started('2024-01-15')], { added: list }).items.map(
      ({ activity, key }) => `${activity} ${key}`,
    );
  expect(keys(added)).toEqual(keys(added.toReversed()));
  expect(keys(added)).toEqual([
    'clinical_review by_hand@2024-07-15#c',
    'colonoscopy visit@2024-01-15+P6M',
    'mri_liver by_hand@2024-07-15#a',
    'mri_liver by_hand@2024-07-15#b',
  ]);
});
