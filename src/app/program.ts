import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { HospitalScope } from '../tenancy/hospital-scope.js';
import { refuseWrongMasterKey } from '../key-rotation/master-key.js';
import { SecretBox } from '../encryption/secret-box.js';
import { createApplication } from './application.js';
import { joinClock } from '../platform/database/clock.js';
import type { Config } from '../platform/config.js';
import { openDatabase, type Database } from './database.js';
import type { EmbeddedOptions } from '../platform/database/embedded-postgres.js';
import { firstStart } from './first-start.js';
import { standbyOf } from './standby.js';
import { ServingProcesses } from '../platform/database/serving-processes.js';
import { Log } from '../platform/log.js';
import { render } from '../platform/messages/dictionary.js';
import { OwnCertificate } from '../platform/http/own-certificate.js';
import { waitFor } from '../platform/start-wait.js';

/** The application with its database and its clock; not listening yet. */
export interface Program {
  readonly app: NestFastifyApplication;
  readonly database: Database;
  /** Ends everything that `startProgram` started, in reverse order. */
  close(): Promise<void>;
}

interface Start extends Pick<EmbeddedOptions, 'onLost'> {
  /** Whether it will serve requests, and so has a part of the limits. */
  readonly serves?: boolean;
}

/**
 * Prepares the program to the point where it could listen. `NEDWATCH_ROLE=api` prevents a short command from working
 * on queues.
 */
export async function startProgram(config: Config, { onLost, serves = false }: Start = {}): Promise<Program> {
  if (config.tls) OwnCertificate.read(config.tls); // invalid settings are refused before anything is created
  if (config.mllpTls) OwnCertificate.read(config.mllpTls, 'NEDWATCH_MLLP_TLS');
  const log = new Log(config);
  const ends: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) {
      // A part that cannot be closed is gone already; the others must still be closed.
      await end().catch((error: unknown) => log.warn(`While closing: ${(error as Error).message}`));
    }
  };
  try {
    const onRestart = (): void => log.warn('PostgreSQL had died and was started again.');
    const database = await openDatabase(config, { ...(onLost && { onLost }), onRestart });
    ends.push(() => database.close());
    if (database.loginWarning) log.warn(render(database.loginWarning, 'en'));
    const { clockStartsAt: startsAt, production } = config;
    const processes = new ServingProcesses();
    const leaseEvents = { onLost: onLost ?? (() => undefined), processes };
    ends.push(await joinClock(database, { startsAt, production, serves }, leaseEvents));
    await waitFor(database.patience, () => database.asOwner(firstStart));
    const standby = standbyOf(config, database.dataSource);
    ends.push(() => standby.close());
    const app = await createApplication(config, database.dataSource, processes, standby);
    ends.push(() => app.close());
    void standby.open(); // the start does not wait for it
    await refuseWrongMasterKey(app.get(HospitalScope), app.get(SecretBox));
    await app.init();
    return { app, database, close };
  } catch (error) {
    await close();
    throw error;
  }
}
