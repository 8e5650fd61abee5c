import { createHmac } from 'node:crypto';
import pg from 'pg';

/** The application's login, the same as in docker-compose.yml. */
export const SERVICE_LOGIN = 'nedwatch_service';

// Any constant does: programs that start at the same time alter the login one after the other.
const LOGIN_LOCK = 6_331_953;

/**
 * Creates, in the embedded server, a login that can only become `role`, and returns its address. Its password is
 * derived from the owner's; the owner's cannot be derived from it. Several processes may call this at the same time.
 */
export async function serviceLogin(ownerUrl: string, role: string): Promise<string> {
  const url = new URL(ownerUrl);
  const password = createHmac('sha256', decodeURIComponent(url.password)).update(SERVICE_LOGIN).digest('hex');
  const client = new pg.Client({ connectionString: ownerUrl });
  client.on('error', () => undefined); // a running query reports it too
  await client.connect();
  try {
    await client.query(`
      BEGIN;
      SELECT pg_advisory_xact_lock(${LOGIN_LOCK});
      DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${SERVICE_LOGIN}') THEN
          CREATE ROLE ${SERVICE_LOGIN};
        END IF;
      END $$;
      ALTER ROLE ${SERVICE_LOGIN} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT
        LOGIN PASSWORD '${password}';
      GRANT ${role} TO ${SERVICE_LOGIN};
      COMMIT;`);
  } finally {
    await client.end();
  }
  return Object.assign(url, { username: SERVICE_LOGIN, password }).href;
}
