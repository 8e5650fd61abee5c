import TestSequencer from '@jest/test-sequencer';

/** The suites that take longest. Two workers end together only when neither begins one of them last. */
const SLOWEST = [
  'test/simulation/simulation.spec.ts',
  'test/fuzz/fuzz.spec.ts',
  'test/backup.spec.ts',
  'test/pgbouncer.spec.ts',
  'test/plan-changes.spec.ts',
  'test/bundle/bundle.spec.ts',
  'test/readme.spec.ts',
  'test/containers.spec.ts',
  'test/faults/faults.spec.ts',
  'test/start.spec.ts',
  'test/command-line-language.spec.ts',
  'test/bounded-waits.spec.ts',
  'test/queue-backends.spec.ts',
  'test/demo.spec.ts',
  'test/status-page.spec.ts',
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
