import { fileURLToPath } from 'node:url';
import config from '../../jest.config.mjs';

/** The tests of the core alone, without a database, as the mutation tester runs them. */
export default {
  ...config,
  rootDir: '../..',
  globalSetup: undefined,
  globalTeardown: undefined,
  testMatch: ['<rootDir>/test/mutation/every.spec.mjs'],
  // The mutation tester does not know <rootDir> here.
  testEnvironment: fileURLToPath(new URL('./first-failure.cjs', import.meta.url)),
  watchman: false,
};
