import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** By test file: the suites of one worker share this module. */
const folders = new Map<string, string>();
process.once('exit', () => {
  for (const folder of folders.values()) rmSync(folder, { recursive: true, force: true });
});

/** Of a long run, which jest does not start: none. */
const testFile = (): string =>
  (globalThis as { expect?: { getState(): { testPath?: string } } }).expect?.getState().testPath ?? '';

/**
 * The data directory of every application and program that this test file starts: keys and the audit anchor. Never
 * the one of the checkout, where an installation may run. The programs of a file share it, as they share keys.
 */
export function dataFolder(): string {
  const file = testFile();
  const known = folders.get(file);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), 'nedwatch-data-'));
  folders.set(file, folder);
  return folder;
}

const SERVER_STOP_SECONDS = 60;

/**
 * Removes the data directory of an ended program. Its embedded PostgreSQL may still write its last checkpoint,
 * because the program waits only a few seconds for it.
 */
export async function removeDataFolder(folder: string): Promise<void> {
  const pidFile = join(folder, 'postgres/cluster/postmaster.pid');
  for (let second = 0; existsSync(pidFile) && second < SERVER_STOP_SECONDS; second++) await sleep(1000);
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
