import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { BUILT_IN_OBJECTS } from './test/typescript-transformer.mjs';

/** Unit tests stand beside the code in src, whole-application tests in test. */
export default {
  testEnvironment: 'node',
  rootDir: '.',
  testMatch: ['<rootDir>/{src,test}/**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // @fastify/static requires an ECMAScript module, which Node can and jest, before Node 24, cannot.
  transformIgnorePatterns: ['/node_modules/(?!content-disposition/)'],
  transform: {
    '/content-disposition/.+\\.js$': ['@swc/jest', { module: { type: 'commonjs' } }],
    '^.+\\.ts$': [
      // Not by <rootDir>, which the mutation tester does not know here.
      fileURLToPath(new URL('./test/typescript-transformer.mjs', import.meta.url)),
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  sandboxInjectedGlobals: BUILT_IN_OBJECTS,
  // Not among the machine's temporary files.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  globalSetup: '<rootDir>/test/global-setup.mjs',
  globalTeardown: '<rootDir>/test/global-teardown.mjs',
  testTimeout: 60_000,
  testSequencer: '<rootDir>/test/slowest-first.mjs',
  // Most of the time a test waits for PostgreSQL, a receiver or a process of the program.
  maxWorkers: availableParallelism() + 1,
  // Each file leaves some 36 MB of modules behind, which Node collects only with the process.
  workerIdleMemoryLimit: '1GB',
};
