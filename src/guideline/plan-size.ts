import { type CalendarDate, toDayNumber } from './calendar.js';
import type { Choices, PhaseChoice } from './choices.js';
import type { PatientFacts } from './facts.js';
import type { ChainCase, Guideline, Period, Phase, RecurringRule, Rule } from './guideline.js';
import { longEnd, monthsIn, shortEnd } from './period.js';

const DAYS_IN_MONTH = 30.4375;
const MONTHS_IN_YEAR = 12;

/** The interval of a decided phase, and its duration from the clock; all in months. */
interface Repetition {
  readonly every: number;
  readonly lasts: number;
}

/** Decisions of hospital and clinicians that replace the values of the text and the profile. */
function repetitionsOf({ rules }: Guideline, choices: Choices): Repetition[] {
  return rules.flatMap((rule) => {
    const choice = choices.rules?.[rule.id];
    if (choice === undefined) return [];
    if (rule.kind === 'chain')
      return choice.interval === undefined ? [] : [{ every: monthsIn(choice.interval), lasts: Infinity }];
    if (rule.kind !== 'recurring') return [];
    return Object.entries(choice.phases ?? {}).flatMap(([index, { every, until }]) =>
      every === undefined
        ? []
        : [{ every: monthsIn(every), lasts: monthsOrEndless(until ?? printedEnd(rule, index)) }],
    );
  });
}

const monthsOrEndless = (until: Period | undefined): number =>
  until === undefined ? Infinity : monthsIn(until);

function printedEnd({ phases }: RecurringRule, index: string): PhaseChoice['until'] {
  const phase = phases[Number(index)];
  return phase === undefined || 'at' in phase || phase.until === undefined ? undefined : longEnd(phase.until);
}

/**
 * The maximum number of items for the decided intervals, from the patient's first clock until `until`. Computed
 * without planning: weekly over a lifetime is tens of thousands.
 */
export function decidedItemsAtMost(
  guideline: Guideline,
  { birthDate, events }: Pick<PatientFacts, 'birthDate' | 'events'>,
  choices: Choices,
  until: CalendarDate,
): number {
  const starting = new Set(guideline.pathways.map(({ clock }) => clock.event));
  const clocks = [
    ...(starting.has('birth') ? [birthDate] : []),
    ...events.filter(({ type }) => starting.has(type)).map(({ date }) => date),
  ];
  const [first = until] = clocks.sort();
  const months = (toDayNumber(until) - toDayNumber(first)) / DAYS_IN_MONTH;
  return repetitionsOf(guideline, choices).reduce(
    (sum, { every, lasts }) => sum + Math.min(months, lasts * clocks.length) / every,
    0,
  );
}

/** The maximum number of items a year for the decided intervals, for one patient. */
export const decidedItemsAYear = (guideline: Guideline, choices: Choices): number =>
  guideline.rules.reduce((sum, { id }) => {
    const choice = choices.rules?.[id];
    const own = choice && repetitionsOf(guideline, { ...choices, rules: { [id]: choice } });
    return sum + Math.max(0, ...(own ?? []).map(({ every }) => MONTHS_IN_YEAR / every));
  }, 0);

/** The maximum number of items a year for the text of a guideline, for one patient on all its pathways at once. */
export const askedItemsAYear = ({ rules }: Guideline): number =>
  rules.reduce((sum, rule) => sum + askedByRule(rule), 0);

function askedByRule(rule: Rule): number {
  switch (rule.kind) {
    case 'recurring':
      return Math.max(...rule.phases.map(askedByPhase));
    case 'chain':
      return Math.max(
        ...rule.cases.map(({ due }) => MONTHS_IN_YEAR / Math.max(shortestOf(due), WEEK_IN_MONTHS)),
      );
    case 'after-finding':
      return FINDINGS_A_YEAR;
  }
}

/** A finding comes from an exam at intervals of at least three months. */
const FINDINGS_A_YEAR = 4;
/** The shortest allowed interval. */
const WEEK_IN_MONTHS = 7 / DAYS_IN_MONTH;

function askedByPhase(phase: Phase): number {
  if ('at' in phase) {
    const dates = phase.at.map((date) => monthsIn(shortEnd(date))).sort((a, b) => a - b);
    return mostInAYear(dates);
  }
  if (phase.every === 'clinician') return 0;
  return MONTHS_IN_YEAR / Math.max(monthsIn(shortEnd(phase.every)), WEEK_IN_MONTHS);
}

/** The maximum number of these months, in their order, within one year. */
function mostInAYear(months: readonly number[]): number {
  let [most, first] = [0, 0];
  for (const [index, month] of months.entries()) {
    while (month - (months[first] ?? month) >= MONTHS_IN_YEAR) first++;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** Of several moments the latest counts, so the longest; of alternatives the shortest. */
function shortestOf(due: ChainCase['due']): number {
  if (typeof due === 'string') return monthsIn(due);
  if (isRange(due)) return monthsIn(shortEnd(due));
  return Math.max(
    ...due.map((moment) =>
      'anyOf' in moment
        ? Math.min(...moment.anyOf.map(({ after }) => monthsIn(after)))
        : monthsIn(moment.after),
    ),
  );
}

const isRange = (due: Exclude<ChainCase['due'], string>): due is readonly [Period, Period] =>
  typeof due[0] === 'string';
