import type { Guideline } from '../guideline.js';

const NOT_KNOWN = { evidence: null, grade: null } as const;

/** NICE NG151 and QS20 statement 4, with the colonoscopies of the BSG, as secondary pages give them. */
export const NICE_NG151 = {
  id: 'nice-ng151',
  version: '1.0.0',
  title: {
    zh: 'NICE NG151 / QS20 结直肠癌随访',
    en: 'NICE NG151 and QS20, follow-up of colorectal cancer',
  },
  sources: [
    'https://www.nice.org.uk/guidance/qs20/chapter/Quality-statement-4-Follow-up-for-detecting-local-recurrence-and-distant-metastases',
    'https://gpnotebook.com/en-AU/pages/gastroenterology/follow-up-after-curative-resection-for-colorectal-cancer',
  ],
  caution: {
    zh: '依据二手资料整理，未核对原文，须经临床医生确认。',
    en: 'Taken from a secondary source, to be confirmed by a clinician.',
  },
  pathways: [
    {
      id: 'crc_postoperative',
      section: 'QS20 st.4, NG151',
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
      id: 'postoperative_markers',
      activity: 'tumour_markers',
      anchor: 'grid',
      pathway: 'crc_postoperative',
      section: 'QS20 st.4, NG151',
      title: { zh: '术后CEA', en: 'CEA after surgery' },
      interpretation: {
        zh: '未写明起算日与对象：自手术日起算，适用于全部Ⅰ至Ⅲ期根治术后患者。仅提及CEA，3年内每6个月1次，第36个月为末次。所引资料未提及就诊频次，故不安排就诊。证据级别未见。',
        en: 'Neither clock nor patients are named: counted from the operation, for all of stage I to III after curative resection. CEA is named, every 6 months for 3 years, month 36 is the last. The source states no interval of visits, so none are planned. Grades were not seen.',
      },
      phases: [{ every: 'P6M', until: 'P36M', ...NOT_KNOWN }],
    },
    {
      kind: 'recurring',
      id: 'postoperative_ct',
      activity: 'ct_chest_abdomen_pelvis',
      anchor: 'grid',
      pathway: 'crc_postoperative',
      section: 'QS20 st.4, NG151',
      title: { zh: '术后胸/腹/盆腔CT', en: 'Chest, abdomen and pelvis CT after surgery' },
      interpretation: {
        zh: '“3年内至少2次”，原文未给出时间：取第12个月和第36个月，兼顾早期发现与满3年，为安全的读法；更多次数由医生决定。未写明起算日与对象：自手术日起算，适用于全部Ⅰ至Ⅲ期根治术后患者。证据级别未见。',
        en: '"At least 2 in 3 years", and the text gives no dates: months 12 and 36 are the safe reading, one early and one when the 3 years are full; more are a matter for the clinician. Neither clock nor patients are named: counted from the operation, for all of stage I to III after curative resection. Grades were not seen.',
      },
      phases: [{ at: ['P12M', 'P36M'], ...NOT_KNOWN }],
    },
    {
      kind: 'chain',
      id: 'colonoscopy',
      activity: 'colonoscopy',
      anchor: 'rolling',
      clock: { event: 'primary_resection', where: { intent: ['curative'], stage: ['I', 'II', 'III'] } },
      pathways: ['crc_postoperative'],
      section: 'BSG',
      title: { zh: '结肠镜', en: 'Colonoscopy' },
      interpretation: {
        zh: '取自BSG：“1年”为术后第12个月，非期限；“再过3年”自上一次检查起算。此后未写明，不再安排。异常者所引资料未给出间隔：取其中最短的12个月，为安全的读法，并提示由医生决定；复查正常后，若第42个月以后尚未做过，则自复查起再过3年。术后6个月内所做且正常者，不代替第12个月的一次。证据级别未见。',
        en: 'From the BSG: "1 year" is month 12 after the operation, not a limit; "3 years later" counts from the one before. Nothing is stated after that, so nothing more is planned. For an abnormal one the source gives no interval: 12 months, the shortest it names, is the safe reading, and a clinician is asked; after a clean repeat the next is 3 years on, unless one was done from month 42 on. A normal one done within 6 months of the operation does not stand for that of month 12. Grades were not seen.',
      },
      counts: { event: 'colonoscopy', field: 'finding', results: ['normal', 'abnormal'] },
      assumed: 'normal',
      cases: [
        { when: { last: ['abnormal'] }, from: 'last', due: 'P12M', limit: false, ...NOT_KNOWN },
        { when: { noneSince: 'P6M' }, from: 'clock', due: 'P12M', limit: false, ...NOT_KNOWN },
        { when: { count: 1 }, from: 'last', due: 'P36M', limit: false, ...NOT_KNOWN },
        { when: { noneSince: 'P42M' }, from: 'last', due: 'P36M', limit: false, ...NOT_KNOWN },
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
