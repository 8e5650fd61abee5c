import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { ENGINE_FLAGS } from './test/runner/engine-flags.mjs';

for (const flag of ENGINE_FLAGS) setFlagsFromString(flag); // the threads of the suites start later
process.env.NEDWATCH_TEST_ENGINE_FLAGS = ENGINE_FLAGS.join(' '); // for the programs that suites start

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
