import { join, resolve } from 'node:path';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { CHECKOUT } from './checkout.js';
import type { Config } from './config.js';
import { createDataSource } from './data-source.js';
import { embeddedPostgres, type EmbeddedOptions } from './embedded-postgres.js';

/** The migrated database of this program. */
export interface Database {
  readonly url: string;
  readonly dataSource: DataSource;
  /** Where the embedded PostgreSQL has its data, and whether that is where it was wanted. */
  readonly embedded: { readonly directory: string; readonly asWanted: boolean } | undefined;
  /** Closes the pool and lets go of the embedded PostgreSQL. */
  close(): Promise<void>;
}

/** The database that the configuration names cannot be connected to. */
export class UnreachableDatabase extends Error {}

/** Starts or joins the embedded PostgreSQL unless the configuration names another; brings the schema up to date. */
export async function openDatabase(
  config: Pick<Config, 'databaseUrl' | 'dataDirectory'>,
  events: Pick<EmbeddedOptions, 'onRestart' | 'onLost'> = {},
): Promise<Database> {
  const wanted = join(resolve(CHECKOUT, config.dataDirectory), 'postgres');
  const embedded = config.databaseUrl === undefined ? await embeddedPostgres(wanted, events) : undefined;
  const url = config.databaseUrl ?? embedded?.url ?? '';
  const dataSource = createDataSource(url);
  const close = async (): Promise<void> => {
    if (dataSource.isInitialized) await dataSource.destroy();
    await embedded?.leave();
  };
  try {
    await dataSource.initialize().catch((error: unknown) => {
      if (embedded) throw error;
      const why =
        error instanceof AggregateError ? (error.errors[0] as Error).message : (error as Error).message;
      throw new UnreachableDatabase(
        `DATABASE_URL names a database that cannot be used: ${why}. See that it runs, exists and lets this user in.`,
      );
    });
    await migrate(url, dataSource);
  } catch (error) {
    await close();
    throw error;
  }
  const place = embedded && { directory: embedded.directory, asWanted: embedded.directory === wanted };
  return { url, dataSource, embedded: place, close };
}

// Any constant does; several processes may start at once, and the others wait for the first.
const MIGRATION_LOCK = 6_331_948;

/** Runs the migrations that are missing. Safe to call from several processes at once. */
export async function migrate(url: string, dataSource: DataSource): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // a query in flight reports it as well
  await client.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
    await dataSource.runMigrations();
  } finally {
    await client.end(); // ends the lock too
  }
}
