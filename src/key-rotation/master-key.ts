import { FieldCipher } from '../encryption/field-cipher.js';
import type { HospitalScope } from '../tenancy/hospital-scope.js';
import type { SecretBox } from '../encryption/secret-box.js';
import { MendableError } from '../platform/messages/mendable-error.js';
import { msg } from '../platform/messages/dictionary.js';

/** The master key does not open the sealed values of the database. */
export class WrongMasterKey extends MendableError {}

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
      throw new WrongMasterKey(msg('wrong-master-key'), { cause: error });
    }
  }
}
