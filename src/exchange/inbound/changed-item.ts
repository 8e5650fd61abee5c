import { z } from 'zod';
import type { ItemChange } from '../../guideline/comparison.js';

const Days = z.object({ earliest: z.iso.date(), due: z.iso.date(), overdue: z.iso.date() });

/** What became of one item of a patient's plan. */
export const ChangedItemView = z
  .object({
    patientId: z.uuid(),
    change: z.enum(['added', 'moved', 'cancelled', 'completed', 'reopened']),
    activity: z.string(),
    rule: z.string(),
    before: Days.nullable(),
    after: Days.nullable(),
  })
  .meta({ id: 'ChangedItem' });
export type ChangedItem = z.output<typeof ChangedItemView>;

/** Of one message. A plan of ten years has about a hundred items. */
export const MOST_CHANGES = 300;

/** The changes of all patients, the earliest due first for each. */
export const changedItems = (changes: ReadonlyMap<string, readonly ItemChange[]>): ChangedItem[] =>
  [...changes]
    .flatMap(([patientId, its]) => its.map((one) => changedItem(patientId, one)))
    .slice(0, MOST_CHANGES);

function changedItem(patientId: string, { change, before, after }: ItemChange): ChangedItem {
  const item = after ?? before;
  if (item === null) throw new Error('A change is one of an item.');
  return {
    ...{ patientId, change: change === 'kept' ? completion(after) : change },
    ...{
      activity: item.activity,
      rule: item.rule,
      before: before && daysOf(before),
      after: after && daysOf(after),
    },
  };
}

const completion = (after: ItemChange['after']): 'completed' | 'reopened' =>
  after?.completedOn == null ? 'reopened' : 'completed';

const daysOf = ({ earliest, due, overdue }: NonNullable<ItemChange['after']>): ChangedItem['before'] => ({
  ...{ earliest, due, overdue },
});
