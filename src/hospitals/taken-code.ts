import { DomainError } from '../platform/domain-error.js';
import { msg } from '../platform/messages/dictionary.js';

/** Only the database sees which codes other hospitals use. */
export async function refuseTakenCode(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if ((error as { driverError?: { constraint?: string } }).driverError?.constraint !== 'hospital_code')
      throw error;
    const message = msg('code-taken');
    throw new DomainError('conflict', 'code-taken', message, [
      { pointer: '/code', code: 'code-taken', message },
    ]);
  }
}
