import LightRunner from 'jest-light-runner';

/** A worker keeps the modules of its suites, with the applications in them: 9 MB for each. */
const SUITES = 90;

/**
 * The runner, with new workers after so many suites. In a run of all suites, the old ones would come to 4 GB, and collecting
 * garbage would take half of the processor time of the last third.
 */
export default class FreshWorkers extends LightRunner {
  async runTests(tests, ...others) {
    for (let from = 0; from < tests.length; from += SUITES)
      await super.runTests(tests.slice(from, from + SUITES), ...others);
  }
}
