import pg from 'pg';
import {
  firstOf,
  isConnectionFault,
  isRefusedByPooler,
  mayPass,
  PooledAddress,
  UnreachableDatabase,
} from './connection-fault.js';
import { msg } from '../messages/dictionary.js';
import { NotYet, waitFor, type Patience } from '../start-wait.js';

const CONNECT_WITHIN_MS = 5000;

/**
 * How an address connects to the database: `session` for each connection, or sessions that a pooler lends by the
 * transaction.
 */
export type Connecting = 'session' | 'pooled';

/**
 * Waits until the database of `variable` answers, and detects a pooler: a start-up option reaches a session, and no
 * pooler passes it on.
 */
export async function connectingTo(variable: string, url: string, patience: Patience): Promise<Connecting> {
  return waitFor(patience, async () => {
    try {
      return (await hasOption(url)) ? 'session' : 'pooled';
    } catch (error) {
      const fault = firstOf(error);
      if (isRefusedByPooler(fault)) return 'pooled';
      if (mayPass(fault)) throw new NotYet(msg('wait-database', { variable, fault: fault.message }));
      throw isConnectionFault(fault) ? unreachable(variable, fault) : error;
    }
  });
}

/** As `connectingTo`; throws `PooledAddress` when there is a pooler in between. */
export async function requireSession(variable: string, url: string, patience: Patience): Promise<void> {
  if ((await connectingTo(variable, url, patience)) === 'session') return;
  throw new PooledAddress(
    variable === 'DATABASE_URL' ? msg('address-pooled') : msg('direct-address-pooled', { variable }),
  );
}

export const unreachable = (variable: string, fault: Error): UnreachableDatabase =>
  new UnreachableDatabase(msg('database-unusable', { variable, detail: fault.message }), { cause: fault });

async function hasOption(url: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    options: '-c nedwatch.session=on',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    query_timeout: CONNECT_WITHIN_MS,
  });
  client.on('error', () => undefined); // the query reports it too
  try {
    await client.connect();
    const { rows } = await client.query<{ arrived: boolean }>(
      `SELECT current_setting('nedwatch.session', true) = 'on' AS arrived`,
    );
    return rows[0]?.arrived === true;
  } finally {
    client.end().catch(() => undefined); // not awaited: a server that hangs would not answer this either
  }
}
