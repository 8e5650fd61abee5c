import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { folded } from '../../../patients/folded.js';
import { Patient as PatientRecord } from '../../../patients/patient.entity.js';
import { DomainError } from '../../../platform/domain-error.js';
import type { HospitalTransaction } from '../../../tenancy/hospital-scope.js';
import type { ChangedItem } from '../../inbound/changed-item.js';
import {
  digestOf,
  FHIR_REQUEST,
  type MessageDetail,
  MessageLog,
  type StoredMessage,
} from '../../hl7/message-log.js';
import type { EntryOutcome, InboundContext } from './inbound-entry.js';
import { type Target, targetOf } from './reading/references.js';

/** Of one request that was refused. */
const MOST_NAMED = 100;
/** As many as a Bundle has entries. */
const MOST_NUMBERS = 1000;
/** As long as the sender of an HL7 v2 message. */
const LONGEST_SENDER = 227;

interface LoggedRequest {
  readonly body: unknown;
  /** `transaction`, `batch`, or the type of the only resource. */
  readonly event: string;
  readonly context: InboundContext;
  readonly results: readonly (EntryOutcome | DomainError)[];
  /** What they changed in the plans of patients. */
  readonly changes: readonly ChangedItem[];
  /** The same request before. */
  readonly before: StoredMessage | undefined;
}

/** Keeps FHIR requests in the log of HL7 v2 messages, so that people look in one place. */
@Injectable()
export class RequestLog {
  constructor(private readonly messages: MessageLog) {}

  /** The same content of the same sender, and the mapping in force; such requests wait for each other. */
  lockSame(tx: HospitalTransaction, body: unknown): ReturnType<MessageLog['lockSame']> {
    return this.messages.lockSame(tx, senderIn(tx, body), digestOf(contentOf(body)));
  }

  /** A repetition that changed nothing leaves the entry of the first time. */
  async store(
    tx: HospitalTransaction,
    { body, event, context, results, changes, before }: LoggedRequest,
  ): Promise<void> {
    const outcomes = results.filter((one): one is EntryOutcome => !(one instanceof DomainError));
    const refusal = results.find((one): one is DomainError => one instanceof DomainError);
    const hasChanged = outcomes.some((one) => one.hasChanged);
    if (!hasChanged && before !== undefined && before.outcome !== 'refused') return;
    const content = contentOf(body);
    const { now, caller } = tx;
    const stored: StoredMessage = {
      ...{
        id: context.messageId,
        sender: senderIn(tx, body),
        controlId: digestOf(content),
        digest: digestOf(content),
      },
      ...{
        type: FHIR_REQUEST,
        event,
        receivedBy: 'http',
        callerName: caller.name,
        receivedAt: now,
        processedAt: now,
      },
      ...{ voidedAt: null, voidedBy: null },
      outcome: hasChanged ? 'applied' : refusal ? 'refused' : 'noted',
      patientIds: [
        ...new Set([
          ...outcomes.flatMap(({ patientId }) => patientId ?? []),
          ...(await referredTo(tx, body)),
        ]),
      ],
      eventIds: [
        ...new Set(
          outcomes.flatMap(({ acts }) => acts.flatMap((act) => ('eventId' in act ? act.eventId : []))),
        ),
      ],
    };
    const detail: MessageDetail = {
      notes: outcomes.flatMap(({ notes }) => notes),
      acts: outcomes.flatMap(({ acts }) => acts),
      changes,
      ...(refusal && {
        refusal: {
          ...{ code: refusal.code, text: refusal.text },
          faults: refusal.faults.map(({ pointer, message }) => ({ pointer, message })),
        },
      }),
    };
    await this.messages.store(tx, stored, content, detail, numbersIn(body));
  }
}

const contentOf = (body: unknown): Buffer => Buffer.from(JSON.stringify(body));

/** meta.source names the system that wrote the resource. */
const senderIn = ({ caller }: HospitalTransaction, body: unknown): string => {
  const { meta } = body as { readonly meta?: { readonly source?: string } };
  return (meta?.source ?? caller.name).slice(0, LONGEST_SENDER);
};

/** The numbers by which a request names patients, folded: an erasure has to find the request, whatever became of it. */
function numbersIn(body: unknown): readonly string[] {
  const numbers: string[] = [];
  for (const element of elementsOf(body)) {
    const { resourceType, identifier } = element;
    const named = resourceType === 'Patient' ? identifier : Array.isArray(identifier) ? [] : identifier;
    for (const one of [named].flat()) numbers.push(textIn(one, 'value'));
    for (const target of targetsIn(element)) if (target.is === 'search') numbers.push(target.value);
  }
  return [...new Set(numbers.map(folded))].filter((number) => number !== '').slice(0, MOST_NUMBERS);
}

/** The patients whom a request names by their ids, whatever became of it. */
async function referredTo({ db, hospital }: HospitalTransaction, body: unknown): Promise<readonly string[]> {
  const ids = elementsOf(body)
    .flatMap(targetsIn)
    .flatMap((target) => (target.is === 'id' && target.type === 'Patient' ? target.id : []));
  const named = [...new Set(ids.filter((id) => isUuid(id)))].slice(0, MOST_NAMED);
  if (named.length === 0) return [];
  const where = { hospitalId: hospital.id, id: In(named) };
  const found = await db.find(PatientRecord, { select: { id: true }, where, take: MOST_NAMED });
  return found.map(({ id }) => id);
}

type Element = Readonly<Record<string, unknown>>;

/** What an element names by a reference, or by the URL of a request. */
const targetsIn = (element: Element): readonly Target[] =>
  ['reference', 'url'].map((key) => targetOf(textIn(element, key)));

function textIn(element: unknown, key: string): string {
  const value = typeof element === 'object' && element !== null ? (element as Element)[key] : undefined;
  return typeof value === 'string' ? value.replaceAll('\u0000', '') : '';
}

/** Every element with elements of its own, outer ones first. */
function elementsOf(value: unknown): readonly Element[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(elementsOf);
  return Array.isArray(value) ? inner : [value as Element, ...inner];
}
