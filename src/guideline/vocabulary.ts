import { activityNamed, type WithActivities } from './activities.js';
import type { ClinicalEventType, ORIGINS } from './facts.js';
import type { ActivityCode, Guideline, Text } from './guideline.js';

type KnownEvent = ClinicalEventType | (typeof ORIGINS)[number];

const EVENT_TITLES: Readonly<Record<KnownEvent, Text>> = {
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

const OUTCOME_TITLES: Readonly<Record<string, Text>> = {
  normal: { zh: '正常', en: 'normal' },
  suspicious: { zh: '可疑', en: 'suspicious' },
  inconclusive: { zh: '不确定', en: 'inconclusive' },
  abnormal: { zh: '异常', en: 'abnormal' },
  incomplete: { zh: '未完成', en: 'incomplete' },
};

const find = (titles: Readonly<Record<string, Text>>, code: string): Text | undefined => titles[code];

/** The display name of the activity; its code where it has no name. */
export const activityTitle = (activity: ActivityCode, guideline: WithActivities): Text =>
  activityNamed(activity, guideline)?.title ?? { zh: activity, en: activity };

/** The display name of the event type. */
export const eventTitle = (type: string, guideline: Guideline): Text =>
  guideline.events?.[type]?.title ?? find(EVENT_TITLES, type) ?? { zh: type, en: type };

/** The display name of the outcome of an exam; its code where it has no name. */
export const outcomeTitle = (outcome: string): Text =>
  find(OUTCOME_TITLES, outcome) ?? { zh: outcome, en: outcome };
