import { z } from 'zod';
import { Uuid } from '../../platform/http/paging.js';
import { text } from '../../platform/text.js';
import { CompletionInput } from '../../schedules/completion-input.js';
import { Author } from '../../tenancy/author.js';
import { BookingInput, BOTH_TIMES, isOneTime } from '../appointments/appointment-schemas.js';
import { ContactInput } from '../contacts/contact-schemas.js';
import { OwnerInput } from '../ownership/ownership-schemas.js';
import { ContraindicateInput, DeclineInput, DeferInput, Note } from '../steps/step-schemas.js';

const TARGETS_AT_MOST = 200;

const targets = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.array(z.strictObject(shape)).min(1).max(TARGETS_AT_MOST);

const item = {
  itemId: Uuid,
  etag: text(60).optional().describe('As If-Match of the call for one item'),
};
const Items = targets(item);
const Patients = targets({ patientId: Uuid });

const onItems = <Action extends string, Shape extends z.ZodRawShape>(action: Action, shape: Shape) =>
  z.strictObject({ action: z.literal(action), targets: Items, ...shape });

const onPatients = <Action extends string, Shape extends z.ZodRawShape>(action: Action, shape: Shape) =>
  z.strictObject({ action: z.literal(action), targets: Patients, ...shape });

const { date, outcome, values, findings, note } = CompletionInput.shape;

/** A day, outcome or measurement of a row takes the place of the one for all rows. */
const Completions = targets({
  ...item,
  ...{ outcome, values, findings, note },
  date: date.optional().describe('Instead of the date for all'),
});

const { date: bookedOn, time, halfDay, place, room, note: bookingNote, reason } = BookingInput.shape;

/** One action for many rows. Beside the targets it has the fields of the call for one row. */
export const BulkInput = z
  .discriminatedUnion('action', [
    z.strictObject({ action: z.literal('complete'), targets: Completions, ...CompletionInput.shape }),
    onItems('defer', DeferInput.shape),
    onItems('decline', DeclineInput.shape),
    onItems('contraindicate', ContraindicateInput.shape),
    onItems('reopen', { note: Note }),
    onItems('book', { date: bookedOn, time, halfDay, place, room, note: bookingNote, reason }),
    onPatients('contact', ContactInput.shape),
    onPatients('owner', OwnerInput.shape),
    z.strictObject({ action: z.literal('seen'), targets: targets({ resultId: Uuid }), author: Author }),
  ])
  .refine((input) => input.action !== 'book' || isOneTime(input), BOTH_TIMES)
  .meta({
    id: 'WorklistBulk',
    description: 'book makes one appointment for the items of each patient.',
  });
export type BulkInput = z.output<typeof BulkInput>;

export const BulkView = z
  .object({
    done: z.int(),
    refused: z.int(),
    results: z
      .array(
        z.object({
          itemId: z.uuid().nullable(),
          patientId: z.uuid().nullable(),
          resultId: z.uuid().nullable(),
          done: z.boolean(),
          appointmentId: z.uuid().nullable().describe('Of book: the appointment that was made'),
          contactId: z.uuid().nullable().describe('Of contact: the attempt that was recorded'),
          etag: z
            .string()
            .nullable()
            .describe('Of a done action on an item: what the item is now, for the next call about it'),
          problem: z
            .object({
              code: z.string(),
              title: z.string(),
              errors: z.array(z.object({ pointer: z.string(), code: z.string(), message: z.string() })),
            })
            .nullable()
            .describe('Why nothing was changed, as the call for this row alone says it; null: it is done'),
        }),
      )
      .describe('One for each target, in the order of the targets'),
  })
  .meta({ id: 'WorklistBulkResult' });
