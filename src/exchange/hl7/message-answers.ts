import { Injectable } from '@nestjs/common';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { newControlId } from './message-batches.js';
import type { Handled, StoredIn } from './hl7-messages.service.js';
import { answerTo } from './message-answer.js';

/** Writes acknowledgements in the language of the hospital, at its time. */
@Injectable()
export class MessageAnswers {
  constructor(private readonly scope: HospitalScope) {}

  async to(handled: Handled): Promise<string> {
    const { language, timeZone, now } = handled.storedIn ?? (await this.present());
    return answerTo(handled, { language, now, timeZone, controlId: newControlId() });
  }

  private present(): Promise<StoredIn> {
    return this.scope.unaudited(({ hospital: { language, timeZone }, now }) =>
      Promise.resolve({ language, timeZone, now }),
    );
  }
}
