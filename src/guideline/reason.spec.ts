import {
  colonoscopy,
  conversion,
  exam,
  fact,
  ned,
  of,
  plannedBy,
  resection,
} from '../../test/support/planned.js';
import { look, protocol, scope, started, visit } from '../../test/support/protocol.js';
import type { Language } from './guideline.js';
import type { Choices } from './choices.js';
import { ACTIVITIES } from './activities.js';
import { CLINICAL_EVENT_TYPES, ORIGINS } from './facts.js';
import type { ClinicalFact } from './facts.js';
import type { Guideline, Rule } from './guideline.js';
import { findGuideline } from './published/index.js';
import { type Explanation, explanationOf, reasonFor, recommendationOf } from './reason.js';
import { activityTitle, eventTitle } from './vocabulary.js';

const CRLM = findGuideline('crlm-cn-2025')!;
const INTENSIVE: Choices = { profile: 'intensive', liverImaging: 'ct' };

interface Asked {
  readonly guideline?: Guideline;
  readonly choices?: Partial<Choices>;
  readonly index?: number;
  readonly language?: Language;
  readonly until?: string;
}

/** The item of the rule for these events, and its explanation. */
function explained(
  events: readonly ClinicalFact[],
  rule: string,
  asked: Asked = {},
): Explanation & { text: string } {
  const { guideline = CRLM, index = 0, language = 'en', until } = asked;
  const choices = { ...INTENSIVE, ...asked.choices };
  const item = of(plannedBy(guideline, events, { ...choices, until }), rule)[index]!;
  return {
    ...explanationOf(guideline, item, choices, language),
    text: reasonFor(guideline, item, choices, language),
  };
}

const by = (rule: Rule, more: Partial<Guideline> = {}): Guideline => protocol([rule], more);

