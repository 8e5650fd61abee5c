/** Mutation testing of the core; `npm run mutation` installs the tool for the run, so that nobody else needs it. */
export default {
  mutate: ['src/guideline/**/*.ts', '!src/guideline/**/*.spec.ts', '!src/guideline/published/*.ts'],
  plugins: ['@stryker-mutator/jest-runner'],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  jest: { projectType: 'custom', configFile: 'test/mutation/jest.config.mjs', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 6_000,
  timeoutFactor: 2,
  maxTestRunnerReuse: 100,
  reporters: ['clear-text', 'json'],
  clearTextReporter: { allowColor: false, reportTests: false, reportMutants: false, logTests: false },
  jsonReporter: { fileName: '.data/mutation.json' },
  tempDirName: '.data/mutation',
  cleanTempDir: 'always',
  disableTypeChecks: false,
  tsconfigFile: 'none', // swc compiles; nothing to rewrite
  ignorePatterns: ['/.*', '/dist', '/dist-tools', '/bench', '/bin', '/demo', '/migrations', '/*.md'],
};
