import type { Guideline, Phase } from '../guideline.js';

const PRINTED_1A = { evidence: '1a', grade: 'A' } as const;
const PRINTED_1B = { evidence: '1b', grade: 'A' } as const;
const NOT_PRINTED = { evidence: null, grade: null } as const;

const postoperativeVisits: readonly [Phase, ...Phase[]] = [
  { every: ['P3M', 'P6M'], until: 'P24M', ...PRINTED_1A },
  { every: 'P6M', until: 'P60M', ...PRINTED_1A },
  { every: 'P12M', ...NOT_PRINTED },
];

// The same months after NED; 1.4(3) takes over the content and the frequency, and prints no grade of its own.
const borrowedVisits: readonly [Phase, ...Phase[]] = [
  { every: ['P3M', 'P6M'], until: 'P24M', ...NOT_PRINTED },
  { every: 'P6M', until: 'P60M', ...NOT_PRINTED },
  { every: 'P12M', ...NOT_PRINTED },
];

const nedImaging: readonly [Phase, ...Phase[]] = [
  { every: 'P3M', until: 'P24M', ...PRINTED_1A },
  { every: ['P6M', 'P12M'], until: 'P60M', ...PRINTED_1A },
  { every: 'P12M', ...NOT_PRINTED },
];

const everySixToEightWeeks: readonly [Phase, ...Phase[]] = [{ every: ['P6W', 'P8W'], ...NOT_PRINTED }];

const postoperativeReading = {
  zh: '时钟为原发灶手术日，各分期相同（A04）；每一阶段内取一个固定间隔（A03）；第60个月后每年1次，自第72个月起，无终点（A01），四项内容均继续（A02）。',
  en: 'Counted from the primary resection, whatever the stage (A04); one fixed interval within a phase (A03); after month 60 yearly from month 72 without end (A01), all four contents going on (A02).',
};

const borrowedReading = {
  zh: '1.4(3)参照1.3的内容和频次（A36），自达到NED之日起算（A33）；肝脏超声一并沿用（A34）；原文未在1.4(3)后标注证据级别。',
  en: '1.4(3) borrows content and frequency of 1.3 (A36), counted from the day NED was reached (A33); the liver ultrasound is borrowed too (A34); no grade is printed behind 1.4(3).',
};

const imagingReading = {
  zh: '“共5年”指自NED起至第60个月（A29）；第24个月后取6或12个月之一为固定间隔（A28）；CT或MRI均可满足，MRI不含盆腔（A30）；5年后沿用同一方法每年1次，无终点（A32）；肝脏细胞特异性造影剂由医生决定（A31）；不安排PET（A13）。',
  en: 'Five years in total, to month 60 from NED (A29); after month 24 one fixed interval of 6 or 12 (A28); CT or MRI satisfies a date, MRI alone leaves the pelvis unseen (A30); after year 5 the same method yearly without end (A32); liver-specific contrast at discretion (A31); PET is never scheduled (A13).',
};

const conversionReading = {
  zh: '自转化治疗开始之日起算（A37），取6周或8周之一为固定间隔；超声与增强CT同时进行（A38、A39）；仅用于pMMR/MSS，dMMR/MSI-H原文未给出间隔（A40）。',
  en: 'Counted from the start of conversion therapy (A37), one fixed interval of 6 or 8 weeks; ultrasound and contrast CT together (A38, A39); pMMR/MSS only: for dMMR/MSI-H no interval is printed (A40).',
};

/**
 * Chinese guideline for the diagnosis and comprehensive treatment of colorectal liver metastases, 2025 edition:
 * sections 1.2, 1.3, 1.4 and 3.2.2. A… in an interpretation is the number of an ambiguous passage.
 */
