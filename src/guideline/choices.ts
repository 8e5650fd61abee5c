import type { CalendarDate } from './calendar.js';
import type {
  ActivityCode,
  LiverImaging,
  Period,
  PeriodOrRange,
  Profile,
  RecurringRule,
  RepeatingPhase,
} from './guideline.js';
import { longEnd, monthsIn, shortEnd } from './period.js';

/**
 * Who decided something that the text leaves open, and why. A hospital decides by its policy, a clinician for one
 * patient.
 */
export interface Attribution {
  readonly by: 'hospital' | 'clinician';
  readonly author?: string;
  readonly reason?: string;
}

export interface PhaseChoice {
  readonly every?: Period;
  readonly until?: Period;
  /** Who decided about this phase, where it differs from the rest of the rule. */
  readonly decided?: Attribution;
}

/** Decisions about one rule, which take precedence over the profile. */
export interface RuleChoice extends Attribution {
  /** From this day on the rule plans no items. */
  readonly offFrom?: CalendarDate;
  /** Intervals and durations by the index of the rule's phase; the profile determines the others. */
  readonly phases?: Readonly<Record<number, PhaseChoice>>;
  /** For a chain: the interval from the last exam; a limit of the text applies if it is sooner. */
  readonly interval?: Period;
}

/** An item that a clinician added by hand. */
export interface AddedItem extends Attribution {
  readonly id: string;
  readonly activity: ActivityCode;
  readonly due: CalendarDate;
}

/** Hospital policy, not guideline: how many days around a fixed interval count as on time. */
export interface Tolerances {
  /** For intervals up to three months. */
  readonly upTo3Months: number;
  /** For longer ones below a year. */
  readonly upTo12Months: number;
  /** For a year and more. */
  readonly longer: number;
}

export const DEFAULT_TOLERANCES: Tolerances = { upTo3Months: 14, upTo12Months: 30, longer: 60 };

/** The choices of hospital and clinician where the text leaves a choice. */
export interface Choices {
  /** `intensive`: short end of every interval, long end of every duration; `minimal`: the reverse. */
  readonly profile: Profile;
  readonly liverImaging: LiverImaging;
  readonly tolerances?: Tolerances;
  /** By the id of the rule. */
  readonly rules?: Readonly<Record<string, RuleChoice>>;
  readonly added?: readonly AddedItem[];
}

/** Days of tolerance around an interval of about this many months. */
export function toleranceDays(intervalInMonths: number, { tolerances }: Choices): number {
  const days = tolerances ?? DEFAULT_TOLERANCES;
  if (intervalInMonths <= 3) return days.upTo3Months;
  return intervalInMonths < 12 ? days.upTo12Months : days.longer;
}

/**
 * The interval in force: the decision for this phase, else the profile's; null: the text gives none and there is no
 * decision.
 */
export function intervalOf(rule: RecurringRule, phase: number, choices: Choices): Period | null {
  const { every } = rule.phases[phase] as RepeatingPhase;
  const decided = choices.rules?.[rule.id]?.phases?.[phase]?.every;
  if (decided !== undefined) return decided;
  return every === 'clinician' ? null : soonest(every, choices);
}

/** The duration of the phase from the clock: the decision, else the profile's; null: without end. */
export function durationOf(rule: RecurringRule, phase: number, choices: Choices): Period | null {
  const { until } = rule.phases[phase] as RepeatingPhase;
  const decided = choices.rules?.[rule.id]?.phases?.[phase]?.until;
  if (decided !== undefined) return decided;
  if (until === undefined) return null;
  return choices.profile === 'intensive' ? longEnd(until) : shortEnd(until);
}

/** The end of the range at which the profile plans the item. */
export const soonest = (range: PeriodOrRange, { profile }: Choices): Period =>
  profile === 'intensive' ? shortEnd(range) : longEnd(range);

/**
 * Whether the decision for this phase is outside the text's range. Where the text leaves the interval open, any value
 * is inside.
 */
export function phaseDeviates(rule: RecurringRule, phase: number, choices: Choices): boolean {
  const decided = choices.rules?.[rule.id]?.phases?.[phase];
  const printed = rule.phases[phase];
  if (decided === undefined || printed === undefined || 'at' in printed) return false;
  const { every, until } = printed;
  return (
    (decided.every !== undefined && every !== 'clinician' && isOutside(decided.every, every)) ||
    (decided.until !== undefined && (until === undefined || isOutside(decided.until, until)))
  );
}

/** Whether the value is outside the text's range. */
export const isOutside = (value: Period, range: PeriodOrRange): boolean =>
  monthsIn(value) < monthsIn(shortEnd(range)) || monthsIn(value) > monthsIn(longEnd(range));
