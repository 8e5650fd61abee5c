import type { z } from 'zod';
import { askedFields } from '../guideline/asked-fields.js';
import type { Guideline } from '../guideline/guideline.js';
import { isPublished } from '../guideline/published/index.js';
import { type ClinicalEventInput, eventForm } from './clinical-event-input.js';

/**
 * The events of a patient who is planned without being recorded. For a protocol from a file, fields that affect none of
 * its dates are optional; a published guideline requires the fields that the program records.
 */
export function plannedEventForm(guideline: Guideline): z.ZodType<ClinicalEventInput> {
  if (isPublished(guideline)) return eventForm(guideline);
  const asked = askedFields(guideline);
  return eventForm(guideline, (type, field) => asked.get(type)?.has(field) === true);
}
