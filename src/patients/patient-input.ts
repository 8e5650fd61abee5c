import { z } from 'zod';
import type { FieldFault } from '../platform/domain-error.js';
import type { Message } from '../guideline/message.js';
import { text } from '../platform/text.js';
import { CalendarDay } from './clinical-event-input.js';
import { tidied } from './folded.js';
import { readIdentityNumber } from './identity-number.js';
import type { Patient } from './patient.entity.js';
import { readPhone } from './phone-number.js';
import { msg } from '../platform/messages/dictionary.js';
import { issue } from '../platform/messages/issues.js';

/** The hospital's number of a patient. Numbers that differ in form alone (capitals, full width, spaces) are equal. */
export const Mrn = text(64)
  .transform(tidied)
  .refine((mrn) => mrn.length > 0 && mrn.length <= 64, issue('mrn-length'))
  .meta({ type: 'string', description: 'Unique in the hospital; X1, x1 and Ｘ１ are one number' });

/** A resident identity number (GB 11643), or that of a passport or another document. */
export const IdentityNumber = text(40)
  .transform((typed, ctx): string => {
    const read = readIdentityNumber(typed);
    if (typeof read !== 'string') return read.number;
    ctx.addIssue({ code: 'custom', message: issue(read) });
    return z.NEVER;
  })
  .meta({
    type: 'string',
    description:
      'Of an identity card, whose check digit, birth date and sex have to fit, or of another document. An old number of 15 digits is kept as the 18 that followed it.',
  });

/** Callable phone numbers, each with the text beside it. */
export const Phone = text(60)
  .transform((typed, ctx): string => {
    const read = readPhone(typed);
    if (read) return read.text;
    ctx.addIssue({ code: 'custom', message: issue('not-callable', { typed }) });
    return z.NEVER;
  })
  .meta({
    type: 'string',
    description:
      'A mobile number, a landline with its area code, or one from abroad; up to three, with notes',
  });

const NURSE =
  'A person by id, login or name. A name that nobody has is kept, and the patient is unassigned until somebody has it.';

/** The longest distance on Earth. */
const FARTHEST_KM = 20_000;
export const DistanceKm = z.int().min(0).max(FARTHEST_KM);

const GROUP = 'The group of doctors that treats the patient';
const DISTANCE = 'From home to the hospital, in kilometres';

export const PatientInput = z
  .strictObject({
    mrn: Mrn,
    name: text(200),
    sex: z.enum(['male', 'female', 'other', 'unknown']),
    birthDate: CalendarDay,
    diagnosisDate: CalendarDay,
    phone: Phone.optional(),
    identityNumber: IdentityNumber.optional(),
    responsibleNurse: text(100).optional().describe(NURSE),
    department: text(100)
      .optional()
      .describe('Who sees the patient besides the responsible nurse; none: everybody of the hospital.'),
    ward: text(100).optional(),
    group: text(100).optional().describe(GROUP),
    distanceKm: DistanceKm.optional().describe(DISTANCE),
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

/**
 * The correctable fields of a registered patient; null removes a value. Choices of treatment are not here, because
 * they are decisions.
 */
export const PatientCorrection = z
  .strictObject({
    mrn: Mrn,
    name: text(200),
    sex: PatientInput.shape.sex,
    birthDate: CalendarDay,
    diagnosisDate: CalendarDay,
    enrolledOn: CalendarDay,
    phone: Phone.nullable(),
    identityNumber: IdentityNumber.nullable(),
    responsibleNurse: text(100).nullable().describe(NURSE),
    department: text(100).nullable(),
    ward: text(100).nullable(),
    group: text(100).nullable().describe(GROUP),
    distanceKm: DistanceKm.nullable().describe(DISTANCE),
  })
  .partial()
  .refine((fields) => Object.keys(fields).length > 0, {
    error: issue('correction-required'),
    when: ({ issues }) => issues.length === 0,
  })
  .meta({ id: 'PatientCorrection' });
export type PatientCorrection = z.output<typeof PatientCorrection>;

/** Reports an identity number that contradicts birth date or sex; other documents contain neither. */
export function contradictionsOf({
  identityNumber,
  birthDate,
  sex,
}: Pick<Patient, 'identityNumber' | 'birthDate' | 'sex'>): FieldFault[] {
  const read = identityNumber === null ? 'none' : readIdentityNumber(identityNumber);
  if (typeof read === 'string') return [];
  const fault = (code: string, message: Message): FieldFault => ({
    pointer: '/identityNumber',
    code,
    message,
  });
  const faults: FieldFault[] = [];
  if (read.birthDate !== undefined && read.birthDate !== birthDate)
    faults.push(
      fault('birth-date-differs', msg('birth-date-differs', { inNumber: read.birthDate, birthDate })),
    );
  if (read.sex !== undefined && read.sex !== sex && (sex === 'male' || sex === 'female'))
    faults.push(fault('sex-differs', msg('sex-differs', { inNumber: read.sex, sex })));
  return faults;
}
