import TestSequencer from '@jest/test-sequencer';

/** The suites that take longest. Two workers end together only when neither begins one of them last. */
const SLOWEST = [
  'test/simulation/simulation.spec.ts',
  'test/fuzz/fuzz.spec.ts',
  'test/backup/backup.spec.ts',
  'test/schedules/policy-rollouts.spec.ts',
  'test/platform/pgbouncer.spec.ts',
  'test/installation/bundle.spec.ts',
  'test/installation/readme.spec.ts',
  'test/installation/containers.spec.ts',
  'test/faults/faults.spec.ts',
  'test/app/start.spec.ts',
  'test/access/rights.spec.ts',
  'test/webhooks/group-robots.spec.ts',
  'test/exchange/patient-data.spec.ts',
  'test/exchange/imports.spec.ts',
  'test/webhooks/webhooks.spec.ts',
  'test/commands/command-line-language.spec.ts',
  'test/platform/bounded-waits.spec.ts',
  'test/platform/queue-backends.spec.ts',
  'test/reminders/reminder-policy.spec.ts',
  'test/schedules/preview.spec.ts',
  'test/app/demo.spec.ts',
  'test/app/status-page.spec.ts',
  'src/guideline/planner.properties.spec.ts',
  'src/platform/outbound/outbound-client.spec.ts',
  'src/guideline/findings.properties.spec.ts',
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
