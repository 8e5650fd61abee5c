import { EnduringConnection } from './enduring-connection.js';

/** Longer than any statement of a read may take. */
const LONGEST_MS = 150_000;

/**
 * A connection to one of several standbys behind one address. Another connection may lead to another standby, so none
 * can ask whether the server still works on a statement.
 */
export class StandbyConnection extends EnduringConnection {
  protected override isServed(sinceMs: number): Promise<boolean> {
    return Promise.resolve(sinceMs < LONGEST_MS);
  }
}
