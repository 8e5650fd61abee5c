import type { Guideline, Phase } from '../guideline.js';

const NOT_KNOWN = { evidence: null, grade: null } as const;
const FOLLOW_UP = '随访 (follow-up)';

const visits: readonly [Phase, ...Phase[]] = [
  { every: 'P3M', until: 'P24M', ...NOT_KNOWN },
  { every: 'P6M', until: 'P60M', ...NOT_KNOWN },
  { every: 'P12M', ...NOT_KNOWN },
];

const halfYearlyImaging: readonly [Phase, ...Phase[]] = [
  { every: 'P6M', until: 'P24M', ...NOT_KNOWN },
  { every: 'P12M', until: 'P60M', ...NOT_KNOWN },
];

const halfYearlyReading = {
  zh: '同一条目中引述了两种频次：胸/腹/盆腔CT前5年每年1次；另一句为CT或MRI前2年每6个月1次、以后每年1次至5年。两者均安排，为安全的读法，同日到期的由胸/腹/盆腔CT涵盖。后一句未写明部位与对象：CT取腹/盆腔，MRI取肝脏，适用于全部Ⅰ至Ⅲ期根治术后患者；CT与MRI可互相代替，代替时予以提示。自手术日起算，证据级别未见。',
  en: 'Two rates are quoted in one item: chest, abdomen and pelvis CT yearly for 5 years, and in a further sentence CT or MRI every 6 months for 2 years, then yearly to year 5. Both are planned, which is the safe reading; where they meet, the chest CT covers the other. The further sentence names neither region nor patients: CT is taken as abdomen and pelvis, MRI as liver, for all of stage I to III after curative resection. Either method satisfies a date, and a change is flagged. Counted from the operation; grades were not seen.',
};

