import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CHECKOUT } from '../checkout.js';
import type { Config } from '../config.js';

/** What is said of the keys at the end of every backup: they are never in it, and where they are kept instead. */
export function keysApart({ dataDirectory }: Pick<Config, 'dataDirectory'>): string {
  const folder = join(resolve(CHECKOUT, dataDirectory), 'keys');
  const keys = existsSync(folder) ? readdirSync(folder) : [];
  const where =
    keys.length === 0
      ? 'There are none on this machine.'
      : `Keep a copy of ${folder} (${keys.join(', ')}) in another place than the backups.`;
  return `Keys are never part of a backup. ${where} Histories can be read in it, and with these keys names too: guard it like the database.`;
}
