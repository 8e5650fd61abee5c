import { activitiesIn, activityNamed, examActivities, examOutcomes } from './activities.js';
import { askedFields } from './asked-fields.js';
import { CLINICAL_EVENT_TYPES, type EventField, EXAM_EVENT, fieldsOfEvent } from './facts.js';
import type { Guideline, Text } from './guideline.js';
import { activityTitle, eventTitle, fieldTitle, outcomeTitle, valueTitle } from './vocabulary.js';

/** One field of an event for an entry form. */
export interface RecordableField {
  readonly name: string;
  readonly title: Text;
  readonly isRequired: boolean;
  /** Null: any text. */
  readonly values: readonly { readonly value: string; readonly title: Text }[] | null;
}

/** A type of event that can be recorded under a guideline. */
export interface RecordableEvent {
  readonly type: string;
  readonly title: Text;
  /** Events of this type can start a pathway. */
  readonly isClock: boolean;
  readonly fields: readonly RecordableField[];
}

/**
 * The types of events that can be recorded under the guideline, with their fields. `requiresAll`: as when a patient's
 * event is recorded; else only the fields on which the guideline's dates depend are required.
 */
export function recordableEvents(guideline: Guideline, requiresAll: boolean): readonly RecordableEvent[] {
  const asked = askedFields(guideline);
  const own = Object.keys(guideline.events ?? {}).filter((type) => !isKnown(type));
  return [...CLINICAL_EVENT_TYPES, ...own].map((type) => ({
    ...{ type, title: eventTitle(type, guideline) },
    isClock: guideline.pathways.some(({ clock }) => clock.event === type),
    fields: fieldsOf(type, guideline).map(({ name, values, optional }) => ({
      ...{ name, title: fieldTitle(name) },
      isRequired: !optional && (requiresAll || !isKnown(type) || asked.get(type)?.has(name) === true),
      values: values && values.map((value) => ({ value, title: titleOfValue(type, value, guideline) })),
    })),
  }));
}

const isKnown = (type: string): boolean => CLINICAL_EVENT_TYPES.some((known) => known === type);

function fieldsOf(type: string, guideline: Guideline): readonly EventField[] {
  const declared = Object.entries(guideline.events?.[type]?.fields ?? {});
  const known = CLINICAL_EVENT_TYPES.find((one) => one === type);
  const before =
    known === undefined ? [] : fieldsOfEvent(known).map((field) => ofExam(type, field, guideline));
  const extended = before.map((field) => {
    const more = declared.find(([name]) => name === field.name)?.[1] ?? [];
    return field.values === null ? field : { ...field, values: [...new Set([...field.values, ...more])] };
  });
  const added = declared
    .filter(([name]) => !before.some((field) => field.name === name))
    .map(([name, values]) => ({ name, values, optional: !determinesNextDate(type, name, guideline) }));
  return [...extended, ...added];
}

/** An exam has the activities and the outcomes of its guideline. */
function ofExam(type: string, field: EventField, guideline: Guideline): EventField {
  if (type !== EXAM_EVENT) return field;
  return { ...field, values: field.values === null ? examActivities(guideline) : examOutcomes(guideline) };
}

/** Whether the field has the outcome of exams whose next date depends on it. */
const determinesNextDate = (type: string, field: string, guideline: Guideline): boolean =>
  activitiesIn(guideline).some((activity) => {
    const { recordedAs, determinesNextDate: determines } = activityNamed(activity, guideline) ?? {};
    return determines === true && recordedAs?.event === type && recordedAs.field === field;
  });

function titleOfValue(type: string, value: string, guideline: Guideline): Text {
  if (type === EXAM_EVENT && examActivities(guideline).includes(value))
    return activityTitle(value, guideline);
  return valueTitle(value) ?? outcomeTitle(value);
}
