import { Injectable } from '@nestjs/common';
import { Any } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { addDays, type CalendarDate } from '../../guideline/calendar.js';
import { inAllRecords } from '../../patients/merged-records.js';
import type { Patient } from '../../patients/patient.entity.js';
import { PatientsService } from '../../patients/patients.service.js';
import { DomainError, type FieldFault, invalid, notFound } from '../../platform/domain-error.js';
import { type MessageKey, msg } from '../../platform/messages/dictionary.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { recordChange } from '../changes/worklist-changes.js';
import { MOST_REST_DAYS } from '../settings/contact-settings.js';
import { worklistSettings } from '../settings/worklist-settings.js';
import { FAILURE_CAUSES, WRITTEN_CHANNELS } from './contact-attempt.js';
import { currentState, endCallbackRequest, openContacts, sealedText, storeState } from './contact-rows.js';
import type { ContactInput, FollowUp } from './contact-schemas.js';
import type { ContactState } from './contact-state.js';
import { Contact } from './contact.entity.js';
import { PatientRelative } from './patient-relative.entity.js';
import { isFollowedUp } from './signs-of-life.js';

/** The most attempts of one patient. A follow-up of thirty years with one a week has 1,500. */
const MOST_CONTACTS = 2000;

/** An attempt together with what follows from all of them. */
export interface RecordedContact extends FollowUp {
  readonly contact: Contact;
  readonly state: ContactState;
}

/** A page of the attempts of one patient and of the records merged into it, the newest first. One more than the limit says that there are more. */
export interface ContactPage extends FollowUp {
  readonly contacts: readonly Contact[];
  readonly state: ContactState;
}

/** Attempts to reach patients. Each is recorded with its outcome, and decides when the patient returns to the lists. */
@Injectable()
export class ContactsService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
  ) {}

  async record(patientId: string, input: ContactInput): Promise<RecordedContact> {
    return this.scope.transaction(async (tx) =>
      this.recordOf(tx, await this.patients.lock(tx, patientId), input),
    );
  }

  /** The same for a patient whom the transaction has locked. */
  async recordOf(tx: HospitalTransaction, patient: Patient, input: ContactInput): Promise<RecordedContact> {
    const contact = contactOf(tx, patient, input);
    refuseFaults(faultsOf(contact, tx.today));
    await refuseUnknownRelative(tx, contact);
    await refuseTooMany(tx, patient.id);
    const { id, number, note } = contact;
    await tx.db.insert(Contact, {
      ...contact,
      number: await sealedText(tx, id, 'number', number),
      note: await sealedText(tx, id, 'note', note),
    });
    const current = await this.afterChange(tx, patient.id);
    if (contact.outcome === 'reached') await endCallbackRequest(tx, patient.id);
    return { contact, ...current };
  }

  /** Voids an attempt that was recorded wrongly. Idempotent. */
  async void(
    patientId: string,
    contactId: string,
    { reason, author }: { readonly reason: string; readonly author?: string | undefined },
  ): Promise<RecordedContact> {
    return this.scope.transaction(async (tx) => {
      const { id } = await this.patients.lock(tx, patientId);
      const which = { id: contactId, hospitalId: tx.hospital.id };
      const stored = await inAllRecords(tx, id, (records) =>
        tx.db.findBy(Contact, { ...which, patientId: Any(records) }),
      );
      const [contact] = await openContacts(tx, stored);
      if (!contact) throw notFound('contact', contactId);
      if (contact.voidedAt !== null) return { contact, ...(await stateOf(tx, id)) };
      const voided = { voidedAt: tx.now, voidedBy: nameOf(tx, author) };
      const voidReason = await sealedText(tx, contactId, 'voidReason', reason);
      await inAllRecords(tx, id, () => tx.db.update(Contact, which, { ...voided, voidReason }));
      return { contact: { ...contact, ...voided, voidReason: reason }, ...(await this.afterChange(tx, id)) };
    });
  }

  /** `after`: day, instant and id of the last attempt seen. */
  async list(patientId: string, limit: number, after: readonly string[] | undefined): Promise<ContactPage> {
    return this.scope.transaction(async (tx) => {
      await this.patients.find(tx, patientId);
      const page = await inAllRecords(tx, patientId, (records) => pageOf(tx, records, limit, after));
      const contacts = await openContacts(tx, page);
      return { contacts, ...(await stateOf(tx, patientId)) };
    });
  }

  private async afterChange(tx: HospitalTransaction, patientId: string): Promise<CurrentState> {
    const current = await stateOf(tx, patientId);
    await storeState(tx, patientId, current.state);
    await recordChange(tx, { patientId, kind: 'contact' });
    return current;
  }
}

