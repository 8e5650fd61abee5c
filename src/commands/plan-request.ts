import { z } from 'zod';
import type { Guideline } from '../guideline/guideline.js';
import { CalendarDay } from '../patients/clinical-event-input.js';
import { plannedEventForm } from '../patients/planned-event-form.js';

/** One patient in the input format of `plan`, with the events and activities that the guideline declares. */
export const planRequest = (guideline: Guideline) =>
  z.strictObject({
    birthDate: CalendarDay,
    diagnosisDate: CalendarDay,
    events: z.array(plannedEventForm(guideline)),
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
