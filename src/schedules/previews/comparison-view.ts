import { z } from 'zod';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { Language } from '../../guideline/guideline.js';
import { type PlannedItem, statusOn } from '../../guideline/planned-item.js';
import type { Plan } from '../../guideline/planner.js';
import { reasonFor } from '../../guideline/reason.js';
import { activityTitle } from '../../guideline/vocabulary.js';
import { Window, windowOf } from '../change-view.js';
import type { ComparedPlans, PlanUnder } from './preview.service.js';

const ComparedItem = Window.extend({
  rule: z.string(),
  activity: z.string(),
  title: z.string().describe('The name of the activity'),
  section: z.string(),
  evidence: z.string().nullable(),
  grade: z.string().nullable(),
  covers: z.array(z.string()),
  completedOn: z.iso.date().nullable(),
  reason: z.string().describe('Why the item is due on its date'),
});

const Compared = z.object({
  id: z.string(),
  version: z.string(),
  title: z.string(),
  caution: z.string().nullable().describe('What to know before relying on it'),
  items: z.array(ComparedItem),
  flags: z.array(z.object({ code: z.string(), message: z.string() })),
});

export const ComparisonView = z
  .object({
    asOf: z.iso.date(),
    guidelines: z.array(Compared),
    differences: z
      .array(
        z.object({
          activity: z.string(),
          title: z.string(),
          next: z
            .array(z.iso.date().nullable())
            .describe('The next open due date under each guideline, in their order; null: it asks for none'),
        }),
      )
      .describe('The activities whose next date is not the same under all of them'),
  })
  .meta({ id: 'Comparison', description: 'One patient under several guidelines, side by side.' });

export function comparisonView(
  { today, plans }: ComparedPlans,
  language: Language,
): z.input<typeof ComparisonView> {
  return {
    asOf: today,
    guidelines: plans.map((one) => comparedView(one, today, language)),
    differences: differencesOf(
      plans.map(({ plan }) => plan),
      today,
    ).map(({ activity, next }) => ({ activity, title: titleIn(plans, activity, language), next })),
  };
}

const comparedView = (
  { guideline, plan, choices }: PlanUnder,
  today: CalendarDate,
  language: Language,
): z.input<typeof Compared> => ({
  id: guideline.id,
  version: guideline.version,
  title: guideline.title[language],
  caution: guideline.caution?.[language] ?? null,
  items: plan.items.map((item) => ({
    ...windowOf(item, today),
    ...{ rule: item.rule, activity: item.activity, section: item.section },
    ...{ evidence: item.evidence, grade: item.grade, completedOn: item.completedOn },
    title: activityTitle(item.activity, guideline)[language],
    covers: [...item.covers],
    reason: reasonFor(guideline, item, choices, language),
  })),
  flags: plan.flags.map(({ code, message }) => ({ code, message: message[language] })),
});

/** The name of the activity in the first guideline that has one for it. */
function titleIn(plans: readonly PlanUnder[], activity: string, language: Language): string {
  const titles = plans.map(({ guideline }) => activityTitle(activity, guideline)[language]);
  return titles.find((title) => title !== activity) ?? activity;
}

/** The activities whose next open date differs between the plans, with the date in each plan. */
function differencesOf(
  plans: readonly Plan[],
  today: CalendarDate,
): { readonly activity: string; readonly next: (CalendarDate | null)[] }[] {
  const isOpen = (item: PlannedItem): boolean =>
    ['due', 'overdue', 'upcoming'].includes(statusOn(today, item));
  const activities = [
    ...new Set(plans.flatMap(({ items }) => items.flatMap(({ activity, covers }) => [activity, ...covers]))),
  ].sort();
  return activities
    .map((activity) => ({
      activity,
      next: plans.map(
        ({ items }) =>
          items.find((item) => isOpen(item) && (item.activity === activity || item.covers.includes(activity)))
            ?.due ?? null,
      ),
    }))
    .filter(({ next }) => new Set(next).size > 1);
}
