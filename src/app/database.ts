import { join, resolve } from 'node:path';
import type { DataSource } from 'typeorm';
import { CHECKOUT } from '../platform/checkout.js';
import type { Message } from '../guideline/message.js';
import type { Config } from '../platform/config.js';
import { APPLICATION_ROLE } from '../platform/database/roles.js';
import { createDataSource } from './data-source.js';
import { embeddedPostgres, type EmbeddedOptions } from '../platform/database/embedded-postgres.js';
import { refuseUnsafeLogin } from '../platform/database/application-login.js';
import { firstOf, isConnectionFault } from '../platform/database/connection-fault.js';
import { migrate } from './migration.js';
import { serviceLogin } from '../platform/database/service-login.js';
import { type Connecting, connectingTo, requireSession, unreachable } from '../platform/database/session.js';
import { patienceOf, type Patience } from '../platform/start-wait.js';

/** The database before migration: of any version of this program, or empty. */
export interface UnmigratedDatabase {
  readonly url: string;
  /** How long its commands wait for locks and other processes. */
  readonly patience: Patience;
  /** The data folder of the embedded PostgreSQL, and whether it is the requested one. */
  readonly embedded: { readonly directory: string; readonly asWanted: boolean } | undefined;
  /** Migrates the schema. */
  migrate(): Promise<void>;
  /** Runs `work` as the owner of the tables, who sees all hospitals: for the first start and for maintenance. */
  asOwner<T>(work: (owner: DataSource) => Promise<T>): Promise<T>;
  /** Releases the embedded PostgreSQL. */
  close(): Promise<void>;
}

/** The migrated database of this program; `close` also closes the pool. */
export interface Database extends UnmigratedDatabase {
  /** With the application's rights: only the hospital that a transaction has entered is visible. */
  readonly dataSource: DataSource;
  /** Whether `dataSource` has sessions of its own, or sessions that a pooler lends. */
  readonly connecting: Connecting;
  /** The problem of the login of `dataSource`, with its remedy. */
  readonly loginWarning: Message | undefined;
}

type Where = Pick<
  Config,
  'databaseUrl' | 'directUrl' | 'ownerUrl' | 'dataDirectory' | 'startWaitSeconds' | 'language'
>;
type Events = Pick<EmbeddedOptions, 'onRestart' | 'onLost'>;

/** Starts or joins the embedded PostgreSQL unless the configuration names another database. */
export async function reachDatabase(config: Where, events: Events = {}): Promise<UnmigratedDatabase> {
  const wanted = join(resolve(CHECKOUT, config.dataDirectory), 'postgres');
  const embedded = config.databaseUrl === undefined ? await embeddedPostgres(wanted, events) : undefined;
  const url = config.databaseUrl ?? embedded?.url ?? '';
  const patience = patienceOf(config.startWaitSeconds, config.language);
  const [variable, ownerUrl] = ownerOf(config, url);
  try {
    // Before anything else: a session lock taken through a pooler would outlive its process.
    await requireSession(variable, ownerUrl, patience);
  } catch (error) {
    await embedded?.leave();
    throw error;
  }
  return {
    ...{ url, patience },
    embedded: embedded && { directory: embedded.directory, asWanted: embedded.directory === wanted },
    migrate: () => reach(variable, () => migrate(ownerUrl, patience)),
    asOwner: (work) => reach(variable, () => asOwner(ownerUrl, work)),
    close: async () => embedded?.leave(),
  };
}

type Address = [variable: string, url: string];

/** The address with sessions of its own for the application, and its variable. */
const directOf = ({ directUrl }: Where, url: string): Address =>
  directUrl === undefined ? ['DATABASE_URL', url] : ['NEDWATCH_DIRECT_URL', directUrl];

/** The address with sessions of its own for the owner of the tables. */
const ownerOf = (config: Where, url: string): Address =>
  config.ownerUrl === undefined ? directOf(config, url) : ['NEDWATCH_OWNER_URL', config.ownerUrl];

/** Like `reachDatabase`, and migrates the schema. */
export async function openDatabase(
  config: Where & Pick<Config, 'databaseConnections' | 'redisUrls' | 'slowStatementMs'>,
  events: Events = {},
): Promise<Database> {
  const database = await reachDatabase(config, events);
  let dataSource: DataSource | undefined;
  const close = async (): Promise<void> => {
    if (dataSource?.isInitialized) await dataSource.destroy();
    await database.close();
  };
  try {
    await database.migrate();
    const url = database.embedded ? await serviceLogin(database.url, APPLICATION_ROLE) : database.url;
    const connecting = await connectingTo('DATABASE_URL', url, database.patience);
    if (connecting === 'pooled' && config.redisUrls.length === 0)
      await requireSession(...directOf(config, database.url), database.patience); // for the queue
    // One more connection, which holds the clock's lock for as long as the process runs.
    const connections = config.databaseConnections + 1;
    dataSource = createDataSource(url, connections, {
      ...{ role: APPLICATION_ROLE, connecting, slowStatementMs: config.slowStatementMs },
    });
    const opening = dataSource;
    await reach('DATABASE_URL', () => opening.initialize());
    const twoLogins = database.embedded !== undefined || config.ownerUrl !== undefined;
    const wanted = { wanted: APPLICATION_ROLE, connecting, twoLogins };
    const loginWarning = await refuseUnsafeLogin(dataSource, wanted);
    return { ...database, dataSource, connecting, loginWarning, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function reach<T>(variable: string, connect: () => Promise<T>): Promise<T> {
  try {
    return await connect();
  } catch (error) {
    const first = firstOf(error);
    throw isConnectionFault(first) ? unreachable(variable, first) : error;
  }
}

async function asOwner<T>(url: string, work: (owner: DataSource) => Promise<T>): Promise<T> {
  const owner = await createDataSource(url, 1).initialize();
  try {
    return await work(owner);
  } finally {
    await owner.destroy();
  }
}
