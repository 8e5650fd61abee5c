import { activityNamed, type WithActivities } from './activities.js';
import { type ClinicalEventType, type ClinicalFact, type ORIGINS, RESERVED_FIELDS } from './facts.js';
import type { ActivityCode, Guideline, Text } from './guideline.js';
import { activityRecorded } from './recorded-exam.js';

/** The part of a guideline that names events and exams. */
export type WithEvents = Pick<Guideline, 'activities' | 'events'>;

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

const FIELD_TITLES: Readonly<Record<string, Text>> = {
  site: { zh: '部位', en: 'Site' },
  stage: { zh: '病理分期', en: 'Stage' },
  intent: { zh: '手术性质', en: 'Intent' },
  preoperativeColonoscopy: { zh: '术前肠镜', en: 'Preoperative colonoscopy' },
  mmr: { zh: '错配修复', en: 'Mismatch repair' },
  by: { zh: '达到NED的方式', en: 'NED reached by' },
  finding: { zh: '结果', en: 'Finding' },
  activity: { zh: '检查项目', en: 'Examination' },
  outcome: { zh: '结果', en: 'Result' },
  values: { zh: '测量值', en: 'Values' },
  findings: { zh: '所见', en: 'Findings' },
  report: { zh: '报告', en: 'Report' },
};

const VALUE_TITLES: Readonly<Record<string, Text>> = {
  colon: { zh: '结肠', en: 'colon' },
  rectum: { zh: '直肠', en: 'rectum' },
  curative: { zh: '根治性', en: 'curative' },
  palliative: { zh: '姑息性', en: 'palliative' },
  complete: { zh: '完整', en: 'complete' },
  resection: { zh: '手术切除', en: 'resection' },
  ablation: { zh: '消融', en: 'ablation' },
  sbrt: { zh: '立体定向放疗', en: 'SBRT' },
  systemic: { zh: '全身治疗', en: 'systemic therapy' },
  combined: { zh: '综合治疗', en: 'combined treatment' },
};

const find = (titles: Readonly<Record<string, Text>>, code: string): Text | undefined => titles[code];

/** The display name of the activity; its code where it has no name. */
export const activityTitle = (activity: ActivityCode, guideline: WithActivities): Text =>
  activityNamed(activity, guideline)?.title ?? { zh: activity, en: activity };

/** The display name of the event type. */
export const eventTitle = (type: string, guideline: Pick<Guideline, 'events'>): Text =>
  guideline.events?.[type]?.title ?? find(EVENT_TITLES, type) ?? { zh: type, en: type };

/** The display name of what happened: of an exam its activity, of any other event its type. */
export function factTitle(fact: ClinicalFact, guideline: WithEvents): Text {
  const activity = activityRecorded(fact, guideline);
  return activity === null ? eventTitle(fact.type, guideline) : activityTitle(activity, guideline);
}

/** `2025-02-11 结肠 III 根治性`: the date of a fact and what its fields say. */
export function datedFact(fact: ClinicalFact): Text {
  const values = Object.entries(fact).flatMap(([field, value]) =>
    typeof value !== 'string' || RESERVED_FIELDS.some((reserved) => reserved === field) ? [] : [value],
  );
  const inLanguage = (language: 'zh' | 'en'): string =>
    [fact.date, ...values.map((value) => valueTitle(value)?.[language] ?? value)].join(' ');
  return { zh: inLanguage('zh'), en: inLanguage('en') };
}

/** A display name with its code, for readers who have to write the code. */
export const withCode = (code: string, { zh, en }: Text): Text => ({
  zh: zh === code ? zh : `${zh}（${code}）`,
  en: en === code ? en : `${en} (${code})`,
});

/** The display name of the outcome of an exam; its code where it has no name. */
export const outcomeTitle = (outcome: string): Text =>
  find(OUTCOME_TITLES, outcome) ?? { zh: outcome, en: outcome };

/** The display name of a field of events; its code where it has no name. */
export const fieldTitle = (field: string): Text => find(FIELD_TITLES, field) ?? { zh: field, en: field };

/** The display name of a value of such a field; undefined where it has no name. */
export const valueTitle = (value: string): Text | undefined => find(VALUE_TITLES, value);
