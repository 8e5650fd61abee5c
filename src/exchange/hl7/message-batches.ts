import { v7 as uuidv7 } from 'uuid';
import { acknowledge } from '../../interop/hl7v2/acknowledgement.js';
import { acknowledgeBatch } from '../../interop/hl7v2/batch-acknowledgement.js';
import { isDivisible } from '../../interop/hl7v2/message-bounds.js';
import { divideBatch } from '../../interop/hl7v2/batch.js';

/** An acknowledgement as it leaves, and whether it accepts the message. */
export interface Answered {
  readonly bytes: Buffer;
  readonly isAccepted: boolean;
}

/** Messages of one file or frame. A larger batch is refused as a whole: its sender divides it. */
export const MOST_IN_BATCH = 1000;

/**
 * Answers each message in `content` by `answer`, one after the other. A batch (FHS, BHS) is answered by a batch; messages
 * without an envelope by their acknowledgements; anything else as one message. It is accepted if each message is, and if
 * there are as many as BTS-1 says.
 */
export async function answerEach(
  content: Buffer,
  answer: (message: Buffer) => Promise<Answered>,
): Promise<Answered> {
  if (!isDivisible(content)) return refused(`A file has at most 100,000 lines.`);
  const { messages, headers, wrongCounts } = divideBatch(content);
  const [first] = messages;
  if (headers.length === 0 && messages.length <= 1) return answer(content);
  if (messages.length > MOST_IN_BATCH || first === undefined) {
    return refused(`A batch has 1 to ${MOST_IN_BATCH} messages.`);
  }
  const answers: Answered[] = [];
  for (const message of messages) answers.push(await answer(message));
  const [wrong] = wrongCounts;
  const comment = wrong && `BTS-1 says ${wrong.declared} messages, and ${wrong.found} came`;
  return {
    bytes: acknowledgeBatch({
      ...{ headers, comment, controlId: newControlId() },
      answers: answers.map(({ bytes }) => bytes),
    }),
    isAccepted: wrong === undefined && answers.every(({ isAccepted }) => isAccepted),
  };
}

/** Of a whole file, which has no header of a message. */
const refused = (text: string): Answered => ({
  bytes: Buffer.from(acknowledge(undefined, { code: 'AR', controlId: newControlId(), time: '', text })),
  isAccepted: false,
});

/** MSH-10 has 20 characters before v2.7. */
export const newControlId = (): string => uuidv7().replaceAll('-', '').slice(-20);
