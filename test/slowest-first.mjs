import TestSequencer from '@jest/test-sequencer';

/** The suites that take longest. Two workers end together only when neither begins one of them last. */
const SLOWEST = [
  'test/installation/readme.spec.ts',
  'test/installation/bundle.spec.ts',
  'test/faults/faults.spec.ts',
  'test/fuzz/fuzz.spec.ts',
  'test/simulation/simulation.spec.ts',
  'test/platform/pgbouncer.spec.ts',
  'test/app/start-waits.spec.ts',
  'test/backup/backup.spec.ts',
  'test/access/rights.spec.ts',
  'test/app/start.spec.ts',
  'test/schedules/policy-rollouts.spec.ts',
  'test/backup/backup-refusals.spec.ts',
  'test/worklist/interleavings.spec.ts',
  'test/backup/nightly-backup.spec.ts',
  'test/app/canaries.spec.ts',
  'test/webhooks/group-robots.spec.ts',
  'test/platform/bounded-waits.spec.ts',
  'test/reminders/reminder-policy.spec.ts',
  'test/reminders/reminders.spec.ts',
  'test/webhooks/webhooks.spec.ts',
  'test/accounts/administrator-keys.spec.ts',
  'test/app/status-page.spec.ts',
  'test/webhooks/endpoint-health.spec.ts',
  'test/worklist/week-of-a-ward.spec.ts',
  'test/worklist/random-weeks.spec.ts',
];

/** A fresh clone has no times of an earlier run to go by, and would begin with the largest files. */
export default class SlowestFirst extends TestSequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const found = SLOWEST.findIndex((suite) => path.endsWith(`/${suite}`));
      return found < 0 ? SLOWEST.length : found;
    };
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
}
