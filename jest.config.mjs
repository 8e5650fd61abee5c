import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

// Most code of a suite runs a few times: optimizing it, and collecting garbage from a small space for new objects, takes a
// third of the suites' processor time. The threads of the suites start later.
setFlagsFromString('--interrupt-budget=1000000'); // bytes of bytecode before a function is optimized; usually 132 KiB
setFlagsFromString('--max-semi-space-size=64'); // MiB; usually 16

/** Unit tests stand beside the code in src and web, whole-application tests in test. */
export default {
  // In plain Node, where the suites of a worker share what they import: half the work of jest's own sandboxes.
  runner: 'jest-light-runner',
  setupFiles: ['<rootDir>/test/runner/set-up.mjs'],
  rootDir: '.',
  testMatch: ['<rootDir>/{src,web,test}/**/*.spec.ts'],
  globalSetup: '<rootDir>/test/global-setup.mjs',
  globalTeardown: '<rootDir>/test/global-teardown.mjs',
  testSequencer: '<rootDir>/test/slowest-first.mjs',
  // Most of the time a test waits for PostgreSQL, a receiver or a process of the program.
  maxWorkers: availableParallelism() + 1,
};
