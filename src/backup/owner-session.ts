import type pg from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';

/** One connection as the owner of the tables: `client` streams, `runner` migrates. */
export interface OwnerSession {
  readonly owner: DataSource;
  readonly runner: QueryRunner;
  readonly client: pg.Client;
}

// Every value has one text form, whatever the server's settings are; and limits for short statements do not apply.
const SETTINGS = `
  SET client_encoding = 'UTF8';
  SET timezone = 'UTC';
  SET datestyle = 'ISO, YMD';
  SET intervalstyle = 'postgres';
  SET bytea_output = 'hex';
  SET extra_float_digits = 3;
  SET statement_timeout = 0;
  SET lock_timeout = 0;
  SET idle_in_transaction_session_timeout = 0;
`;

/** Runs `work` in a session whose settings do not change any value in transfer. */
export async function inOwnerSession<T>(
  owner: DataSource,
  work: (session: OwnerSession) => Promise<T>,
): Promise<T> {
  const runner = owner.createQueryRunner();
  try {
    const client = (await runner.connect()) as pg.Client;
    await client.query(SETTINGS);
    return await work({ owner, runner, client });
  } finally {
    await runner.release();
  }
}
