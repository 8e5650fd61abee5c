import TestSequencer from '@jest/test-sequencer';

/** The suites that take longest. Two workers end together only when neither begins one of them last. */
const SLOWEST = [
  'test/installation/bundle.spec.ts',
  'test/installation/readme.spec.ts',
  'test/faults/faults.spec.ts',
  'test/fuzz/fuzz.spec.ts',
  'test/app/start-waits.spec.ts',
  'test/web/rules-and-figures.spec.ts',
  'test/web/administration.spec.ts',
  'test/web/patient.spec.ts',
  'test/web/calendar-and-calls.spec.ts',
  'test/web/worklist.spec.ts',
  'test/web/ward.spec.ts',
  'test/platform/pgbouncer.spec.ts',
  'test/access/rights.spec.ts',
  'test/app/start.spec.ts',
  'test/backup/backup-refusals.spec.ts',
  'test/simulation/simulation.spec.ts',
  'test/backup/backup.spec.ts',
  'test/backup/hospital-move.spec.ts',
  'test/web/exchange.spec.ts',
  'test/schedules/policy-rollouts.spec.ts',
  'test/web/oldest-browser.spec.ts',
  'test/web/first-run.spec.ts',
  'test/web/import.spec.ts',
  'test/web/demonstration.spec.ts',
  'test/backup/nightly-backup.spec.ts',
  'test/exchange/fhir-reads.spec.ts',
  'test/exchange/fhir-validity.spec.ts',
  'test/exchange/fhir-rights.spec.ts',
  'test/worklist/interleavings.spec.ts',
  'test/webhooks/one-relay.spec.ts',
  'test/platform/queue-backends.spec.ts',
  'test/platform/bounded-waits.spec.ts',
  'test/reminders/reminder-policy.spec.ts',
  'test/accounts/administrator-keys.spec.ts',
  'test/webhooks/webhooks.spec.ts',
  'test/app/status-page.spec.ts',
  'test/key-rotation/master-key.spec.ts',
  'test/worklist/random-weeks.spec.ts',
  'test/webhooks/receiver-certificates.spec.ts',
  'test/app/canaries.spec.ts',
  'test/installation/dev.spec.ts',
  'test/simulation/messages.spec.ts',
  'test/platform/queue-cluster.spec.ts',
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
