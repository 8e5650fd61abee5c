import type { DataSource } from 'typeorm';
import type { Config } from '../platform/config.js';
import { refuseUnsafeLogin } from '../platform/database/application-login.js';
import { APPLICATION_ROLE } from '../platform/database/roles.js';
import { connectingTo } from '../platform/database/session.js';
import { Standby } from '../platform/database/standby.js';
import { StandbyConnection } from '../platform/database/standby-connection.js';
import { msg } from '../platform/messages/dictionary.js';
import { MendableError } from '../platform/messages/mendable-error.js';
import { patienceOf } from '../platform/start-wait.js';
import { createDataSource } from './data-source.js';

/** The address of the standbys leads to another database. */
class NotAStandby extends MendableError {}

type Where = Pick<Config, 'standbyUrl' | 'ownerUrl' | 'databaseConnections' | 'slowStatementMs'>;

/**
 * The standbys of `primary`, not opened yet. They are not used with another database behind their address, nor with a
 * login for which row security has no effect.
 */
export const standbyOf = (config: Where, primary: DataSource): Standby =>
  new Standby(config.standbyUrl === undefined ? undefined : () => connected(config, primary));

async function connected(
  { standbyUrl = '', ownerUrl, databaseConnections, slowStatementMs }: Where,
  primary: DataSource,
): Promise<DataSource> {
  const connecting = await connectingTo('NEDWATCH_STANDBY_URL', standbyUrl, patienceOf(0));
  const standby = createDataSource(standbyUrl, databaseConnections, {
    ...{ role: APPLICATION_ROLE, connecting, slowStatementMs, client: StandbyConnection },
  });
  try {
    await standby.initialize();
    const twoLogins = ownerUrl !== undefined;
    await refuseUnsafeLogin(standby, { wanted: APPLICATION_ROLE, connecting, twoLogins });
    if ((await nameOf(standby)) !== (await nameOf(primary))) throw new NotAStandby(msg('not-a-standby'));
    return standby;
  } catch (error) {
    if (standby.isInitialized) await standby.destroy();
    throw error;
  }
}

/** A standby has the identifier of its primary's files. */
async function nameOf(dataSource: DataSource): Promise<string> {
  const [{ name }] = await dataSource.query<[{ name: string }]>(
    `SELECT system_identifier || ' ' || current_database() AS name FROM pg_control_system()`,
  );
  return name;
}
