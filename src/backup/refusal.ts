/** A backup or a restore that is not made. `code` is stable; the message says what is wrong and what helps. */
export class BackupRefused extends Error {
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
      | 'rows-differ',
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}
