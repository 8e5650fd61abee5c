import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Runs `work` while no other process does. The lock of a killed process is ignored. */
export async function withLock(folder, name, work) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.lock`);
  for (let told = false; !take(path); await sleep(200)) {
    if (!told) process.stderr.write('nedwatch set-up: waiting for another process that is at it\n');
    told = true;
  }
  try {
    await work();
  } finally {
    rmSync(path, { force: true });
    try {
      rmdirSync(folder); // leaves a folder that contains data
    } catch {
      // it does
    }
  }
}

function take(path) {
  try {
    writeFileSync(path, `${process.pid} ${startOf(process.pid)}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'ENOENT') mkdirSync(join(path, '..'), { recursive: true }); // a process that ended removed it
    else if (error.code !== 'EEXIST') throw error;
  }
  if (!isHeld(path)) {
    // A rename lets exactly one of several processes remove the stale file.
    try {
      renameSync(path, `${path}.${process.pid}`);
      rmSync(`${path}.${process.pid}`, { force: true });
    } catch {
      // another process was faster
    }
  }
  return false;
}

function isHeld(path) {
  try {
    const [pid, start] = readFileSync(path, 'utf8').split(' ');
    // Empty: its holder has not written its name yet, or was killed before it could.
    if (!pid) return statSync(path).mtimeMs + 2000 > performance.timeOrigin + performance.now();
    return startOf(Number(pid)) === start;
  } catch {
    return false;
  }
}

/** Distinguishes a process from a later one with the same number; undefined when there is none. */
function startOf(pid) {
  if (process.platform === 'linux') {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
      return fields[0] === 'Z' ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  try {
    process.kill(pid, 0);
    return '';
  } catch (error) {
    return error.code === 'EPERM' ? '' : undefined;
  }
}
