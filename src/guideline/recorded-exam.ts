import {
  activitiesIn,
  activityNamed,
  determinesNextDate,
  outcomesOf,
  type WithActivities,
} from './activities.js';
import type { CalendarDate } from './calendar.js';
import { EXAM_EVENT, type ClinicalFact } from './facts.js';
import type { ActivityCode } from './guideline.js';

/** How exams are recorded under one guideline, by type of event and by activity. */
interface Recording {
  /** The activity whose exams this event type records, and the field for the outcome. */
  readonly byEvent: ReadonlyMap<string, { readonly activity: ActivityCode; readonly field: string }>;
  /** Outcomes after which an exam counts as not done. */
  readonly notDone: ReadonlyMap<ActivityCode, readonly string[]>;
}

// Cached: a guideline never changes, and every plan uses this for each event.
const recordings = new WeakMap<WithActivities, Recording>();

function recordingUnder(guideline: WithActivities): Recording {
  const known = recordings.get(guideline);
  if (known) return known;
  const byEvent = new Map<string, { activity: ActivityCode; field: string }>();
  const notDone = new Map<ActivityCode, readonly string[]>();
  for (const activity of activitiesIn(guideline)) {
    const declared = activityNamed(activity, guideline);
    if (declared?.recordedAs) {
      const { event, field } = declared.recordedAs;
      byEvent.set(event, { activity, field });
    }
    if (declared?.notDone) notDone.set(activity, declared.notDone);
  }
  const recording = { byEvent, notDone };
  recordings.set(guideline, recording);
  return recording;
}

/** Whether events of this type record exams. */
export const isExamEvent = (type: string, guideline: WithActivities): boolean =>
  type === EXAM_EVENT || recordingUnder(guideline).byEvent.has(type);

/** Whether the event's type names its activity in a field. */
export const namesItsActivity = ({ type }: Pick<ClinicalFact, 'type'>): boolean => type === EXAM_EVENT;

/** The activity of the exam that the event records, done or not; null: the event is no exam. */
export function activityRecorded(fact: ClinicalFact, guideline: WithActivities): ActivityCode | null {
  if (fact.type === EXAM_EVENT) return typeof fact['activity'] === 'string' ? fact['activity'] : null;
  return recordingUnder(guideline).byEvent.get(fact.type)?.activity ?? null;
}

/** The activity that the event records as done; null for an exam with an outcome of `notDone`. */
export function activityDone(fact: ClinicalFact, guideline: WithActivities): ActivityCode | null {
  const { byEvent, notDone } = recordingUnder(guideline);
  const activity = activityRecorded(fact, guideline);
  if (activity === null) return null;
  const unfinished = notDone.get(activity);
  if (unfinished === undefined) return activity;
  const outcome = fact[byEvent.get(fact.type)?.field ?? 'outcome'];
  return unfinished.some((one) => one === outcome) ? null : activity;
}

/** The outcome of an exam; null: the event is no exam, or has no outcome. */
export function outcomeRecorded(fact: ClinicalFact, guideline: WithActivities): string | null {
  if (!isExamEvent(fact.type, guideline)) return null;
  const outcome = fact[recordingUnder(guideline).byEvent.get(fact.type)?.field ?? 'outcome'];
  return typeof outcome === 'string' ? outcome : null;
}

/** The fields that `activityDone` reads, by type of event. */
export function fieldsOfExams(guideline: WithActivities): Readonly<Record<string, readonly string[]>> {
  const { byEvent, notDone } = recordingUnder(guideline);
  const ofOwnType = new Set([...byEvent.values()].map(({ activity }) => activity));
  const readsOutcome = [...notDone.keys()].some((activity) => !ofOwnType.has(activity));
  return {
    [EXAM_EVENT]: readsOutcome ? ['activity', 'outcome'] : ['activity'],
    ...Object.fromEntries([...byEvent].map(([event, { field }]) => [event, [field]])),
  };
}

/** The activities whose exams the events of this type can record. */
export function activitiesRecordedAs(
  event: string,
  named: readonly string[] | undefined,
  guideline: WithActivities,
): readonly ActivityCode[] {
  if (event === EXAM_EVENT) return named ?? activitiesIn(guideline);
  const recorded = recordingUnder(guideline).byEvent.get(event)?.activity;
  return recorded === undefined ? [] : [recorded];
}

/** A person's input about an exam that was done. */
export interface ExamDone {
  readonly date: CalendarDate;
  readonly outcome?: string | undefined;
  readonly [field: string]: unknown;
}

/** Whether an exam of the activity may be recorded with this outcome, or without one. */
export const isOutcomeOf = (
  activity: ActivityCode,
  outcome: string | undefined,
  guideline: WithActivities,
): boolean =>
  outcome === undefined
    ? !determinesNextDate(activity, guideline)
    : outcomesOf(activity, guideline).includes(outcome);

/** The fact that records an exam of this activity, done for the item due on `forDue`. */
export function examFact(
  activity: ActivityCode,
  { date, outcome, ...fields }: ExamDone,
  forDue: CalendarDate,
  guideline: WithActivities,
): ClinicalFact {
  const recordedAs = activityNamed(activity, guideline)?.recordedAs;
  return recordedAs === undefined
    ? { type: EXAM_EVENT, date, activity, outcome, ...fields, forDue }
    : { type: recordedAs.event, date, [recordedAs.field]: outcome, ...fields };
}

/** How one activity's exams are recorded. */
export interface ExamPattern {
  readonly activity: ActivityCode;
  readonly event: string;
  /** Whether events of this type name their activity in the field `activity`. */
  readonly isNamed: boolean;
  /** The field for the outcome, and the outcomes after which the exam counts as not done. */
  readonly outcomeField: string;
  readonly notDone: readonly string[];
}

/** The same rule as `activityDone`, as data: one pattern for each activity. */
export const examPatterns = (guideline: WithActivities): readonly ExamPattern[] =>
  activitiesIn(guideline).map((activity) => {
    const { recordedAs, notDone = [] } = activityNamed(activity, guideline) ?? {};
    return {
      ...{ activity, notDone, isNamed: recordedAs === undefined },
      event: recordedAs?.event ?? EXAM_EVENT,
      outcomeField: recordedAs?.field ?? 'outcome',
    };
  });
