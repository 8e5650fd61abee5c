import type { Guideline, Phase } from '../guideline.js';

const NOT_KNOWN = { evidence: null, grade: null } as const;

const visits: readonly [Phase, ...Phase[]] = [{ every: ['P3M', 'P6M'], until: 'P60M', ...NOT_KNOWN }];

/** ASCO 2013, which endorses the CCO guideline on follow-up of colorectal cancer, from its abstract and a secondary source. */
export const ASCO_2013 = {
  id: 'asco-2013',
  version: '1.0.0',
  title: {
    zh: 'ASCO 2013 结直肠癌随访（认可CCO指南）',
    en: 'ASCO 2013, follow-up of colorectal cancer (endorsement of CCO)',
  },
  sources: ['https://www.ncbi.nlm.nih.gov/pubmed/24220554', 'https://www.kiraspecialist.com/92971407902772/'],
  caution: {
    zh: '依据二手资料整理，未核对原文，须经临床医生确认。',
    en: 'Taken from a secondary source, to be confirmed by a clinician.',
  },
  pathways: [
    {
      id: 'crc_postoperative',
      section: 'PMID 24220554',
      title: { zh: '结直肠癌根治术后监测', en: 'Surveillance after curative resection' },
      clock: { event: 'primary_resection', where: { intent: ['curative'], stage: ['I', 'II', 'III'] } },
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
      section: 'PMID 24220554',
      title: { zh: '术后就诊', en: 'Visit after surgery' },
      interpretation: {
        zh: '未写明起算日与对象：自手术日起算，适用于全部Ⅰ至Ⅲ期根治术后患者。5年内每3至6个月1次，取一个固定间隔，第60个月为末次，此后未写明，不再安排。高风险者取较密的一端，但未定义何为高风险：“强化”方案（默认）对所有患者取3个月，为安全的读法；采用“最低”方案时，高风险者须由医生指定间隔。就诊按病史询问与体格检查安排。证据级别未见。',
        en: 'Neither clock nor patients are named: counted from the operation, for all of stage I to III after curative resection. Every 3 to 6 months for 5 years at one fixed interval; month 60 is the last, nothing is stated after it. High risk takes the frequent end, and who is at high risk is not said: the intensive profile (default) takes 3 months for everybody, which is the safe reading; with the minimal profile a clinician sets the interval of those at high risk. A visit is planned as history and examination. Grades were not seen.',
      },
      phases: visits,
    },
    {
      kind: 'recurring',
      id: 'postoperative_markers',
      activity: 'tumour_markers',
      anchor: 'grid',
      pathway: 'crc_postoperative',
      section: 'PMID 24220554',
      title: { zh: '术后CEA', en: 'CEA after surgery' },
      interpretation: {
        zh: '未写明起算日与对象：自手术日起算，适用于全部Ⅰ至Ⅲ期根治术后患者。仅提及CEA，未提及CA19-9。5年内每3至6个月1次，取一个固定间隔，第60个月为末次，此后未写明，不再安排。高风险者取较密的一端，但未定义何为高风险：“强化”方案（默认）对所有患者取3个月，为安全的读法；采用“最低”方案时，高风险者须由医生指定间隔。证据级别未见。',
        en: 'Neither clock nor patients are named: counted from the operation, for all of stage I to III after curative resection. CEA is named, CA19-9 is not. Every 3 to 6 months for 5 years at one fixed interval; month 60 is the last, nothing is stated after it. High risk takes the frequent end, and who is at high risk is not said: the intensive profile (default) takes 3 months for everybody, which is the safe reading; with the minimal profile a clinician sets the interval of those at high risk. Grades were not seen.',
      },
      phases: visits,
    },
    {
      kind: 'recurring',
      id: 'postoperative_ct',
      activity: 'ct_chest_abdomen',
      anchor: 'grid',
      pathway: 'crc_postoperative',
      section: 'PMID 24220554',
      title: { zh: '术后胸/腹部CT', en: 'Chest and abdomen CT after surgery' },
      interpretation: {
        zh: '未写明起算日与对象：自手术日起算，适用于全部Ⅰ至Ⅲ期根治术后患者，为安全的读法。3年内每年1次，第36个月为末次。胸部与腹部同时检查；胸/腹/盆腔CT包含之。证据级别未见。',
        en: 'Neither clock nor patients are named: counted from the operation, for all of stage I to III after curative resection, which is the safe reading. Yearly for 3 years, month 36 is the last. Chest and abdomen together; a chest, abdomen and pelvis CT includes it. Grades were not seen.',
      },
      phases: [{ every: 'P12M', until: 'P36M', ...NOT_KNOWN }],
    },
    {
      kind: 'chain',
      id: 'colonoscopy',
      activity: 'colonoscopy',
      anchor: 'rolling',
      clock: { event: 'primary_resection', where: { intent: ['curative'], stage: ['I', 'II', 'III'] } },
      pathways: ['crc_postoperative'],
      section: 'PMID 24220554',
      title: { zh: '结肠镜', en: 'Colonoscopy' },
      interpretation: {
        zh: '“1年”取术后第12个月，非期限；结果正常者此后每5年1次，自末次检查起算，未写明终点（出自二手资料）。异常者所引资料未给出间隔：取其中最短的12个月，为安全的读法，并提示由医生决定。术后6个月内所做且正常者，不代替第12个月的一次。证据级别未见。',
        en: '"1 year" is month 12 after the operation, not a limit; while clean every 5 years after the last, no end is named (secondary source). For an abnormal one the source gives no interval: 12 months, the shortest it names, is the safe reading, and a clinician is asked. A normal one done within 6 months of the operation does not stand for that of month 12. Grades were not seen.',
      },
      counts: { event: 'colonoscopy', field: 'finding', results: ['normal', 'abnormal'] },
      assumed: 'normal',
      cases: [
        { when: { last: ['abnormal'] }, from: 'last', due: 'P12M', limit: false, ...NOT_KNOWN },
        { when: { noneSince: 'P6M' }, from: 'clock', due: 'P12M', limit: false, ...NOT_KNOWN },
        { when: {}, from: 'last', due: 'P60M', limit: false, ...NOT_KNOWN },
      ],
    },
  ],
  covers: { ct_chest_abdomen_pelvis: ['ct_chest_abdomen'] },
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
