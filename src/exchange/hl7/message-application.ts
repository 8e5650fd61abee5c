import { Injectable } from '@nestjs/common';
import type { Hl7Message } from '../../interop/hl7v2/er7.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { withPlanDiffs } from '../../schedules/plan-diffs-seen.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { type AppliedChange, noted } from '../inbound/applied-change.js';
import { changedItems } from '../inbound/changed-item.js';
import type { Mapping } from '../mappings/mapping-file.js';
import { AppointmentMessages } from './appointment-messages.js';
import { contextOf } from './message-context.js';
import type { MessageDetail } from './message-log.js';
import type { MessageOutcome } from './message-outcome.js';
import { PatientMessages } from './patient-messages.js';
import type { Header } from './reading/header.js';
import { ResultMessages } from './result-messages.js';

export interface ReadMessage {
  readonly message: Hl7Message;
  readonly header: Header;
}

export type Refusal = NonNullable<MessageDetail['refusal']>;

export const refusalOf = ({ code, text, faults }: DomainError): Refusal => ({
  ...{ code, text },
  faults: faults.map(({ pointer, message }) => ({ pointer, message })),
});

export interface TriedMessage {
  readonly applied: Omit<AppliedChange, 'outcome'> & { readonly outcome: MessageOutcome };
  readonly detail: MessageDetail;
}

/** Applies what a message says, by the mapping that is given. */
@Injectable()
export class MessageApplication {
  constructor(
    private readonly scope: HospitalScope,
    private readonly people: PatientMessages,
    private readonly results: ResultMessages,
    private readonly appointments: AppointmentMessages,
  ) {}

  /** Takes back what a refused message changed, and returns the reason. */
  async tried(read: ReadMessage & { readonly id: string }, mapping: Mapping): Promise<TriedMessage> {
    try {
      const { result: applied, changes } = await withPlanDiffs(() =>
        this.scope.joined((tx) => this.apply(tx, read, mapping)),
      );
      const { notes, acts } = applied;
      return { applied, detail: { notes, acts, changes: changedItems(changes) } };
    } catch (error) {
      if (!(error instanceof DomainError) || error.issueType === 'busy') throw error;
      const nothing = { outcome: 'refused' as const, patientIds: [], eventIds: [], notes: [], acts: [] };
      return { applied: nothing, detail: { notes: [], refusal: refusalOf(error) } };
    }
  }

  private async apply(
    tx: HospitalTransaction,
    { message, header, id }: ReadMessage & { readonly id: string },
    mapping: Mapping,
  ): Promise<AppliedChange> {
    const { type, event = '' } = header;
    const context = contextOf(message, id, mapping);
    if (type === 'ADT' && PatientMessages.reads(event)) return this.people.apply(tx, event, message, context);
    if (type === 'ORU' && ResultMessages.reads(event)) return this.results.apply(tx, message, context);
    if (type === 'SIU' && AppointmentMessages.reads(event))
      return this.appointments.apply(tx, event, message, context);
    return noted(msg('hl7-other-event'));
  }
}
