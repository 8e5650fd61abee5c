import { Injectable } from '@nestjs/common';
import { Hl7Message } from '../../interop/hl7v2/er7.js';
import { isReadable } from '../../interop/hl7v2/message-bounds.js';
import { msg } from '../../platform/messages/dictionary.js';
import { type Handled, Hl7Messages } from './hl7-messages.service.js';
import { answerBytes } from './message-answer.js';
import { MessageAnswers } from './message-answers.js';
import type { Answered } from './message-batches.js';
import { headerOf } from './message-header.js';
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
    const handled = isReadable(message)
      ? await this.messages.receive(message, receivedBy)
      : unreadable(message);
    const bytes = answerBytes(await this.answers.to(handled), handled.header);
    return { bytes, isAccepted: handled.outcome !== 'refused' };
  }
}

/** What is refused before it is read, by its header alone. */
function unreadable(message: Buffer): Handled {
  const header = headerOf(message);
  const refusal = { code: 'hl7-too-complex', text: msg('hl7-too-complex'), faults: [] };
  return {
    message: header && new Hl7Message(header, []),
    ...{ header: undefined, id: undefined, outcome: 'refused', isRepeated: false },
    detail: { notes: [], refusal },
  };
}
