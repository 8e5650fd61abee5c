import { AuditSealing } from '../../src/audit/audit-sealing.js';
import { firstKey, firstStart } from '../../src/app/first-start.js';
import { BulkExportWorker } from '../../src/exchange/bulk-export/bulk-export-worker.js';
import { Resealing } from '../../src/key-rotation/resealing.js';
import { Queues } from '../../src/platform/queues/queues.js';
import { LoadCompaction } from '../../src/planning/capacity/load-compaction.js';
import { DeliveryAttempts } from '../../src/webhooks/deliveries/delivery-attempts.js';
import { PolicyRolloutWorker } from '../../src/schedules/policy-changes/policy-rollout-worker.js';
import { NightlyAuditWorker } from '../../src/monitoring/nightly-audit-worker.js';
import { ReminderWorker } from '../../src/reminders/reminder-worker.js';
import { MessageWorker } from '../../src/patient-messages/message-worker.js';
import { MessageAttempts } from '../../src/patient-messages/sending/message-attempts.js';
import { WebhookWorker } from '../../src/webhooks/webhook-worker.js';
import type { PeriodicTask } from '../../src/platform/periodic-task.js';
import { startApp, type AppOptions, type TestApp } from './app.js';
import { WRONGLY_LISTED } from './listed-patients.js';
import { wrongNextDue } from './next-due.js';
import { until } from './webhook-receiver.js';

/**
 * The application of a test file, with an empty hospital. It starts for the first test; each later test gets a new
 * hospital in it, alone in the database, with the clock reset.
 */
export async function nextApp(before: TestApp | undefined, options: AppOptions = {}): Promise<TestApp> {
  if (before) return renewed(before);
  const t = await startApp(options);
  // Their timers would run every 30 seconds, between two steps of some test.
  for (const rounds of slowRoundsOf(t)) await rounds.stop();
  return t;
}

async function renewed(t: TestApp): Promise<TestApp> {
  await until(() => t.app.get(DeliveryAttempts).isIdle && t.app.get(MessageAttempts).isIdle, Boolean);
  await t.app.get(Queues).dropAll('webhook-endpoint');
  await t.app.get(Queues).dropAll('patient-messages');
  const idle = () => Promise.all(roundsOf(t).map((rounds) => rounds.idle()));
  await idle();
  const errors = t.takeErrors();
  if (errors.length > 0) throw new Error(`The test before logged: ${errors.join('\n')}`);
  const late = (await wrongNextDue(t)).filter(({ isLate }) => isLate);
  const wrong = [...late, ...(await t.dataSource.query<object[]>(WRONGLY_LISTED))];
  if (wrong.length > 0) throw new Error(`Lists leave out patients: ${JSON.stringify(wrong)}`);
  await emptied(t);
  await idle();
  t.takeErrors(); // of a round during the emptying
  // Their hospital is deleted: the anchor of the next minute would not find it.
  t.app.get<unknown, { sealed: Set<string> }>(AuditSealing).sealed.clear();
  if (t.config.clockStartsAt !== undefined) await t.setClock(t.config.clockStartsAt);
  await firstStart(t.dataSource);
  await firstKey(t.dataSource, t.config);
  const [{ id: hospitalId }] = await t.dataSource.query<[{ id: string }]>('SELECT id FROM hospital');
  return { ...t, hospitalId };
}

/** Background tasks of every few seconds, which continue. */
function roundsOf({ app }: TestApp): PeriodicTask[] {
  return [
    app.get(WebhookWorker).relays,
    app.get(PolicyRolloutWorker).rounds,
    app.get(AuditSealing).rounds,
    app.get(BulkExportWorker).rounds,
  ];
}

/** Background tasks of every half minute. */
function slowRoundsOf({ app }: TestApp): PeriodicTask[] {
  return [
    app.get(ReminderWorker).sweeps,
    app.get(WebhookWorker).watches,
    app.get(NightlyAuditWorker).audits,
    app.get(MessageWorker).sweeps,
    app.get(MessageWorker).dispatches,
    app.get(Resealing).rounds,
    app.get(LoadCompaction).rounds,
  ];
}

/** Ends all background tasks: the test will change its schema. */
export async function stopRounds(t: TestApp): Promise<void> {
  for (const rounds of [...slowRoundsOf(t), ...roundsOf(t)]) await rounds.stop();
}

/**
 * The lock waits for running writers, so that nothing is written after it. Only the owner can bypass the triggers.
 */
const EMPTY = `
DO $$
DECLARE
  tables text[] := ARRAY(SELECT oid::regclass::text FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT IN ('migrations', 'program_clock') ORDER BY oid);
  one text;
BEGIN
  SET LOCAL session_replication_role = replica;
  EXECUTE 'LOCK TABLE ' || array_to_string(tables, ', ') || ' IN SHARE ROW EXCLUSIVE MODE';
  FOREACH one IN ARRAY tables LOOP
    EXECUTE 'DELETE FROM ' || one;
  END LOOP;
  FOR one IN SELECT oid::regclass::text FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' AND relname <> 'migrations_id_seq' LOOP
    EXECUTE 'ALTER SEQUENCE ' || one || ' RESTART';
  END LOOP;
  UPDATE program_clock SET starts_at = NULL, ahead = '0';
END $$`;

const DEADLOCK = '40P01';

/** Retries after a deadlock with a running writer. */
async function emptied({ dataSource }: TestApp): Promise<void> {
  for (;;)
    try {
      await dataSource.query(EMPTY);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== DEADLOCK) throw error;
    }
}
