import { z } from 'zod';
import { text } from '../text.js';
import { CalendarDay } from './clinical-event-input.js';

export const Mrn = text(64);

export const PatientInput = z
  .strictObject({
    mrn: Mrn,
    name: text(200),
    sex: z.enum(['male', 'female', 'other', 'unknown']),
    birthDate: CalendarDay,
    diagnosisDate: CalendarDay,
    phone: text(40).optional(),
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
