import { type Guideline, type Period, type PeriodOrRange, type Phase, type Rule } from './guideline.js';
import { longEnd, offsetOf, shortEnd } from './period.js';

/** One thing wrong with a guideline: the JSON pointer to it, a stable code, and what would be right. */
export interface GuidelineFault {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

const LONGEST_YEARS = 100;
const DAYS_IN_MONTH = 30.4375;

/** About how long a period is, to compare two of different units. */
function daysIn(period: Period): number {
  const { months, days } = offsetOf(period);
  return months * DAYS_IN_MONTH + days;
}

/**
 * What the form of a guideline cannot say of itself: names that lead nowhere, ranges upside down, phases that
 * are empty or never reached, findings that ask for themselves. Empty for one the planner can use; for any
 * such the planner ends.
 */
export function problemsOf(guideline: Guideline): GuidelineFault[] {
  const { pathways, rules, covers } = guideline;
  return [
    ...twice(
      '/pathways',
      pathways.map(({ id }) => id),
    ),
    ...twice(
      '/rules',
      rules.map(({ id }) => id),
    ),
    ...rules.flatMap((rule, index) =>
      ruleProblems(
        rule,
        `/rules/${index}`,
        pathways.map(({ id }) => id),
      ),
    ),
    ...coverCycles(covers),
    ...guideline.flags.flatMap(({ when }, index) =>
      'running' in when
        ? unknown(
            [when.running],
            pathways.map(({ id }) => id),
            `/flags/${index}/when/running`,
          )
        : [],
    ),
  ];
}

function ruleProblems(rule: Rule, pointer: string, pathways: readonly string[]): GuidelineFault[] {
  switch (rule.kind) {
    case 'recurring':
      return [
        ...unknown([rule.pathway], pathways, `${pointer}/pathway`),
        ...phaseProblems(rule.phases, `${pointer}/phases`),
      ];
    case 'chain':
      return [
        ...unknown(rule.pathways, pathways, `${pointer}/pathways`),
        ...rule.cases.flatMap(({ due, earliest }, index) => [
          ...periodProblems(due, `${pointer}/cases/${index}/due`),
          ...(earliest === undefined
            ? []
            : rangeProblems([earliest, due], `${pointer}/cases/${index}/earliest`)),
        ]),
        ...(rule.counts.results.includes(rule.assumed)
          ? []
          : [
              fault(
                `${pointer}/assumed`,
                'not-counted',
                `${rule.assumed} is none of the results that count.`,
              ),
            ]),
      ];
    case 'after-finding':
      return [
        ...unknown(rule.pathways, pathways, `${pointer}/pathways`),
        ...(rule.activities.includes(rule.activity)
          ? [fault(`${pointer}/activities`, 'cycle', `${rule.activity} would ask for itself for ever.`)]
          : []),
      ];
  }
}

function phaseProblems(phases: readonly Phase[], pointer: string): GuidelineFault[] {
  const faults: GuidelineFault[] = [];
  let reached = 0;
  for (const [index, { every, until }] of phases.entries()) {
    const at = `${pointer}/${index}`;
    faults.push(...rangeProblems(every, `${at}/every`));
    if (until === undefined) {
      if (index < phases.length - 1)
        faults.push(
          fault(
            `${at}/until`,
            'required',
            'Only the last phase may have no end: what follows is never reached.',
          ),
        );
      break;
    }
    faults.push(...rangeProblems(until, `${at}/until`));
    // A day's grace: a month counted in weeks is not the month of the calendar.
    if (daysIn(shortEnd(until)) + 1 < reached + daysIn(longEnd(every)))
      faults.push(
        fault(
          at,
          'empty-phase',
          `Not one interval of ${longEnd(every)} ends by ${shortEnd(until)}: the phase would be empty.`,
        ),
      );
    reached = daysIn(longEnd(until));
  }
  return faults;
}

function rangeProblems(value: PeriodOrRange, pointer: string): GuidelineFault[] {
  const [short, long] = [shortEnd(value), longEnd(value)];
  const upsideDown = daysIn(short) > daysIn(long);
  return [
    ...periodProblems(short, pointer),
    ...(short === long ? [] : periodProblems(long, pointer)),
    ...(upsideDown
      ? [fault(pointer, 'range-upside-down', `${short} is longer than ${long}: write the short end first.`)]
      : []),
  ];
}

function periodProblems(period: Period, pointer: string): GuidelineFault[] {
  const days = daysIn(period);
  if (days === 0)
    return [fault(pointer, 'no-time', `${period} is no time at all: the planner would never get on.`)];
  if (days > LONGEST_YEARS * 12 * DAYS_IN_MONTH)
    return [fault(pointer, 'too-long', `${period} is longer than ${LONGEST_YEARS} years.`)];
  return [];
}

function coverCycles(covers: Guideline['covers']): GuidelineFault[] {
  const includes = new Map(Object.entries(covers));
  const reaches = (from: string, to: string, seen: readonly string[]): boolean =>
    (includes.get(from) ?? []).some(
      (next) => next === to || (!seen.includes(next) && reaches(next, to, [...seen, next])),
    );
  return [...includes.keys()]
    .filter((activity) => reaches(activity, activity, []))
    .map((activity) => fault(`/covers/${activity}`, 'cycle', `${activity} would include itself.`));
}

function twice(pointer: string, ids: readonly string[]): GuidelineFault[] {
  return ids.flatMap((id, index) =>
    ids.indexOf(id) < index
      ? [fault(`${pointer}/${index}/id`, 'id-twice', `There is another ${id}: each needs a name of its own.`)]
      : [],
  );
}

function unknown(names: readonly string[], known: readonly string[], pointer: string): GuidelineFault[] {
  return names
    .filter((name) => !known.includes(name))
    .map((name) =>
      fault(pointer, 'unknown-pathway', `There is no pathway ${name}; there are ${known.join(', ')}.`),
    );
}

const fault = (pointer: string, code: string, message: string): GuidelineFault => ({
  pointer,
  code,
  message,
});
