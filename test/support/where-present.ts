import { describe, test } from '@jest/globals';

// A missing tool is reported as skipped, with the reason in the name, and never as passed.

type Suite = (name: string, body: () => void) => void;
type Case = (name: string, body: () => Promise<void> | void, timeout?: number) => void;

/** `describe` where `present`; else it skips, because there is no `missing`. */
export const describeWhere =
  (present: boolean, missing: string): Suite =>
  (name, body) =>
    present ? describe(name, body) : describe.skip(`${name} (no ${missing} here)`, body);

/** `test` where `present`; else it skips, because there is no `missing`. */
export const testWhere =
  (present: boolean, missing: string): Case =>
  (name, body, timeout) =>
    present ? test(name, body, timeout) : test.skip(`${name} (no ${missing} here)`, body, timeout);
