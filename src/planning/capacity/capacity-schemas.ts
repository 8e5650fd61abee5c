import { z } from 'zod';
import { text } from '../../platform/text.js';

/** Rows that a hospital can have. */
export const MOST_CAPACITIES = 200;
const MOST_ITEMS_A_DAY = 10_000;

const CapacityRow = z.strictObject({
  place: text(100)
    .nullable()
    .default(null)
    .describe('As appointments name it; null: the hospital as a whole, which then counts before its places'),
  activity: text(100).nullable().default(null).describe('null: exams of all kinds together'),
  perWeekday: z
    .array(z.int().min(0).max(MOST_ITEMS_A_DAY).nullable())
    .length(7)
    .describe('Exams that can be done in a day, from Monday to Sunday; null: unlimited'),
});

export const CapacitiesInput = z
  .strictObject({ capacities: z.array(CapacityRow).max(MOST_CAPACITIES) })
  .meta({ id: 'CapacitiesInput' });
export type CapacitiesInput = z.output<typeof CapacitiesInput>;

export const CapacitiesView = z
  .object({
    capacities: z
      .array(
        z.object({
          place: z.string().nullable(),
          activity: z.string().nullable(),
          perWeekday: z.array(z.int().nullable()).max(7),
        }),
      )
      .max(MOST_CAPACITIES),
  })
  .meta({ id: 'Capacities' });
export type CapacitiesView = z.input<typeof CapacitiesView>;
