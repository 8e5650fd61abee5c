import type { Guideline, RecurringRule, Rule } from '../guideline.js';
import { CRLM_CN_2025 } from './crlm-cn-2025.js';

const reasonsOfImaging = {
  zh: 'CT或MRI均可满足日期，更换方法允许但予标示（1.3(2)）；因可疑发现而加做的MRI不代替当次检查。',
  en: 'CT or MRI satisfies a date; a change of method is allowed and flagged (1.3(2)); an MRI made in addition, because of a suspicious finding, stands for none.',
};

/** An activity during immunotherapy, for which the text prints no interval. */
const leftToClinician = (id: string, activity: string, title: Rule['title']): RecurringRule => ({
  kind: 'recurring',
  id,
  activity,
  anchor: 'grid',
  pathway: 'crlm_conversion',
  where: { mmr: ['dMMR'] },
  section: '3.2.2',
  title,
  interpretation: {
    zh: 'dMMR/MSI-H免疫治疗原文未给出间隔（A40）：医生决定之前不安排；决定之后自转化治疗开始之日起算（A37）。',
    en: 'For dMMR/MSI-H on immunotherapy no interval is printed (A40): nothing is planned until a clinician has decided one, then it is counted from the start of therapy (A37).',
  },
  phases: [{ every: 'clinician', evidence: null, grade: null }],
});

/** The additions of 1.1.0 to 1.0.0; every date that 1.0.0 plans is the same. */
const MORE: Readonly<Record<string, Partial<RecurringRule>>> = {
  ned_imaging_ct: { satisfiedBy: ['mri_liver'] },
  ned_imaging_mri: { satisfiedBy: ['ct_abdomen_pelvis'] },
};

const withMore = (rule: Rule): Rule => {
  const more = MORE[rule.id];
  if (rule.kind !== 'recurring' || more === undefined) return rule;
  const { zh, en } = rule.interpretation;
  const interpretation = { zh: zh + reasonsOfImaging.zh, en: `${en} ${reasonsOfImaging.en}` };
  return { ...rule, ...more, interpretation };
};

const SETTLED_BY: Readonly<Record<string, readonly string[]>> = {
  'interval-to-be-decided-onset-before-50': ['colonoscopy'],
  'interval-to-be-decided-lynch': ['colonoscopy'],
  'interval-to-be-decided-dmmr': ['conversion_liver_ultrasound_dmmr', 'conversion_ct_dmmr'],
};

/** The 2025 guideline with additions to 1.0.0: either imaging method, clinicians' intervals, and PET. */
export const CRLM_CN_2025_1_1: Guideline = {
  ...CRLM_CN_2025,
  version: '1.1.0',
  rules: [
    ...CRLM_CN_2025.rules.map(withMore),
    leftToClinician('conversion_liver_ultrasound_dmmr', 'liver_ultrasound', {
      zh: '免疫治疗评估：肝脏超声',
      en: 'Reassessment on immunotherapy: liver ultrasound',
    }),
    leftToClinician('conversion_ct_dmmr', 'ct_abdomen_pelvis', {
      zh: '免疫治疗评估：增强CT',
      en: 'Reassessment on immunotherapy: contrast CT',
    }),
  ],
  notRoutine: [
    {
      activities: ['pet_ct', 'pet_mri'],
      section: '1.2, 1.3(2), 1.4(2)',
      sentence: {
        zh: '“不推荐常规PET/CT或PET/MRI检查。”（1.4(2)）病情需要时由医生另行开具。',
        en: 'The guideline does not recommend PET/CT or PET/MRI as a routine (1.4(2)). Where a case needs one, a clinician orders it outside this plan.',
      },
    },
  ],
  flags: [
    ...CRLM_CN_2025.flags.map((flag) => {
      const settledBy = SETTLED_BY[flag.code];
      return settledBy === undefined ? flag : { ...flag, settledBy };
    }),
    {
      code: 'imaging-method-changed',
      when: { otherMethodFor: ['ned_imaging_ct', 'ned_imaging_mri'] },
      message: {
        zh: '影像检查方法有变动：指南建议随访过程中保持一致（1.3(2)）。检查仍计入，请医生确认后续方法。',
        en: 'The imaging method has changed, and the guideline advises to keep to one (1.3(2)). The examination counts; a clinician should confirm the method from here on.',
      },
    },
  ],
};
