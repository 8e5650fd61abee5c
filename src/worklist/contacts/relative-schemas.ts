import { z } from 'zod';
import { Phone } from '../../patients/patient-input.js';
import { issue } from '../../platform/messages/issues.js';
import { text } from '../../platform/text.js';
import { Author } from '../../tenancy/author.js';
import type { PatientRelative } from './patient-relative.entity.js';
import { RELATIONS } from './relations.js';

const rank = z.int().min(1).max(1000).describe('The order in which relatives are called, the lowest first');

export const RelativeInput = z
  .strictObject({
    name: text(200),
    relation: z.enum(RELATIONS),
    phone: Phone.optional(),
    note: text(500).optional(),
    rank: rank.optional().describe('Default: behind those who are there'),
    author: Author,
  })
  .meta({ id: 'RelativeInput' });
export type RelativeInput = z.output<typeof RelativeInput>;

export const RelativeCorrection = z
  .strictObject({
    name: text(200),
    relation: z.enum(RELATIONS),
    phone: Phone.nullable(),
    note: text(500).nullable(),
    rank,
  })
  .partial()
  .refine((fields) => Object.keys(fields).length > 0, {
    error: issue('correction-required'),
    when: ({ issues }) => issues.length === 0,
  })
  .meta({ id: 'RelativeCorrection' });
export type RelativeCorrection = z.output<typeof RelativeCorrection>;

export const RelativeView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    relation: z.enum(RELATIONS),
    phone: z.string().nullable(),
    note: z.string().nullable(),
    rank: z.int(),
    author: z.string().describe('Who recorded the relative'),
    recordedAt: z.iso.datetime(),
  })
  .meta({ id: 'Relative' });

export const RelativesView = z.object({ items: z.array(RelativeView) }).meta({ id: 'Relatives' });

export const relativeView = ({
  id,
  name,
  relation,
  phone,
  note,
  rank,
  author,
  recordedAt,
}: PatientRelative): z.input<typeof RelativeView> => ({
  ...{ id, name, relation, phone, note, rank, author },
  recordedAt: recordedAt.toISOString(),
});
