import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string | undefined;

/**
 * The data directory of every application and program that this test file starts: keys and the audit anchor.
 * Never the one of the checkout, where an installation may run. The programs of a file share it, as they share keys.
 */
export function dataFolder(): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'nedwatch-data-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return folder;
}
