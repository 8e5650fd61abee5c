import type { Message } from '../guideline/message.js';
import { msg } from '../platform/messages/dictionary.js';
import { MendableError } from '../platform/messages/mendable-error.js';

/** A refused backup, restore or move of a hospital. `code` is stable; the text contains the reason and the remedy. */
export class BackupRefused extends MendableError {
  constructor(
    readonly code:
      | 'nothing-to-back-up'
      | 'not-readable'
      | 'rows-hidden'
      | 'schema-changing'
      | 'file-not-usable'
      | 'backup-broken'
      | 'backup-newer'
      | 'database-newer'
      | 'database-in-use'
      | 'database-not-empty'
      | 'tables-differ'
      | 'rows-refused'
      | 'rows-differ'
      | 'folder-in-use'
      | 'check-not-possible'
      | 'keys-do-not-open'
      | 'needs-replication-role'
      | 'no-such-hospital'
      | 'first-hospital'
      | 'already-there'
      | 'versions-differ'
      | 'code-taken'
      | 'other-master-key'
      | 'move-runs'
      | 'no-such-move',
    why: Message,
    options?: ErrorOptions,
  ) {
    super(msg('backup-refused', { code, why }), options);
  }
}
