import { fileURLToPath } from 'node:url';
import { BUILT_IN_OBJECTS } from './typescript-transformer.mjs';

// The mutation tester does not know <rootDir> here.
const pathOf = (file) => fileURLToPath(new URL(file, import.meta.url));

/** The tests of the core alone, without a database, in the sandboxes of jest, which the mutation tester needs. */
export default {
  rootDir: '../..',
  testMatch: ['<rootDir>/test/mutation/every.spec.mjs'],
  testEnvironment: pathOf('./first-failure.cjs'),
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      pathOf('./typescript-transformer.mjs'),
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
  testTimeout: 60_000,
  watchman: false,
};
