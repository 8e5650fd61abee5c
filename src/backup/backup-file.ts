import { createWriteStream } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { BackupRefused } from './refusal.js';
import { msg } from '../platform/messages/dictionary.js';

/** Lets `write` fill the file, or standard output for `-`; refuses a target that cannot be written. */
export async function writeBackupFile<T>(file: string, write: (to: Writable) => Promise<T>): Promise<T> {
  try {
    return await (file === '-' ? writeStandardOutput(write) : writeWhole(file, write));
  } catch (error) {
    const { code = '', syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined || !CANNOT_WRITE.includes(code)) throw error;
    throw new BackupRefused('file-not-usable', msg('file-unwritable', { file, detail: message }));
  }
}

const CANNOT_WRITE = [
  ...['EACCES', 'EDQUOT', 'EFBIG', 'EIO', 'EISDIR', 'ENAMETOOLONG', 'ENOENT', 'ENOSPC', 'ENOTDIR'],
  ...['EPERM', 'EPIPE', 'EROFS'],
];

async function writeStandardOutput<T>(write: (to: Writable) => Promise<T>): Promise<T> {
  // For other commands a closed pipe means that the reader has enough; here it means that the backup is incomplete.
  process.stdout.removeAllListeners('error');
  return write(process.stdout);
}

/**
 * FILE.partial, which only this user may read, is renamed when it is complete and on the disk. After a failure there
 * is no FILE, or the older one.
 */
async function writeWhole<T>(file: string, write: (to: Writable) => Promise<T>): Promise<T> {
  const partial = `${file}.partial`;
  await rm(partial, { force: true }); // from a killed run
  const to = createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true });
  try {
    const ended = finished(to);
    ended.catch(() => undefined); // `write` reports why it ended too soon
    const result = await write(to);
    await ended;
    await rename(partial, file);
    await syncFolder(dirname(file));
    return result;
  } catch (error) {
    to.destroy();
    await rm(partial, { force: true });
    throw error;
  }
}

/** So that the name survives a crash of the machine. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    // Not every file system supports it.
  } finally {
    await handle?.close();
  }
}