describe('of everything that the 2025 guideline plans', () => {
  test('a review: section, grade, clock, arithmetic, range, profile, window, what would change it', () => {
    expect(explained([resection()], 'postoperative_review').text).toBe(
      'History and examination after surgery (Chinese guideline for colorectal cancer liver metastases, 2025 edition, 1.3(1); evidence 1a, grade A); ' +
        'primary resection 2020-01-31 + 3 months → 2020-04-30; ' +
        'the text says every 3 months to 6 months; the intensive profile takes 3 months; ' +
        'late once the long end of the range has passed since the last one done; ' +
        'would change it: a corrected date (primary resection), another choice within the range, ' +
        'an event that ends the pathway (primary resection, liver metastasis diagnosed, recurrence, NED reached, death, transfer, loss to follow-up, withdrawal of consent).',
    );
    expect(explained([resection()], 'postoperative_review', { language: 'zh' }).text).toBe(
      '术后病史询问与体格检查：中国结直肠癌肝转移诊断和综合治疗指南（2025版），1.3(1)，1a类证据，A级推荐；' +
        '原发灶手术2020-01-31 + 3 个月 → 2020-04-30；原文为每3个月至6个月，按“强化”方案取3个月；' +
        '距上次完成超过范围长端才算逾期；会改变它的：更正日期（原发灶手术）、在范围内另选间隔、' +
        '结束随访路径的事件（原发灶手术、确诊肝转移、复发、达到NED、死亡、转出、失访、撤回同意）。',
    );
  });

  test('a chest CT: no grade printed, the hospital’s tolerance, what it covers, how long the phase lasts', () => {
    expect(explained([ned('2021-08-31')], 'ned_chest_ct')).toMatchObject({
      rule: 'Chest, abdomen and pelvis CT after NED',
      guideline: 'Chinese guideline for colorectal cancer liver metastases, 2025 edition',
      section: '1.4(3) → 1.3(2)',
      evidence: null,
      grade: null,
      recommendation: 'no grade printed',
      clock: { event: 'NED reached', date: '2021-08-31' },
      arithmetic: '2021-08-31 + 12 months → 2022-08-31',
      range: 'the text says for 36 months to 60 months, 60 months taken',
      decision: null,
      window: '60 days either side are hospital policy, not guideline',
      anchor: 'grid: counted from the clock, whenever it was really done',
      covers: 'covers the abdomen and pelvis CT due the same day',
      assumption: null,
      caution: null,
    });
    expect(explained([ned('2021-08-31')], 'ned_chest_ct', { language: 'zh' })).toMatchObject({
      recommendation: '原文未标注证据级别',
      range: '原文为持续36个月至60个月，取60个月',
      window: '前后60天的宽限为本院政策，非指南内容',
      anchor: '固定时点：自起算日计，不随实际检查日移动',
      covers: '涵盖同日的腹/盆腔CT',
    });
  });

  test('the minimal profile takes the other ends', () => {
    const minimal = { choices: { profile: 'minimal' }, index: 5, until: '2035-01-01' } as const;

    expect(explained([resection()], 'postoperative_ct', minimal).range).toBe(
      'the text says every 12 months to 24 months; the minimal profile takes 24 months; the text says for 36 months to 60 months, 36 months taken',
    );
    expect(explained([resection()], 'postoperative_ct', { ...minimal, language: 'zh' }).range).toBe(
      '原文为每12个月至24个月，按“最低”方案取24个月；原文为持续36个月至60个月，取36个月',
    );
  });

  test('a colonoscopy after an abnormal one: a limit, rolling, and what its results change', () => {
    const abnormal = [resection(), colonoscopy('2020-12-01', 'abnormal')];

    expect(explained(abnormal, 'colonoscopy', { index: 1 })).toMatchObject({
      clock: { event: 'last one done', date: '2020-12-01' },
      arithmetic: '2020-12-01 + 12 months → 2021-12-01',
      window: 'the text sets a limit: the day after is late',
      anchor: 'rolling: counted from what was really done last',
      wouldChange: [
        'a corrected date (last one done)',
        'the result of the last or the next examination',
        expect.stringContaining('an event that ends the pathway'),
      ],
    });
    expect(explained(abnormal, 'colonoscopy', { index: 1, language: 'zh' })).toMatchObject({
      clock: { event: '上一次检查', date: '2020-12-01' },
      window: '原文为期限，次日即逾期',
      anchor: '滚动：自上一次实际完成之日计',
      wouldChange: [
        '更正日期（上一次检查）',
        '上一次或下一次检查的结果',
        expect.stringContaining('结束随访路径的事件'),
      ],
    });
  });

  test('a colonoscopy ahead rests on an assumption', () => {
    expect(explained([resection()], 'colonoscopy', { index: 1 })).toMatchObject({
      clock: { event: 'primary resection', date: '2020-01-31' },
      arithmetic: '2020-01-31 + 36 months → 2023-01-31',
      assumption:
        'assumes that the one before is done in time and normal; its real result will change this date',
    });
    expect(explained([resection()], 'colonoscopy', { index: 1, language: 'zh' }).assumption).toBe(
      '假定前一次按期完成且结果正常，实际结果会改变此日期',
    );
    expect(explained([resection()], 'colonoscopy').assumption).toBeNull();
  });

  test('a colonoscopy due on return says when it was due first', () => {
    const onReturn = [resection({ stage: 'IV' }), ned()];

    expect(explained(onReturn, 'colonoscopy').arithmetic).toBe(
      '2020-01-31 + 12 months → 2021-01-31; not done by then or off follow-up, so due on the day follow-up goes on, 2021-08-31',
    );
    expect(explained(onReturn, 'colonoscopy', { language: 'zh' }).arithmetic).toBe(
      '2020-01-31 + 12 个月 → 2021-01-31；当时未在随访路径或未做，恢复随访当日 2021-08-31 到期',
    );
  });

  test('a reassessment is counted in weeks, even where they make a month', () => {
    const asked = { until: '2025-03-01' };
    const sums = [0, 1, 2, 3].map(
      (index) => explained([conversion('2024-03-01')], 'conversion_ct', { ...asked, index }).arithmetic,
    );

    expect(sums).toEqual([
      '2024-03-01 + 6 weeks → 2024-04-12',
      '2024-03-01 + 12 weeks → 2024-05-24',
      '2024-03-01 + 18 weeks → 2024-07-05',
      '2024-03-01 + 24 weeks → 2024-08-16',
    ]);
    expect(
      explained([conversion('2024-03-01')], 'conversion_ct', { ...asked, language: 'zh' }).arithmetic,
    ).toBe('2024-03-01 + 6 周 → 2024-04-12');
  });

  test('an MRI because of a finding is due on its day', () => {
    const found = [resection(), exam('liver_ultrasound', '2020-05-02', 'suspicious')];

    expect(explained(found, 'suspicious_finding_mri')).toMatchObject({
      recommendation: 'evidence 1a, grade A',
      clock: { event: 'finding', date: '2020-05-02' },
      arithmetic: 'on the day itself, 2020-05-02',
      window: '14 days either side are hospital policy, not guideline',
      anchor: 'once, counted from the event',
    });
    expect(explained(found, 'suspicious_finding_mri', { language: 'zh' })).toMatchObject({
      recommendation: '1a类证据，A级推荐',
      clock: { event: '该次检查的发现', date: '2020-05-02' },
      arithmetic: '2020-05-02 当日',
      anchor: '一次，自该事件之日计',
      wouldChange: ['更正日期（该次检查的发现）', '撤销该发现', expect.any(String)],
    });
    expect(explained(found, 'suspicious_finding_mri').wouldChange[1]).toBe('the finding being taken back');
  });

  test('how the text was read is shown in both languages', () => {
    const rule = CRLM.rules.find(({ id }) => id === 'ned_markers')!;

    expect(explained([ned()], 'ned_markers').interpretation).toBe(rule.interpretation.en);
    expect(explained([ned()], 'ned_markers', { language: 'zh' }).interpretation).toBe(rule.interpretation.zh);
  });
});

