import { Injectable } from '@nestjs/common';
import { DomainError, tooMany } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';

/** Files that one process reads at a time, for all hospitals: each is held in memory. */
const MOST_AT_ONCE = 4;

const RETRY_SECONDS = 5;

/** The running imports of this process. A refused one has taken neither memory nor a database connection. */
@Injectable()
export class ImportSlots {
  private readonly hospitals = new Set<string>();

  /**
   * Runs `work` as the only import of the hospital. Refuses (409) a second one, and (429) one of too many hospitals.
   */
  async hold<T>(hospitalId: string, work: () => Promise<T>): Promise<T> {
    if (this.hospitals.has(hospitalId)) throw importInProgress();
    if (this.hospitals.size >= MOST_AT_ONCE)
      throw tooMany('too-many-imports', msg('too-many-imports'), RETRY_SECONDS);
    this.hospitals.add(hospitalId);
    try {
      return await work();
    } finally {
      this.hospitals.delete(hospitalId);
    }
  }
}

export const importInProgress = (): DomainError =>
  new DomainError('conflict', 'import-in-progress', msg('import-in-progress'), [], {
    retryAfterSeconds: RETRY_SECONDS,
  });
