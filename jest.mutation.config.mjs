import config from './jest.config.mjs';

/** The tests of the core alone, without a database. */
export default {
  ...config,
  globalSetup: undefined,
  globalTeardown: undefined,
  testMatch: ['<rootDir>/src/guideline/**/*.spec.ts', '<rootDir>/src/exchange/guideline-file.spec.ts'],
};
