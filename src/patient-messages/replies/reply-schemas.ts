import { z } from 'zod';
import { readPhone } from '../../patients/phone-number.js';
import { pageBy, pageOf } from '../../platform/http/paging.js';
import { issue } from '../../platform/messages/issues.js';
import { text } from '../../platform/text.js';
import { MEANINGS } from './reply-meaning.js';

/** What came of a reply. */
export const EFFECTS = [
  'confirmed',
  'call_requested',
  'opted_out',
  'nothing_to_confirm',
  'ambiguous',
  'unknown_number',
  'shown',
] as const;
export type Effect = (typeof EFFECTS)[number];

const OneNumber = text(40)
  .transform((typed, ctx): string => {
    const [number, another] = readPhone(typed)?.numbers ?? [];
    if (number !== undefined && another === undefined) return number;
    ctx.addIssue({ code: 'custom', message: issue('not-callable', { typed }) });
    return z.NEVER;
  })
  .meta({ type: 'string', description: 'The number from which it came' });

export const ReplyInput = z
  .strictObject({
    from: OneNumber,
    text: z
      .string()
      .max(1000)
      .regex(/^[^\0\uD800-\uDFFF]*$/u, issue('not-text')),
    at: z.iso.datetime({ offset: true }).describe('When the gateway received it'),
    id: text(200)
      .optional()
      .describe("The gateway's own number of the reply: the same number again changes nothing"),
  })
  .meta({ id: 'ReplyInput' });
export type ReplyInput = z.output<typeof ReplyInput>;

const ids = z.array(z.uuid()).max(20);

export const ReceivedReplyView = z
  .object({
    id: z.uuid(),
    meaning: z.enum(MEANINGS),
    effect: z
      .enum(EFFECTS)
      .describe(
        'confirmed: the appointment. call_requested: the patient is at the top of call mode. opted_out: no message ' +
          'leaves any more. nothing_to_confirm, ambiguous (several patients have the number), unknown_number, shown: a nurse reads it',
      ),
  })
  .meta({ id: 'ReceivedReply' });
export type ReceivedReplyView = z.output<typeof ReceivedReplyView>;

export const ReplyView = ReceivedReplyView.extend({
  from: z.string().nullable(),
  text: z.string().nullable(),
  at: z.iso.datetime(),
  patientIds: ids.describe('The patients who have the number, or were written to by it'),
  seenAt: z.iso.datetime().nullable(),
  seenBy: z.string().nullable(),
}).meta({ id: 'Reply' });
export type ReplyView = z.output<typeof ReplyView>;

export const RepliesQuery = pageBy(z.tuple([z.iso.datetime(), z.uuid()])).extend({
  patientId: z.uuid().optional(),
  seen: z.enum(['true', 'false']).default('false').describe('true: also those that were seen'),
});
export type RepliesQuery = z.output<typeof RepliesQuery>;
export const RepliesView = pageOf('Replies', ReplyView);
export type RepliesView = z.output<typeof RepliesView>;
