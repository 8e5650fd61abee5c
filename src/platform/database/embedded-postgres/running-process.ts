import { readFileSync, readlinkSync, realpathSync } from 'node:fs';

/**
 * The start time of the running process `pid`, to be compared for equality only ('' where the system does not report
 * it). Undefined when there is no such process; a zombie counts as not running.
 */
export function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return exists(pid) ? '' : undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command may contain spaces and brackets, so the fields count from the last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Whether the running process `pid` may be the server of `cluster`. False only when it certainly is another program,
 * because a wrong false would remove the lock file of a running server.
 */
export function mayServe(pid: number, cluster: string): boolean {
  if (process.platform !== 'linux') return true;
  try {
    // A postmaster's working directory is its data directory; no other program's is.
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT' && commandHas(pid, 'postgres');
  }
}

function commandHas(pid: number, word: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word);
  } catch {
    return false;
  }
}
