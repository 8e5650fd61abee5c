import { z } from 'zod';
import type { CalendarDate } from '../../guideline/calendar.js';
import { CalendarDay } from '../../patients/clinical-event-input.js';
import { readPhone } from '../../patients/phone-number.js';
import { pageBy, pageOf } from '../../platform/http/paging.js';
import { issue } from '../../platform/messages/issues.js';
import { text } from '../../platform/text.js';
import { Author } from '../../tenancy/author.js';
import { CONTACT_CHANNELS } from '../settings/contact-channels.js';
import { CONTACT_OUTCOMES, FAILURE_CAUSES } from './contact-attempt.js';
import type { Contact } from './contact.entity.js';
import type { ContactState } from './contact-state.js';

/** One number, as digits alone. */
const DialledNumber = text(40)
  .transform((typed, ctx): string => {
    const [number, another] = readPhone(typed)?.numbers ?? [];
    if (number !== undefined && another === undefined) return number;
    ctx.addIssue({ code: 'custom', message: issue('not-callable', { typed }) });
    return z.NEVER;
  })
  .meta({ type: 'string', description: 'The number that was dialled' });

/** The fields of one attempt, as a request says them. */
export const ContactFields = {
  channel: z.enum(CONTACT_CHANNELS),
  outcome: z
    .enum([...CONTACT_OUTCOMES, ...FAILURE_CAUSES])
    .describe(
      'reached: the patient, or a person who knows about the patient; sent: a message or letter without a reply yet; ' +
        'failed, with its cause; or the cause itself, for short',
    ),
  cause: z.enum(FAILURE_CAUSES).optional().describe('Why it failed; not_stated where nothing is said'),
  confirmsAlive: z
    .boolean()
    .optional()
    .describe('Of a person reached: whether they say that the patient lives; default true'),
  contactedOn: CalendarDay.optional().describe('The day of the attempt; default today'),
  relativeId: z.uuid().optional().describe('The relative who was tried'),
  number: DialledNumber.optional(),
  note: text(2000).optional(),
  nextActionOn: CalendarDay.optional().describe(
    "The day on which the patient is contacted next, instead of after the hospital's number of days",
  ),
  author: Author,
};

export const ContactInput = z.strictObject(ContactFields).meta({ id: 'ContactInput' });
export type ContactInput = z.output<typeof ContactInput>;

export const ContactQuery = pageBy(z.tuple([CalendarDay, z.iso.datetime(), z.uuid()]));

export const ContactView = z
  .object({
    id: z.uuid(),
    channel: z.enum(CONTACT_CHANNELS),
    outcome: z.enum(CONTACT_OUTCOMES),
    cause: z
      .string()
      .nullable()
      .describe(`Of one that failed: ${FAILURE_CAUSES.join(', ')}`),
    confirmsAlive: z.boolean(),
    contactedOn: z.iso.date(),
    relativeId: z.uuid().nullable(),
    number: z.string().nullable(),
    note: z.string().nullable(),
    nextActionOn: z.iso.date().nullable(),
    author: z.string(),
    recordedAt: z.iso.datetime(),
    voidedAt: z.iso.datetime().nullable().describe('Since then the attempt does not count'),
    voidedBy: z.string().nullable(),
    voidReason: z.string().nullable(),
  })
  .meta({ id: 'Contact' });

const StepView = z.object({ channel: z.enum(CONTACT_CHANNELS), attempts: z.int(), of: z.int() });

/** What follows from all attempts. */
export const ContactStateView = z
  .object({
    tried: z.int().describe('All attempts'),
    reached: z.int().describe('Attempts by which somebody was reached'),
    failed: z.int().describe('Attempts that failed, a message that was not delivered among them'),
    sinceReached: z.int().describe('Attempts since the last sign of life'),
    lastTriedOn: z.iso.date().nullable(),
    lastReachedOn: z.iso.date().nullable(),
    lastCalledOn: z.iso.date().nullable(),
    restsUntil: z.iso
      .date()
      .nullable()
      .describe('Before this day the patient is not on the lists of patients to call'),
    nextActionOn: z.iso.date().nullable(),
    ladder: z
      .array(StepView)
      .describe("The hospital's ladder, with the attempts since the last sign of life"),
    nextStep: z
      .object({ channel: z.enum(CONTACT_CHANNELS), attempt: z.int() })
      .nullable()
      .describe('What the ladder proposes next; null: it is exhausted'),
    knownAliveOn: z.iso
      .date()
      .describe('The newest of contacts, events and results that show the patient alive'),
    lossProposal: z
      .object({
        proposedOn: z.iso.date(),
        because: z.enum(['ladder_exhausted', 'long_silence']),
        firstTriedOn: z.iso.date(),
        lastTriedOn: z.iso.date(),
        attempts: z.int(),
      })
      .nullable()
      .describe(
        'That a person should decide whether the patient is lost to follow-up (an event lost_to_follow_up); the program never does',
      ),
  })
  .meta({ id: 'ContactState' });

export const RecordedContactView = z
  .object({ id: z.uuid(), contact: ContactView, state: ContactStateView })
  .meta({ id: 'RecordedContact' });

export const ContactsView = pageOf('Contacts', ContactView)
  .extend({ state: ContactStateView })
  .meta({ id: 'Contacts' });

export const VoidContactInput = z
  .strictObject({ reason: text(500), author: Author })
  .meta({ id: 'VoidContactInput' });

export function contactView(contact: Contact): z.input<typeof ContactView> {
  const { id, channel, outcome, cause, confirmsAlive, contactedOn, relativeId, number, note } = contact;
  const { nextActionOn, author, recordedAt, voidedAt, voidedBy, voidReason } = contact;
  return {
    ...{ id, channel, outcome, cause, confirmsAlive, contactedOn, relativeId, number, note, nextActionOn },
    author,
    recordedAt: recordedAt.toISOString(),
    voidedAt: voidedAt?.toISOString() ?? null,
    voidedBy,
    voidReason,
  };
}

/** What decides whether a loss that follows from the attempts is proposed. */
export interface FollowUp {
  readonly today: CalendarDate;
  readonly isFollowedUp: boolean;
}

/** A loss is proposed from its day on, of a patient who is still followed up. */
export function contactStateView(
  { ladder, loss, ...state }: ContactState,
  { today, isFollowedUp }: FollowUp,
): z.input<typeof ContactStateView> {
  const isProposed = isFollowedUp && loss !== null && loss.proposedOn <= today;
  return { ...state, ladder: [...ladder], lossProposal: isProposed ? loss : null };
}
