import { z } from 'zod';
import { Uuid } from '../../platform/http/paging.js';
import { text } from '../../platform/text.js';
import { DUTIES, OWNED_BY, type Ownership, type Staff } from './owners.js';

/** A person of the hospital, in an answer about owners. */
export const OwnerPerson = z.object({ id: z.uuid(), name: z.string() });
type OwnerPerson = z.input<typeof OwnerPerson>;

export const Duty = z
  .enum(DUTIES)
  .describe('orders: requests the examination; books: makes the appointment; reads: sees the result');

export const OwnerInput = z
  .strictObject({
    personId: Uuid.nullable().describe('null: nobody is named any more'),
    activity: text(61)
      .optional()
      .describe('Only examinations of this activity; without activity and duty: the responsible nurse'),
    duty: Duty.optional().describe('None: all three'),
  })
  .meta({ id: 'OwnerInput' });

/** Who owns a duty today. */
export const OwnershipView = z
  .object({
    people: z
      .array(OwnerPerson)
      .describe('One person; several where the last resort has several; empty: nobody'),
    by: z
      .enum(OWNED_BY)
      .describe(
        'Why: named for the activity, named for the patient, the responsible nurse, or the head nurse or nurses as the last resort',
      ),
    insteadOf: OwnerPerson.nullable().describe('Whom the person stands in for'),
    until: z.iso.date().nullable().describe('The last day of that handover'),
  })
  .meta({ id: 'Ownership' });

export const personView = (staff: Staff, id: string): OwnerPerson => ({
  id,
  name: staff.person(id)?.name ?? '',
});

export const ownershipView = (
  staff: Staff,
  { personIds, by, insteadOf, until }: Ownership,
): z.input<typeof OwnershipView> => ({
  people: personIds.map((id) => personView(staff, id)),
  by,
  insteadOf: insteadOf === null ? null : personView(staff, insteadOf),
  until: insteadOf === null ? null : until,
});
