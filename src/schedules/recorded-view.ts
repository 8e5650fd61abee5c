import { z } from 'zod';
import type { Language } from '../guideline/guideline.js';
import { RecordedEventFields, recordedEventFields } from '../patients/event-view.js';
import { ItemView, itemView, PlanDiffView } from './item-view.js';
import type { PlanBasis } from './plan-basis.js';
import type { ItemRow } from './planned-row.js';
import type { Completed, Recorded, Schedule } from './schedules.service.js';

/** A recorded event and its plan diff, in an answer. */
export const RecordedView = z
  .object({
    id: z.uuid().describe('The id of the event'),
    event: z.looseObject({ ...RecordedEventFields, voided: z.boolean() }),
    plan: PlanDiffView,
  })
  .meta({ id: 'RecordedEvent' });
export type RecordedView = z.input<typeof RecordedView>;

export const CompletedFields = RecordedView.extend({ item: ItemView });

export const recordedView = ({ event, plan }: Recorded): RecordedView => ({
  id: event.id,
  event: { ...recordedEventFields(event), voided: event.voidedAt !== null },
  plan,
});

export const completedFields = (
  completed: Completed,
  language: Language,
): z.input<typeof CompletedFields> => ({
  ...recordedView(completed),
  item: itemViewIn(completed, completed.item, language),
});

/** An item in an answer, explained by the guideline that planned it. */
export const itemViewIn = (
  { today, guideline, guidelines, choices }: PlanBasis & Pick<Schedule, 'guidelines'>,
  item: ItemRow,
  language: Language,
): z.input<typeof ItemView> =>
  itemView(item, today, guidelines.get(item.guideline) ?? guideline, choices, language);
