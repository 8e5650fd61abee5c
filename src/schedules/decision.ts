import { z } from 'zod';
import { Author } from '../tenancy/author.js';
import { monthsIn } from '../guideline/period.js';
import type { Period } from '../guideline/guideline.js';
import { CalendarDay } from '../patients/clinical-event-input.js';
import { text } from '../platform/text.js';
import { issue } from '../platform/messages/issues.js';

const LONGEST_MONTHS = 240;

const PERIOD = /^P[1-9]\d{0,3}[YMWD]$/;
const isShortEnough = (period: string): boolean =>
  !PERIOD.test(period) || monthsIn(period as Period) <= LONGEST_MONTHS;

const PeriodInput = z
  .string()
  .regex(PERIOD, issue('period-in-one-unit'))
  .refine(isShortEnough, issue('period-too-long'))
  .describe('An ISO 8601 period in one unit: P4M, P6W') as unknown as z.ZodType<Period>;

const RuleId = text(100).describe("The id of a rule of the patient's guideline");

/** A clinician's decision for one patient, in its stored form. */
export const Decision = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('profile'), profile: z.enum(['intensive', 'minimal']) }),
  z.object({ kind: z.literal('liver_imaging'), liverImaging: z.enum(['ct', 'mri']) }),
  z.object({
    kind: z.literal('interval'),
    rule: RuleId,
    phase: z.int().min(0).optional().describe('Index of the phase of a recurring rule, from 0'),
    every: PeriodInput.optional(),
    until: PeriodInput.optional().describe("How long the phase lasts, from the pathway's clock"),
  }),
  z.object({ kind: z.literal('rule_off'), rule: RuleId, from: CalendarDay }),
  z.object({ kind: z.literal('added_item'), activity: text(61), due: CalendarDay }),
  z.object({
    kind: z.literal('assignment'),
    eventId: z.uuid(),
    due: CalendarDay.describe('The due date of the item that the exam completes'),
  }),
]);
export type Decision = z.output<typeof Decision>;

const [profile, liverImaging, interval, ruleOff, addedItem] = Decision.options;
const by = { author: Author, reason: text(500).describe('Why; shown with each item that it affects') };

const requestedRuleOff = ruleOff.extend({ from: CalendarDay.optional().describe('Default today') });
const requestedAssignment = z.object({ kind: z.literal('assignment'), eventId: z.uuid(), itemId: z.uuid() });

/** A hypothetical decision, which has no author yet. */
export const PreviewDecision = z.discriminatedUnion('kind', [
  profile.strict(),
  liverImaging.strict(),
  interval.strict(),
  requestedRuleOff.strict(),
  addedItem.strict(),
  requestedAssignment.strict(),
]);
export type PreviewDecision = z.output<typeof PreviewDecision>;

/**
 * A decision in a request. It differs from the stored form: a rule is switched off from today by default, and an
 * assignment names the item by its id.
 */
export const DecisionInput = z
  .discriminatedUnion('kind', [
    profile.extend(by).strict(),
    liverImaging.extend(by).strict(),
    interval.extend(by).strict(),
    requestedRuleOff.extend(by).strict(),
    addedItem.extend(by).strict(),
    requestedAssignment.extend(by).strict(),
  ])
  .meta({ id: 'ClinicalDecisionInput', description: 'A decision of a clinician about one patient.' });
export type DecisionInput = z.output<typeof DecisionInput>;
