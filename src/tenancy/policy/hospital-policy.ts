import { z } from 'zod';
import { isCalendarDate } from '../../guideline/calendar.js';
import { DEFAULT_RISE_RULE } from '../../guideline/rises.js';
import { text } from '../../platform/text.js';
import { ReminderPatch, ReminderPolicy } from './reminder-policy.js';
import { issue } from '../../platform/messages/issues.js';

const isPeriod = (written: string): written is `P${number}${'Y' | 'M' | 'W' | 'D'}` =>
  /^P[1-9]\d{0,2}[YMWD]$/.test(written);

const Period = z
  .string()
  .refine(isPeriod, issue('period-form'))
  .meta({ type: 'string', description: 'ISO 8601 duration in one unit: P6M' });

const days = z.int().min(0).max(90);

/** A hospital's decision for one rule of its guideline, which takes precedence over the profile. */
export const RuleDecision = z
  .strictObject({
    by: z.literal('hospital').default('hospital'),
    phases: z
      .record(z.string(), z.strictObject({ every: Period.optional(), until: Period.optional() }))
      .optional()
      .describe('Interval and duration by the number of the phase, which counts from 0'),
    interval: Period.optional().describe('For colonoscopy: each next one this long after the last'),
    offFrom: z
      .string()
      .refine(isCalendarDate, issue('not-a-date'))
      .meta({ type: 'string', format: 'date' })
      .optional()
      .describe('From this day on the rule asks for nothing'),
    author: text(100).optional(),
    reason: text(500).optional(),
  })
  .meta({ id: 'RuleDecision' });
export type RuleDecision = z.output<typeof RuleDecision>;

/** Days on either side of a fixed interval that count as on time. */
const Tolerances = z.strictObject({ upTo3Months: days, upTo12Months: days, longer: days });

/** Limits by the code of the measurement, in its unit. */
const Limits = z.record(z.string(), z.number());

/**
 * When a value within its limit has risen so much that a clinician has to judge it. Hospital policy: the guideline gives
 * no number.
 */
export const RisePolicy = z
  .strictObject({
    enabled: z.boolean().default(DEFAULT_RISE_RULE.enabled).describe('false: no rise is judged'),
    percent: z
      .int()
      .min(5)
      .max(500)
      .nullable()
      .default(DEFAULT_RISE_RULE.percent)
      .describe('So many percent above the lowest of the last `lowestOf` values; null: not asked'),
    lowestOf: z.int().min(1).max(10).default(DEFAULT_RISE_RULE.lowestOf),
    successive: z
      .int()
      .min(1)
      .max(5)
      .nullable()
      .default(DEFAULT_RISE_RULE.successive)
      .describe('So many rises in a row; null: not asked'),
    fromPercentOfLimit: z
      .int()
      .min(0)
      .max(100)
      .default(DEFAULT_RISE_RULE.fromPercentOfLimit)
      .describe('Values below so many percent of their limit count as noise of the assay'),
  })
  .meta({
    id: 'RisePolicy',
    description:
      'Hospital policy, because the guideline gives no number: when a value within its limit has risen so much that a clinician has to judge it. 本院规定（指南未给出数值）：数值在参考上限以内、但升高到何种程度须由医生判断。',
  });

/** A hospital's own decisions; each has the default written here. */
export const HospitalPolicy = z
  .object({
    /** Stored as `id@version`: a newer version applies only after a decision. */
    guideline: z.string().default('crlm-cn-2025'),
    profile: z.enum(['intensive', 'minimal']).default('intensive'),
    liverImaging: z.enum(['ct', 'mri']).default('ct'),
    tolerances: Tolerances.optional(),
    /** By the id of the rule. */
    rules: z.record(z.string(), RuleDecision).optional(),
    reminders: ReminderPolicy.prefault({}),
    referenceLimits: Limits.optional().describe(
      'By the code of the measurement, in its unit: the limit above which a value has to be judged, where the laboratory gives none',
    ),
    laboratoryLimits: z
      .record(z.string(), Limits)
      .optional()
      .describe('The same by the name of the laboratory: they count before the limits of the hospital'),
    rises: RisePolicy.optional().describe(
      'Default: two rises in a row, or 30 % above the lowest of the last three values, from half the limit on',
    ),
  })
  .meta({ id: 'HospitalPolicy' });
export type HospitalPolicy = z.output<typeof HospitalPolicy>;

export const DEFAULT_POLICY: HospitalPolicy = HospitalPolicy.parse({});

/** A change to the part of the policy about plans and reminders. Absent fields stay. */
export const PolicyPatch = z
  .strictObject({
    guideline: text(100).optional().describe('`id` or `id@version`; the newest version where none is named'),
    profile: z.enum(['intensive', 'minimal']).optional(),
    liverImaging: z.enum(['ct', 'mri']).optional(),
    tolerances: Tolerances.nullable().optional().describe('null: the defaults again'),
    rules: z
      .record(z.string(), RuleDecision.nullable())
      .optional()
      .describe(
        'By the id of the rule. Each one named replaces what was decided for it; null takes that back.',
      ),
    reminders: ReminderPatch.optional().describe(
      'When what is said leaves, how often, and to whom it is escalated',
    ),
    referenceLimits: z
      .record(z.string(), z.number().nullable())
      .optional()
      .describe('By the code of the measurement, in its unit; null: the usual limit again'),
    laboratoryLimits: z
      .record(text(100), Limits.nullable())
      .optional()
      .describe("By the name of the laboratory, all its limits; null: the hospital's again"),
    rises: RisePolicy.nullable().optional().describe('The whole rule; null: the default again'),
  })
  .meta({ id: 'PolicyPatch' });
export type PolicyPatch = z.output<typeof PolicyPatch>;

/** `policy` with the values of `patch`. */
export function patched(policy: HospitalPolicy, patch: PolicyPatch): HospitalPolicy {
  const { guideline, profile, liverImaging, tolerances, reminders } = patch;
  const rules = merged(policy.rules, patch.rules);
  const referenceLimits = merged(policy.referenceLimits, patch.referenceLimits);
  const laboratoryLimits = merged(policy.laboratoryLimits, patch.laboratoryLimits);
  return {
    ...policy,
    guideline: guideline ?? policy.guideline,
    profile: profile ?? policy.profile,
    liverImaging: liverImaging ?? policy.liverImaging,
    tolerances: tolerances === undefined ? policy.tolerances : (tolerances ?? undefined),
    rules,
    reminders: { ...policy.reminders, ...reminders },
    referenceLimits,
    laboratoryLimits,
    rises: patch.rises === undefined ? policy.rises : (patch.rises ?? undefined),
  };
}

/** `stored` with the values of `patch`; null removes a value. Undefined when none is left. */
function merged<T>(
  stored: Readonly<Record<string, T>> = {},
  patch: Readonly<Record<string, T | null>> = {},
): Record<string, T> | undefined {
  const kept = Object.entries({ ...stored, ...patch }).filter(
    (entry): entry is [string, T] => entry[1] !== null,
  );
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}
