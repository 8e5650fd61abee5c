/** What is said of the keys at the end of every backup: they are never in it, and where they are kept instead. */
export function keysApart(): string {
  return (
    'Encryption keys are never part of a backup. This version encrypts nothing, so there are none: ' +
    'whoever has the file can read names and telephone numbers in it.'
  );
}
