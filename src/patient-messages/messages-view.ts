import { z } from 'zod';
import { pageBy, pageOf } from '../platform/http/paging.js';
import { OCCASIONS } from './settings/occasions.js';

const MOST_ATTEMPTS_SHOWN = 20;

export const MessagesQuery = pageBy(z.tuple([z.iso.datetime(), z.uuid()]));
export type MessagesQuery = z.output<typeof MessagesQuery>;

export const PatientMessageView = z
  .object({
    id: z.uuid().describe('Sent to the gateway as {id}, the same at every attempt'),
    occasion: z.enum(OCCASIONS),
    aboutOn: z.iso.date(),
    itemIds: z.array(z.uuid()).max(500),
    appointmentId: z.uuid().nullable(),
    channel: z.string(),
    route: z.string().nullable(),
    state: z
      .string()
      .describe(
        'pending, sent, handed_over (as an event), cancelled, or failed: the gateway refuses it for good',
      ),
    reason: z.string().nullable().describe('Why it was cancelled or failed'),
    number: z.string().nullable().describe('null for callers who may not see who patients are'),
    relativeId: z.uuid().nullable().describe('The relative to whom it went; null: to the patient'),
    text: z.string().nullable(),
    reference: z.string().nullable().describe("The gateway's own number of it"),
    attempts: z.int(),
    nextAttemptAt: z.iso.datetime().nullable(),
    sentAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    lastAttempts: z
      .array(
        z.object({
          number: z.int(),
          startedAt: z.iso.datetime(),
          outcome: z.string().describe('accepted, refused, throttled, unreachable or interrupted'),
          status: z.int().nullable(),
          error: z.string().nullable(),
        }),
      )
      .max(MOST_ATTEMPTS_SHOWN)
      .describe('The newest first'),
  })
  .meta({ id: 'PatientMessage' });
export type PatientMessageView = z.output<typeof PatientMessageView>;

export const PatientMessagesView = pageOf('PatientMessages', PatientMessageView);
export type PatientMessagesView = z.output<typeof PatientMessagesView>;

export { MOST_ATTEMPTS_SHOWN };
