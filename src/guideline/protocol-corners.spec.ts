import { colonoscopy, dues, exam, fact, of, plannedBy, statusesOf } from '../../test/support/planned.js';
import { look, protocol, scope, started, visit } from '../../test/support/protocol.js';
import { readGuideline } from '../exchange/guideline-file.js';
import { problemsOf } from './check.js';
import { findGuideline } from './published/index.js';
import { CRLM_CN_2025 } from './published/crlm-cn-2025.js';
import { reasonFor } from './reason.js';
import { calendarDate } from './calendar.js';
import { statusOn } from './planned-item.js';

const START = started('2024-01-15');
const CHOICES = { profile: 'intensive', liverImaging: 'ct' } as const;

test('rolling: single dates follow equal intervals', () => {
  const rule = visit([{ every: 'P6M', until: 'P12M' }, { at: ['P30M'] }], { anchor: 'rolling' });
  expect(dues(plannedBy(protocol([rule]), [START]), 'visit')).toEqual([
    '2024-07-15',
    '2025-01-15',
    '2026-07-15',
  ]);
});
test('a phase without a chosen interval still takes its time: the next one comes after it', () => {
  const rule = visit([
    { every: 'clinician', until: 'P24M' },
    { every: 'P12M', until: 'P36M' },
  ]);
  expect(dues(plannedBy(protocol([rule]), [START]), 'visit')).toEqual(['2027-01-15']);
});
test('rolling: a phase without a chosen interval still takes its time', () => {
  const rule = visit(
    [
      { every: 'clinician', until: 'P24M' },
      { every: 'P12M', until: 'P36M' },
    ],
    { anchor: 'rolling' },
  );
  expect(dues(plannedBy(protocol([rule]), [START]), 'visit')).toEqual(['2027-01-15']);
});
test('rolling: another method is flagged', () => {
  const rule = visit([{ every: 'P6M' }], {
    anchor: 'rolling',
    activity: 'ct_abdomen_pelvis',
    satisfiedBy: ['mri_liver'],
  });
  const plan = plannedBy(protocol([rule]), [START, exam('mri_liver', '2024-07-15')]);
  expect(of(plan, 'visit')[0]).toMatchObject({ completedOn: '2024-07-15', otherMethod: true });
});
test('rolling in turn: only the examination whose turn it is answers', () => {
  const rule = visit([{ every: 'P6M' }], {
    anchor: 'rolling',
    activity: ['liver_ultrasound', 'ct_abdomen_pelvis'],
  });
  const plan = plannedBy(protocol([rule]), [START, exam('ct_abdomen_pelvis', '2024-07-15')]);
  expect(of(plan, 'visit')[0]).toMatchObject({ activity: 'liver_ultrasound', completedOn: null });
});
test('rolling, counted from an event before two runs: every item has a key of its own', () => {
  const rule = visit([{ every: 'P6M' }], { anchor: 'rolling', countedFrom: { event: 'diagnosis' } });
  const keys = plannedBy(protocol([rule]), [START, started('2025-01-20')]).items.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
});
test('on a grid counted from an event before two runs: every item has a key of its own', () => {
  const rule = visit([{ every: 'P6M' }], { countedFrom: { event: 'diagnosis' } });
  const keys = plannedBy(
    protocol([rule]),
    [START, exam('tumour_markers', '2025-01-02'), started('2025-01-05')],
    { diagnosisDate: '2024-01-10', until: '2026-01-01' },
  ).items.map(({ key }) => key);
  expect(keys.filter((k, i) => keys.indexOf(k) !== i)).toEqual([]);
});
test('the sum of weeks and then months says both', () => {
  const guideline = protocol([visit([{ every: 'P6W', until: 'P12W' }, { every: 'P3M' }])]);
  const item = of(plannedBy(guideline, [START], { until: '2025-01-01' }), 'visit')[2]!;
  expect([item.due, reasonFor(guideline, item, CHOICES, 'en').match(/2024-01-15 \+ .*?;/)?.[0]]).toEqual([
    '2024-07-08',
    '2024-01-15 + 3 months + 84 days → 2024-07-08;',
  ]);
});
test('the sum of a first date is counted from the clock', () => {
  const guideline = protocol([
    visit(
      [
        { every: 'P6M', until: 'P6M' },
        { every: 'P6M', from: 'P24M' },
      ],
      { anchor: 'rolling' },
    ),
  ]);
  const item = of(plannedBy(guideline, [START, exam('tumour_markers', '2024-07-31')], {}), 'visit')[1]!;
  expect([
    item.due,
    reasonFor(guideline, item, CHOICES, 'en').match(/\d{4}-\d\d-\d\d \+.*?→ [\d-]+/)?.[0],
  ]).toEqual(['2026-01-15', '2024-01-15 + 24 months → 2026-01-15']);
});
test('the sum of a date from before the run says when it was due first', () => {
  const guideline = protocol([
    visit([{ every: 'P3M' }], { anchor: 'rolling', countedFrom: { event: 'diagnosis' } }),
  ]);
  const item = of(plannedBy(guideline, [START], { diagnosisDate: '2023-06-30' }), 'visit')[0]!;
  expect(reasonFor(guideline, item, CHOICES, 'en')).toMatch('2023-06-30 + 3 months → 2023-09-30');
});
test('the next clock ends a run, whether it is named as an end or not', () => {
  const base = protocol([visit([{ every: 'P6M', until: 'P12M' }])]);
  const guideline = { ...base, pathways: [{ ...base.pathways[0]!, endedBy: ['death'] }] };
  expect(problemsOf(guideline)).toEqual([]);
  const plan = plannedBy(guideline, [START, started('2024-03-01')]);
  expect(plan.runs.map(({ end }) => end)).toEqual(['2024-03-01', null]);
});
test('a pathway from birth is planned ten years from the day of planning', () => {
  const base = protocol([visit([{ every: 'P12M' }])]);
  const guideline = { ...base, pathways: [{ ...base.pathways[0]!, clock: { event: 'birth' } }] };
  expect(
    plannedBy(guideline, [fact('gene', '2024-01-01')].slice(0, 0).concat([]), {
      asOf: '2024-01-01',
    }).items.at(-1)?.due,
  ).toMatch(/^203/);
});
test('a limit is overdue the day after, and not missed at once', () => {
  const rule = visit([{ every: 'P3M', until: 'P6M', limit: true }]);
  const [item] = of(plannedBy(protocol([rule]), [START]), 'visit');
  expect(statusOn(calendarDate('2024-04-16'), item!)).toBe('overdue');
});
test('a misspelt field or value in a condition is a problem', () => {
  const g = JSON.parse(JSON.stringify(CRLM_CN_2025));
  g.rules[3].where = { stadium: ['II'] };
  g.pathways[0].clock.where = { intent: ['kurativ'] };
  expect('faults' in readGuideline(JSON.stringify(g))).toBe(true);
});
test('two single dates that fall on one day are one', () => {
  const g = protocol([visit([{ at: ['P4W', 'P1M', 'P30D'.replace('30', '31') as 'P31D'] }])]);
  const its = of(plannedBy(g, [started('2023-02-10')]), 'visit');
  expect(
    its.filter(({ earliest, due }) => earliest > due).map(({ earliest, due }) => [earliest, due]),
  ).toEqual([]);
});
test('an abnormal result counts, however early it was', () => {
  const chain = scope(
    [
      { when: { none: true }, from: 'clock', earliest: 'P10M', due: 'P12M', limit: false },
      { when: { last: ['abnormal'] }, from: 'last', due: 'P3M', limit: false },
      { when: {}, from: 'last', due: 'P36M', limit: false },
    ],
    { repeatIfEarlierBy: 'P4D' },
  );
  expect(dues(plannedBy(protocol([chain]), [START, colonoscopy('2024-03-01', 'abnormal')]), 'scope')[0]).toBe(
    '2024-06-01',
  );
});
test('a person born on 29 February is a year older on 1 March', () => {
  const g = protocol([visit([{ every: 'P12M' }], { untilAge: 65 })]);
  const its = dues(plannedBy(g, [started('2024-02-28')], { birthDate: '1960-02-29' }), 'visit');
  expect(its).toEqual(['2025-02-28']);
});
test('rolling: an examination outside the window of a single date does not use it up', () => {
  const rule = visit([{ at: ['P12M', 'P36M'] }], { anchor: 'rolling' });
  const plan = plannedBy(protocol([rule]), [START, exam('tumour_markers', '2024-01-20')]);
  expect(statusesOf(plan, 'visit')[0]).toEqual(['2025-01-15', 'upcoming']);
});
test('a chosen interval applies where the text has no case', () => {
  const chain = scope([{ when: { none: true }, from: 'clock', due: 'P12M', limit: false }]);
  const plan = plannedBy(protocol([chain]), [START, colonoscopy('2025-01-15', 'abnormal')], {
    rules: { scope: { by: 'clinician', interval: 'P6M' } },
  });
  expect(dues(plan, 'scope')[1]).toBe('2025-07-15');
});
test('the 2025 guideline: an MRI satisfies a CT date after NED (A30)', () => {
  const plan = plannedBy(findGuideline('crlm-cn-2025')!, [
    fact('liver_ned', '2024-01-15'),
    exam('mri_liver', '2024-04-15'),
  ]);
  expect(statusesOf(plan, 'ned_imaging_ct')[0]).toEqual(['2024-04-15', 'completed']);
});
test('one that leaves the date as it was answers nothing, whichever case says so', () => {
  const chain = scope([
    { when: { none: true }, from: 'clock', due: 'P12M', limit: false },
    { when: { noneSince: 'P6M' }, from: 'clock', due: 'P12M', limit: false },
    { when: {}, from: 'last', due: 'P60M', limit: false },
  ]);
  const plan = plannedBy(protocol([chain]), [START, colonoscopy('2024-03-01')], { until: '2026-01-01' });
  expect(statusesOf(plan, 'scope')).toEqual([['2025-01-15', 'upcoming']]);
});
test('findings in turn: only the examination whose turn it is answers', () => {
  const g = protocol([look({ event: 'gene' }, 'P0D', { activity: ['mri_liver', 'ct_abdomen_pelvis'] })], {
    events: { gene: {} },
  });
  const plan = plannedBy(g, [START, fact('gene', '2024-02-01'), exam('ct_abdomen_pelvis', '2024-02-05')]);
  expect(of(plan, 'look')[0]).toMatchObject({ activity: 'mri_liver', completedOn: null });
});
test('a chain of weeks over years is a week apart', () => {
  const chain = scope([{ when: {}, from: 'last', due: 'P7D', limit: false }]);
  const { items } = plannedBy(protocol([chain]), [START], { until: '2026-12-31' });
  expect([items.length, items.at(-1)!.due]).toEqual([154, '2026-12-28']);
});
test('a decided duration that reaches past the next single date leaves that out', () => {
  const rule = visit([{ every: 'P3M', until: 'P12M' }, { at: ['P18M'] }]);
  const its = of(
    plannedBy(protocol([rule]), [START], {
      rules: { visit: { by: 'clinician', phases: { 0: { until: 'P24M' } } } },
    }),
    'visit',
  );
  expect(its.filter(({ earliest, due }) => earliest > due)).toEqual([]);
});
test('in turn, an examination that includes another method satisfies the date', () => {
  const rule = visit([{ every: 'P3M', until: 'P6M' }], {
    activity: ['mri_liver', 'liver_ultrasound'],
    satisfiedBy: ['ct_abdomen_pelvis'],
  });
  const plan = plannedBy(protocol([rule], { covers: { ct_chest_abdomen_pelvis: ['ct_abdomen_pelvis'] } }), [
    START,
    exam('ct_chest_abdomen_pelvis', '2024-04-15'),
  ]);
  expect(statusesOf(plan, 'visit')[0]?.[1]).toBe('completed');
});
test('a limit is late the day after, whatever its window, on a grid and rolling', () => {
  const phase = { at: ['P6M'], limit: true, window: { before: 'P7D', after: 'P30D' } } as const;
  const overdue = (anchor: 'grid' | 'rolling') =>
    of(plannedBy(protocol([visit([phase], { anchor })]), [START]), 'visit')[0]?.overdue;
  expect(overdue('grid')).toBe(overdue('rolling'));
});
test('a limit with a range is late the day after its due date, repeated or single', () => {
  const range = ['P3M', 'P6M'] as const;
  const overdue = (rule: ReturnType<typeof visit>) =>
    of(plannedBy(protocol([rule]), [START]), 'visit')[0]?.overdue;
  expect(overdue(visit([{ every: range, until: 'P6M', limit: true }]))).toBe(
    overdue(visit([{ at: [range], limit: true }])),
  );
});
test('own events of one day come in the order in which they are declared', () => {
  const on = (begin: string, end: string) => {
    const base = protocol([visit([{ every: 'P1M', until: 'P3M' }])], { events: { [begin]: {}, [end]: {} } });
    const guideline = {
      ...base,
      pathways: [{ ...base.pathways[0]!, clock: { event: begin }, endedBy: [begin, end] }],
    };
    return dues(plannedBy(guideline, [fact(begin, '2024-01-15'), fact(end, '2024-01-15')]), 'visit').length;
  };
  expect(on('therapy_begun', 'therapy_ended')).toBe(on('therapy_started', 'therapy_ended'));
});
test('an item before the horizon does not depend on it, even where its run ends after it', () => {
  const events = [
    fact('liver_ned', '2012-01-01'),
    fact('conversion_therapy_started', '2014-11-20', { mmr: 'pMMR' }),
    fact('death', '2025-09-09'),
  ];
  const missed = (until?: string) =>
    plannedBy(CRLM_CN_2025, events, { profile: 'minimal', until }).items.find(
      ({ key }) => key === 'conversion_liver_ultrasound@2014-11-20+P3640D',
    )?.missedOn;
  expect(missed()).toBe(missed('2026-03-28'));
});
test('declared fields may not replace type or date', () => {
  const g = {
    ...protocol([visit([{ at: ['P1M'] }])]),
    events: {
      started: { fields: { date: ['soon'] } },
      ended: {},
      primary_resection: { fields: { stage: ['0'] } },
    },
  };
  expect(problemsOf(g)).not.toEqual([]);
});
