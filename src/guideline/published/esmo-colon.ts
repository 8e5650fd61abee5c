import type { Guideline, Phase } from '../guideline.js';

const NOT_KNOWN = { evidence: null, grade: null } as const;

const visits: readonly [Phase, ...Phase[]] = [
  { every: ['P3M', 'P6M'], until: 'P36M', ...NOT_KNOWN },
  { every: ['P6M', 'P12M'], until: 'P60M', ...NOT_KNOWN },
];

/** ESMO, colon cancer: its follow-up, as a paper of 2022 tabulates it. */
export const ESMO_COLON = {
  id: 'esmo-colon',
  version: '1.0.0',
  title: {
    zh: 'ESMO 结肠癌指南（随访部分）',
    en: 'ESMO, colon cancer: follow-up',
  },
  sources: ['https://pmc.ncbi.nlm.nih.gov/articles/PMC9657704/table/cancers-14-05255-t005'],
  caution: {
    zh: '依据二手资料整理，未核对原文，须经临床医生确认。',
    en: 'Taken from a secondary source, to be confirmed by a clinician.',
  },
  pathways: [
    {
      id: 'crc_postoperative',
      section: 'PMC9657704, t005',
      title: { zh: '结肠癌根治术后监测', en: 'Surveillance after curative resection of colon cancer' },
      clock: {
        event: 'primary_resection',
        where: { site: ['colon'], intent: ['curative'], stage: ['I', 'II', 'III'] },
      },
      endedBy: [
        'primary_resection',
        'liver_metastasis_diagnosed',
        'recurrence',
        'liver_ned',
        'death',
        'transferred_out',
        'lost_to_follow_up',
        'consent_withdrawn',
      ],
    },
  ],
  rules: [
    {
      kind: 'recurring',
      id: 'postoperative_review',
      activity: 'clinical_review',
      anchor: 'grid',
      pathway: 'crc_postoperative',
      section: 'PMC9657704, t005',
      title: { zh: '术后就诊', en: 'Visit after surgery' },
      interpretation: {
        zh: '未写明起算日与分期：自手术日起算，适用于全部Ⅰ至Ⅲ期结肠癌根治术后患者。前3年每3至6个月1次；“第4至5年每6至12个月1次”指第36个月之后至第60个月，每一阶段取一个固定间隔；5年后未写明，不再安排。就诊按病史询问与体格检查安排。证据级别未见。',
        en: 'Neither clock nor stage is named: counted from the operation, for all of stage I to III after curative resection of colon cancer. Every 3 to 6 months for 3 years; "every 6 to 12 months in years 4 and 5" runs from month 36 to month 60, at one fixed interval in each phase; nothing is stated after year 5. A visit is planned as history and examination. Grades were not seen.',
      },
      phases: visits,
    },
    {
      kind: 'recurring',
      id: 'postoperative_markers',
      activity: 'tumour_markers',
      anchor: 'grid',
      pathway: 'crc_postoperative',
      section: 'PMC9657704, t005',
      title: { zh: '术后CEA', en: 'CEA after surgery' },
      interpretation: {
        zh: '未写明起算日与分期：自手术日起算，适用于全部Ⅰ至Ⅲ期结肠癌根治术后患者。仅提及CEA。前3年每3至6个月1次；“第4至5年每6至12个月1次”指第36个月之后至第60个月，每一阶段取一个固定间隔；5年后未写明，不再安排。证据级别未见。',
        en: 'Neither clock nor stage is named: counted from the operation, for all of stage I to III after curative resection of colon cancer. CEA is named. Every 3 to 6 months for 3 years; "every 6 to 12 months in years 4 and 5" runs from month 36 to month 60, at one fixed interval in each phase; nothing is stated after year 5. Grades were not seen.',
      },
      phases: visits,
    },
    {
      kind: 'recurring',
      id: 'postoperative_ct',
      activity: 'ct_chest_abdomen_pelvis',
      anchor: 'grid',
      pathway: 'crc_postoperative',
      section: 'PMC9657704, t005',
      title: { zh: '术后胸/腹/盆腔CT', en: 'Chest, abdomen and pelvis CT after surgery' },
      interpretation: {
        zh: '未写明起算日与分期：自手术日起算，适用于全部Ⅰ至Ⅲ期结肠癌根治术后患者，为安全的读法。原表仅写“影像学检查”，未写明方法与部位：取胸/腹/盆腔CT，为范围最广的读法。前3年每6至12个月1次，第4、5年每年1次，第60个月为末次。证据级别未见。',
        en: 'Neither clock nor stage is named: counted from the operation, for all of stage I to III after curative resection of colon cancer, which is the safe reading. The table says imaging and names neither method nor region: taken as chest, abdomen and pelvis CT, the widest reading. Every 6 to 12 months for 3 years, yearly in years 4 and 5, month 60 is the last. Grades were not seen.',
      },
      phases: [
        { every: ['P6M', 'P12M'], until: 'P36M', ...NOT_KNOWN },
        { every: 'P12M', until: 'P60M', ...NOT_KNOWN },
      ],
    },
    {
      kind: 'chain',
      id: 'colonoscopy',
      activity: 'colonoscopy',
      anchor: 'rolling',
      clock: {
        event: 'primary_resection',
        where: { site: ['colon'], intent: ['curative'], stage: ['I', 'II', 'III'] },
      },
      pathways: ['crc_postoperative'],
      section: 'PMC9657704, t005',
      title: { zh: '结肠镜', en: 'Colonoscopy' },
      interpretation: {
        zh: '“自1年起”取术后第12个月，非期限；此后每3至5年1次，自末次检查起算，未写明终点。异常者所引资料未给出间隔：取其中最短的12个月，为安全的读法，并提示由医生决定。术后6个月内所做且正常者，不代替第12个月的一次。证据级别未见。',
        en: '"From 1 year" is month 12 after the operation, not a limit; then every 3 to 5 years after the last, no end is named. For an abnormal one the source gives no interval: 12 months, the shortest it names, is the safe reading, and a clinician is asked. A normal one done within 6 months of the operation does not stand for that of month 12. Grades were not seen.',
      },
      counts: { event: 'colonoscopy', field: 'finding', results: ['normal', 'abnormal'] },
      assumed: 'normal',
      cases: [
        { when: { last: ['abnormal'] }, from: 'last', due: 'P12M', limit: false, ...NOT_KNOWN },
        { when: { noneSince: 'P6M' }, from: 'clock', due: 'P12M', limit: false, ...NOT_KNOWN },
        { when: {}, from: 'last', due: ['P36M', 'P60M'], limit: false, ...NOT_KNOWN },
      ],
    },
  ],
  covers: {},
  flags: [
    {
      code: 'nothing-stated-after-ned',
      when: { recorded: { event: 'liver_ned' } },
      message: {
        zh: '已达到NED：所引资料未给出转移灶达到NED后的随访安排，故未安排任何检查，须由医生决定。',
        en: 'NED was reached: the source states nothing for follow-up after NED of metastases, so nothing is planned. A clinician has to decide.',
      },
    },
    {
      code: 'nothing-stated-for-rectum',
      when: { recorded: { event: 'primary_resection', where: { site: ['rectum'] } } },
      message: {
        zh: '直肠癌：本指南仅针对结肠癌，未安排任何检查，须选用其他指南或由医生决定。',
        en: 'Rectal cancer: this guideline is for colon cancer, so nothing is planned. Choose another guideline, or a clinician decides.',
      },
    },
    {
      code: 'nothing-stated-for-stage-iv',
      when: { recorded: { event: 'primary_resection', where: { stage: ['IV'] } } },
      message: {
        zh: 'Ⅳ期：所引资料未写明适用，未按根治术后监测安排，须由医生决定。',
        en: 'Stage IV: the source does not say that it applies, so no postoperative surveillance is planned. A clinician has to decide.',
      },
    },
    {
      code: 'interval-to-be-decided-abnormal-colonoscopy',
      when: { recorded: { event: 'colonoscopy', where: { finding: ['abnormal'] } } },
      message: {
        zh: '结肠镜有异常：所引资料未给出异常后的间隔，须由医生决定；在此之前安排在其后12个月。',
        en: 'An abnormal colonoscopy: the source gives no interval after one. A clinician has to decide; until then the next is planned 12 months after it.',
      },
      settledBy: ['colonoscopy'],
    },
    {
      code: 'nothing-stated-for-incomplete-preoperative-colonoscopy',
      when: { recorded: { event: 'primary_resection', where: { preoperativeColonoscopy: ['incomplete'] } } },
      message: {
        zh: '术前未完成全结肠镜：所引资料未给出补查时间，须由医生决定是否提前；在此之前首次安排在术后第12个月。',
        en: 'The preoperative colonoscopy was incomplete: the source gives no date for completing it. A clinician decides whether to do it sooner; until then the first is planned at month 12.',
      },
    },
  ],
} as const satisfies Guideline;
