import { z } from 'zod';
import { issue } from '../../platform/messages/issues.js';
import { CONTACT_CHANNELS, type ContactChannel } from './contact-channels.js';

/** One step of the ladder: the channel, and how many failed attempts it takes until the next step is proposed. */
const LadderStep = z.strictObject({
  channel: z.enum(CONTACT_CHANNELS),
  attempts: z.int().min(1).max(20).describe('After so many failed attempts the next step is proposed'),
});
export type LadderStep = z.output<typeof LadderStep>;

const DEFAULT_LADDER: readonly LadderStep[] = [
  { channel: 'telephone', attempts: 3 },
  { channel: 'message', attempts: 1 },
  { channel: 'relative', attempts: 3 },
  { channel: 'home_visit', attempts: 1 },
  { channel: 'street_committee', attempts: 1 },
  { channel: 'police_station', attempts: 1 },
  { channel: 'letter', attempts: 1 },
];

/** The most days for which an attempt takes a patient off the lists. A longer break is a deferral, which has a reason. */
export const MOST_REST_DAYS = 92;

const restDays = (days: number): z.ZodDefault<z.ZodInt> => z.int().min(0).max(MOST_REST_DAYS).default(days);

const eachChannelOnce = (ladder: readonly { readonly channel: ContactChannel }[]): boolean =>
  new Set(ladder.map(({ channel }) => channel)).size === ladder.length;

/** How a ward tries to reach its patients, and when it proposes that one is lost. */
export const ContactSettings = z.strictObject({
  ladder: z
    .array(LadderStep)
    .min(1)
    .max(CONTACT_CHANNELS.length)
    .refine(eachChannelOnce, issue('ladder-channel-twice'))
    .default([...DEFAULT_LADDER])
    .describe('The channels in the order in which they are tried'),
  restDays: z
    .strictObject({ reached: restDays(7), sent: restDays(3), failed: restDays(1) })
    .prefault({})
    .describe(
      'For so many days after an attempt, by its outcome, the patient is not on the lists of patients to call',
    ),
  lostAfterMonths: z
    .int()
    .min(1)
    .max(120)
    .default(15)
    .describe('So long after the last sign of life, "lost to follow-up" is proposed'),
});
export type ContactSettings = z.output<typeof ContactSettings>;
