import { z } from 'zod';
import type { Language } from '../guideline/guideline.js';
import { itemETag } from './item-etag.js';
import { ItemView } from './item-view.js';
import type { PlanBasis } from './plan-basis.js';
import type { ItemRow } from './planned-row.js';
import { itemViewIn } from './recorded-view.js';
import type { Schedule } from './schedules.service.js';
import { ITEM_STEPS } from './surveillance-item.entity.js';

/** An item of a patient's plan, with what people did about it. */
export const ScheduledItemView = ItemView.extend({
  completedBy: z.uuid().nullable().describe('The event that completed it'),
  step: z
    .string()
    .nullable()
    .describe(
      `What people did about it last (${ITEM_STEPS.join(', ')}); null: it has to be booked, or is completed`,
    ),
  stepOn: z.iso.date().nullable().describe('The day of the step: of the appointment, of the examination'),
  stepUntil: z.iso.date().nullable().describe('The day on which it returns to be booked by itself'),
  etag: z.string().describe('For `If-Match` of the calls that change the item'),
}).meta({ id: 'ScheduledItem' });

export const scheduledItemView = (
  schedule: PlanBasis & Pick<Schedule, 'guidelines'>,
  item: ItemRow,
  language: Language,
): z.input<typeof ScheduledItemView> => ({
  ...itemViewIn(schedule, item, language),
  completedBy: item.completedByEventId,
  step: item.step,
  stepOn: item.stepOn,
  stepUntil: item.stepUntil,
  etag: itemETag(item),
});
