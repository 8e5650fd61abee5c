import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { textOf, UndecodableBytes } from '../../interop/hl7v2/character-set.js';
import { type Hl7Message, NotHl7, parseMessage } from '../../interop/hl7v2/er7.js';
import type { Language } from '../../guideline/guideline.js';
import { DomainError, invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { type Caller, isLimited } from '../../tenancy/caller.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import {
  digestOf,
  type MessageDetail,
  MessageLog,
  type MessageQuery,
  type ReceivedBy,
  type StoredMessage,
} from './message-log.js';
import { numbersIn } from './known-records.js';
import { type AppliedMessage, type MessageOutcome, noted } from './message-outcome.js';
import { PatientMessages } from './patient-messages.js';
import { type Header, readHeader } from './reading/header.js';
import { ResultMessages } from './result-messages.js';

/** What became of a message. */
export interface Handled {
  /** Undefined where not even a header could be read. */
  readonly message: Hl7Message | undefined;
  readonly header: Header | undefined;
  /** Undefined where the message could not be stored, because nothing identifies it. */
  readonly id: string | undefined;
  readonly outcome: MessageOutcome;
  readonly detail: MessageDetail;
  /** The sender has sent it before; nothing was done again. */
  readonly isRepeated: boolean;
  /** Of the transaction that stored it; undefined where none was needed. */
  readonly storedIn?: StoredIn | undefined;
}

/** What an acknowledgement says of the hospital and the time. */
export interface StoredIn {
  readonly language: Language;
  readonly timeZone: string;
  readonly now: Date;
}

/** Reads the messages of the hospital's systems, applies what they say, and keeps each with what became of it. */
@Injectable()
export class Hl7Messages {
  constructor(
    private readonly scope: HospitalScope,
    private readonly log: MessageLog,
    private readonly people: PatientMessages,
    private readonly results: ResultMessages,
  ) {}

  /**
   * Applies a message and stores it in one transaction. A message that cannot be applied is stored as refused. The same
   * message again (MSH-3, MSH-4 and MSH-10) answers as the first time; a refused one is tried again.
   */
  async receive(content: Buffer, receivedBy: ReceivedBy): Promise<Handled> {
    refuseLimited(this.scope.caller);
    const read = readContent(content);
    if ('refusal' in read) return refusedUnread(read);
    const { message, header } = read;
    const sender = [header.sendingApplication, header.sendingFacility].map((part) => part ?? '').join('|');
    const controlId = header.controlId ?? '';
    const digest = digestOf(content);
    return this.scope.joined(async (tx) => {
      const same = await this.log.lockSame(tx, sender, controlId);
      if (same && same.digest !== digest && same.outcome !== 'refused')
        return refusedUnread({ ...read, refusal: refusalOf(reused(controlId)) });
      if (same && same.outcome !== 'refused') {
        const detail = await this.log.detailOf(tx, same.id, same.sealedDetail);
        const repeated = { id: same.id, outcome: same.outcome, detail, isRepeated: true };
        return { message, header, ...repeated, storedIn: storedIn(tx) };
      }
      const id = same?.id ?? uuidv7();
      const { applied, detail } = await this.applied(tx, { ...read, id });
      const { now, caller } = tx;
      const stored: StoredMessage = {
        ...{ id, sender, controlId, digest, receivedBy, callerName: caller.name },
        ...{ type: header.type ?? '', event: header.event ?? '', receivedAt: now, processedAt: now },
        ...{
          outcome: applied.outcome,
          patientIds: applied.patientIds,
          eventIds: applied.eventIds,
        },
      };
      await this.log.store(tx, stored, content, detail, numbersIn(message));
      const { outcome } = applied;
      return { message, header, id, outcome, detail, isRepeated: false, storedIn: storedIn(tx) };
    });
  }

  /** Applies a stored message again. One that was applied is not, because its facts are recorded. */
  async replay(id: string): Promise<Handled> {
    refuseLimited(this.scope.caller);
    const { message, content } = await this.scope.transaction((tx) => this.log.find(tx, id));
    return this.receive(content, message.receivedBy);
  }

  async list(query: MessageQuery): Promise<readonly StoredMessage[]> {
    refuseLimited(this.scope.caller);
    return this.scope.transaction((tx) => this.log.list(tx, query));
  }

  async find(
    id: string,
  ): Promise<{ readonly message: StoredMessage; readonly detail: MessageDetail; readonly text: string }> {
    refuseLimited(this.scope.caller);
    const { message, detail, content } = await this.scope.transaction((tx) => this.log.find(tx, id));
    return { message, detail, text: textOf(content).text };
  }

  /** Takes back what a refused message changed, and keeps the reason. */
  private async applied(
    tx: HospitalTransaction,
    read: ReadMessage & { readonly id: string },
  ): Promise<{
    applied: Omit<AppliedMessage, 'outcome'> & { outcome: MessageOutcome };
    detail: MessageDetail;
  }> {
    try {
      const applied = await this.scope.joined((within) => this.apply(within, read));
      return { applied, detail: { notes: applied.notes } };
    } catch (error) {
      if (!(error instanceof DomainError) || error.issueType === 'busy') throw error;
      const nothing = { outcome: 'refused' as const, patientIds: [], eventIds: [], notes: [] };
      return { applied: nothing, detail: { notes: [], refusal: refusalOf(error) } };
    }
  }

  private async apply(
    tx: HospitalTransaction,
    { message, header, id }: ReadMessage & { readonly id: string },
  ): Promise<AppliedMessage> {
    const { type, event = '' } = header;
    if (type === 'ADT' && PatientMessages.reads(event)) return this.people.apply(tx, event, message);
    if (type === 'ORU' && ResultMessages.reads(event)) return this.results.apply(tx, message, id);
    return noted(msg('hl7-other-event'));
  }
}

const storedIn = ({ hospital: { language, timeZone }, now }: HospitalTransaction): StoredIn => ({
  ...{ language, timeZone, now },
});

/** A message may name any patient of the hospital, so only callers who see all of them send and read messages. */
function refuseLimited(caller: Caller): void {
  if (isLimited(caller))
    throw new DomainError('forbidden', 'whole-hospital-only', msg('hl7-whole-hospital-only'));
}

interface ReadMessage {
  readonly message: Hl7Message;
  readonly header: Header;
}

type Refusal = NonNullable<MessageDetail['refusal']>;

const refusalOf = ({ code, text, faults }: DomainError): Refusal => ({
  ...{ code, text },
  faults: faults.map(({ pointer, message }) => ({ pointer, message })),
});

const headerFault = (pointer: string, error: DomainError['text']): DomainError =>
  invalid('invalid-input', msg('invalid-input'), [{ pointer, code: 'required', message: error }]);

const reused = (controlId: string): DomainError =>
  new DomainError('conflict', 'hl7-control-id-reused', msg('hl7-control-id-reused', { controlId }));

/** Longer than the standard has them (HL7 v2.7), and short enough for an index. */
const LONGEST = { controlId: 199, sender: 227 } as const;

const refusedAt = (pointer: string, read: ReadMessage, text: DomainError['text']) => ({
  ...read,
  refusal: refusalOf(headerFault(pointer, text)),
});

const refusedUnread = ({
  message,
  header,
  refusal,
}: Partial<ReadMessage> & { readonly refusal: Refusal }): Handled => ({
  ...{ message, header, id: undefined, outcome: 'refused', isRepeated: false },
  detail: { notes: [], refusal },
});

/** A message whose header names sender and control id; others cannot be stored, because a repeat would not be known. */
function readContent(content: Buffer): ReadMessage | (Partial<ReadMessage> & { readonly refusal: Refusal }) {
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
