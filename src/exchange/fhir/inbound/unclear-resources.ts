import { Injectable } from '@nestjs/common';
import type { Message } from '../../../guideline/message.js';
import { msg } from '../../../platform/messages/dictionary.js';
import type { HospitalTransaction } from '../../../tenancy/hospital-scope.js';
import { Inbox, type NewInboxEntry } from '../../inbound/inbox.js';
import type { KnownResource } from './event-records.js';
import { type EntryOutcome, type InboundContext } from './inbound-entry.js';
import { refusedAt } from './reading/fault.js';
import { namesOf } from './reading/codings.js';
import type { CodeableConcept, DiagnosticReport } from './reading/resources.js';

interface Unclear extends Pick<NewInboxEntry, 'subject' | 'activity' | 'proposed'> {
  readonly why: Message;
  /** Its element. */
  readonly at: string;
}

/** Resources that only a person can interpret: refused, or kept in the inbox where the hospital chose so. */
@Injectable()
export class UnclearResources {
  constructor(private readonly inbox: Inbox) {}

  async leave(
    tx: HospitalTransaction,
    { entry, patientId, source }: KnownResource,
    { why, at, ...unclear }: Unclear,
    { mapping, messageId }: InboundContext,
  ): Promise<EntryOutcome> {
    if (mapping.uninterpreted === 'refuse') throw refusedAt(at, 'not-interpreted', why);
    const { type, resource } = entry;
    const text = textOf(resource as Parameters<typeof textOf>[0]);
    await this.inbox.keep(tx, {
      ...{ kind: 'fhir', key: `${type} ${source}`, reason: why, text, patientId, sourceId: messageId },
      ...unclear,
    });
    return { status: 202, type, patientId, acts: [], hasChanged: false, notes: [msg('fhir-in-inbox'), why] };
  }

  /** Closes the entry of a resource that was interpreted after all. */
  async settle(
    tx: HospitalTransaction,
    { entry, source }: KnownResource,
    subject: NewInboxEntry['subject'],
  ): Promise<void> {
    await this.inbox.settle(tx, { kind: 'fhir', subject, key: `${entry.type} ${source}` });
  }
}

/** What a person reads of it. */
const textOf = ({
  code,
  conclusion,
}: { readonly code?: CodeableConcept } & Pick<DiagnosticReport, 'conclusion'>): string =>
  [namesOf(code), conclusion].filter((one) => one !== undefined && one !== '').join('\n');
