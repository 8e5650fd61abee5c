import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { offerFrom } from '../../worklist/calls/call-wishes.js';
import { worklistSettings } from '../../worklist/settings/worklist-settings.js';

const HOUR_MS = 3_600_000;

/**
 * Lets call mode offer the patient of an announcement that has left, or that will not leave. `afterHours`: null, for the
 * hospital's notice. Does nothing for other messages.
 */
export async function endAnnouncement(
  tx: HospitalTransaction,
  { occasion, patientId }: { readonly occasion: string; readonly patientId: string },
  afterHours: number | null,
): Promise<void> {
  if (occasion !== 'call_announced') return;
  const hours = afterHours ?? (await worklistSettings(tx)).calls.announce?.noticeHours ?? 0;
  await offerFrom(tx, patientId, new Date(tx.now.getTime() + hours * HOUR_MS));
}
