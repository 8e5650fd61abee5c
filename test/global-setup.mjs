import { chmodSync, existsSync, mkdirSync, mkdtempSync, statfsSync } from 'node:fs';
import { register } from 'node:module';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { takeFootprint } from './support/footprint.mjs';

/**
 * One folder for the whole run, which holds everything that a test writes, and one PostgreSQL with one migrated
 * database in it that every test copies.
 */
export default async function globalSetup() {
  globalThis.nedwatchFootprint = takeFootprint(fileURLToPath(new URL('..', import.meta.url)));
  const folder = mkdtempSync(join(place(), 'nedwatch-test-'));
  chmodSync(folder, 0o755); // as root the server runs as another user
  globalThis.nedwatchTestFolder = folder;
  const { migrate } = await import('../dist/src/app/migration.js');
  const server = process.env.NEDWATCH_TEST_DATABASE_URL ?? (await startServer(folder));
  const template = `nedwatch_template_${process.pid}`;

  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${template}`);
  const url = Object.assign(new URL(server), { pathname: template }).href;
  await migrate(url);
  await admin.end();
  await compact(url);

  // What starts from now on inherits it.
  process.env.NEDWATCH_TEST_SERVER = server;
  process.env.NEDWATCH_TEST_TEMPLATE = template;
  process.env.TMPDIR = join(folder, 'tmp');
  mkdirSync(process.env.TMPDIR);
  chmodSync(process.env.TMPDIR, 0o755);

  if (process.env.NEDWATCH_TEST_POOLER !== undefined) {
    register('./runner/typescript-hooks.mjs', import.meta.url);
    const { startPooler } = await import('./support/pooler.ts');
    globalThis.nedwatchTestPooler = await startPooler(server);
    process.env.NEDWATCH_TEST_POOLER_URL = globalThis.nedwatchTestPooler.url;
  }
}

const IN_MEMORY = '/dev/shm';
const ENOUGH_BYTES = 8 * 1024 ** 3;

/**
 * In memory, where it has room: a run creates and removes a million small files, and a file system on a disk takes a
 * tenth of the run's processor time for that.
 */
function place() {
  if (process.env.TMPDIR !== undefined || !existsSync(IN_MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(IN_MEMORY);
  return Math.min(bavail * bsize, freemem()) >= ENOUGH_BYTES ? IN_MEMORY : tmpdir();
}

/**
 * The migrations leave more outdated rows in the catalogue than current ones, and every copy would contain them. The
 * tables of the program stay as they are: PostgreSQL plans other queries for one that was vacuumed while it was empty.
 */
async function compact(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    `SELECT oid::regclass AS name FROM pg_class
      WHERE relkind = 'r' AND relnamespace = 'pg_catalog'::regnamespace AND NOT relisshared`,
  );
  for (const { name } of rows) await client.query(`VACUUM (FULL, ANALYZE) ${name}`);
  await client.end();
}

/** The last to leave removes the folder, with all that tests left in it, even when this run is killed. */
async function startServer(folder) {
  const { embeddedPostgres } = await import('../dist/src/platform/database/embedded-postgres.js');
  // What a crash of the machine would lose here, nobody wants back.
  const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };
  const embedded = await embeddedPostgres(folder, { settings, temporary: true });
  globalThis.nedwatchTestServer = embedded;
  return embedded.url;
}
