import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { givenItem, givenPatient } from '../support/builders.js';
import { startHospital, type ReminderHospital } from '../support/reminder-hospital.js';
import { until } from '../support/webhook-receiver.js';

let t: ReminderHospital;
beforeEach(async () => {
  t = await startHospital();
});
afterEach(async () => {
  const errors = t.takeErrors();
  await t.close();
  // Errors of connections that the test cut; a clock that jumped is reported.
  for (const error of errors)
    expect(error).toMatch(/[Cc]onnection|terminat|already released|clock has jumped/);
});

/** All connections are new, so from the next one on the server's clock is ahead by the value of `setServerAhead`. */
async function takeOverServerClock(): Promise<void> {
  const other = new pg.Client({ connectionString: t.config.databaseUrl });
  await other.connect();
  await other.query(`
    CREATE SCHEMA set_wrong;
    CREATE TABLE set_wrong.by (ahead interval NOT NULL);
    INSERT INTO set_wrong.by VALUES ('0');
    CREATE FUNCTION set_wrong.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE SECURITY DEFINER
      AS 'SELECT pg_catalog.clock_timestamp() + ahead FROM set_wrong.by';
    GRANT USAGE ON SCHEMA set_wrong TO PUBLIC;
    ALTER DATABASE ${other.escapeIdentifier(other.database ?? '')} SET search_path = set_wrong, pg_catalog, public`);
  // After that is committed, so that every new connection has it.
  await other.query(
    `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  await other.end();
  // The program detects that its connections have ended, and opens others.
  await new Promise((noticed) => setTimeout(noticed, 200));
  await until(
    () => t.now().then(Boolean, () => false),
    (answers) => answers,
  );
}
const setServerAhead = (ahead: string): Promise<unknown> =>
  t.dataSource.query('UPDATE set_wrong.by SET ahead = $1', [ahead]);

const reminders = async (): Promise<number> => {
  const [{ count }] = await t.dataSource.query<[{ count: number }]>(
    'SELECT count(*)::integer AS count FROM reminder',
  );
  return count;
};
const doubted = async (): Promise<string | undefined> =>
  /^nedwatch_clock_doubted (\d)$/m.exec((await t.get('/metrics')).body as string)?.[1];

test("when the database server's clock jumps a year ahead, no message says that everything is overdue", async () => {
  const errors: string[] = [];
  const log = jest
    .spyOn(Logger.prototype, 'error')
    .mockImplementation((line: string) => void errors.push(line));
  try {
    await takeOverServerClock();
    await givenItem(t, { due: '2026-11-01' });
    await t.sweep();

    const before = await t.now();
    await setServerAhead('1 year');
    expect((await t.now()).getTime() - before.getTime()).toBeGreaterThan(364 * 86_400_000);
    await t.sweep();
    await t.sweep();
    expect([await reminders(), await doubted()]).toEqual([0, '1']);
    expect(errors.filter((line) => line.includes('clock has jumped'))).toHaveLength(1);

    await setServerAhead('0');
    await givenItem(t, { due: '2026-03-10' });
    await t.sweep();
    expect([await reminders(), await doubted()]).toEqual([1, '0']);
  } finally {
    log.mockRestore();
  }
});

test('deliveries that a clock a year ahead deferred are sent once the clock is set back', async () => {
  await takeOverServerClock();
  const { id: patientId } = await givenPatient(t, { mrn: 'refused' });
  await givenItem(t, { patientId, due: '2026-03-10' });
  let isAhead = true;
  t.receiver.answer = ({ body }) => ({ status: isAhead && body.includes('"refused"') ? 400 : 200 });
  await t.sweep();
  await t.settled();

  await setServerAhead('1 year');
  await t.sweep();
  // Others are accepted, so that the endpoint is not a failing one.
  for (let n = 0; n < 2; n++) {
    await t.post(`/webhook-endpoints/${t.endpointId}/test`);
    await t.settled();
  }
  expect((await t.get(`/webhook-endpoints/${t.endpointId}`)).body).toMatchObject({ state: 'ok' });
  const [refused] = await t.deliveries();
  expect(refused?.state).toBe('pending');
  expect(refused?.nextAttemptAt).toMatch(/^2027-/);

  isAhead = false;
  await setServerAhead('0');
  await t.sweep();
  await t.settled();
  expect((await t.deliveries())[0]).toMatchObject({ state: 'delivered' });
});
