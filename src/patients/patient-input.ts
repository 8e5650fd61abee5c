import { z } from 'zod';
import { text } from '../text.js';
import { CalendarDay } from './clinical-event-input.js';
import { issue } from '../platform/messages/issues.js';

export const Mrn = text(64);

/** A resident identity card (GB 11643) with its check digit, or what stands in a passport. */
const IdentityNumber = text(40)
  .transform((typed) => typed.toUpperCase())
  .refine((number) => !/^\d{17}[\dX]$/.test(number) || checkDigitOf(number) === number.at(-1), {
    error: issue('identity-number-form'),
  })
  .meta({
    type: 'string',
    description: 'Of an identity card, whose check digit has to fit, or of a passport',
  });

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;

/** ISO 7064, MOD 11-2. */
const checkDigitOf = (number: string): string | undefined =>
  '10X98765432'[WEIGHTS.reduce<number>((sum, weight, at) => sum + weight * Number(number[at]), 0) % 11];

export const PatientInput = z
  .strictObject({
    mrn: Mrn,
    name: text(200),
    sex: z.enum(['male', 'female', 'other', 'unknown']),
    birthDate: CalendarDay,
    diagnosisDate: CalendarDay,
    phone: text(40).optional(),
    identityNumber: IdentityNumber.optional(),
    responsibleNurse: text(100).optional(),
    department: text(100)
      .optional()
      .describe('Who sees the patient besides the responsible nurse; none: everybody of the hospital.'),
    policy: z
      .strictObject({
        profile: z.enum(['intensive', 'minimal']).optional(),
        liverImaging: z.enum(['ct', 'mri']).optional(),
      })
      .optional(),
    enrolledOn: CalendarDay.optional().describe(
      'From this day on the hospital answers for the follow-up; default today.',
    ),
  })
  .meta({ id: 'PatientInput' });
export type PatientInput = z.output<typeof PatientInput>;

/** What of a registered patient may be corrected; null takes away. Not here: choices of treatment, which are decisions. */
export const PatientCorrection = z
  .strictObject({
    mrn: Mrn,
    name: text(200),
    sex: PatientInput.shape.sex,
    birthDate: CalendarDay,
    diagnosisDate: CalendarDay,
    enrolledOn: CalendarDay,
    phone: text(40).nullable(),
    identityNumber: IdentityNumber.nullable(),
    responsibleNurse: text(100).nullable(),
    department: text(100).nullable(),
  })
  .partial()
  .refine((fields) => Object.keys(fields).length > 0, {
    error: issue('correction-required'),
    when: ({ issues }) => issues.length === 0,
  })
  .meta({ id: 'PatientCorrection' });
export type PatientCorrection = z.output<typeof PatientCorrection>;
