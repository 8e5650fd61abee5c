import { FieldCipher } from '../encryption/field-cipher.js';
import { HospitalScope } from '../tenancy/hospital-scope.js';
import { refuseWrongMasterKey } from '../key-rotation/master-key.js';
import { openSealedValues, UnopenedValue } from '../key-rotation/sealed-values-check.js';
import { SecretBox } from '../encryption/secret-box.js';
import type { Manifest } from '../backup/manifest.js';
import { BackupRefused } from '../backup/refusal.js';
import { checkByRestoring } from '../backup/restore-check.js';
import type { Config } from '../platform/config.js';
import { ALL_TABLES } from '../app/personal-data.js';
import type { Database } from '../app/database.js';
import { msg } from '../platform/messages/dictionary.js';

/** Restores the backup into a database of its own, reads every row back, and opens sealed values. */
export function checkBackup(config: Config, file: string): Promise<Manifest> {
  return checkByRestoring(config, file, ({ dataSource }) => refuseUnopened(config, file, dataSource));
}

async function refuseUnopened(
  config: Config,
  file: string,
  dataSource: Database['dataSource'],
): Promise<void> {
  const box = new SecretBox(config);
  const scope = new HospitalScope(dataSource, new FieldCipher(box));
  try {
    await refuseWrongMasterKey(scope, box);
    await openSealedValues(scope, box, ALL_TABLES);
  } catch (error) {
    const why = error instanceof UnopenedValue ? error.text : msg('keys-do-not-open', { file });
    throw new BackupRefused('keys-do-not-open', why, { cause: error });
  }
}
