import type { ACTIVITIES, ClinicalEventType, ORIGINS } from './facts.js';
import type { ActivityCode, Guideline, Text } from './guideline.js';

type HouseActivity = (typeof ACTIVITIES)[number];
type HouseEvent = ClinicalEventType | (typeof ORIGINS)[number];

const ACTIVITY_TITLES: Readonly<Record<HouseActivity, Text>> = {
  clinical_review: { zh: '病史询问与体格检查', en: 'history and examination' },
  liver_ultrasound: { zh: '肝脏超声', en: 'liver ultrasound' },
  tumour_markers: { zh: '肿瘤标志物', en: 'tumour markers' },
  ct_chest_abdomen_pelvis: { zh: '胸/腹/盆腔CT', en: 'chest, abdomen and pelvis CT' },
  ct_abdomen_pelvis: { zh: '腹/盆腔CT', en: 'abdomen and pelvis CT' },
  ct_chest_abdomen: { zh: '胸/腹部CT', en: 'chest and abdomen CT' },
  mri_liver: { zh: '肝脏MRI', en: 'liver MRI' },
  colonoscopy: { zh: '结肠镜', en: 'colonoscopy' },
};

const EVENT_TITLES: Readonly<Record<HouseEvent, Text>> = {
  birth: { zh: '出生', en: 'birth' },
  diagnosis: { zh: '确诊', en: 'diagnosis' },
  primary_resection: { zh: '原发灶手术', en: 'primary resection' },
  liver_metastasis_diagnosed: { zh: '确诊肝转移', en: 'liver metastasis diagnosed' },
  recurrence: { zh: '复发', en: 'recurrence' },
  conversion_therapy_started: { zh: '转化治疗开始', en: 'start of conversion therapy' },
  conversion_therapy_ended: { zh: '转化治疗结束', en: 'end of conversion therapy' },
  liver_ned: { zh: '达到NED', en: 'NED reached' },
  colonoscopy: { zh: '结肠镜', en: 'colonoscopy' },
  exam: { zh: '检查', en: 'examination' },
  lynch_syndrome_confirmed: { zh: '确诊Lynch综合征', en: 'Lynch syndrome confirmed' },
  transferred_out: { zh: '转出', en: 'transfer' },
  lost_to_follow_up: { zh: '失访', en: 'loss to follow-up' },
  consent_withdrawn: { zh: '撤回同意', en: 'withdrawal of consent' },
  death: { zh: '死亡', en: 'death' },
};

const find = (titles: Readonly<Record<string, Text>>, code: string): Text | undefined => titles[code];

/** What people call the activity; one that nobody has named goes by its code. */
export const activityTitle = (activity: ActivityCode, guideline: Guideline): Text =>
  guideline.activities?.[activity]?.title ??
  find(ACTIVITY_TITLES, activity) ?? { zh: activity, en: activity };

/** What people call the type of event. */
export const eventTitle = (type: string, guideline: Guideline): Text =>
  guideline.events?.[type]?.title ?? find(EVENT_TITLES, type) ?? { zh: type, en: type };
