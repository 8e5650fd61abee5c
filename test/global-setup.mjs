import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** One PostgreSQL for the whole run, with one migrated database in it that every test copies. */
export default async function globalSetup() {
  const { migrate } = await import('../dist/src/database.js');
  const server = process.env.NEDWATCH_TEST_DATABASE_URL ?? (await startServer());
  const template = `nedwatch_template_${process.pid}`;

  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${template}`);
  const url = Object.assign(new URL(server), { pathname: template }).href;
  await migrate(url);
  await admin.end();

  // The workers, which start now, inherit it.
  process.env.NEDWATCH_TEST_SERVER = server;
  process.env.NEDWATCH_TEST_TEMPLATE = template;
}

async function startServer() {
  const { embeddedPostgres } = await import('../dist/src/embedded-postgres.js');
  const folder = mkdtempSync(join(tmpdir(), 'nedwatch-test-'));
  chmodSync(folder, 0o755); // as root the server runs as another user
  // What a crash of the machine would lose here, nobody wants back.
  const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };
  const embedded = await embeddedPostgres(folder, { settings, temporary: true });
  globalThis.nedwatchTestServer = embedded;
  return embedded.url;
}
