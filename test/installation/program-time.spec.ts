import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { CHECKOUT } from '../../src/platform/checkout.js';

// A transaction has one instant, `tx.now`. `program_now()` advances during a transaction, so a comparison with a stored
// `tx.now` can be wrong. SQL may call it only in these files.
const MAY_READ_THE_TIME: Readonly<Record<string, string>> = {
  ...reason('defines the program’s time', ['platform/database/clock.ts']),
  ...reason('defines `tx.now`', ['tenancy/hospital-scope.ts']),
  ...reason('runs outside a hospital’s transaction', [
    ...[
      'app/first-start.ts',
      'app/first-run-link.ts',
      'accounts/api-keys/administrator-keys.ts',
      'audit/audit-anchor.ts',
    ],
    ...['accounts/single-sign-on/single-sign-on.service.ts', 'monitoring/delivery-figures.ts'],
    ...['tenancy/administrator-keys-in-use.ts', 'exchange/mllp/known-senders.ts'],
    ...['exchange/bulk-export/bulk-export-worker.ts', 'backup/hospital-moves/copied-rows.ts'],
    'backup/hospital-moves/freezing.ts',
  ]),
  ...reason('needs the instant after a wait for a lock', [
    ...['accounts/sign-in/sign-in-attempts.ts', 'access/kept-answers.ts', 'audit/audit-sealing.ts'],
    ...['webhooks/webhook-endpoints.service.ts', 'webhooks/endpoints/attempt-rate.ts'],
    ...['reminders/reminder-recording.ts', 'schedules/surveillance-events.ts'],
  ]),
  ...reason('schedules attempts, whose due time is the instant of the statement', [
    ...['webhooks/deliveries.service.ts', 'webhooks/deliveries/delivery-claims.ts'],
    ...['webhooks/deliveries/delivery-dispatch.ts', 'webhooks/deliveries/delivery-outbox.ts'],
    ...['webhooks/deliveries/delivery-outcomes.ts', 'webhooks/deliveries/due-deliveries.ts'],
    ...['webhooks/deliveries/withheld-deliveries.ts', 'webhooks/endpoints/endpoint-health.ts'],
    ...['webhooks/endpoints/heartbeats.ts', 'webhooks/endpoints/certificate-ends.ts'],
    'patient-messages/sending/message-dispatch.ts',
  ]),
  ...reason('compares with rows of other processes that commit during the transaction', [
    ...['monitoring/delivery-audit.ts', 'monitoring/message-checks.ts', 'monitoring/nightly-audit.ts'],
    'key-rotation/resealing.ts',
  ]),
  ...reason('records the instant of a row, which orders changes of one transaction', [
    ...['tenancy/audit-entry.ts', 'accounts/sign-in/known-devices.ts', 'schedules/item-rows.ts'],
    ...['schedules/policy-changes/replanning.ts', 'schedules/personal-data.ts'],
    ...['worklist/appointments/personal-data.ts', 'exchange/inbound/personal-data.ts'],
  ]),
};

function reason(text: string, paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [`src/${path}`, text]));
}

const code = readdirSync(join(CHECKOUT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
  .map((name) => ({ path: `src/${name}`, text: readFileSync(join(CHECKOUT, 'src', name), 'utf8') }));

const pathsWith = (pattern: RegExp): string[] =>
  code.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

test('services use `tx.now`; only the listed files read the time in SQL', () => {
  const found = pathsWith(/\bprogram_now\(\)|\bprogramNow\(/);
  expect(found.toSorted()).toEqual(Object.keys(MAY_READ_THE_TIME).toSorted());
});

test('SQL reads no other clock', () => {
  const found = pathsWith(
    /\b(clock_timestamp|statement_timestamp|transaction_timestamp)\(|\b(CURRENT_(TIMESTAMP|DATE|TIME)|LOCALTIME(STAMP)?)\b|[^\w.]now\(\)/,
  );
  expect(found.toSorted()).toEqual([
    'src/backup/take-backup.ts', // the instant of the snapshot
    'src/platform/database/clock.ts', // defines the program’s time
    'src/platform/database/program-lease.ts', // leases run on the real clock
    'src/platform/http/failed-attempts.ts', // a minute of the real clock
    'src/reminders/trusted-clock.ts', // detects jumps of the real clock
  ]);
});
