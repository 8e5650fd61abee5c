import { type CalendarDate, toDayNumber } from './calendar.js';
import type { Choices, PhaseChoice } from './choices.js';
import type { PatientFacts } from './facts.js';
import type { Guideline, Period, RecurringRule } from './guideline.js';
import { longEnd, monthsIn } from './period.js';

const DAYS_IN_MONTH = 30.4375;
const MONTHS_IN_YEAR = 12;

/** How often a decided phase repeats, and for how long it lasts from its clock; all in months. */
interface Repetition {
  readonly every: number;
  readonly lasts: number;
}

/** What hospital and clinicians decided instead of what the text and the profile say. */
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
 * How many items the decided intervals ask for at most, from the patient's first clock until `until`. Counts without
 * planning: weekly over a lifetime is tens of thousands.
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

/** How many items a year the decided intervals ask for at most, of one patient. */
export const decidedItemsAYear = (guideline: Guideline, choices: Choices): number =>
  guideline.rules.reduce((sum, { id }) => {
    const choice = choices.rules?.[id];
    const own = choice && repetitionsOf(guideline, { ...choices, rules: { [id]: choice } });
    return sum + Math.max(0, ...(own ?? []).map(({ every }) => MONTHS_IN_YEAR / every));
  }, 0);
