const { TestEnvironment } = require('jest-environment-node');

/** Skips what is left after the first failure: a mutant dies once. */
module.exports = class FirstFailure extends TestEnvironment {
  failed = false;

  handleTestEvent({ name, test }) {
    if (name === 'test_fn_failure') this.failed = true;
    if (name === 'test_start' && this.failed) test.mode = 'skip';
  }
};