/** Chinese national guideline of 2023 for colorectal cancer: its follow-up, as a secondary source quotes it. */
export const NHC_CHINA_2023 = {
  id: 'nhc-china-2023',
  version: '1.0.0',
  title: {
    zh: '国家卫生健康委员会2023年结直肠癌指南（随访部分）',
    en: 'NHC China 2023, colorectal cancer: follow-up',
  },
  sources: [
    'https://jsxyfy.guahao.com/article/detail/xyCTc376621701468831746',
    'doi:10.12290/xhyxzz.2023-0315',
  ],
  caution: {
    zh: '依据二手资料整理，未核对原文，须经临床医生确认。',
    en: 'Taken from a secondary source, to be confirmed by a clinician.',
  },
  pathways: [
    {
      id: 'crc_postoperative',
      section: FOLLOW_UP,
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
      section: FOLLOW_UP,
      title: { zh: '术后病史询问与体格检查', en: 'History and examination after surgery' },
      interpretation: {
        zh: '未写明起算日与对象：自手术日起算，适用于全部Ⅰ至Ⅲ期根治术后患者。前2年每3个月1次，至第5年每6个月1次，以后每年1次；未写明终点，故一直继续。证据级别未见。',
        en: 'Neither clock nor patients are named: counted from the operation, for all of stage I to III after curative resection. Every 3 months for 2 years, every 6 to year 5, then yearly; no end is named, so it goes on. Grades were not seen.',
      },
      phases: visits,
    },
    {
      kind: 'recurring',
      id: 'postoperative_markers',
      activity: 'tumour_markers',
      anchor: 'grid',
      pathway: 'crc_postoperative',
      section: FOLLOW_UP,
      title: { zh: '术后CEA、CA19-9', en: 'CEA and CA19-9 after surgery' },
      interpretation: {
        zh: '未写明起算日与对象：自手术日起算，适用于全部Ⅰ至Ⅲ期根治术后患者。CEA与CA19-9同时检测，前2年每3个月1次，至第5年每6个月1次，以后每年1次；未写明终点，故一直继续。证据级别未见。',
        en: 'Neither clock nor patients are named: counted from the operation, for all of stage I to III after curative resection. CEA and CA19-9 together, every 3 months for 2 years, every 6 to year 5, then yearly; no end is named, so it goes on. Grades were not seen.',
      },
      phases: visits,
    },
    {
      kind: 'recurring',
      id: 'postoperative_ct',
      activity: 'ct_chest_abdomen_pelvis',
      anchor: 'grid',
      pathway: 'crc_postoperative',
      section: FOLLOW_UP,
      title: { zh: '术后胸/腹/盆腔CT', en: 'Chest, abdomen and pelvis CT after surgery' },
      interpretation: {
        zh: '前5年每年1次。未写明对象：适用于全部Ⅰ至Ⅲ期根治术后患者，为安全的读法；自手术日起算，第60个月为末次。同一条目另有每6个月1次的一句，另列一条规则。证据级别未见。',
        en: 'Yearly in the first 5 years. No patients are named: planned for all of stage I to III after curative resection, which is the safe reading; counted from the operation, month 60 is the last. The half-yearly sentence of the same item is a rule of its own. Grades were not seen.',
      },
      phases: [{ every: 'P12M', until: 'P60M', ...NOT_KNOWN }],
    },
    {
      kind: 'recurring',
      id: 'postoperative_imaging_ct',
      activity: 'ct_abdomen_pelvis',
      anchor: 'grid',
      pathway: 'crc_postoperative',
      liverImaging: 'ct',
      section: FOLLOW_UP,
      title: { zh: '术后腹/盆腔CT', en: 'Abdomen and pelvis CT after surgery' },
      interpretation: halfYearlyReading,
      satisfiedBy: ['mri_liver'],
      phases: halfYearlyImaging,
    },
    {
      kind: 'recurring',
      id: 'postoperative_imaging_mri',
      activity: 'mri_liver',
      anchor: 'grid',
      pathway: 'crc_postoperative',
      liverImaging: 'mri',
      section: FOLLOW_UP,
      title: { zh: '术后肝脏MRI', en: 'Liver MRI after surgery' },
      interpretation: halfYearlyReading,
      satisfiedBy: ['ct_abdomen_pelvis'],
      phases: halfYearlyImaging,
    },
    {
      kind: 'chain',
      id: 'colonoscopy',
      activity: 'colonoscopy',
      anchor: 'rolling',
      clock: { event: 'primary_resection', where: { intent: ['curative'], stage: ['I', 'II', 'III'] } },
      pathways: ['crc_postoperative'],
      section: FOLLOW_UP,
      title: { zh: '结肠镜', en: 'Colonoscopy' },
      interpretation: {
        zh: '“1年内”与“3年内”均为期限，次日即逾期。任何一次异常均在其后1年内复查；无息肉按“正常”记录，“3年内”自手术日起算（第36个月），是两种读法中较早者，第30个月起所做才算作该次；此后每5年1次，自末次检查起算。术前未完成全结肠镜者，首次于术后3至6个月，取代1年内那次，原因不限。证据级别未见。',
        en: '"Within 1 year" and "within 3 years" are limits: the day after is late. An abnormal result at any time is repeated within a year of it. "No polyp" is recorded as normal; "within 3 years" counts from the operation (month 36), the earlier of two readings, and one done from month 30 on stands for it; then every 5 years after the last. With an incomplete preoperative one the first is due between months 3 and 6 instead of the one within a year, whatever the cause. Grades were not seen.',
      },
      counts: { event: 'colonoscopy', field: 'finding', results: ['normal', 'abnormal'] },
      assumed: 'normal',
      cases: [
        {
          when: { none: true, clock: { preoperativeColonoscopy: ['incomplete'] } },
          from: 'clock',
          earliest: 'P3M',
          due: 'P6M',
          limit: true,
          ...NOT_KNOWN,
        },
        { when: { none: true }, from: 'clock', due: 'P12M', limit: true, ...NOT_KNOWN },
        { when: { last: ['abnormal'] }, from: 'last', due: 'P12M', limit: true, ...NOT_KNOWN },
        {
          when: { noneSince: 'P30M' },
          from: 'clock',
          earliest: 'P30M',
          due: 'P36M',
          limit: true,
          ...NOT_KNOWN,
        },
        { when: {}, from: 'last', due: 'P60M', limit: false, ...NOT_KNOWN },
      ],
    },
  ],
  covers: { ct_chest_abdomen_pelvis: ['ct_abdomen_pelvis'] },
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
      code: 'imaging-method-changed',
      when: { otherMethodFor: ['postoperative_imaging_ct', 'postoperative_imaging_mri'] },
      message: {
        zh: '有一次检查以另一种方法（CT或MRI）完成，前后结果可比性受限；肝脏MRI不含盆腔。',
        en: 'A date was satisfied by the other method (CT or MRI): results compare less well, and liver MRI leaves the pelvis unseen.',
      },
    },
  ],
} as const satisfies Guideline;
