import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { CHECKOUT } from '../platform/checkout.js';
import type { Config } from '../platform/config.js';
import { openDatabase, reachDatabase, type Database } from '../app/database.js';
import { embeddedPostgres, type EmbeddedPostgres } from '../platform/database/embedded-postgres.js';
import { msg } from '../platform/messages/dictionary.js';
import type { Manifest } from './manifest.js';
import { BackupRefused } from './refusal.js';
import { restoreBackup } from './restore-backup.js';

// The database is deleted in any case, so a crash loses nothing.
const SETTINGS = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };

/**
 * Proves that a backup can be restored: restores it into an embedded PostgreSQL of its own that is removed
 * afterwards, and lets `look` examine the restored, migrated database. Throws when anything fails; touches no other
 * database.
 */
export async function checkByRestoring(
  config: Config,
  file: string,
  look: (restored: Database) => Promise<void>,
): Promise<Manifest> {
  const server = await scratchServer(config);
  try {
    const databaseUrl = await scratchDatabase(server.url);
    const scratch = { ...config, databaseUrl, directUrl: undefined, ownerUrl: undefined };
    const manifest = await restoreBackup(await reachDatabase(scratch), file, { replace: false });
    const restored = await openDatabase(scratch);
    try {
      await look(restored);
    } finally {
      await restored.close();
    }
    return manifest;
  } finally {
    await server.leave();
  }
}

async function scratchServer({ dataDirectory }: Config): Promise<EmbeddedPostgres> {
  try {
    const folder = join(resolve(CHECKOUT, dataDirectory), 'restore-check');
    return await embeddedPostgres(folder, { settings: SETTINGS, temporary: true });
  } catch (error) {
    throw new BackupRefused(
      'check-not-possible',
      msg('check-not-possible', { detail: (error as Error).message }),
    );
  }
}

async function scratchDatabase(url: string): Promise<string> {
  const name = `check_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  return Object.assign(new URL(url), { pathname: name }).href;
}
