import { z } from 'zod';
import { explanationOf } from '../guideline/reason.js';
import type { Language } from '../guideline/guideline.js';
import type { PlanBasis } from './plan-basis.js';
import type { ItemRow } from './planned-row.js';

const BothLanguages = z.object({
  rule: z.string(),
  guideline: z.string(),
  section: z.string(),
  evidence: z.string().nullable(),
  grade: z.string().nullable(),
  recommendation: z.string().describe('Level and grade in words, or that none is printed'),
  clock: z
    .object({ event: z.string(), date: z.iso.date() })
    .nullable()
    .describe('The event from which the due date was counted'),
  arithmetic: z.string().describe('2024-01-31 + 3 months → 2024-04-30'),
  range: z.string().nullable().describe("The text's range, and who chose which value in it"),
  decision: z.string().nullable().describe('What was decided for this rule, by whom and why'),
  window: z.string().describe('Whether the window comes from the text or is hospital policy'),
  anchor: z.string().describe('Whether dates stand on a grid or roll on from the last one done'),
  covers: z.string().nullable(),
  alsoFor: z.string().nullable().describe('The dates of other rules that the same examination answers'),
  assumption: z.string().nullable(),
  wouldChange: z.array(z.string()),
  interpretation: z
    .string()
    .nullable()
    .describe('How the text was read where it can be read in several ways'),
  caution: z.string().nullable(),
});

export const ReasonView = z
  .object({
    itemId: z.uuid(),
    guideline: z.object({ id: z.string(), version: z.string() }),
    rule: z.string(),
    activity: z.string(),
    earliest: z.iso.date(),
    due: z.iso.date(),
    overdue: z.iso.date().describe('The first late day; 9999-12-31: it is never late'),
    zh: BothLanguages,
    en: BothLanguages,
  })
  .meta({ id: 'ItemReason', description: 'Why an item is due when it is, and what would change it.' });

/** Explains in both languages why `item` is due on its date. */
export function reasonView(item: ItemRow, { guideline, choices }: PlanBasis): z.input<typeof ReasonView> {
  const explained = (language: Language): z.input<typeof BothLanguages> => {
    const { wouldChange, ...rest } = explanationOf(guideline, item, choices, language);
    return { ...rest, wouldChange: [...wouldChange] };
  };
  const { id, rule, activity, earliest, due, overdue } = item;
  return {
    itemId: id,
    guideline: { id: guideline.id, version: guideline.version },
    rule,
    activity,
    earliest,
    due,
    overdue,
    zh: explained('zh'),
    en: explained('en'),
  };
}
