import type { HospitalPolicy } from '../tenancy/policy/hospital-policy.js';
import type { AddedItem, Choices, Attribution, RuleChoice } from '../guideline/choices.js';
import type { PatientFacts } from '../guideline/facts.js';
import type { Patient } from '../patients/patient.entity.js';
import type { ClinicalDecision } from './clinical-decision.entity.js';
import { Decision } from './decision.js';

/** A patient's active decision, in the form that the planner needs. */
export type ActiveDecision = Pick<ClinicalDecision, 'id' | 'kind' | 'detail' | 'author' | 'reason'> &
  Partial<Pick<ClinicalDecision, 'decidedAt'>>;

type ChoicesAtRegistration = Pick<Patient, 'profile' | 'liverImaging'>;

/**
 * The choices for one patient. The patient's registration overrides the hospital's policy, and the clinicians'
 * decisions override both. Of two decisions about the same thing the later one applies.
 */
export function choicesOf(
  policy: HospitalPolicy,
  patient: ChoicesAtRegistration,
  decisions: readonly ActiveDecision[],
): Choices {
  const rules: Record<string, RuleChoice> = { ...policy.rules };
  const added: AddedItem[] = [];
  let profile = patient.profile ?? policy.profile;
  let liverImaging = patient.liverImaging ?? policy.liverImaging;
  for (const { id, kind, detail, author, reason } of decisions) {
    const decision = Decision.parse({ kind, ...detail });
    const by = { by: 'clinician', author, reason } as const;
    if (decision.kind === 'profile') profile = decision.profile;
    if (decision.kind === 'liver_imaging') liverImaging = decision.liverImaging;
    if (decision.kind === 'interval')
      rules[decision.rule] = withInterval(rules[decision.rule], policy.rules?.[decision.rule], decision, by);
    if (decision.kind === 'rule_off')
      // An interval that was decided before keeps its own author and reason.
      rules[decision.rule] = { ...by, ...rules[decision.rule], offFrom: decision.from };
    if (decision.kind === 'added_item')
      added.push({ id, activity: decision.activity, due: decision.due, ...by });
  }
  return {
    profile,
    liverImaging,
    ...(policy.tolerances && { tolerances: policy.tolerances }),
    ...(Object.keys(rules).length > 0 && { rules }),
    ...(added.length > 0 && { added }),
  };
}

/**
 * The rule with a decided interval, which replaces an earlier clinician's interval of the same phase. The hospital's
 * policy fills in what the decision leaves out. Decisions about other phases keep their authors.
 */
function withInterval(
  before: RuleChoice | undefined,
  hospital: RuleChoice | undefined,
  { phase, every, until }: Extract<Decision, { kind: 'interval' }>,
  by: Attribution,
): RuleChoice {
  if (phase === undefined) return { ...before, interval: every, ...by };
  const decided = {
    ...hospital?.phases?.[phase],
    ...(every && { every }),
    ...(until && { until }),
    decided: by,
  };
  return { ...by, ...before, phases: { ...before?.phases, [phase]: decided } };
}

/** The facts, with `forDue` on each exam that a person assigned to an item: the due date of that item. */
export function withAssignments(facts: PatientFacts, decisions: readonly ActiveDecision[]): PatientFacts {
  const dueOf = new Map<string, string>();
  for (const { kind, detail } of decisions) {
    if (kind !== 'assignment') continue;
    const decision = Decision.parse({ kind, ...detail });
    if (decision.kind === 'assignment') dueOf.set(decision.eventId, decision.due);
  }
  if (dueOf.size === 0) return facts;
  const events = facts.events.map((event) => {
    const forDue = event.id === undefined ? undefined : dueOf.get(event.id);
    return forDue === undefined ? event : { ...event, forDue };
  });
  return { ...facts, events: events as PatientFacts['events'] };
}
