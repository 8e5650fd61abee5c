import { rmSync } from 'node:fs';
import pg from 'pg';
import { changesSince, processesOf } from './support/footprint.mjs';

/** Fails the run when it has left a process behind, or touched anything outside its own folder. */
export default async function globalTeardown() {
  const folder = globalThis.nedwatchTestFolder;
  await globalThis.nedwatchTestPooler?.stop();
  // The server and its keeper belong to the run, and end next; what tests started has the folder for temporary files.
  const left = processesOf(`${folder}/tmp`).map((pid) => `process ${pid} still runs`);
  await endServer();
  // The server may still write its last checkpoint.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  const faults = [...left, ...changesSince(globalThis.nedwatchFootprint)];
  if (faults.length > 0) throw new Error(`The test run left traces:\n  ${faults.join('\n  ')}`);
}

/** When jest is killed instead, the embedded server ends and removes the folder; a template elsewhere stays. */
async function endServer() {
  const embedded = globalThis.nedwatchTestServer;
  if (embedded) return embedded.leave();
  const admin = new pg.Client({ connectionString: process.env.NEDWATCH_TEST_SERVER });
  await admin.connect();
  await admin.query(`DROP DATABASE ${process.env.NEDWATCH_TEST_TEMPLATE}`);
  await admin.end();
}
