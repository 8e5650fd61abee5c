import type { HospitalPolicy, RuleDecision } from '../../tenancy/policy/hospital-policy.js';
import type { ReminderPolicy } from '../../tenancy/policy/reminder-policy.js';
import type { FieldFault } from '../../platform/domain-error.js';
import { isOutside } from '../../guideline/choices.js';
import type { Guideline, Period, PeriodOrRange, Rule } from '../../guideline/guideline.js';
import { isWithin, limitMessage } from '../../guideline/measured-value.js';
import { allMeasurements } from '../../guideline/measurements.js';
import { isTooOften } from '../../guideline/period.js';
import { laboratoryForm } from '../../guideline/reference-limits.js';
import type { Message, Param } from '../../guideline/message.js';
import { pointerTo } from '../../platform/http/input-faults.js';
import { msg } from '../../platform/messages/dictionary.js';

function printedText(printed: PeriodOrRange | undefined): Message | string {
  if (printed === undefined) return msg('no-end');
  return typeof printed === 'string' ? printed : msg('period-range', { short: printed[0], long: printed[1] });
}

/** The validation errors of a policy under its guideline. Pointers begin with the steps of `path`. */
export function policyFaults(
  { rules = {}, reminders, referenceLimits = {}, laboratoryLimits = {} }: HospitalPolicy,
  guideline: Guideline,
  path: readonly string[],
): FieldFault[] {
  const ofReminders = reminderFaults(reminders, guideline, [...path, 'reminders']);
  const ofRules = Object.entries(rules).flatMap(([id, decision]) => {
    const at = [...path, 'rules', id];
    const rule = guideline.rules.find((one) => one.id === id);
    if (rule) return decisionFaults(rule, decision, at);
    const known = guideline.rules.map((one) => one.id);
    const named = `${guideline.id}@${guideline.version}`;
    return [fault(at, 'unknown-rule', msg('guideline-without-rule', { guideline: named, rule: id, known }))];
  });
  return [
    ...ofRules,
    ...ofReminders,
    ...limitFaults(referenceLimits, guideline, [...path, 'referenceLimits']),
    ...laboratoryFaults(laboratoryLimits, guideline, [...path, 'laboratoryLimits']),
  ];
}

const MOST_LABORATORIES = 100;

function laboratoryFaults(
  listed: NonNullable<HospitalPolicy['laboratoryLimits']>,
  guideline: Guideline,
  path: readonly string[],
): FieldFault[] {
  const names = Object.keys(listed);
  if (names.length > MOST_LABORATORIES)
    return [fault(path, 'too-many', msg('too-many-laboratories', { limit: MOST_LABORATORIES }))];
  const forms = names.map(laboratoryForm);
  return names.flatMap((name, index) => {
    const first = forms.indexOf(forms[index] ?? '');
    return first < index
      ? [
          fault(
            [...path, name],
            'laboratory-twice',
            msg('laboratory-twice', { name, other: names[first] ?? '' }),
          ),
        ]
      : limitFaults(listed[name] ?? {}, guideline, [...path, name]);
  });
}

function limitFaults(
  limits: NonNullable<HospitalPolicy['referenceLimits']>,
  guideline: Guideline,
  path: readonly string[],
): FieldFault[] {
  const measurements = Object.values(allMeasurements(guideline)).flat();
  return Object.entries(limits).flatMap(([code, limit]) => {
    const at = [...path, code];
    const measurement = measurements.find((one) => one.code === code);
    if (!measurement) {
      const codes = measurements.map((one) => one.code);
      return [fault(at, 'unknown-measurement', msg('limit-of-nothing', { code, codes }))];
    }
    const { unit, referenceLimit } = measurement;
    return isWithin(limit, referenceLimit)
      ? []
      : [fault(at, 'out-of-range', limitMessage(code, unit, referenceLimit))];
  });
}

function reminderFaults(
  { time, until, activities = {} }: ReminderPolicy,
  { rules }: Guideline,
  path: readonly string[],
): FieldFault[] {
  const known = new Set(rules.flatMap(({ activity }) => activity));
  const isNeverSent = until !== undefined && until !== null && until <= time;
  return [
    ...(isNeverSent ? [fault([...path, 'until'], 'out-of-range', msg('until-before-time', { time }))] : []),
    ...Object.keys(activities)
      .filter((activity) => !known.has(activity))
      .map((activity) =>
        fault(
          [...path, 'activities', activity],
          'unknown-activity',
          msg('guideline-without-activity', { activity, known: [...known] }),
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
    ...missing.map((field) => fault([...at, field], 'required', msg('deviation-field', { field }))),
  ];
}

/** The validation errors of one value, and its deviations from the guideline, which need an author and a reason. */
interface ValidatedValue {
  readonly faults: readonly FieldFault[];
  readonly deviations: readonly FieldFault[];
}

const DEVIATES = 'deviation';

function phaseValues(rule: Rule, { phases }: RuleDecision, at: readonly string[]): ValidatedValue[] {
  if (!phases) return [];
  const here = [...at, 'phases'];
  if (rule.kind !== 'recurring')
    return [invalidValue(fault(here, 'not-allowed', msg('policy-without-phases', { rule: rule.id })))];
  return Object.entries(phases).flatMap(([index, { every, until }]) => {
    const phase = /^\d+$/.test(index) ? rule.phases[Number(index)] : undefined;
    if (!phase) {
      const last = rule.phases.length - 1;
      return [
        invalidValue(fault([...here, index], 'unknown-phase', msg('policy-phases', { rule: rule.id, last }))),
      ];
    }
    if ('at' in phase)
      return [invalidValue(fault([...here, index], 'no-interval', msg('phase-without-interval')))];
    const { every: printed } = phase;
    const free = printed === 'clinician' ? every : printed;
    return [
      ...(every === undefined ? [] : [validated(every, free, [...here, index, 'every'])]),
      ...(until === undefined ? [] : [validated(until, phase.until, [...here, index, 'until'])]),
    ];
  });
}

function intervalValues(rule: Rule, { interval }: RuleDecision, at: readonly string[]): ValidatedValue[] {
  if (interval === undefined) return [];
  const here = [...at, 'interval'];
  if (rule.kind !== 'chain')
    return [invalidValue(fault(here, 'not-allowed', msg('intervals-of-phases', { rule: rule.id })))];
  const printed = rule.cases
    .filter(({ from }) => from === 'last')
    .flatMap(({ due }) => (typeof due === 'string' ? [due] : []));
  return [tooShort(interval, here) ?? { faults: [], deviations: [deviation(interval, printed, here)] }];
}

function validated(value: Period, printed: PeriodOrRange | undefined, at: readonly string[]): ValidatedValue {
  const short = tooShort(value, at);
  if (short) return short;
  if (printed !== undefined && !isOutside(value, printed)) return { faults: [], deviations: [] };
  return { faults: [], deviations: [deviation(value, printedText(printed), at)] };
}

const tooShort = (value: Period, at: readonly string[]): ValidatedValue | undefined =>
  isTooOften(value) ? invalidValue(fault(at, 'out-of-range', msg('below-a-week'))) : undefined;

const deviation = (value: Period, printed: Param, at: readonly string[]): FieldFault =>
  fault(at, DEVIATES, msg('deviation', { value, printed }));

const offText = ({ id, section }: Rule): Message => msg('deviation-off', { section, rule: id });

const invalidValue = (one: FieldFault): ValidatedValue => ({ faults: [one], deviations: [] });

const fault = (path: readonly string[], code: string, message: Message): FieldFault => ({
  pointer: pointerTo(path),
  code,
  message,
});
