import { textOf, UndecodableBytes } from '../../interop/hl7v2/character-set.js';
import { NotHl7, parseMessage } from '../../interop/hl7v2/er7.js';
import { type DomainError, invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { type ReadMessage, type Refusal, refusalOf } from './message-application.js';
import { readHeader } from './reading/header.js';

const headerFault = (pointer: string, error: DomainError['text']): DomainError =>
  invalid('invalid-input', msg('invalid-input'), [{ pointer, code: 'required', message: error }]);

/** Longer than the standard has them (HL7 v2.7), and short enough for an index. */
const LONGEST = { controlId: 199, sender: 227 } as const;

const refusedAt = (pointer: string, read: ReadMessage, text: DomainError['text']) => ({
  ...read,
  refusal: refusalOf(headerFault(pointer, text)),
});

/** A message whose header names sender and control id; others cannot be stored, because a repeat would not be known. */
export function readContent(
  content: Buffer,
): ReadMessage | (Partial<ReadMessage> & { readonly refusal: Refusal }) {
  let text: string;
  try {
    ({ text } = textOf(content));
  } catch (error) {
    if (!(error instanceof UndecodableBytes)) throw error;
    const unreadable = invalid('hl7-undecodable', msg('hl7-undecodable', { set: error.characterSet }), []);
    return { ...headerOnly(content), refusal: refusalOf(unreadable) };
  }
  try {
    const { message } = parseMessage(text);
    const header = readHeader(message.header);
    const read = { message, header };
    if (text.includes('\0')) throw new NotHl7('A text has no NUL.');
    if ((header.controlId?.length ?? 0) > LONGEST.controlId)
      return refusedAt('/MSH/10', read, msg('hl7-too-long', { limit: LONGEST.controlId }));
    if ((header.sendingApplication?.length ?? 0) > LONGEST.sender)
      return refusedAt('/MSH/3', read, msg('hl7-too-long', { limit: LONGEST.sender }));
    if ((header.sendingFacility?.length ?? 0) > LONGEST.sender)
      return refusedAt('/MSH/4', read, msg('hl7-too-long', { limit: LONGEST.sender }));
    if (header.controlId === undefined)
      return { message, header, refusal: refusalOf(headerFault('/MSH/10', msg('hl7-control-id-required'))) };
    if (header.type === undefined)
      return { message, header, refusal: refusalOf(headerFault('/MSH/9', msg('hl7-type-required'))) };
    return { message, header };
  } catch (error) {
    if (!(error instanceof NotHl7)) throw error;
    return { refusal: refusalOf(invalid('hl7-not-er7', msg('hl7-not-er7'), [])) };
  }
}

/** The header of a message whose text cannot be decoded, so that the sender recognizes the answer. */
function headerOnly(content: Buffer): Partial<ReadMessage> {
  try {
    const { message } = parseMessage(new TextDecoder('iso-8859-1').decode(content).split(/[\r\n]/)[0] ?? '');
    return { message, header: readHeader(message.header) };
  } catch {
    return {};
  }
}
