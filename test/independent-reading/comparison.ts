import { calendarDate } from '../../src/guideline/calendar.js';
import type { ClinicalFact } from '../../src/guideline/facts.js';
import { planSurveillance } from '../../src/guideline/planner.js';
import { findGuideline } from '../../src/guideline/published/index.js';
import { statusOn } from '../../src/guideline/planned-item.js';
import { dayOf, textOf } from './days.js';
import type { History } from './histories.js';
import { runsOf } from './pathways.js';
import { horizonOf, read } from './reading.js';

const GUIDELINE = findGuideline('crlm-cn-2025')!;

/** The items of the independent reading, one line each. */
export function readingOf({ events, policy, asOf, enrolledOn, until }: History): string[] {
  const day = dayOf(asOf);
  const starts = runsOf(events).map(({ start }) => start);
  const items = read({
    ...{ events, ...policy, asOf: day },
    enrolledOn: enrolledOn === undefined ? Math.min(...starts) : dayOf(enrolledOn),
    until: until === undefined ? horizonOf(events, day) : dayOf(until),
  });
  return items
    .map(({ rule, activity, earliest, due, overdue, status, covers }) =>
      [rule, activity, textOf(earliest), textOf(due), textOf(overdue), status, ...covers].join(' '),
    )
    .sort();
}

/** The items of the product, in the same form. */
export function productOf(history: History): string[] {
  const { birthDate, diagnosisDate, policy, enrolledOn, until } = history;
  const asOf = calendarDate(history.asOf);
  const { items } = planSurveillance(
    GUIDELINE,
    {
      birthDate: calendarDate(birthDate),
      diagnosisDate: calendarDate(diagnosisDate),
      events: history.events as unknown as ClinicalFact[],
      enrolledOn: enrolledOn === undefined ? undefined : calendarDate(enrolledOn),
    },
    policy,
    { asOf, until: until === undefined ? undefined : calendarDate(until) },
  );
  return items
    .map((item) =>
      [
        ...[item.rule, item.activity, item.earliest, item.due, item.overdue, statusOn(asOf, item)],
        ...item.covers,
      ].join(' '),
    )
    .sort();
}

/** The lines that only one of the two has: `-` the product alone, `+` the reading alone. */
export function differencesOf(history: History): string[] {
  const [product, reading] = [productOf(history), readingOf(history)];
  return [
    ...without(product, reading).map((line) => `- ${line}`),
    ...without(reading, product).map((line) => `+ ${line}`),
  ];
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const index = left.indexOf(line);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}
