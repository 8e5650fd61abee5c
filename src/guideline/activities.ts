import type { ActivityDeclaration, Guideline, Text } from './guideline.js';

/** The outcomes of an exam whose activity declares no others; the expected outcome first. */
export const EXAM_OUTCOMES = ['normal', 'suspicious', 'inconclusive'] as const;

const titled = (zh: string, en: string): { readonly title: Text } => ({ title: { zh, en } });

/** The activities that the program knows; a guideline may declare others. */
export const KNOWN_ACTIVITIES = {
  clinical_review: titled('病史询问与体格检查', 'history and examination'),
  liver_ultrasound: titled('肝脏超声', 'liver ultrasound'),
  tumour_markers: titled('肿瘤标志物', 'tumour markers'),
  ct_chest_abdomen_pelvis: titled('胸/腹/盆腔CT', 'chest, abdomen and pelvis CT'),
  ct_abdomen_pelvis: titled('腹/盆腔CT', 'abdomen and pelvis CT'),
  ct_chest_abdomen: titled('胸/腹部CT', 'chest and abdomen CT'),
  mri_liver: titled('肝脏MRI', 'liver MRI'),
  colonoscopy: {
    ...titled('结肠镜', 'colonoscopy'),
    outcomes: ['normal', 'abnormal', 'incomplete'],
    determinesNextDate: true,
    notDone: ['incomplete'],
    recordedAs: { event: 'colonoscopy', field: 'finding' },
  },
} as const satisfies Record<string, ActivityDeclaration>;

export const ACTIVITIES = Object.keys(KNOWN_ACTIVITIES) as readonly (keyof typeof KNOWN_ACTIVITIES)[];

/** The part of a guideline that declares activities. */
export type WithActivities = Pick<Guideline, 'activities'>;

/** The codes of all activities under this guideline: the known ones and the declared ones. */
export const activitiesIn = ({ activities = {} }: WithActivities): readonly string[] => [
  ...ACTIVITIES,
  ...Object.keys(activities),
];

// Own properties only: an activity may have the code `constructor`.
const own = <T>(by: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(by, name) ? by[name] : undefined;

/** The declaration of an activity; undefined where there is none. */
export const activityNamed = (
  code: string,
  { activities = {} }: WithActivities,
): ActivityDeclaration | undefined =>
  own(activities, code) ?? own<ActivityDeclaration>(KNOWN_ACTIVITIES, code);

/** The possible outcomes of an exam of this activity, the expected one first. */
export const outcomesOf = (code: string, guideline: WithActivities): readonly string[] =>
  activityNamed(code, guideline)?.outcomes ?? EXAM_OUTCOMES;

/** Whether the next date depends on the outcome. Then an exam cannot be recorded without one. */
export const determinesNextDate = (code: string, guideline: WithActivities): boolean =>
  activityNamed(code, guideline)?.determinesNextDate === true;

/** The activities recorded as an event `exam`, not as an event type of their own. */
export const examActivities = (guideline: WithActivities): readonly string[] =>
  activitiesIn(guideline).filter((code) => activityNamed(code, guideline)?.recordedAs === undefined);

/** Every outcome that an event `exam` can have under this guideline. */
export const examOutcomes = (guideline: WithActivities): readonly string[] => [
  ...new Set([...EXAM_OUTCOMES, ...examActivities(guideline).flatMap((code) => outcomesOf(code, guideline))]),
];
