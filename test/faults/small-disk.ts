import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk small enough to be filled. */
export interface SmallDisk {
  readonly folder: string;
  /** Uses all free space, to the last block; a second call uses the space freed since. */
  fill(): void;
  /** Frees it. */
  free(): void;
  unmount(): void;
}

const SIZE = '320m';

/** A file system in memory. Undefined where this machine or user cannot mount one. */
export function mountSmallDisk(): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'nedwatch-disk-'));
  const mounted = spawnSync(
    'mount',
    ['-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'nedwatch-faults', folder],
    { stdio: 'ignore' },
  );
  if (mounted.status !== 0) {
    rmdirSync(folder);
    return undefined;
  }
  chmodSync(folder, 0o755); // as root the server runs as another user
  const filler = join(folder, 'filler');
  // Lazily: after a killed test run the servers on it may still be running.
  const unmount = (): void => void spawnSync('umount', ['--lazy', folder]);
  process.once('exit', unmount);
  return {
    folder,
    fill: () => {
      const file = openSync(filler, 'a');
      for (const block of [Buffer.alloc(2 ** 20), Buffer.alloc(4096)]) writeUntilFull(file, block);
      closeSync(file);
    },
    free: () => rmSync(filler, { force: true }),
    unmount: () => {
      process.off('exit', unmount);
      unmount();
      rmdirSync(folder);
    },
  };
}

function writeUntilFull(file: number, block: Buffer): void {
  try {
    while (writeSync(file, block) === block.length);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
