import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { MendableError } from '../../messages/mendable-error.js';
import { msg } from '../../messages/dictionary.js';

/** The operating-system user of the server process. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Where one embedded server runs, and as which user (undefined: the user of this process). */
export interface ClusterLocation {
  readonly directory: string;
  readonly user: ServerUser | undefined;
}

/** The embedded PostgreSQL cannot run here. The message names the remedy. */
export class NoEmbeddedPostgres extends MendableError {}

/** The server's data folder within a location. */
export const clusterOf = (directory: string): string => join(directory, 'cluster');

/**
 * The location of the server of `wanted`: `wanted` itself or, when the server's user cannot access that folder,
 * another folder. It depends on `wanted` alone, so that the next start finds it. Existing data take precedence.
 */
export function chooseLocation(wanted: string): ClusterLocation {
  const candidates = [wanted, ...elsewhere(wanted)];
  const refusals: string[] = [];
  for (const mustExist of [true, false]) {
    for (const directory of candidates) {
      if (mustExist && !existsSync(join(clusterOf(directory), 'PG_VERSION'))) continue;
      const location = { directory, user: serverUser(directory) };
      const refusal = whyUnusable(location);
      if (refusal === undefined) return location;
      refusals.push(`  ${directory}: ${refusal}`);
    }
  }
  throw new NoEmbeddedPostgres(msg('embedded-no-folder', { refusals: [...new Set(refusals)].join('\n') }));
}

function elsewhere(wanted: string): string[] {
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  if (process.getuid?.() === 0) return [`/var/lib/nedwatch/${name}`, `/opt/nedwatch/${name}`];
  return [join(homedir(), '.local/state/nedwatch', name), `/var/tmp/nedwatch-${process.getuid?.()}-${name}`];
}

/** PostgreSQL refuses to run as root. Then it runs as the owner of its data, as `postgres` or as `nobody`. */
function serverUser(directory: string): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(clusterOf(directory), { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = ['postgres', 'nobody'].flatMap((name) => users.filter(([login]) => login === name))[0];
  if (!user) {
    throw new NoEmbeddedPostgres(msg('embedded-root'));
  }
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/** Creates the folder; returns the reason why the server cannot use it. */
function whyUnusable({ directory, user }: ClusterLocation): string | undefined {
  try {
    makeReachable(directory, user ? 0o755 : 0o700);
    accessSync(directory, constants.W_OK | constants.X_OK);
    // Any user can create a folder in /var/tmp. A folder of another owner is not used.
    if (lstatSync(directory).uid !== process.getuid?.() && process.getuid?.() !== 0)
      return 'belongs to another user';
    const data = statSync(clusterOf(directory), { throwIfNoEntry: false });
    if (data && !user && data.uid !== process.getuid()) return 'its data belong to another user';
  } catch (error) {
    return (error as Error).message;
  }
  if (!user) return undefined;
  const { uid, gid } = user;
  const entered = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], {
    uid,
    gid,
    cwd: '/',
    stdio: 'ignore',
  });
  return entered.status === 0 ? undefined : `the database's own user (uid ${uid}) cannot reach it`;
}

// Independent of the umask: the other user needs access to a folder made for it.
function makeReachable(directory: string, mode: number): void {
  const first = mkdirSync(directory, { recursive: true });
  if (first === undefined) return;
  for (let folder = directory; ; folder = dirname(folder)) {
    chmodSync(folder, folder === directory ? mode : 0o755);
    if (folder === first || basename(folder) === '') return;
  }
}