export const CRLM_CN_2025 = {
  id: 'crlm-cn-2025',
  version: '1.0.0',
  title: {
    zh: '中国结直肠癌肝转移诊断和综合治疗指南（2025版）',
    en: 'Chinese guideline for colorectal cancer liver metastases, 2025 edition',
  },
  sources: ['doi:10.7659/j.issn.1005-6947.250402'],
  pathways: [
    {
      id: 'crc_postoperative',
      section: '1.3',
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
    {
      id: 'crlm_ned',
      section: '1.4',
      title: { zh: '肝转移灶达到NED后随访', en: 'Follow-up after NED' },
      clock: { event: 'liver_ned' },
      endedBy: [
        'recurrence',
        'liver_metastasis_diagnosed',
        'liver_ned',
        'death',
        'transferred_out',
        'lost_to_follow_up',
        'consent_withdrawn',
      ],
    },
    {
      id: 'crlm_conversion',
      section: '3.2.2',
      title: { zh: '转化治疗期间评估', en: 'Reassessment during conversion therapy' },
      clock: { event: 'conversion_therapy_started' },
      endedBy: [
        'conversion_therapy_started',
        'conversion_therapy_ended',
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
      section: '1.3(1)',
      title: { zh: '术后病史询问与体格检查', en: 'History and examination after surgery' },
      interpretation: postoperativeReading,
      phases: postoperativeVisits,
    },
    {
      kind: 'recurring',
      id: 'postoperative_liver_ultrasound',
      activity: 'liver_ultrasound',
      anchor: 'grid',
      pathway: 'crc_postoperative',
      section: '1.3(1)',
      title: { zh: '术后肝脏超声', en: 'Liver ultrasound after surgery' },
      interpretation: postoperativeReading,
      phases: postoperativeVisits,
    },
    {
      kind: 'recurring',
      id: 'postoperative_markers',
      activity: 'tumour_markers',
      anchor: 'grid',
      pathway: 'crc_postoperative',
      section: '1.3(1)',
      title: { zh: '术后CEA、CA19-9', en: 'CEA and CA19-9 after surgery' },
      interpretation: postoperativeReading,
      phases: postoperativeVisits,
    },
    {
      kind: 'recurring',
      id: 'postoperative_ct',
      activity: 'ct_chest_abdomen_pelvis',
      anchor: 'grid',
      pathway: 'crc_postoperative',
      where: { stage: ['II', 'III'] },
      section: '1.3(2)',
      title: { zh: '术后胸/腹/盆腔增强CT', en: 'Chest, abdomen and pelvis CT after surgery' },
      interpretation: {
        zh: '共5年每年1次、以后每年1次（强化），或共3年、以后每2年1次（最低）（A05）；两年一次自最后一次年度CT起算（A06）；I期不安排CT（A07）；按所记录的分期判断（A08）；胸、腹、盆腔同时检查（A09）；不安排PET（A13）。',
        en: 'Yearly for 5 years and then yearly (intensive), or for 3 years and then every 2 (minimal) (A05); the two-yearly tail runs from the last yearly CT (A06); stage I has no CT rule (A07); the recorded stage decides (A08); chest, abdomen and pelvis together (A09); PET is never scheduled (A13).',
      },
      phases: [
        { every: 'P12M', until: ['P36M', 'P60M'], ...PRINTED_1B },
        { every: ['P12M', 'P24M'], ...NOT_PRINTED },
      ],
    },
    {
      kind: 'chain',
      id: 'colonoscopy',
      activity: 'colonoscopy',
      anchor: 'rolling',
      clock: { event: 'primary_resection' },
      pathways: ['crc_postoperative', 'crlm_ned'],
      section: '1.3(3)',
      title: { zh: '电子结肠镜', en: 'Colonoscopy' },
      interpretation: {
        zh: '“术后1年内”与“1年内复查”为期限，次日即逾期（A14、A16）；任何一次异常均按此复查（A15）；复查正常后回到术后第36个月，再于末次检查后每60个月（A17至A19）；术前未完成全结肠镜者，首次于术后3至6个月，取代1年内那次（A22、A23），原因不限（A24）；证据级别仅标于末句（A25）。发病年龄<50岁（A21）或Lynch综合征者原文未给出间隔，由医生决定（A20）。不在随访路径期间不到期；期间到期者，以及随访中断时未做者，恢复随访之日到期。过早所做、不改变下次日期者，不代替该次检查。',
        en: '"Within one year" and "repeat within one year" are limits: the day after is late (A14, A16); an abnormal result at any time counts (A15); after a clean repeat back to month 36, then every 60 months after the last (A17, A18, A19); with an incomplete preoperative one the first is due between months 3 and 6, instead of the one within a year (A22, A23), whatever the cause (A24); the grade stands behind that last sentence only (A25). For onset before 50 (A21) or Lynch syndrome the text gives no interval: the clinician decides (A20). Nothing falls due off the follow-up pathways; what did meanwhile, or was left undone when a pathway ended, is due on the day follow-up goes on. One done so early that the next date stays as it was does not stand for it.',
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
          ...PRINTED_1A,
        },
        { when: { none: true }, from: 'clock', due: 'P12M', limit: true, ...NOT_PRINTED },
        { when: { last: ['abnormal'] }, from: 'last', due: 'P12M', limit: true, ...NOT_PRINTED },
        { when: { noneSince: 'P30M' }, from: 'clock', due: 'P36M', limit: false, ...NOT_PRINTED },
        { when: {}, from: 'last', due: 'P60M', limit: false, ...NOT_PRINTED },
      ],
    },
    {
      kind: 'recurring',
      id: 'ned_markers',
      activity: 'tumour_markers',
      anchor: 'grid',
      pathway: 'crlm_ned',
      section: '1.4(1)',
      title: { zh: 'NED后CEA、CA19-9', en: 'CEA and CA19-9 after NED' },
      interpretation: {
        zh: '自达到NED之日起算，不论方式；再次达到NED则重新起算（A26）；第3至5年为一段（A27）。',
        en: 'Counted from the day NED was reached, by whatever means; a second NED starts anew (A26); years 3 to 5 are a span (A27).',
      },
      phases: [
        { every: 'P3M', until: 'P24M', ...PRINTED_1A },
        { every: 'P6M', until: 'P60M', ...PRINTED_1A },
        { every: 'P12M', ...NOT_PRINTED },
      ],
    },
    {
      kind: 'recurring',
      id: 'ned_imaging_ct',
      activity: 'ct_abdomen_pelvis',
      anchor: 'grid',
      pathway: 'crlm_ned',
      liverImaging: 'ct',
      section: '1.4(2)',
      title: { zh: 'NED后腹/盆腔增强CT', en: 'Abdomen and pelvis CT after NED' },
      interpretation: imagingReading,
      phases: nedImaging,
    },
    {
      kind: 'recurring',
      id: 'ned_imaging_mri',
      activity: 'mri_liver',
      anchor: 'grid',
      pathway: 'crlm_ned',
      liverImaging: 'mri',
      section: '1.4(2)',
      title: { zh: 'NED后肝脏增强MRI', en: 'Liver MRI after NED' },
      interpretation: imagingReading,
      phases: nedImaging,
    },
    {
      kind: 'recurring',
      id: 'ned_review',
      activity: 'clinical_review',
      anchor: 'grid',
      pathway: 'crlm_ned',
      section: '1.4(3) → 1.3(1)',
      title: { zh: 'NED后病史询问与体格检查', en: 'History and examination after NED' },
      interpretation: borrowedReading,
      phases: borrowedVisits,
    },
    {
      kind: 'recurring',
      id: 'ned_liver_ultrasound',
      activity: 'liver_ultrasound',
      anchor: 'grid',
      pathway: 'crlm_ned',
      section: '1.4(3) → 1.3(1)',
      title: { zh: 'NED后肝脏超声', en: 'Liver ultrasound after NED' },
      interpretation: borrowedReading,
      phases: borrowedVisits,
    },
    {
      kind: 'recurring',
      id: 'ned_chest_ct',
      activity: 'ct_chest_abdomen_pelvis',
      anchor: 'grid',
      pathway: 'crlm_ned',
      section: '1.4(3) → 1.3(2)',
      title: { zh: 'NED后胸/腹/盆腔增强CT', en: 'Chest, abdomen and pelvis CT after NED' },
      interpretation: {
        zh: '所有NED患者均安排，不论原发灶分期（A35）；频次参照1.3(2)（A36），自NED起算（A33）；同日到期的腹/盆腔CT由其涵盖。',
        en: 'For every NED patient, whatever the stage of the primary (A35); at the frequency of 1.3(2) (A36), counted from NED (A33); it covers the abdomen and pelvis CT due the same day.',
      },
      phases: [
        { every: 'P12M', until: ['P36M', 'P60M'], ...NOT_PRINTED },
        { every: ['P12M', 'P24M'], ...NOT_PRINTED },
      ],
    },
    {
      kind: 'after-finding',
      id: 'suspicious_finding_mri',
      activity: 'mri_liver',
      pathways: ['crc_postoperative', 'crlm_ned'],
      section: '1.3(2), 1.2',
      title: { zh: '可疑发现后肝脏增强MRI', en: 'Liver MRI after a suspicious finding' },
      interpretation: {
        zh: '适用于所有随访患者（A10）；“MRI等检查”取MRI（A11）；原文未给时限，取发现当日即到期，为安全的读法；一次MRI回答其前的各次发现；转化治疗期间的MRI限于“临床重大决策时”，由医生记录（A41）。',
        en: 'For every patient in follow-up (A10); of "MRI etc." the MRI is planned (A11); the text gives no time, so it is due on the day of the finding, which is the safe reading; one MRI answers every finding before it. During conversion therapy the MRI belongs to major decisions, which a clinician records (A41).',
      },
      after: {
        event: 'exam',
        where: {
          activity: ['liver_ultrasound', 'ct_abdomen_pelvis', 'ct_chest_abdomen_pelvis'],
          outcome: ['suspicious', 'inconclusive'],
        },
      },
      due: 'P0D',
      ...PRINTED_1A,
    },
    {
      kind: 'recurring',
      id: 'conversion_liver_ultrasound',
      activity: 'liver_ultrasound',
      anchor: 'grid',
      pathway: 'crlm_conversion',
      where: { mmr: ['pMMR'] },
      section: '3.2.2',
      title: { zh: '转化治疗评估：肝脏超声', en: 'Conversion reassessment: liver ultrasound' },
      interpretation: conversionReading,
      phases: everySixToEightWeeks,
    },
    {
      kind: 'recurring',
      id: 'conversion_ct',
      activity: 'ct_abdomen_pelvis',
      anchor: 'grid',
      pathway: 'crlm_conversion',
      where: { mmr: ['pMMR'] },
      section: '3.2.2',
      title: { zh: '转化治疗评估：增强CT', en: 'Conversion reassessment: contrast CT' },
      interpretation: conversionReading,
      phases: everySixToEightWeeks,
    },
  ],
  covers: { ct_chest_abdomen_pelvis: ['ct_abdomen_pelvis'] },
  flags: [
    {
      code: 'interval-to-be-decided-onset-before-50',
      when: { onsetBefore: 50 },
      message: {
        zh: '发病年龄<50岁：指南建议适当增加电子结肠镜频率，但未给出间隔，须由医生决定；在此之前按一般间隔安排。',
        en: 'Onset before 50: the guideline asks for more frequent colonoscopy and gives no interval. A clinician has to decide; until then the usual intervals are planned.',
      },
    },
    {
      code: 'interval-to-be-decided-lynch',
      when: { recorded: { event: 'lynch_syndrome_confirmed' } },
      message: {
        zh: 'Lynch综合征：指南建议适当增加电子结肠镜频率，但未给出间隔，须由医生决定；在此之前按一般间隔安排。',
        en: 'Lynch syndrome: the guideline asks for more frequent colonoscopy and gives no interval. A clinician has to decide; until then the usual intervals are planned.',
      },
    },
    {
      code: 'interval-to-be-decided-dmmr',
      when: { running: 'crlm_conversion', where: { mmr: ['dMMR'] } },
      message: {
        zh: 'dMMR/MSI-H免疫治疗：指南未给出评估间隔，未安排任何检查，须由医生决定。',
        en: 'dMMR/MSI-H on immunotherapy: the guideline prints no reassessment interval, so nothing is planned. A clinician has to decide.',
      },
    },
    {
      code: 'mri-leaves-pelvis-unseen',
      when: { running: 'crlm_ned', liverImaging: 'mri' },
      message: {
        zh: '以肝脏MRI随访：盆腔未检查，每年的胸/腹/盆腔CT仍照常安排。',
        en: 'Liver imaging by MRI leaves the pelvis unseen; the yearly chest, abdomen and pelvis CT still stands.',
      },
    },
    {
      code: 'colonoscopy-without-clock',
      when: { running: 'crlm_ned', neverRecorded: { event: 'primary_resection' } },
      message: {
        zh: '未记录原发灶手术：无法计算结肠镜日期，请补录手术日期。',
        en: 'No primary resection is recorded, so colonoscopy cannot be dated: add the resection.',
      },
    },
  ],
} as const satisfies Guideline;
