import { addDays, type CalendarDate } from './calendar.js';
import { type AddedItem, toleranceDays } from './choices.js';
import { CLOSING_EVENTS } from './facts.js';
import { isOn } from './pathway-run.js';
import { examsOf, type PlanningCase } from './planning-case.js';
import { type PlannedItem, NONE } from './planned-item.js';

/** The rule of items added by hand and, outside every pathway, their pathway. */
export const BY_HAND = 'by_hand';

/** The key of the item that the decision `id` added for the day `due`. */
export const keyOfAddedItem = ({ due, id }: Pick<AddedItem, 'due' | 'id'>): string =>
  `${BY_HAND}@${due}#${id}`;

/** The items that clinicians added by hand, until the hospital's follow-up of the patient is closed. */
export function addedItems(given: PlanningCase): PlannedItem[] {
  const { choices, until } = given;
  const closed = closedOn(given);
  return (choices.added ?? [])
    .map((added) => itemOf(added, closed, given))
    .filter(
      ({ due, completedOn }) => due <= until && (completedOn !== null || closed === null || due < closed),
    );
}

/** The day on which the hospital's follow-up ended for good; null while it continues or has resumed. */
function closedOn({ inTime, runs }: PlanningCase): CalendarDate | null {
  const closed = inTime.findLast(({ type }) => CLOSING_EVENTS.some((closing) => closing === type));
  return closed === undefined || runs.some(({ start }) => start > closed.date) ? null : closed.date;
}

function itemOf(added: AddedItem, closed: CalendarDate | null, given: PlanningCase): PlannedItem {
  const { activity, due } = added;
  const tolerance = toleranceDays(0, given.choices);
  const earliest = addDays(due, -tolerance);
  const exam = examsOf(given, [activity]).find(({ date, forDue }) => forDue === due || date >= earliest);
  return {
    key: keyOfAddedItem(added),
    pathway: given.runs.find((run) => isOn(run, due))?.pathway.id ?? BY_HAND,
    rule: BY_HAND,
    activity,
    covers: NONE,
    sequence: 1,
    phase: 0,
    section: '',
    evidence: null,
    grade: null,
    measuredFrom: due,
    earliest,
    due,
    overdue: addDays(due, tolerance + 1),
    missedOn: exam ? null : closed,
    beforeEnrolment: false,
    completedOn: exam?.date ?? null,
    completedBy: exam?.id ?? null,
    otherMethod: false,
    projected: false,
    movedFrom: null,
    alsoFor: NONE,
    deviates: false,
  };
}
