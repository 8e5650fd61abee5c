import { z } from 'zod';
import type { CalendarDate } from '../guideline/calendar.js';
import type { Choices, RuleChoice } from '../guideline/choices.js';
import type { ActivityCode, Guideline } from '../guideline/guideline.js';
import type { Plan } from '../guideline/planner.js';
import { activitiesOf, type PlannedItem, statusOn } from '../guideline/planned-item.js';
import type { ActiveDecision } from './choices-of.js';
import { ITEM_STATUSES } from './item-view.js';
import { computePlan, type PlanBasis, type PlanFacts } from './plan-basis.js';

/** A rule that a decision has switched off: from a day on it plans no items. */
export interface SwitchedOffRule {
  readonly rule: string;
  readonly activities: readonly ActivityCode[];
  readonly from: CalendarDate;
  readonly decidedBy: 'hospital' | 'clinician';
  /** Null in a preview, which has no author yet. */
  readonly author: string | null;
  readonly reason: string | null;
  /** The id of the clinician's decision, with which it can be revoked. */
  readonly decisionId: string | null;
  readonly decidedAt: Date | null;
  /** The items that the rule would plan from that day on. */
  readonly missing: readonly PlannedItem[];
}

/** The plan, and the items that it does not have because rules were switched off. */
export function computePlanAndGaps(
  basis: PlanBasis,
  facts: PlanFacts,
): { readonly plan: Plan; readonly switchedOff: readonly SwitchedOffRule[] } {
  const planBy = (choices: Choices): Plan => computePlan({ ...basis, choices }, facts);
  const plan = planBy(basis.choices);
  return { plan, switchedOff: switchedOffRules(basis, plan, facts.decisions, planBy) };
}

function switchedOffRules(
  { guideline, choices }: PlanBasis,
  plan: Plan,
  decisions: readonly ActiveDecision[],
  planBy: (choices: Choices) => Plan,
): SwitchedOffRule[] {
  const off = offRules(guideline, choices);
  if (off.length === 0) return [];
  const whole = planBy(allSwitchedOn(choices)).items;
  const planned = new Map(plan.items.map((item) => [item.key, item]));
  return off.map(({ rule, activities, choice, from }) => ({
    ...{ rule, activities, from },
    ...attributionOf(rule, choice, decisions),
    missing: whole.filter(
      (item) => item.due >= from && asksFor(item, rule, activities) && !isThere(planned.get(item.key), item),
    ),
  }));
}

const offRules = (guideline: Guideline, { rules }: Choices) =>
  guideline.rules.flatMap((rule) => {
    const choice = rules?.[rule.id];
    const from = choice?.offFrom;
    return choice && from !== undefined
      ? [{ rule: rule.id, activities: activitiesOf(rule), choice, from }]
      : [];
  });

const allSwitchedOn = ({ rules, ...choices }: Choices): Choices => ({
  ...choices,
  rules: Object.fromEntries(
    Object.entries(rules ?? {}).map(([id, choice]) => [id, { ...choice, offFrom: undefined }] as const),
  ),
});

/** Whether the item is the switched-off rule's own, or another rule's item that covers its activity. */
const asksFor = ({ rule, covers }: PlannedItem, off: string, activities: readonly ActivityCode[]): boolean =>
  rule === off || activities.some((activity) => covers.includes(activity));

/** Whether the plan has the item with everything that it covers. */
const isThere = (planned: PlannedItem | undefined, { covers }: PlannedItem): boolean =>
  planned !== undefined && covers.every((activity) => planned.covers.includes(activity));

/** The last clinician's decision about the rule; the hospital's policy if there is none. */
function attributionOf(
  rule: string,
  { author, reason }: RuleChoice,
  decisions: readonly ActiveDecision[],
): Pick<SwitchedOffRule, 'decidedBy' | 'author' | 'reason' | 'decisionId' | 'decidedAt'> {
  const decision = decisions.findLast(({ kind, detail }) => kind === 'rule_off' && detail['rule'] === rule);
  if (!decision)
    return {
      ...{ decidedBy: 'hospital', author: author ?? null, reason: reason ?? null },
      ...{ decisionId: null, decidedAt: null },
    };
  const { decidedAt = null } = decision;
  return {
    ...{ decidedBy: 'clinician', author: decision.author || null, reason: decision.reason || null },
    ...{ decisionId: decidedAt === null ? null : decision.id, decidedAt },
  };
}

export const SwitchedOffView = z
  .object({
    rule: z.string(),
    activities: z.array(z.string()),
    from: z.iso.date().describe('From this day on the rule plans no items'),
    decidedBy: z.enum(['hospital', 'clinician']).describe('The hospital decides by its policy'),
    author: z.string().nullable(),
    reason: z.string().nullable(),
    decisionId: z.uuid().nullable().describe('To revoke it (POST …/decisions/{decisionId}/revoke)'),
    decidedAt: z.iso.datetime().nullable(),
    missing: z
      .array(
        z.object({
          rule: z.string(),
          activity: z.string(),
          covers: z.array(z.string()),
          earliest: z.iso.date(),
          due: z.iso.date(),
          overdue: z.iso.date(),
          status: z.enum(ITEM_STATUSES),
        }),
      )
      .describe('The items that the rule would plan from that day on, with their status today'),
  })
  .meta({
    id: 'SwitchedOffRule',
    description: 'A rule that was switched off, and what is not planned for it.',
  });

export const switchedOffView = (
  { missing, decidedAt, activities, ...off }: SwitchedOffRule,
  today: CalendarDate,
): z.input<typeof SwitchedOffView> => ({
  ...off,
  activities: [...activities],
  decidedAt: decidedAt?.toISOString() ?? null,
  missing: missing.map((item) => ({
    ...{ rule: item.rule, activity: item.activity, covers: [...item.covers] },
    ...{ earliest: item.earliest, due: item.due, overdue: item.overdue, status: statusOn(today, item) },
  })),
});
