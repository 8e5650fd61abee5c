import pg from 'pg';

/** When jest is killed instead, the embedded server ends and removes itself; a template elsewhere stays. */
export default async function globalTeardown() {
  const embedded = globalThis.nedwatchTestServer;
  if (embedded) return embedded.leave();
  const admin = new pg.Client({ connectionString: process.env.NEDWATCH_TEST_SERVER });
  await admin.connect();
  await admin.query(`DROP DATABASE ${process.env.NEDWATCH_TEST_TEMPLATE}`);
  await admin.end();
}
