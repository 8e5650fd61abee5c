import { currentState, storeState } from '../contacts/contact-rows.js';
import { worklistSettings } from '../settings/worklist-settings.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/** Stores what follows from the attempts of all records of each of these patients as they are now. */
export async function storeContacts(tx: HospitalTransaction, patientIds: readonly string[]): Promise<void> {
  const { contacts } = await worklistSettings(tx);
  for (const id of patientIds) await storeState(tx, id, await currentState(tx, id, contacts));
}