function pageOf(
  { db, hospital }: HospitalTransaction,
  records: readonly string[],
  limit: number,
  after: readonly string[] | undefined,
): Promise<Contact[]> {
  const query = db
    .createQueryBuilder(Contact, 'contact')
    .where('contact.hospitalId = :hospitalId AND contact.patientId = ANY (:records)', {
      hospitalId: hospital.id,
      records,
    })
    .orderBy('contact.contactedOn', 'DESC')
    .addOrderBy('contact.recordedAt', 'DESC')
    .addOrderBy('contact.id', 'DESC')
    .limit(limit + 1);
  if (after)
    query.andWhere('(contact.contactedOn, contact.recordedAt, contact.id) < (:day, :at, :id)', {
      day: after[0],
      at: after[1],
      id: after[2],
    });
  return query.getMany();
}

type CurrentState = Omit<RecordedContact, 'contact'>;

async function stateOf(tx: HospitalTransaction, patientId: string): Promise<CurrentState> {
  const { contacts } = await worklistSettings(tx);
  const state = await currentState(tx, patientId, contacts);
  return { state, today: tx.today, isFollowedUp: await isFollowedUp(tx, patientId) };
}

/** A person by their own name; a key by the name that it gives, else by its own. */
const nameOf = ({ caller }: HospitalTransaction, author: string | undefined): string =>
  caller.kind === 'person' ? caller.name : (author ?? caller.name);

function contactOf(tx: HospitalTransaction, patient: Patient, input: ContactInput): Contact {
  const { channel, relativeId = null, number = null, note = null, nextActionOn = null } = input;
  // A cause may stand in place of the outcome.
  const named = FAILURE_CAUSES.find((one) => one === input.outcome);
  const outcome = named === undefined ? (input.outcome as Contact['outcome']) : 'failed';
  const cause = outcome === 'failed' ? (input.cause ?? named ?? 'not_stated') : (input.cause ?? null);
  return {
    id: uuidv7(),
    hospitalId: tx.hospital.id,
    patientId: patient.id,
    ...{ channel, outcome, cause, relativeId, number, note, nextActionOn },
    confirmsAlive: input.confirmsAlive ?? outcome === 'reached',
    contactedOn: input.contactedOn ?? tx.today,
    author: nameOf(tx, input.author),
    callerId: tx.caller.id,
    recordedAt: tx.now,
    voidedAt: null,
    voidedBy: null,
    voidReason: null,
  };
}

/** What contradicts itself in one attempt as of `today`. */
function faultsOf(contact: Contact, today: CalendarDate): FieldFault[] {
  const { channel, outcome, cause, confirmsAlive, contactedOn, nextActionOn } = contact;
  const isWritten = WRITTEN_CHANNELS.includes(channel);
  const last = addDays(today, MOST_REST_DAYS);
  const isOutside = nextActionOn !== null && (nextActionOn < today || nextActionOn > last);
  const possible: readonly (FieldFault | false)[] = [
    outcome !== 'failed' && cause !== null && contradiction('/cause', 'cause-without-failure'),
    outcome === 'sent' && !isWritten && contradiction('/outcome', 'only-written-is-sent'),
    cause === 'not_delivered' && !isWritten && contradiction('/cause', 'only-written-is-sent'),
    outcome !== 'reached' && confirmsAlive && contradiction('/confirmsAlive', 'alive-without-answer'),
    contactedOn > today && {
      pointer: '/contactedOn',
      code: 'in-the-future',
      message: msg('contact-in-future', { date: contactedOn, today }),
    },
    isOutside && {
      pointer: '/nextActionOn',
      code: 'next-action-outside',
      message: msg('next-action-outside', { first: today, last }),
    },
  ];
  return possible.filter((one) => one !== false);
}

type PlainKey = Extract<
  MessageKey,
  'cause-without-failure' | 'only-written-is-sent' | 'alive-without-answer' | 'unknown-relative'
>;
const contradiction = (pointer: string, code: PlainKey): FieldFault => ({
  pointer,
  code,
  message: msg(code),
});

function refuseFaults(faults: readonly FieldFault[]): void {
  if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults);
}

async function refuseUnknownRelative(
  tx: HospitalTransaction,
  { patientId, relativeId }: Contact,
): Promise<void> {
  if (relativeId === null) return;
  const isKnown = await inAllRecords(tx, patientId, (records) =>
    tx.db.existsBy(PatientRelative, {
      ...{ hospitalId: tx.hospital.id, patientId: Any(records), id: relativeId },
    }),
  );
  if (!isKnown) refuseFaults([contradiction('/relativeId', 'unknown-relative')]);
}

async function refuseTooMany({ db, hospital }: HospitalTransaction, patientId: string): Promise<void> {
  if ((await db.countBy(Contact, { hospitalId: hospital.id, patientId })) >= MOST_CONTACTS)
    throw new DomainError(
      'conflict',
      'too-many-contacts',
      msg('too-many-contacts', { limit: MOST_CONTACTS }),
    );
}
