import { z } from 'zod';
import { isCalendarDate } from '../../guideline/calendar.js';
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
    referenceLimits: z
      .record(z.string(), z.number())
      .optional()
      .describe(
        'By the code of the measurement, in its unit: the limit above which a value has to be judged, where the laboratory gives none',
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
  })
  .meta({ id: 'PolicyPatch' });
export type PolicyPatch = z.output<typeof PolicyPatch>;

/** `policy` with the values of `patch`. */
export function patched(policy: HospitalPolicy, patch: PolicyPatch): HospitalPolicy {
  const { guideline, profile, liverImaging, tolerances, reminders } = patch;
  const rules = merged(policy.rules, patch.rules);
  const referenceLimits = merged(policy.referenceLimits, patch.referenceLimits);
  return {
    ...policy,
    guideline: guideline ?? policy.guideline,
    profile: profile ?? policy.profile,
    liverImaging: liverImaging ?? policy.liverImaging,
    tolerances: tolerances === undefined ? policy.tolerances : (tolerances ?? undefined),
    rules,
    reminders: { ...policy.reminders, ...reminders },
    referenceLimits,
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
