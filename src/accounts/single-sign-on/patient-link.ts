import { z } from 'zod';
import { text } from '../../platform/text.js';

/** The address below which other systems open a patient. */
export const PATIENT_LINK_PATH = '/open/patient';

/** The patient whom a link names: by the hospital's number as `SYSTEM|NUMBER` or `NUMBER`, or by our own id. */
export const LinkedPatient = z.object({
  identifier: text(300).optional().describe('The number of the patient, as SYSTEM|NUMBER or NUMBER'),
  patient: z.uuid().optional().describe('The id of the patient here'),
});
export type LinkedPatient = z.output<typeof LinkedPatient>;

/**
 * How often the browser came here for one link. A browser that comes from another site sends its session only with the next
 * request, and one that comes back from the provider without a session must not be sent there again.
 */
export const LINK_STEPS = ['here', 'signed-in'] as const;
export type LinkStep = (typeof LINK_STEPS)[number];

/** The address of the link within this program, so it cannot be made to lead elsewhere. */
export function patientLinkPath(
  { identifier, patient }: LinkedPatient,
  { hospital, step }: { readonly hospital: string | undefined; readonly step: LinkStep },
): string {
  const parts = Object.entries({ hospital, identifier, patient, step });
  const query = parts.filter((part): part is [string, string] => part[1] !== undefined);
  return `${PATIENT_LINK_PATH}?${new URLSearchParams(query).toString()}`;
}
