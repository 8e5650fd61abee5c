import type { Guideline } from '../guideline/guideline.js';
import { isOrIncludes } from '../guideline/planning-case.js';
import { isExamEvent } from '../guideline/recorded-exam.js';
import type { ClinicalEvent } from '../patients/clinical-event.entity.js';
import { factOf } from '../patients/recorded-events.js';
import type { SurveillanceItem } from './surveillance-item.entity.js';

type Done = Pick<SurveillanceItem, 'activity' | 'completedOn' | 'completedByEventId'>;

/** The recorded exams that complete none of the items. Two records of one activity on one day count as one exam. */
export function unassignedEvents(
  events: readonly ClinicalEvent[],
  items: readonly Done[],
  guideline: Guideline,
): ClinicalEvent[] {
  const done = items.filter(({ completedOn }) => completedOn !== null);
  const isAssigned = (event: ClinicalEvent): boolean =>
    done.some(
      ({ activity, completedOn, completedByEventId }) =>
        completedByEventId === event.id ||
        (completedOn === event.date && isOrIncludes(factOf(event), activity, guideline)),
    );
  return events
    .filter(({ type }) => isExamEvent(type, guideline))
    .filter((event) => !isAssigned(event))
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}
