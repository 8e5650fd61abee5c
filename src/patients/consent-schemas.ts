import { z } from 'zod';
import { Author } from '../tenancy/author.js';
import { CalendarDay } from './clinical-event-input.js';
import { CHANNELS } from './patient-consent.entity.js';

/** Of one patient in an answer. Each newest one of a channel counts, however many there are. */
export const MOST_CONSENTS_SHOWN = 500;
import { text } from '../platform/text.js';

const channel = z
  .enum(CHANNELS)
  .describe("webhook: the hospital's other systems are told; the others: the patient is told by it.");
const decision = z.enum(['given', 'withdrawn']);

export const ConsentInput = z
  .strictObject({
    channel,
    decision,
    decidedOn: CalendarDay.optional().describe('When the patient said so; default today.'),
    author: Author,
    note: text(500).optional(),
  })
  .meta({ id: 'ConsentInput' });
export type ConsentInput = z.output<typeof ConsentInput>;

export const ConsentsView = z
  .object({
    channels: z
      .array(z.object({ channel, allowed: z.boolean() }))
      .max(CHANNELS.length)
      .describe('What holds now. Where nothing is recorded, webhooks alone are allowed.'),
    items: z
      .array(
        z.object({
          id: z.uuid(),
          channel,
          decision,
          decidedOn: z.iso.date(),
          author: z.string(),
          note: z.string().nullable(),
          recordedAt: z.iso.datetime(),
        }),
      )
      .max(MOST_CONSENTS_SHOWN)
      .describe('What was recorded, the newest first; 500 at most.'),
  })
  .meta({ id: 'Consents' });
export type ConsentsView = z.output<typeof ConsentsView>;
