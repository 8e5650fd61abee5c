import { readFileSync, readlinkSync, realpathSync } from 'node:fs';

/**
 * When the running process `pid` began, good for comparing only ('' where the system does not say).
 * Undefined when there is none; a zombie does not run.
 */
export function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return exists(pid) ? '' : undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command may hold spaces and brackets itself, so the fields count from the last bracket.
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
 * Whether the running process `pid` may be the server of `cluster`. False only when it surely is
 * something else, because a wrong false would take the lock file from a living server.
 */
export function mayServe(pid: number, cluster: string): boolean {
  if (process.platform !== 'linux') return true;
  try {
    // A postmaster works in its data directory, and nothing else does.
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
