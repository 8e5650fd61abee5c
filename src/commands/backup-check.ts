import { FieldCipher } from '../encryption/field-cipher.js';
import { HospitalScope } from '../tenancy/hospital-scope.js';
import { refuseWrongMasterKey } from '../key-rotation/master-key.js';
import { SecretBox } from '../encryption/secret-box.js';
import type { Manifest } from '../backup/manifest.js';
import { BackupRefused } from '../backup/refusal.js';
import { checkByRestoring } from '../backup/restore-check.js';
import type { Config } from '../platform/config.js';
import type { Database } from '../app/database.js';
import { msg } from '../platform/messages/dictionary.js';

/** Restores the backup into a database of its own, reads every row back, and opens its keys with the master key. */
export function checkBackup(config: Config, file: string): Promise<Manifest> {
  return checkByRestoring(config, file, ({ dataSource }) => refuseUnopened(config, file, dataSource));
}

async function refuseUnopened(
  config: Config,
  file: string,
  dataSource: Database['dataSource'],
): Promise<void> {
  const box = new SecretBox(config);
  try {
    await refuseWrongMasterKey(new HospitalScope(dataSource, new FieldCipher(box)), box);
  } catch (error) {
    throw new BackupRefused('keys-do-not-open', msg('keys-do-not-open', { file }), { cause: error });
  }
}
