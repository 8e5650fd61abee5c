import { join, resolve } from 'node:path';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { CHECKOUT } from './checkout.js';
import type { Config } from './config.js';
import { APPLICATION_ROLE, createDataSource } from './data-source.js';
import { embeddedPostgres, type EmbeddedOptions } from './embedded-postgres.js';
import { prepareQueueSchema } from './queue-on-postgres.js';
import { MendableError } from './platform/messages/mendable-error.js';
import { msg } from './platform/messages/dictionary.js';

/** The database as it stands: of any version of this program, or empty. */
export interface UnmigratedDatabase {
  readonly url: string;
  /** Where the embedded PostgreSQL has its data, and whether that is where it was wanted. */
  readonly embedded: { readonly directory: string; readonly asWanted: boolean } | undefined;
  /** Brings the schema up to date. */
  migrate(): Promise<void>;
  /** Runs `work` as the owner of the tables, who sees all hospitals: for the first start and for maintenance. */
  asOwner<T>(work: (owner: DataSource) => Promise<T>): Promise<T>;
  /** Lets go of the embedded PostgreSQL. */
  close(): Promise<void>;
}

/** The migrated database of this program; `close` closes the pool too. */
export interface Database extends UnmigratedDatabase {
  /** As the application sees it: nothing but the hospital that a transaction has entered. */
  readonly dataSource: DataSource;
}

/** The database that the configuration names cannot be connected to. */
export class UnreachableDatabase extends MendableError {}

/** The application would work as a role that sees more than it should. */
export class UnsafeDatabaseRole extends Error {}

type Where = Pick<Config, 'databaseUrl' | 'ownerUrl' | 'dataDirectory'>;
type Events = Pick<EmbeddedOptions, 'onRestart' | 'onLost'>;

/** Starts or joins the embedded PostgreSQL unless the configuration names another. */
export async function reachDatabase(config: Where, events: Events = {}): Promise<UnmigratedDatabase> {
  const wanted = join(resolve(CHECKOUT, config.dataDirectory), 'postgres');
  const embedded = config.databaseUrl === undefined ? await embeddedPostgres(wanted, events) : undefined;
  const url = config.databaseUrl ?? embedded?.url ?? '';
  const ownerUrl = config.ownerUrl ?? url;
  const variable = config.ownerUrl ? 'NEDWATCH_OWNER_URL' : 'DATABASE_URL';
  return {
    url,
    embedded: embedded && { directory: embedded.directory, asWanted: embedded.directory === wanted },
    migrate: () => reach(variable, () => migrate(ownerUrl)),
    asOwner: (work) => reach(variable, () => asOwner(ownerUrl, work)),
    close: async () => embedded?.leave(),
  };
}

/** As `reachDatabase`, and brings the schema up to date. */
export async function openDatabase(
  config: Where & Pick<Config, 'databaseConnections'>,
  events: Events = {},
): Promise<Database> {
  const database = await reachDatabase(config, events);
  // One more, which holds the clock for as long as the process runs.
  const dataSource = createDataSource(database.url, config.databaseConnections + 1, APPLICATION_ROLE);
  const close = async (): Promise<void> => {
    if (dataSource.isInitialized) await dataSource.destroy();
    await database.close();
  };
  try {
    await database.migrate();
    await reach('DATABASE_URL', () => dataSource.initialize());
    await refuseUnsafeRole(dataSource);
  } catch (error) {
    await close();
    throw error;
  }
  return { ...database, dataSource, close };
}

async function reach<T>(variable: string, connect: () => Promise<T>): Promise<T> {
  try {
    return await connect();
  } catch (error) {
    const first = error instanceof AggregateError ? (error.errors[0] as Error) : (error as Error);
    if (!isConnectionFault(first)) throw error;
    throw new UnreachableDatabase(msg('database-unusable', { variable, detail: first.message }));
  }
}

/** Of the network, of the login, or of a server that starts or stops. */
function isConnectionFault(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^(E[A-Z_]+|28...|3D000|57P0.|08...|53300)$/.test(code) ||
    /Connection terminated|SASL/.test(error.message)
  );
}

async function asOwner<T>(url: string, work: (owner: DataSource) => Promise<T>): Promise<T> {
  const owner = await createDataSource(url, 1).initialize();
  try {
    return await work(owner);
  } finally {
    await owner.destroy();
  }
}

/** Row security means nothing to a superuser or to an owner: then it is better not to start. */
async function refuseUnsafeRole(dataSource: DataSource): Promise<void> {
  const [role] = await dataSource.query<{ name: string; unsafe: boolean }[]>(
    `SELECT rolname AS name, rolsuper OR rolbypassrls OR EXISTS (
              SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relowner = r.oid) AS unsafe
       FROM pg_roles r WHERE rolname = current_user`,
  );
  if (role?.unsafe === false) return;
  throw new UnsafeDatabaseRole(
    `nedwatch does not start, because row-level security would not bind the database role ${role?.name ?? '?'}: ` +
      'it is a superuser, bypasses row security or owns tables. Take that from the role nedwatch_app.',
  );
}

/** Held by whoever changes the schema. Any constant does; of several processes that start at once, the others wait for the first. */
export const MIGRATION_LOCK = 6_331_948;

/** Runs the migrations that are missing, as the owner. Safe to call from several processes at once. */
export async function migrate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // a query in flight reports it as well
  await client.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
    await asOwner(url, (owner) => owner.runMigrations());
    await prepareQueueSchema(client);
  } finally {
    await client.end(); // ends the lock too
  }
}