describe('of what people decided', () => {
  const wang = { by: 'clinician', author: '王医生', reason: '肾功能不全' } as const;
  const decided = (every: `P${number}M`, choice: object = wang): Partial<Choices> => ({
    rules: { postoperative_review: { ...wang, ...choice, phases: { 0: { every } } } },
  });

  test('a value inside the range names who chose it, and no profile', () => {
    const review = explained([resection()], 'postoperative_review', { choices: decided('P4M') });

    expect(review).toMatchObject({
      arithmetic: '2020-01-31 + 4 months → 2020-05-31',
      range: 'the text says every 3 months to 6 months',
      decision: 'clinician 王医生 decided every 4 months (肾功能不全)',
    });
    expect(review.wouldChange).toContain('the decision being revoked');
    expect(
      explained([resection()], 'postoperative_review', { choices: decided('P4M'), language: 'zh' }),
    ).toMatchObject({
      range: '原文为每3个月至6个月',
      decision: '医生王医生决定每4个月（肾功能不全）',
      wouldChange: expect.arrayContaining(['撤销该决定']),
    });
  });

  test('a value outside it is called so', () => {
    expect(explained([resection()], 'postoperative_review', { choices: decided('P1M') }).decision).toBe(
      'clinician 王医生 decided every 1 month (肾功能不全), outside the guideline',
    );
    expect(
      explained([resection()], 'postoperative_review', { choices: decided('P1M'), language: 'zh' }).decision,
    ).toBe('医生王医生决定每1个月（肾功能不全），超出指南范围');
  });

  test('a hospital decides by its policy, with or without a reason', () => {
    const hospital = { by: 'hospital', author: undefined, reason: undefined };

    expect(
      explained([resection()], 'postoperative_review', { choices: decided('P5M', hospital) }).decision,
    ).toBe('hospital policy decided every 5 months');
    expect(
      explained([resection()], 'postoperative_review', { choices: decided('P5M', hospital), language: 'zh' })
        .decision,
    ).toBe('本院政策决定每5个月');
  });

  test('an interval for a chain counts from the last one, within the hospital’s tolerance', () => {
    const choices = { rules: { colonoscopy: { ...wang, interval: 'P24M' } } } as const;

    expect(
      explained([resection(), colonoscopy('2020-12-01')], 'colonoscopy', { choices, index: 1 }),
    ).toMatchObject({
      arithmetic: '2020-12-01 + 24 months → 2022-12-01',
      decision: 'clinician 王医生 decided every 24 months (肾功能不全)',
      window: '60 days either side are hospital policy, not guideline',
    });
  });

  test('an item added by hand names its author and reason, and no guideline', () => {
    const added = [
      { ...wang, id: 'a1', activity: 'mri_liver', due: '2020-06-01' },
    ] as unknown as Choices['added'];

    expect(explained([resection()], 'by_hand', { choices: { added } })).toMatchObject({
      rule: 'Added by a clinician',
      recommendation: 'not from the guideline',
      clock: null,
      decision: '王医生: 肾功能不全',
      window: '14 days either side are hospital policy, not guideline',
      wouldChange: ['the decision being revoked'],
      text: 'Added by a clinician; 2020-06-01; 王医生: 肾功能不全; 14 days either side are hospital policy, not guideline; would change it: the decision being revoked.',
    });
    expect(explained([resection()], 'by_hand', { choices: { added }, language: 'zh' }).text).toBe(
      '医生另加的检查；2020-06-01；王医生：肾功能不全；前后14天的宽限为本院政策，非指南内容；会改变它的：撤销该决定。',
    );
  });
});

