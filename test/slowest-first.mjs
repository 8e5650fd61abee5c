import TestSequencer from '@jest/test-sequencer';

/** The suites that take longest. Two workers end together only when neither begins one of them last. */
const SLOWEST = [
  'test/installation/bundle.long.spec.ts',
  'test/installation/readme.long.spec.ts',
  'test/faults/faults.long.spec.ts',
  'test/fuzz/fuzz.long.spec.ts',
  'test/app/start-waits.long.spec.ts',
  'test/web/rules-and-figures.long.spec.ts',
  'test/web/administration.long.spec.ts',
  'test/web/patient.long.spec.ts',
  'test/web/calendar-and-calls.long.spec.ts',
  'test/web/worklist.long.spec.ts',
  'test/web/ward.long.spec.ts',
  'test/platform/pgbouncer.long.spec.ts',
  'test/access/rights.spec.ts',
  'test/app/start.long.spec.ts',
  'test/backup/backup-refusals.long.spec.ts',
  'test/simulation/simulation.long.spec.ts',
  'test/backup/backup.long.spec.ts',
  'test/backup/hospital-move.long.spec.ts',
  'test/web/exchange.long.spec.ts',
  'test/schedules/policy-rollout-kills.long.spec.ts',
  'test/schedules/policy-rollouts.spec.ts',
  'test/web/oldest-browser.long.spec.ts',
  'test/web/first-run.long.spec.ts',
  'test/web/import.long.spec.ts',
  'test/web/demonstration.long.spec.ts',
  'test/backup/nightly-backup.long.spec.ts',
  'test/exchange/fhir-reads.spec.ts',
  'test/exchange/fhir-validity.spec.ts',
  'test/exchange/fhir-rights.spec.ts',
  'test/worklist/interleavings.long.spec.ts',
  'test/webhooks/one-relay.spec.ts',
  'test/platform/queue-backends.spec.ts',
  'test/platform/bounded-waits.spec.ts',
  'test/reminders/reminder-policy.spec.ts',
  'test/accounts/administrator-keys.long.spec.ts',
  'test/webhooks/webhooks.spec.ts',
  'test/app/status-page.spec.ts',
  'test/key-rotation/master-key.long.spec.ts',
  'test/worklist/random-weeks.long.spec.ts',
  'test/webhooks/receiver-certificates.spec.ts',
  'test/app/canaries.long.spec.ts',
  'test/installation/dev.long.spec.ts',
  'test/simulation/messages.long.spec.ts',
  'test/platform/queue-cluster.long.spec.ts',
  'test/webhooks/group-robots.spec.ts',
  'test/webhooks/endpoint-health.spec.ts',
  'test/webhooks/endpoint-transport.spec.ts',
  'test/work-calendar/reminder-days.spec.ts',
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
