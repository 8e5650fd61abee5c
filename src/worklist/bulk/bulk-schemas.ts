import { z } from 'zod';
import { Uuid } from '../../platform/http/paging.js';
import { text } from '../../platform/text.js';
import { CompletionInput } from '../../schedules/completion-input.js';
import { ContactInput } from '../contacts/contact-schemas.js';
import { ContraindicateInput, DeclineInput, DeferInput, Note } from '../steps/step-schemas.js';

const TARGETS_AT_MOST = 200;

const Items = z
  .array(
    z.strictObject({
      itemId: Uuid,
      etag: text(60).optional().describe('As If-Match of the call for one item'),
    }),
  )
  .min(1)
  .max(TARGETS_AT_MOST);

const Patients = z
  .array(z.strictObject({ patientId: Uuid }))
  .min(1)
  .max(TARGETS_AT_MOST);

const onItems = <Action extends string, Shape extends z.ZodRawShape>(action: Action, shape: Shape) =>
  z.strictObject({ action: z.literal(action), targets: Items, ...shape });

/** One action for many rows. Beside the targets it has the fields of the call for one row. */
export const BulkInput = z
  .discriminatedUnion('action', [
    onItems('complete', CompletionInput.shape),
    onItems('defer', DeferInput.shape),
    onItems('decline', DeclineInput.shape),
    onItems('contraindicate', ContraindicateInput.shape),
    onItems('reopen', { note: Note }),
    z.strictObject({ action: z.literal('contact'), targets: Patients, ...ContactInput.shape }),
  ])
  .meta({ id: 'WorklistBulk' });
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
          done: z.boolean(),
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
