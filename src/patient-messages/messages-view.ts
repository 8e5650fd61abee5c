import { z } from 'zod';
import { pageBy, pageOf } from '../platform/http/paging.js';
import { OCCASIONS } from './settings/occasions.js';

const MOST_ATTEMPTS_SHOWN = 20;

export const MessagesQuery = pageBy(z.tuple([z.iso.datetime(), z.uuid()]));
export type MessagesQuery = z.output<typeof MessagesQuery>;

export const PatientMessageView = z
  .object({
    id: z.uuid().describe('Sent to the gateway as {id}, the same at every attempt'),
    patientId: z.uuid(),
    occasion: z.enum(OCCASIONS),
    aboutOn: z.iso.date(),
    itemIds: z.array(z.uuid()).max(500),
    appointmentId: z.uuid().nullable(),
    channel: z.string(),
    route: z.string().nullable(),
    state: z
      .string()
      .describe(
        'pending, sent, handed_over (as an event), cancelled, failed: the gateway refuses it for good, ' +
          'or uncertain: the gateway may have taken it, and a person settles it',
      ),
    reason: z.string().nullable().describe('Why it was cancelled or failed'),
    number: z.string().nullable().describe('null for callers who may not see who patients are'),
    relativeId: z.uuid().nullable().describe('The relative to whom it went; null: to the patient'),
    text: z.string().nullable(),
    reference: z.string().nullable().describe("The gateway's own number of it"),
    attempts: z.int(),
    nextAttemptAt: z.iso.datetime().nullable(),
    sentAt: z.iso.datetime().nullable(),
    uncertainAt: z.iso
      .datetime()
      .nullable()
      .describe('When the first attempt began that the gateway may have taken without a clear answer'),
    settledAt: z.iso.datetime().nullable().describe('When a person settled it'),
    settledBy: z.string().nullable(),
    createdAt: z.iso.datetime(),
    lastAttempts: z
      .array(
        z.object({
          number: z.int(),
          startedAt: z.iso.datetime(),
          outcome: z
            .string()
            .describe('accepted, refused, throttled, unreachable (nothing left), unclear or interrupted'),
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

export const MessageSettlement = z
  .strictObject({
    result: z
      .enum(['sent', 'not_sent', 'repeat'])
      .describe(
        'sent: the patient has it. not_sent: it did not arrive, and is not repeated. repeat: it did not arrive, and is sent ' +
          'again, if consent and subject still allow it',
      ),
  })
  .meta({ id: 'MessageSettlement' });
export type MessageSettlement = z.output<typeof MessageSettlement>;

export { MOST_ATTEMPTS_SHOWN };
