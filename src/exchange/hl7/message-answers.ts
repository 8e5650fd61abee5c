import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import type { Handled } from './hl7-messages.service.js';
import { answerTo } from './message-answer.js';

/** Writes acknowledgements in the language of the hospital, at its time. */
@Injectable()
export class MessageAnswers {
  constructor(private readonly scope: HospitalScope) {}

  async to(handled: Handled): Promise<string> {
    return this.scope.unaudited(({ hospital, now }) => {
      const { language, timeZone } = hospital;
      // MSH-10 has 20 characters before v2.7.
      const controlId = uuidv7().replaceAll('-', '').slice(-20);
      return Promise.resolve(answerTo(handled, { language, now, timeZone, controlId }));
    });
  }
}
