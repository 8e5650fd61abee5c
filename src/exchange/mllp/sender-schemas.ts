import { z } from 'zod';
import { AddressRanges, MOST_RANGES } from '../../accounts/address-range-schema.js';
import { issue } from '../../platform/messages/issues.js';
import { text } from '../../platform/text.js';

/** Of one hospital, disabled ones too: a sender is never deleted, so that its facility stays taken. */
export const MOST_SENDERS = 200;

const Fingerprint = z
  .string()
  .max(100)
  .transform((written, ctx) => {
    const hex = written.replaceAll(':', '').trim().toLowerCase();
    if (/^[0-9a-f]{64}$/.test(hex)) return hex;
    ctx.addIssue({ code: 'custom', message: issue('sha256-fingerprint') });
    return z.NEVER;
  })
  .meta({ type: 'string' })
  .nullable()
  .describe('SHA-256 of the client certificate that the sender has to show, in hexadecimal; null: none');

const Addresses = AddressRanges.unwrap().describe('CIDR ranges from which it may connect');

export const SenderInput = z
  .strictObject({
    name: text(100).describe('Of the system, as people of the hospital know it'),
    facility: text(200).describe(
      'MSH-6 of its messages, or MSH-4 where it sends no MSH-6. It belongs to one sender of the whole program.',
    ),
    addresses: Addresses,
    certificateFingerprint: Fingerprint.default(null),
  })
  .meta({ id: 'Hl7SenderInput' });
export type SenderInput = z.output<typeof SenderInput>;

export const SenderPatch = z
  .strictObject({
    name: text(100).optional(),
    addresses: Addresses.optional(),
    certificateFingerprint: Fingerprint.optional(),
    disabled: z.boolean().optional().describe('Whether its messages are refused'),
  })
  .meta({ id: 'Hl7SenderPatch' });
export type SenderPatch = z.output<typeof SenderPatch>;

export const SenderView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    facility: z.string(),
    addresses: z.array(z.string()).max(MOST_RANGES),
    certificateFingerprint: z.string().nullable(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    disabledAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Hl7Sender' });
export type SenderView = z.output<typeof SenderView>;

export const SenderList = z
  .object({ items: z.array(SenderView).max(MOST_SENDERS) })
  .meta({ id: 'Hl7Senders' });
