import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { textOf } from '../../interop/hl7v2/character-set.js';
import type { Hl7Message } from '../../interop/hl7v2/er7.js';
import type { Language } from '../../guideline/guideline.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { type Caller, isLimited } from '../../tenancy/caller.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import {
  digestOf,
  FHIR_REQUEST,
  type MessageDetail,
  MessageLog,
  type MessageQuery,
  type ReceivedBy,
  type StoredMessage,
} from './message-log.js';
import { numbersIn } from './known-records.js';
import { MessageApplication, type ReadMessage, type Refusal, refusalOf } from './message-application.js';
import type { MessageOutcome } from './message-outcome.js';
import { Inbox } from '../inbound/inbox.js';
import { MOST_CHANGES } from '../inbound/changed-item.js';
import { readContent } from './message-content.js';
import type { Header } from './reading/header.js';

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
    private readonly application: MessageApplication,
    private readonly inbox: Inbox,
  ) {}

  /**
   * Applies a message and stores it in one transaction. A message that cannot be applied is stored as refused. The same
   * message again (MSH-3, MSH-4 and MSH-10) answers as the first time; a refused one is tried again.
   */
  async receive(content: Buffer, receivedBy: ReceivedBy): Promise<Handled> {
    return this.process(content, receivedBy, { isReplay: false });
  }

  private async process(
    content: Buffer,
    receivedBy: ReceivedBy,
    { isReplay }: { readonly isReplay: boolean },
  ): Promise<Handled> {
    refuseLimited(this.scope.caller);
    const read = readContent(content);
    if ('refusal' in read) return refusedUnread(read);
    const { message, header } = read;
    const sender = [header.sendingApplication, header.sendingFacility].map((part) => part ?? '').join('|');
    const controlId = header.controlId ?? '';
    const digest = digestOf(content);
    return this.scope.joined(async (tx) => {
      const { same, mapping } = await this.log.lockSame(tx, sender, controlId);
      if (same && same.digest !== digest && same.outcome !== 'refused')
        return refusedUnread({ ...read, refusal: refusalOf(reused(controlId)) });
      const isWaiting =
        isReplay && same && (same.voidedAt !== null || (await this.inbox.hasOpen(tx, 'hl7', same.id)));
      if (same && same.outcome !== 'refused' && !isWaiting) {
        const detail = await this.log.detailOf(tx, same.id, same.sealedDetail);
        const repeated = { id: same.id, outcome: same.outcome, detail, isRepeated: true };
        return { message, header, ...repeated, storedIn: storedIn(tx) };
      }
      const id = same?.id ?? uuidv7();
      const { applied, detail: now } = await this.application.tried({ ...read, id }, mapping);
      const earlier =
        isWaiting && same.voidedAt === null
          ? await this.log.detailOf(tx, same.id, same.sealedDetail)
          : undefined;
      const detail = earlier === undefined ? now : afterReplay(earlier, now);
      const stored: StoredMessage = {
        ...{ id, sender, controlId, digest, receivedBy, callerName: tx.caller.name },
        ...{
          type: header.type ?? '',
          event: header.event ?? '',
          receivedAt: same?.receivedAt ?? tx.now,
          processedAt: tx.now,
        },
        ...{
          outcome: earlier && same?.outcome === 'applied' ? 'applied' : applied.outcome,
          patientIds: applied.patientIds,
          eventIds: [...new Set([...(earlier && same ? same.eventIds : []), ...applied.eventIds])],
        },
        ...{ voidedAt: null, voidedBy: null },
      };
      await this.log.store(tx, stored, content, detail, numbersIn(message));
      const { outcome } = applied;
      return { message, header, id, outcome, detail, isRepeated: false, storedIn: storedIn(tx) };
    });
  }

  /**
   * Applies a stored message again: one that was refused, that was voided, or of which something waits in the inbox. Another
   * one is not, because its facts are recorded. A FHIR request is refused (409): its sender sends it again.
   */
  async replay(id: string): Promise<Handled> {
    refuseLimited(this.scope.caller);
    const { message, content } = await this.scope.transaction((tx) => this.log.find(tx, id));
    if (message.type === FHIR_REQUEST)
      throw new DomainError('conflict', 'fhir-not-replayed', msg('fhir-not-replayed'));
    return this.process(content, message.receivedBy, { isReplay: true });
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
}

const storedIn = ({ hospital: { language, timeZone }, now }: HospitalTransaction): StoredIn => ({
  ...{ language, timeZone, now },
});

/** What a message did in two times: a replay adds what waited in the inbox before. */
const afterReplay = (earlier: MessageDetail, now: MessageDetail): MessageDetail => ({
  ...now,
  acts: [...(earlier.acts ?? []), ...(now.acts ?? [])],
  changes: [...(earlier.changes ?? []), ...(now.changes ?? [])].slice(0, MOST_CHANGES),
});

/** A message may name any patient of the hospital, so only callers who see all of them send and read messages. */
export function refuseLimited(caller: Caller): void {
  if (isLimited(caller))
    throw new DomainError('forbidden', 'whole-hospital-only', msg('hl7-whole-hospital-only'));
}

const reused = (controlId: string): DomainError =>
  new DomainError('conflict', 'hl7-control-id-reused', msg('hl7-control-id-reused', { controlId }));

const refusedUnread = ({
  message,
  header,
  refusal,
}: Partial<ReadMessage> & { readonly refusal: Refusal }): Handled => ({
  ...{ message, header, id: undefined, outcome: 'refused', isRepeated: false },
  detail: { notes: [], refusal },
});
