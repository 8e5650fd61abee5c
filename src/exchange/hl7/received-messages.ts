import { Injectable } from '@nestjs/common';
import { Hl7Messages } from './hl7-messages.service.js';
import { answerBytes } from './message-answer.js';
import { MessageAnswers } from './message-answers.js';
import type { Answered } from './message-batches.js';
import type { ReceivedBy } from './message-log.js';

/** Receives messages of the hospital in scope, and acknowledges each after it is stored. */
@Injectable()
export class ReceivedMessages {
  constructor(
    private readonly messages: Hl7Messages,
    private readonly answers: MessageAnswers,
  ) {}

  /** Throws, without an acknowledgement, what is no refusal of the message: a busy or failing database. */
  async answer(message: Buffer, receivedBy: ReceivedBy): Promise<Answered> {
    const handled = await this.messages.receive(message, receivedBy);
    const bytes = answerBytes(await this.answers.to(handled), handled.header);
    return { bytes, isAccepted: handled.outcome !== 'refused' };
  }
}
