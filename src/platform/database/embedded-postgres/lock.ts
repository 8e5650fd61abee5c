import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { startOf } from './running-process.js';

/** Takes the lock file `path` for this process, unless a running process holds it. */
export function takeLock(path: string): boolean {
  for (;;) {
    try {
      writeFileSync(path, `${process.pid} ${startOf(process.pid)}`, { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (isHeld(path)) return false;
    // A rename lets exactly one of several processes remove the stale file.
    const stale = `${path}.${process.pid}`;
    try {
      renameSync(path, stale);
      rmSync(stale, { force: true });
    } catch {
      return false;
    }
  }
}

export function releaseLock(path: string): void {
  rmSync(path, { force: true });
}

function isHeld(path: string): boolean {
  try {
    const [pid, start] = readFileSync(path, 'utf8').split(' ');
    // Empty: its holder has not written its name yet, or was killed before it could.
    if (!pid) return statSync(path).mtimeMs + 2000 > performance.timeOrigin + performance.now();
    return startOf(Number(pid)) === start;
  } catch {
    return false;
  }
}
