import { z } from 'zod';
import { askedFields } from '../guideline/asked-fields.js';
import type { Guideline } from '../guideline/guideline.js';
import { GUIDELINES } from '../guideline/published/index.js';
import { CalendarDay, type ClinicalEventInput, eventForm } from '../patients/clinical-event-input.js';

/** One patient in the input format of `plan`, with the events and activities that the guideline declares. */
export const planRequest = (guideline: Guideline) =>
  z.strictObject({
    birthDate: CalendarDay,
    diagnosisDate: CalendarDay,
    events: z.array(eventInput(guideline)),
    policy: z
      .strictObject({
        profile: z.enum(['intensive', 'minimal']).default('intensive'),
        liverImaging: z.enum(['ct', 'mri']).default('ct'),
      })
      .prefault({}),
    enrolledOn: CalendarDay.optional(),
    asOf: CalendarDay.optional(),
    until: CalendarDay.optional(),
  });
export type PlanRequest = z.output<ReturnType<typeof planRequest>>;

/**
 * The events that can be recorded under the guideline. For a protocol from a file, fields that affect none of its
 * dates are optional; a published guideline requires the fields that the program records.
 */
function eventInput(guideline: Guideline): z.ZodType<ClinicalEventInput> {
  if (GUIDELINES.includes(guideline)) return eventForm(guideline);
  const asked = askedFields(guideline);
  return eventForm(guideline, (type, field) => asked.get(type)?.has(field) === true);
}
