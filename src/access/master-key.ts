import { FieldCipher } from './field-cipher.js';
import type { HospitalScope } from './hospital-scope.js';
import type { SecretBox } from './secret-box.js';

/** The program cannot read what the database holds sealed. */
export class WrongMasterKey extends Error {}

const WHAT_HELPS =
  'nedwatch does not start, because the master key is not the one with which names and secrets in this database are sealed. ' +
  'Set NEDWATCH_MASTER_KEY to that key, or put the file keys/secrets.key back under NEDWATCH_DATA from where its copy is kept. ' +
  'Where keys/secrets.key.next lies beside it, a change of the key was cut off at its end: that one is the key, rename it.';

/** Throws `WrongMasterKey` when the keys of the hospitals were not wrapped with this program's master key. */
export async function refuseWrongMasterKey(scope: HospitalScope, box: SecretBox): Promise<void> {
  const cipher = new FieldCipher(box);
  const hospitals = await scope.acrossHospitals((db) =>
    db.query<{ id: string }[]>('SELECT DISTINCT hospital_id AS id FROM hospital_key'),
  );
  for (const { id } of hospitals) {
    try {
      if (!box.hasKey) throw new Error('There is none.');
      await scope.run(id, () => scope.unaudited(({ db }) => cipher.keysOf(db, id)));
    } catch (error) {
      throw new WrongMasterKey(WHAT_HELPS, { cause: error });
    }
  }
}
