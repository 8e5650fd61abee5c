/** Renewals through which a lower number has to last, so that the parts of other processes do not grow too early. */
const LASTS = 3;

/**
 * How many processes serve requests on this database, this one included. Each renewal of this process's lease counts
 * them. A limit that each process counts in its memory is divided by the number.
 */
export class ServingProcesses {
  private counts: readonly number[] = [];

  /**
   * A higher number holds at once, and a lower one after three renewals. After an outage of the database the leases of
   * all processes have ended, and the first one to renew its lease would take itself for the only one.
   */
  get count(): number {
    return Math.max(1, ...this.counts);
  }

  /** Notes what a renewal has counted. */
  note(count: number): void {
    this.counts = [...this.counts, count].slice(-LASTS);
  }

  /** The part of this process, at least 1. The parts together do not exceed a limit that is not below their number. */
  partOf(limit: number): number {
    return Math.max(1, Math.floor(limit / this.count));
  }
}
