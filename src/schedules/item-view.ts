import { z } from 'zod';
import type { CalendarDate } from '../guideline/calendar.js';
import type { Choices } from '../guideline/choices.js';
import type { Guideline, Language } from '../guideline/guideline.js';
import { reasonFor, recommendationOf } from '../guideline/reason.js';
import { statusOn } from '../guideline/planned-item.js';
import type { ItemRow } from './planned-row.js';

export const ITEM_STATUSES = [
  'before_enrolment',
  'missed',
  'overdue',
  'due',
  'upcoming',
  'completed',
] as const;

export const ItemView = z
  .object({
    id: z.uuid(),
    key: z.string(),
    pathway: z.string(),
    rule: z.string(),
    activity: z.string(),
    covers: z.array(z.string()),
    sequence: z.int(),
    earliest: z.iso.date(),
    due: z.iso.date(),
    overdue: z.iso.date().describe('The first late day; 9999-12-31: it is never late'),
    status: z.enum(ITEM_STATUSES),
    completedOn: z.iso.date().nullable(),
    deviates: z.boolean().describe('An interval outside the range of the guideline was chosen for it'),
    section: z.string(),
    evidence: z.string().nullable(),
    grade: z.string().nullable(),
    reason: z.string(),
  })
  .meta({ id: 'SurveillanceItem' });

export const PlanDiffView = z
  .object({ added: z.int(), moved: z.int(), cancelled: z.int(), kept: z.int() })
  .meta({ id: 'PlanDiff', description: 'The number of items that a change adds, moves, cancels and keeps.' });

/** The fields of an item that follow from its row alone, with the status as of `today`. */
export const itemFields = (item: ItemRow, today: CalendarDate) => ({
  id: item.id,
  key: item.key,
  pathway: item.pathway,
  rule: item.rule,
  activity: item.activity,
  covers: item.covers,
  sequence: item.sequence,
  earliest: item.earliest,
  due: item.due,
  overdue: item.overdue,
  status: statusOn(today, item),
  completedOn: item.completedOn,
  deviates: item.deviates,
});

/** An item in an answer, with the recommendation and the reason. */
export function itemView(
  item: ItemRow,
  today: CalendarDate,
  guideline: Guideline,
  choices: Choices,
  language: Language,
): z.input<typeof ItemView> {
  const { section, evidence, grade } = recommendationOf(guideline, item.rule, item.phase);
  return {
    ...itemFields(item, today),
    section,
    evidence,
    grade,
    reason: reasonFor(guideline, item, choices, language),
  };
}
