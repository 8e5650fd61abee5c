import { type FieldFault, invalid } from '../platform/domain-error.js';
import { phaseDeviates } from '../guideline/choices.js';
import { activitiesIn } from '../guideline/activities.js';
import type { ChainRule, Guideline, Rule } from '../guideline/guideline.js';
import { isTooOften, longEnd, monthsIn } from '../guideline/period.js';
import { isOrIncludes } from '../guideline/planning-case.js';
import type { Message } from '../guideline/message.js';
import { namesItsActivity } from '../guideline/recorded-exam.js';
import { activityTitle } from '../guideline/vocabulary.js';
import type { ClinicalEvent } from '../patients/clinical-event.entity.js';
import { factOf } from '../patients/recorded-events.js';
import type { Decision } from './decision.js';
import type { ItemRow } from './planned-row.js';
import { msg } from '../platform/messages/dictionary.js';

/** A decision without its author and reason. */
type BareDecision = { readonly kind: Decision['kind'] } & Readonly<Record<string, unknown>>;
type IntervalDecision = Omit<Extract<Decision, { kind: 'interval' }>, 'kind'>;

/**
 * Refuses (422) a decision about a rule, phase or activity that the guideline does not have, or whose activity the
 * guideline does not allow as a routine. `at` is the pointer to the decision in the request.
 */
export function refuseDecision(
  input: BareDecision & Partial<IntervalDecision>,
  guideline: Guideline,
  at = '',
): void {
  const faults = faultsOfDecision(input, guideline).map((one) => ({ ...one, pointer: at + one.pointer }));
  const [first] = faults;
  if (first) throw invalid('decision-not-possible', first.message, faults);
}

function faultsOfDecision(
  input: BareDecision & Partial<IntervalDecision>,
  guideline: Guideline,
): FieldFault[] {
  if (input.kind === 'added_item') return activityFaults(String(input['activity']), guideline);
  if (input.kind !== 'interval' && input.kind !== 'rule_off') return [];
  const rule = guideline.rules.find(({ id }) => id === input.rule);
  if (!rule) {
    const known = guideline.rules.map(({ id }) => id);
    return [fault('/rule', 'unknown-rule', msg('unknown-rule', { rule: String(input.rule), known }))];
  }
  if (input.kind === 'rule_off') return [];
  if (input.every !== undefined && isTooOften(input.every))
    return [fault('/every', 'out-of-range', msg('below-a-week'))];
  return intervalFaults(rule, input);
}

const fault = (pointer: string, code: string, message: Message): FieldFault => ({ pointer, code, message });

function intervalFaults(rule: Rule, { phase, every, until }: Partial<IntervalDecision>): FieldFault[] {
  if (rule.kind === 'after-finding')
    return [fault('/rule', 'no-interval', msg('rule-without-interval', { rule: rule.id }))];
  if (rule.kind === 'chain')
    return [
      ...(phase === undefined
        ? []
        : [fault('/phase', 'no-phases', msg('rule-without-phases', { rule: rule.id }))]),
      ...(until === undefined
        ? []
        : [fault('/until', 'no-phases', msg('rule-without-phases', { rule: rule.id }))]),
      ...(every === undefined ? [fault('/every', 'required', msg('interval-required'))] : []),
    ];
  const which = { rule: rule.id, last: rule.phases.length - 1 };
  if (phase === undefined) return [fault('/phase', 'required', msg('phase-required', which))];
  const printed = rule.phases[phase];
  if (printed === undefined) return [fault('/phase', 'unknown-phase', msg('unknown-phase', which))];
  if ('at' in printed) return [fault('/phase', 'no-interval', msg('phase-without-interval'))];
  return every === undefined && until === undefined
    ? [fault('/every', 'required', msg('interval-or-duration'))]
    : [];
}

function activityFaults(activity: string, guideline: Guideline): FieldFault[] {
  const sentence = guideline.notRoutine?.find((one) => one.activities.includes(activity))?.sentence;
  if (sentence) return [fault('/activity', 'not-routine', msg('not-routine', { sentence }))];
  const known = activitiesIn(guideline);
  return known.includes(activity)
    ? []
    : [fault('/activity', 'unknown-activity', msg('unknown-activity-here', { activity, known }))];
}

/**
 * Refuses (422) to assign an event to an item that it cannot complete. `at` is the pointer to the decision in the
 * request.
 */
export function refuseAssignment(
  event: ClinicalEvent | null,
  item: Pick<ItemRow, 'activity' | 'rule' | 'state'> | null,
  guideline: Guideline,
  at = '',
): void {
  const refuse = (pointer: string, code: string, message: Message): never => {
    throw invalid('decision-not-possible', message, [fault(at + pointer, code, message)]);
  };
  if (!event || event.voidedAt !== null) return refuse('/eventId', 'unknown-event', msg('unknown-event'));
  if (!item || item.state === 'cancelled') return refuse('/itemId', 'unknown-item', msg('unknown-item'));
  if (!namesItsActivity(event)) return refuse('/eventId', 'not-assignable', msg('not-assignable'));
  const rule = guideline.rules.find(({ id }) => id === item.rule);
  const others = rule?.kind === 'recurring' ? (rule.satisfiedBy ?? []) : [];
  if (![item.activity, ...others].some((activity) => isOrIncludes(factOf(event), activity, guideline)))
    return refuse(
      '/eventId',
      'other-activity',
      msg('other-activity', { activity: activityTitle(item.activity, guideline) }),
    );
}

/** Whether the decision sets an interval outside the guideline's range. */
export function isDeviation(decision: Decision, guideline: Guideline): boolean {
  if (decision.kind !== 'interval') return false;
  const { rule: id, phase, every, until } = decision;
  const rule = guideline.rules.find((one) => one.id === id);
  if (rule?.kind === 'chain') return every !== undefined && monthsIn(every) > longestInterval(rule);
  if (rule?.kind !== 'recurring' || phase === undefined) return false;
  return phaseDeviates(rule, phase, {
    profile: 'intensive',
    liverImaging: 'ct',
    rules: { [id]: { by: 'clinician', phases: { [phase]: { every, until } } } },
  });
}

/** The longest interval in months that the chain itself ever asks for. */
function longestInterval({ cases }: ChainRule): number {
  const intervals = cases.flatMap(({ due }) => {
    if (typeof due === 'string') return [monthsIn(due)];
    const [short, long] = due;
    return typeof short === 'string' && typeof long === 'string' ? [monthsIn(longEnd([short, long]))] : [];
  });
  return Math.max(0, ...intervals);
}
