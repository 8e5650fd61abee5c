const text = (zh: string, en: string) => ({ zh, en });
const RULE = {
  pathway: 'after_operation',
  section: '1',
  title: text('本院规则', 'Rule of the ward'),
  interpretation: text('自手术日起算。', 'Counted from the operation.'),
};
const PRINTED = { evidence: null, grade: null };
const FOUND = ['clear', 'polyps', 'stopped'];

/**
 * A hospital's own protocol: wound checks at this interval, markers every two months, and a sigmoidoscopy with an
 * event type of its own.
 */
export const ownProtocol = (woundChecksEvery: string, more: object = {}) => ({
  id: 'ward-protocol',
  version: '1.0.0',
  title: text('本院随访方案', 'Protocol of the ward'),
  sources: ['Protocol 12, surgical department'],
  activities: {
    wound_check: { title: text('伤口检查', 'wound check'), outcomes: ['dry', 'red'] },
    sigmoidoscopy: {
      title: text('乙状结肠镜', 'sigmoidoscopy'),
      outcomes: FOUND,
      determinesNextDate: true,
      notDone: ['stopped'],
      recordedAs: { event: 'sigmoidoscopy_done', field: 'finding' },
    },
  },
  events: {
    sigmoidoscopy_done: { title: text('乙状结肠镜检查', 'sigmoidoscopy done'), fields: { finding: FOUND } },
  },
  pathways: [
    {
      id: 'after_operation',
      section: '1',
      title: text('术后', 'After the operation'),
      clock: { event: 'primary_resection', where: { intent: ['curative'] } },
      endedBy: ['recurrence', 'death', 'consent_withdrawn'],
    },
  ],
  rules: [
    {
      ...{ kind: 'recurring', id: 'wound', activity: 'wound_check', anchor: 'grid', ...RULE },
      phases: [{ every: woundChecksEvery, until: 'P6M', ...PRINTED }],
    },
    {
      ...{ kind: 'recurring', id: 'markers', activity: 'tumour_markers', anchor: 'grid', ...RULE },
      phases: [{ every: 'P2M', until: 'P24M', ...PRINTED }],
    },
    {
      ...{ kind: 'chain', id: 'scope', activity: 'sigmoidoscopy', anchor: 'rolling' },
      ...{ section: '2', title: RULE.title, interpretation: RULE.interpretation },
      clock: { event: 'primary_resection' },
      pathways: ['after_operation'],
      counts: { event: 'sigmoidoscopy_done', field: 'finding', results: ['clear', 'polyps'] },
      assumed: 'clear',
      cases: [
        { when: { none: true }, from: 'clock', due: 'P6M', limit: false, ...PRINTED },
        { when: { last: ['polyps'] }, from: 'last', due: 'P6M', limit: false, ...PRINTED },
        { when: {}, from: 'last', due: 'P24M', limit: false, ...PRINTED },
      ],
    },
  ],
  covers: {},
  flags: [],
  ...more,
});
