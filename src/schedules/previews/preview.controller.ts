import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { ItemChange } from '../../guideline/comparison.js';
import type { Plan } from '../../guideline/planner.js';
import { type PlannedItem, statusOn } from '../../guideline/planned-item.js';
import { Uuid } from '../../platform/http/paging.js';
import { ITEM_STATUSES, PlanDiffView } from '../item-view.js';
import { PreviewInput } from './preview-input.js';
import { type PlanUnder, PreviewService } from './preview.service.js';
import { SwitchedOffView, switchedOffView } from '../switched-off.js';

const Window = z.object({
  earliest: z.iso.date(),
  due: z.iso.date(),
  overdue: z.iso.date().describe('The first late day; 9999-12-31: it is never late'),
  status: z.enum(ITEM_STATUSES),
});

const PreviewView = z
  .object({
    guideline: z.object({ id: z.string(), version: z.string() }),
    asOf: z.iso.date(),
    plan: PlanDiffView,
    changes: z.array(
      z.object({
        change: z.enum(['kept', 'moved', 'cancelled', 'added']),
        rule: z.string(),
        activity: z.string(),
        before: Window.nullable(),
        after: Window.nullable(),
      }),
    ),
    switchedOff: z
      .array(SwitchedOffView)
      .describe('Rules that would then be switched off, and what would be missing'),
  })
  .meta({ id: 'Preview', description: 'What a change would do to the plan. Nothing was saved.' });

const Compared = z.object({
  id: z.string(),
  version: z.string(),
  title: z.string(),
  caution: z.string().nullable().describe('What to know before relying on it'),
  items: z.array(
    Window.extend({
      rule: z.string(),
      activity: z.string(),
      section: z.string(),
      covers: z.array(z.string()),
    }),
  ),
  flags: z.array(z.object({ code: z.string(), message: z.string() })),
});

const ComparisonView = z
  .object({
    asOf: z.iso.date(),
    guidelines: z.array(Compared),
    differences: z
      .array(
        z.object({
          activity: z.string(),
          next: z
            .array(z.iso.date().nullable())
            .describe('The next open due date under each guideline, in their order; null: it asks for none'),
        }),
      )
      .describe('The activities whose next date is not the same under all of them'),
  })
  .meta({ id: 'Comparison', description: 'One patient under several guidelines, side by side.' });

const ComparisonQuery = z.object({
  guidelines: z
    .string()
    .max(1000)
    .transform((names) => [...new Set(names.split(',').map((name) => name.trim()))])
    .pipe(z.array(z.string().min(1)).min(1).max(10))
    .meta({ type: 'string', description: 'Ids, or id@version, separated by commas; ten at most' }),
  lang: z.enum(['zh', 'en']).default('zh'),
});

@ApiTags('previews')
@ApiBearerAuth()
@Controller('patients/:id')
export class PreviewController {
  constructor(private readonly previews: PreviewService) {}

  @Post('preview')
  @HttpCode(200)
  @ApiOperation({ summary: 'What events, corrections, decisions or another guideline would do to the plan' })
  @ApiResponse({ status: 200, standardSchema: PreviewView })
  async preview(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: PreviewInput }) input: PreviewInput,
  ): Promise<z.input<typeof PreviewView>> {
    const { guideline, today, changes, switchedOff } = await this.previews.preview(id, input);
    const count = (kind: ItemChange['change']): number =>
      changes.filter(({ change }) => change === kind).length;
    return {
      guideline: { id: guideline.id, version: guideline.version },
      asOf: today,
      plan: {
        added: count('added'),
        moved: count('moved'),
        cancelled: count('cancelled'),
        kept: count('kept'),
      },
      changes: changes.map((change) => changeView(change, today)),
      switchedOff: switchedOff.map((off) => switchedOffView(off, today)),
    };
  }

  @Get('comparison')
  @ApiOperation({ summary: 'The patient under several guidelines, side by side' })
  @ApiResponse({ status: 200, standardSchema: ComparisonView })
  async compare(
    @Param('id', { schema: Uuid }) id: string,
    @Query({ schema: ComparisonQuery }) { guidelines, lang }: z.output<typeof ComparisonQuery>,
  ): Promise<z.input<typeof ComparisonView>> {
    const { today, plans } = await this.previews.compare(id, guidelines);
    return {
      asOf: today,
      guidelines: plans.map((one) => comparedView(one, today, lang)),
      differences: differencesOf(
        plans.map(({ plan }) => plan),
        today,
      ),
    };
  }
}

const windowOf = (item: PlannedItem, today: CalendarDate): z.input<typeof Window> => ({
  earliest: item.earliest,
  due: item.due,
  overdue: item.overdue,
  status: statusOn(today, item),
});

function changeView(
  { change, before, after }: ItemChange,
  today: CalendarDate,
): z.input<typeof PreviewView>['changes'][number] {
  const item = after ?? before;
  if (item === null) throw new Error('A change is one of an item.');
  return {
    change,
    rule: item.rule,
    activity: item.activity,
    before: before && windowOf(before, today),
    after: after && windowOf(after, today),
  };
}

const comparedView = (
  { guideline, plan }: PlanUnder,
  today: CalendarDate,
  lang: 'zh' | 'en',
): z.input<typeof Compared> => ({
  id: guideline.id,
  version: guideline.version,
  title: guideline.title[lang],
  caution: guideline.caution?.[lang] ?? null,
  items: plan.items.map((item) => ({
    ...windowOf(item, today),
    rule: item.rule,
    activity: item.activity,
    section: item.section,
    covers: [...item.covers],
  })),
  flags: plan.flags.map(({ code, message }) => ({ code, message: message[lang] })),
});

/** The activities whose next open date differs between the plans, with the date in each plan. */
function differencesOf(
  plans: readonly Plan[],
  today: CalendarDate,
): z.input<typeof ComparisonView>['differences'] {
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
