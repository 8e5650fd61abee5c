import type { HospitalPolicy, RuleDecision } from '../access/hospital-policy.js';
import type { ReminderPolicy } from '../access/reminder-policy.js';
import type { FieldFault } from '../domain-error.js';
import { isOutside } from '../guideline/choices.js';
import type { Guideline, Period, PeriodOrRange, Rule } from '../guideline/guideline.js';
import { monthsIn } from '../guideline/period.js';
import { pointerTo } from '../input-faults.js';

// Closer together no examination of this kind makes sense, and a plan of ten years would have thousands of items.
const SHORTEST: Period = 'P1W';

const printedText = (printed: PeriodOrRange | undefined): string =>
  printed === undefined ? 'no end' : typeof printed === 'string' ? printed : printed.join(' to ');

/** What is wrong with the decisions of a policy, by its guideline. Pointers begin with the steps of `path`. */
export function policyFaults(
  { rules = {}, reminders }: HospitalPolicy,
  guideline: Guideline,
  path: readonly string[],
): FieldFault[] {
  const ofReminders = reminderFaults(reminders, guideline, [...path, 'reminders']);
  const ofRules = Object.entries(rules).flatMap(([id, decision]) => {
    const at = [...path, 'rules', id];
    const rule = guideline.rules.find((one) => one.id === id);
    if (rule) return decisionFaults(rule, decision, at);
    const known = guideline.rules.map((one) => one.id).join(', ');
    return [
      fault(at, 'unknown-rule', `${guideline.id}@${guideline.version} has no rule ${id}; it has ${known}.`),
    ];
  });
  return [...ofRules, ...ofReminders];
}

function reminderFaults(
  { time, until, activities = {} }: ReminderPolicy,
  { rules }: Guideline,
  path: readonly string[],
): FieldFault[] {
  const known = new Set(rules.flatMap(({ activity }) => activity));
  const quiet = until !== undefined && until !== null && until <= time;
  return [
    ...(quiet
      ? [fault([...path, 'until'], 'out-of-range', `Reminders leave from ${time} on: give a later time.`)]
      : []),
    ...Object.keys(activities)
      .filter((activity) => !known.has(activity))
      .map((activity) =>
        fault(
          [...path, 'activities', activity],
          'unknown-activity',
          `The guideline asks for no ${activity}; it asks for ${[...known].join(', ')}.`,
        ),
      ),
  ];
}

function decisionFaults(rule: Rule, decision: RuleDecision, at: readonly string[]): FieldFault[] {
  const values = [...phaseValues(rule, decision, at), ...intervalValues(rule, decision, at)];
  const faults = values.flatMap(({ faults }) => faults);
  const off = decision.offFrom === undefined ? [] : [fault([...at, 'offFrom'], DEVIATES, offText(rule))];
  const deviations = [...values.flatMap(({ deviations }) => deviations), ...off];
  if (deviations.length === 0) return faults;
  const missing = (['author', 'reason'] as const).filter((field) => decision[field] === undefined);
  if (missing.length === 0) return faults;
  return [
    ...faults,
    ...deviations,
    ...missing.map((field) =>
      fault([...at, field], 'required', `A deviation from the text needs its ${field}.`),
    ),
  ];
}

/** What is plainly wrong, and what is right once somebody answers for it. */
interface Judged {
  readonly faults: readonly FieldFault[];
  readonly deviations: readonly FieldFault[];
}

const DEVIATES = 'deviation';

function phaseValues(rule: Rule, { phases }: RuleDecision, at: readonly string[]): Judged[] {
  if (!phases) return [];
  const here = [...at, 'phases'];
  if (rule.kind !== 'recurring')
    return [wrong(fault(here, 'not-allowed', `The rule ${rule.id} has no phases.`))];
  return Object.entries(phases).flatMap(([index, { every, until }]) => {
    const phase = /^\d+$/.test(index) ? rule.phases[Number(index)] : undefined;
    if (!phase) {
      const last = rule.phases.length - 1;
      return [wrong(fault([...here, index], 'unknown-phase', `The phases of ${rule.id} are 0 to ${last}.`))];
    }
    if ('at' in phase)
      return [wrong(fault([...here, index], 'no-interval', 'That phase has single dates, and no interval.'))];
    const { every: printed } = phase;
    const free = printed === 'clinician' ? every : printed;
    return [
      ...(every === undefined ? [] : [judged(every, free, [...here, index, 'every'])]),
      ...(until === undefined ? [] : [judged(until, phase.until, [...here, index, 'until'])]),
    ];
  });
}

function intervalValues(rule: Rule, { interval }: RuleDecision, at: readonly string[]): Judged[] {
  if (interval === undefined) return [];
  const here = [...at, 'interval'];
  if (rule.kind !== 'chain')
    return [wrong(fault(here, 'not-allowed', `The intervals of ${rule.id} are those of its phases.`))];
  const printed = rule.cases
    .filter(({ from }) => from === 'last')
    .flatMap(({ due }) => (typeof due === 'string' ? [due] : []));
  return [
    tooShort(interval, here) ?? { faults: [], deviations: [deviation(interval, printed.join(' or '), here)] },
  ];
}

function judged(value: Period, printed: PeriodOrRange | undefined, at: readonly string[]): Judged {
  if (printed !== undefined && !isOutside(value, printed)) return { faults: [], deviations: [] };
  return tooShort(value, at) ?? { faults: [], deviations: [deviation(value, printedText(printed), at)] };
}

const tooShort = (value: Period, at: readonly string[]): Judged | undefined =>
  monthsIn(value) >= monthsIn(SHORTEST) ? undefined : wrong(fault(at, 'out-of-range', 'Not below one week.'));

const deviation = (value: Period, printed: string, at: readonly string[]): FieldFault =>
  fault(at, DEVIATES, `${value} is not what the text prints (${printed}): somebody has to answer for it.`);

const offText = ({ id, section }: Rule): string =>
  `Section ${section} asks for ${id}: somebody has to answer for leaving it out.`;

const wrong = (one: FieldFault): Judged => ({ faults: [one], deviations: [] });

const fault = (path: readonly string[], code: string, message: string): FieldFault => ({
  pointer: pointerTo(path),
  code,
  message,
});