describe('of other protocols', () => {
  const start = [started('2024-01-31')];

  test('single dates in weeks and in days', () => {
    const guideline = by(visit([{ at: ['P6W', 'P50D'] }]));

    expect([0, 1].map((index) => explained(start, 'visit', { guideline, index }).arithmetic)).toEqual([
      '2024-01-31 + 6 weeks → 2024-03-13',
      '2024-01-31 + 50 days → 2024-03-21',
    ]);
    expect(explained(start, 'visit', { guideline, index: 1, language: 'zh' }).arithmetic).toBe(
      '2024-01-31 + 50 天 → 2024-03-21',
    );
  });

  test('a month that rolls over says the months that were counted', () => {
    const guideline = by(visit([{ every: 'P1M' }]), { monthEnd: 'roll' });

    expect([0, 1, 2].map((index) => explained(start, 'visit', { guideline, index }).arithmetic)).toEqual([
      '2024-01-31 + 1 month → 2024-03-01',
      '2024-01-31 + 2 months → 2024-03-31',
      '2024-01-31 + 3 months → 2024-05-01',
    ]);
  });

  test('a rolling visit counts from the last one done', () => {
    const guideline = by(visit([{ every: 'P3M' }], { anchor: 'rolling' }));
    const seen = [...start, exam('tumour_markers', '2024-05-10')];

    expect(explained(seen, 'visit', { guideline })).toMatchObject({
      clock: { event: 'Protocol', date: '2024-01-31' },
    });
    expect(explained(seen, 'visit', { guideline, index: 1 })).toMatchObject({
      clock: { event: 'last one done', date: '2024-05-10' },
      arithmetic: '2024-05-10 + 3 months → 2024-08-10',
      anchor: 'rolling: counted from what was really done last',
    });
  });

  test('a window of the text is not called hospital policy, nor is a limit', () => {
    const window = { before: 'P7D', after: 'P2W' } as const;

    expect(explained(start, 'visit', { guideline: by(visit([{ every: 'P3M', window }])) }).window).toBe(
      'the window is given by the text',
    );
    expect(
      explained(start, 'visit', { guideline: by(visit([{ every: 'P3M', window }])), language: 'zh' }).window,
    ).toBe('时间窗由原文规定');
    expect(explained(start, 'visit', { guideline: by(visit([{ every: 'P3M', limit: true }])) }).window).toBe(
      'the text sets a limit: the day after is late',
    );
    const latest = scope([{ when: {}, from: 'clock', due: 'P3M', latest: 'P4M', limit: false }]);
    expect(explained(start, 'scope', { guideline: by(latest) }).window).toBe(
      'the window is given by the text',
    );
  });

  test('of several moments the reason names the one that determined the day', () => {
    const due = [
      { from: 'birth', after: 'P60Y' },
      { from: 'clock', after: 'P2M' },
    ] as const;
    const guideline = by(scope([{ when: {}, from: 'clock', due, limit: false }]));

    expect(explained(start, 'scope', { guideline }).arithmetic).toBe('2024-01-31 + 2 months → 2024-03-31');
    expect(explained([started('2010-01-31')], 'scope', { guideline }).arithmetic).toBe(
      '1955-03-01 + 720 months → 2015-03-01',
    );
  });

  test('a range of a chain, by either profile', () => {
    const guideline = by(scope([{ when: {}, from: 'clock', due: ['P24M', 'P36M'], limit: false }]));

    expect(explained(start, 'scope', { guideline })).toMatchObject({
      arithmetic: '2024-01-31 + 24 months → 2026-01-31',
      range: 'the text says every 24 months to 36 months; the intensive profile takes 24 months',
    });
    expect(explained(start, 'scope', { guideline, choices: { profile: 'minimal' } }).arithmetic).toBe(
      '2024-01-31 + 36 months → 2027-01-31',
    );
  });

  test('an event that the protocol declares goes by its own title', () => {
    const guideline = by(look({ event: 'report' }, 'P1M'), {
      events: { report: { title: { zh: '报告', en: 'report' } } },
    });
    const report = [...start, fact('report', '2024-02-10')];

    expect(explained(report, 'look', { guideline })).toMatchObject({
      clock: { event: 'report', date: '2024-02-10' },
      arithmetic: '2024-02-10 + 1 month → 2024-03-10',
    });
  });

  test('a secondary source comes with its caution', () => {
    expect(
      explained([resection()], 'postoperative_markers', { guideline: findGuideline('nice-ng151')! }).caution,
    ).toMatch(/clinician/);
  });
});

test('a rule that the guideline does not have has no section and no grade', () => {
  expect(recommendationOf(CRLM, 'nope', 0)).toEqual({ section: '', evidence: null, grade: null });
  expect(recommendationOf(CRLM, 'ned_markers', 0)).toEqual({ section: '1.4(1)', evidence: '1a', grade: 'A' });
});

test('every known activity and event has a name in both languages, and an unknown one its code', () => {
  for (const { zh, en } of [
    ...ACTIVITIES.map((activity) => activityTitle(activity, CRLM)),
    ...[...CLINICAL_EVENT_TYPES, ...ORIGINS].map((type) => eventTitle(type, CRLM)),
  ]) {
    expect(zh).toMatch(/[\u4e00-\u9fff]/);
    expect(en).toMatch(/^[A-Za-z][^\u4e00-\u9fff]+$/);
  }
  expect(activityTitle('x_ray', CRLM)).toEqual({ zh: 'x_ray', en: 'x_ray' });
  expect(eventTitle('scan', CRLM)).toEqual({ zh: 'scan', en: 'scan' });
});
