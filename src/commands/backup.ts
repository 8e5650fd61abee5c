import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { acceptBackup, deleteExpired, failedIn, uncheckedIn } from '../backup/backup-folder.js';
import { writeBackupFile } from '../backup/backup-file.js';
import { keysApart } from '../backup/keys-apart.js';
import type { Manifest } from '../backup/manifest.js';
import { inOwnerSession } from '../backup/owner-session.js';
import { BackupRefused } from '../backup/refusal.js';
import type { Retention } from '../backup/retention.js';
import { takeBackup } from '../backup/take-backup.js';
import type { Config } from '../platform/config.js';
import type { Message } from '../guideline/message.js';
import { reachDatabase } from '../app/database.js';
import { releaseLock, takeLock } from '../platform/database/embedded-postgres/lock.js';
import { checkBackup } from './backup-check.js';
import { BadUsage } from './bad-usage.js';
import { msg, render } from '../platform/messages/dictionary.js';

/**
 * `bin/nedwatch backup FILE`: all data in one file; `-` is standard output. Programs may run meanwhile. `backup
 * --folder FOLDER`: a checked file, named by its instant. `backup check FILE`: only checks one.
 */
export async function run(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { folder: { type: 'string' }, keep: { type: 'string' } },
  });
  const { folder, keep } = values;
  if (folder !== undefined) {
    if (positionals.length > 0) throw new BadUsage(msg('backup-folder-usage'));
    return backUpInto(folder, keep === undefined ? undefined : retentionOf(keep), config);
  }
  if (keep !== undefined) throw new BadUsage(msg('backup-keep-usage'));
  const [file, checked, ...others] = positionals;
  if (file === 'check' && checked !== undefined && others.length === 0) return check(checked, config);
  if (file === undefined || checked !== undefined) throw new BadUsage(msg('backup-usage'));

  const manifest = await take(file, config);
  const output = file === '-' ? process.stderr : process.stdout;
  write(output, config, summary(file, manifest), keysApart(config));
  return 0;
}

async function take(file: string, config: Config): Promise<Manifest> {
  const database = await reachDatabase(config);
  try {
    return await database.asOwner((owner) =>
      inOwnerSession(owner, ({ client }) => writeBackupFile(file, (to) => takeBackup(client, to))),
    );
  } finally {
    await database.close();
  }
}

async function check(file: string, config: Config): Promise<number> {
  const manifest = await checkBackup(config, file);
  write(process.stdout, config, checked(file, manifest));
  return 0;
}

/** Older backups are deleted only after a newer one has been restored successfully. */
async function backUpInto(folder: string, keep: Retention | undefined, config: Config): Promise<number> {
  const lock = lockOf(folder);
  try {
    const unchecked = uncheckedIn(folder);
    await take(unchecked, config);
    let manifest;
    try {
      manifest = await checkBackup(config, unchecked);
    } catch (error) {
      await rename(unchecked, failedIn(folder));
      write(process.stderr, config, msg('backup-not-good', { file: failedIn(folder) }));
      throw error;
    }
    const file = await acceptBackup(folder, manifest.takenAt);
    write(process.stdout, config, checked(file, manifest));
    if (keep) write(process.stdout, config, expired(await deleteExpired(folder, manifest.takenAt, keep)));
    write(process.stdout, config, keysApart(config));
    return 0;
  } finally {
    releaseLock(lock);
  }
}

function lockOf(folder: string): string {
  const lock = join(folder, '.nedwatch-backup.lock');
  try {
    if (takeLock(lock)) return lock;
  } catch (error) {
    throw new BackupRefused(
      'file-not-usable',
      msg('file-unwritable', { file: folder, detail: (error as Error).message }),
    );
  }
  throw new BackupRefused('folder-in-use', msg('folder-in-use', { folder }));
}

function retentionOf(text: string): Retention {
  const numbers = /^(\d{1,4}),(\d{1,4}),(\d{1,4})$/.exec(text)?.slice(1).map(Number);
  const [days = 0, weeks = 0, months = 0] = numbers ?? [];
  if (days === 0) throw new BadUsage(msg('backup-keep-numbers', { text }));
  return { days, weeks, months };
}

function summary(file: string, { tables, takenAt, program, migrations }: Manifest): Message {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const figures = { rows, tables: tables.length, migrations: migrations.length };
  return msg('backup-taken', { file, takenAt, program, ...figures });
}

const checked = (file: string, manifest: Manifest): Message =>
  msg('backup-checked', { taken: summary(file, manifest) });

const expired = ({ deleted, kept }: { deleted: readonly string[]; kept: number }): Message =>
  deleted.length === 0
    ? msg('backups-kept', { kept })
    : msg('backups-expired', { kept, count: deleted.length, deleted });

function write(to: NodeJS.WritableStream, { language }: Config, ...messages: readonly Message[]): void {
  for (const message of messages) to.write(`${render(message, language)}\n`);
}
