import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expiredBackups, type Retention } from './retention.js';

// Other systems do not allow colons in file names.
const NAME = /^nedwatch-(\d{4}-\d\d-\d\dT)(\d\d)(\d\d)(\d\d)Z\.tar\.gz$/;

/** The file of the newest backup until it is checked. The next run overwrites the file of a killed run. */
export const uncheckedIn = (folder: string): string => join(folder, 'nedwatch-unchecked.tar.gz');

/** The file of the newest backup after a failed check. Retention neither counts nor deletes it. */
export const failedIn = (folder: string): string => join(folder, 'nedwatch-failed.tar.gz');

/** The name of a checked backup: its instant, to the second. */
export const nameOf = (takenAt: string): string =>
  `nedwatch-${takenAt.slice(0, 19).replaceAll(':', '')}Z.tar.gz`;

const instantOf = (name: string): string | undefined => {
  const [, day, hour, minute, second] = NAME.exec(name) ?? [];
  if (day === undefined) return undefined;
  const instant = `${day}${hour}:${minute}:${second}.000Z`;
  return Number.isNaN(Date.parse(instant)) ? undefined : instant;
};

/** Gives the checked backup its name. */
export async function acceptBackup(folder: string, takenAt: string): Promise<string> {
  const file = join(folder, nameOf(takenAt));
  await rename(uncheckedIn(folder), file);
  await rm(failedIn(folder), { force: true });
  return file;
}

/** Deletes the backups of the folder that have expired, and returns their names. Other files stay. */
export async function deleteExpired(
  folder: string,
  latest: string,
  retention: Retention,
): Promise<{ deleted: string[]; kept: number }> {
  const instants = (await readdir(folder)).map(instantOf).filter((instant) => instant !== undefined);
  const expired = expiredBackups(instants, `${latest.slice(0, 19)}.000Z`, retention);
  const deleted = expired.map(nameOf);
  for (const name of deleted) await rm(join(folder, name), { force: true });
  return { deleted, kept: instants.length - deleted.length };
}
