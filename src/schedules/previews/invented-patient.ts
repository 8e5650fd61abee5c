import { z } from 'zod';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { Choices } from '../../guideline/choices.js';
import { faultsOf } from '../../guideline/fact-faults.js';
import type { PatientFacts } from '../../guideline/facts.js';
import type { Guideline } from '../../guideline/guideline.js';
import { CalendarDay, EventInput } from '../../patients/clinical-event-input.js';
import { plannedEventForm } from '../../patients/planned-event-form.js';
import { invalid } from '../../platform/domain-error.js';
import { faultsOfIssues } from '../../platform/http/input-faults.js';
import { msg } from '../../platform/messages/dictionary.js';
import { text } from '../../platform/text.js';

/** A patient who is in no file, for trying guidelines. */
export const InventedPatient = z
  .strictObject({
    birthDate: CalendarDay,
    diagnosisDate: CalendarDay,
    events: z
      .array(EventInput)
      .max(100)
      .describe('As GET /event-types describes them for the first guideline'),
    guidelines: z
      .array(text(100))
      .min(1)
      .max(10)
      .transform((names) => [...new Set(names)])
      .describe('Ids, or id@version'),
    profile: z.enum(['intensive', 'minimal']).default('intensive'),
    liverImaging: z.enum(['ct', 'mri']).default('ct'),
  })
  .meta({ id: 'InventedPatient', description: 'Nothing of it is saved.' });
export type InventedPatient = z.output<typeof InventedPatient>;

/** The facts and choices for the planner. Refuses (422) events that the guideline does not know, and contradictions. */
export function readInvented(
  { birthDate, diagnosisDate, events, profile, liverImaging }: Omit<InventedPatient, 'guidelines'>,
  guideline: Guideline | undefined,
  today: CalendarDate,
): { readonly facts: PatientFacts; readonly choices: Choices } {
  if (!guideline) throw new Error('At least one guideline is named.');
  const parsed = z.array(plannedEventForm(guideline)).safeParse(events);
  if (!parsed.success) {
    const faults = faultsOfIssues(parsed.error.issues);
    throw invalid(
      'invalid-input',
      msg('invalid-input'),
      faults.map((fault) => ({ ...fault, pointer: `/events${fault.pointer}` })),
    );
  }
  const facts = { birthDate, diagnosisDate, events: parsed.data };
  const faults = faultsOf(facts, today, guideline);
  if (faults.length === 0) return { facts, choices: { profile, liverImaging } };
  const text = msg('contradictory-dates', { faults: faults.map(({ message }) => message) });
  throw invalid('contradictory-dates', text, faults);
}
