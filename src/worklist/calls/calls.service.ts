import { Injectable } from '@nestjs/common';
import { Any, IsNull } from 'typeorm';
import { toDayNumber } from '../../guideline/calendar.js';
import type { Text } from '../../guideline/guideline.js';
import { shownIdentities } from '../../patients/identity.js';
import { inAllRecords } from '../../patients/merged-records.js';
import type { Patient } from '../../patients/patient.entity.js';
import { PatientsService } from '../../patients/patients.service.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import {
  HospitalScope,
  type HospitalTransaction,
  notePatient,
  showOnly,
} from '../../tenancy/hospital-scope.js';
import { wasDialled } from '../contacts/contact-attempt.js';
import { currentState, openContacts } from '../contacts/contact-rows.js';
import { Contact } from '../contacts/contact.entity.js';
import { ContactsService, type RecordedContact } from '../contacts/contacts.service.js';
import { relativesOf } from '../contacts/relatives.service.js';
import type { Placed } from '../lists/list-query.js';
import { type ListName, placeTypeOf } from '../lists/list-sources.js';
import type { ScriptName } from '../settings/call-settings.js';
import { refuseEndedFollowUp } from '../steps/ended-follow-up.js';
import { worklistSettings, type WorklistSettings } from '../settings/worklist-settings.js';
import type { Call, NextCall } from './call.js';
import { callableCallbacks, callCandidates, isCallable } from './call-candidates.js';
import { claimPatient, keepClaim, releaseClaims, tellPresence } from './call-claims.js';
import { type CallItem, callItems } from './call-items.js';
import { wantCalls } from './call-wishes.js';
import { type CallNumber, numbersToCall } from './call-numbers.js';
import { type CallInput, type CallQuery, callQuery, type NextCallQuery } from './call-schemas.js';
import { inOneLine, scriptFor, scriptText, type ScriptWords } from './call-script.js';

const CONTACTS_SHOWN = 3;
/** So many pages of a list are looked through for one answer, which then says where to go on. */
const MOST_PAGES = 40;

/** Call mode: one patient after the other, the most urgent first, each in the hands of one caller. */
@Injectable()
export class CallsService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
    private readonly contacts: ContactsService,
  ) {}

  /** Claims the next patient for the caller, and ends the caller's other claims but the one on `keep`. */
  async next({ patientId, without, keep, ...query }: NextCallQuery): Promise<NextCall> {
    return this.scope.transaction(async (tx) => {
      const asked = { ...callQuery(query, tx.caller.id), without };
      return patientId === undefined ? this.nextOf(tx, asked, keep) : this.again(tx, patientId, asked);
    });
  }

  /** Ends the claims of the caller, who has stopped calling. */
  async release(): Promise<void> {
    await this.scope.transaction((tx) => releaseClaims(tx, []));
  }

  /** Claims this patient beside the others. Refuses (409) one whom the caller cannot call now. */
  private async again(tx: HospitalTransaction, patientId: string, { list }: CallQuery): Promise<NextCall> {
    await this.patients.find(tx, patientId);
    await refuseEndedFollowUp(tx, patientId);
    const claimedUntil = (await isCallable(tx, patientId))
      ? await claimPatient(tx, patientId, { again: true })
      : null;
    if (claimedUntil === null)
      throw new DomainError('conflict', 'call-not-possible', msg('call-not-possible'));
    const call = await this.callOf(tx, patientId, claimedUntil);
    return { call, at: null, list, today: tx.today };
  }

  /** Records a call and claims the next patient, both or neither. */
  async record(input: CallInput): Promise<{ readonly recorded: RecordedContact; readonly next: NextCall }> {
    const { patientId, stay } = input;
    return this.scope.transaction(async (tx) => {
      const query = callQuery(input, tx.caller.id);
      const patient = await this.patients.lock(tx, patientId);
      const recorded = await this.contacts.recordOf(tx, patient, input);
      const again = stay ? await this.sameAgain(tx, patient, query) : null;
      if (again === null) await tellPresence(tx, patientId, false);
      const next = again ?? (await this.nextOf(tx, query));
      notePatient(patientId);
      return { recorded, next };
    });
  }

  private async nextOf(
    tx: HospitalTransaction,
    { after, ...filter }: CallQuery,
    kept?: string,
  ): Promise<NextCall> {
    const { list, without = [] } = filter;
    let at: Placed | null = after ?? null;
    const behind = await callbacksBehind(tx, list, after);
    const callbacks = behind.filter(({ patientId }) => !without.includes(patientId));
    const asked = await this.firstOf(tx, callbacks, list, kept);
    if (asked !== null) return asked;
    for (let page = 0; page < MOST_PAGES; page++) {
      const { callable, unannounced, last } = await callCandidates(tx, filter, at ?? undefined);
      await wantCalls(tx, unannounced);
      const next = await this.firstOf(tx, callable, list, kept);
      if (next !== null) return next;
      at = last;
      if (at === null) break;
    }
    await releaseClaims(tx, kept === undefined ? [] : [kept]);
    showOnly([]);
    return { call: null, at, list, today: tx.today };
  }

  /** Claims the first of these patients whom no other caller has; null: others have them all. */
  private async firstOf(
    tx: HospitalTransaction,
    candidates: readonly Placed[],
    list: ListName,
    kept?: string,
  ): Promise<NextCall | null> {
    for (const at of candidates) {
      const claimedUntil = await claimPatient(tx, at.patientId);
      if (claimedUntil === null) continue;
      await releaseClaims(tx, kept === undefined ? [at.patientId] : [at.patientId, kept]);
      const call = await this.callOf(tx, at.patientId, claimedUntil);
      return { call, at, list, today: tx.today };
    }
    return null;
  }

  /** The patient who was just called, while a number is left; null: none is. */
  private async sameAgain(
    tx: HospitalTransaction,
    { id }: Patient,
    { list, after }: CallQuery,
  ): Promise<NextCall | null> {
    const claimedUntil = await keepClaim(tx, id);
    const call = await this.callOf(tx, id, claimedUntil);
    return call.numbers.length === 0 ? null : { call, at: after ?? null, list, today: tx.today };
  }

  private async callOf(tx: HospitalTransaction, patientId: string, claimedUntil: Date): Promise<Call> {
    const patient = await this.patients.find(tx, patientId);
    showOnly([patient]);
    const settings = await worklistSettings(tx);
    const state = await currentState(tx, patientId, settings.contacts);
    const recent = await recentContacts(tx, patientId);
    const identity = (await shownIdentities(tx, [patient])).get(patientId);
    const items = await callItems(tx, patient, settings.calls);
    const silentDays = toDayNumber(tx.today) - toDayNumber(state.knownAliveOn);
    const attempt = state.sinceReached + 1;
    const name = identity?.name ?? '';
    const script = scriptFor(attempt, silentDays >= settings.calls.gentleAfterDays);
    const words = await wordsOf(tx, name, items);
    const numbers = numbersToCall(identity?.phone ?? null, await relativesOf(tx, patientId), {
      dialled: recent.filter((contact) => contact.contactedOn === tx.today && wasDialled(contact)),
      step: state.nextStep?.channel ?? null,
    });
    return {
      ...{ patient, name, attempt, items, silentDays, state, claimedUntil },
      script: { name: script, text: scriptText(script, settings.calls, words) },
      numbers: numbers.map((number) => ({ ...number, script: scriptOf(number, script, settings, words) })),
      lastContacts: recent.slice(0, CONTACTS_SHOWN),
    };
  }
}

const FIRST_PLACES = { date: '0001-01-01', timestamptz: '0001-01-01T00:00:00Z', bigint: '0' } as const;

/** Before the first row of a list: the place of patients who asked to be called. */
const beforeList = (list: ListName, patientId: string): Placed => ({
  place: FIRST_PLACES[placeTypeOf(list)],
  ...{ patientId, id: '00000000-0000-0000-0000-000000000000' },
});

/** The patients who asked to be called, behind the one whom the caller leaves out. */
async function callbacksBehind(
  tx: HospitalTransaction,
  list: ListName,
  after: Placed | undefined,
): Promise<Placed[]> {
  const asked = (await callableCallbacks(tx)).map((id) => beforeList(list, id));
  const isLeftOut = after?.id === beforeList(list, '').id;
  const index = isLeftOut ? asked.findIndex(({ patientId }) => patientId === after.patientId) : -1;
  return asked.slice(index + 1);
}

/** Far more than one patient is tried in a day. */
const CONTACTS_READ = 50;

/** The newest attempts that were not voided, the newest first. */
async function recentContacts(tx: HospitalTransaction, patientId: string): Promise<readonly Contact[]> {
  const stored = await inAllRecords(tx, patientId, (records) =>
    tx.db.find(Contact, {
      where: { hospitalId: tx.hospital.id, patientId: Any(records), voidedAt: IsNull() },
      order: { contactedOn: 'DESC', recordedAt: 'DESC', id: 'DESC' },
      take: CONTACTS_READ,
    }),
  );
  return openContacts(tx, stored);
}

async function wordsOf(
  { db, hospital, caller }: HospitalTransaction,
  patient: string,
  items: readonly CallItem[],
): Promise<ScriptWords> {
  const [row] = await db.query<[{ name: string }]>('SELECT name FROM hospital WHERE id = $1', [hospital.id]);
  const examinations = inOneLine([
    ...new Map(items.map(({ item, title }) => [item.activity, title])).values(),
  ]);
  return { patient, caller: caller.name, hospital: row.name, examinations, relation: '' };
}

/** A person around the patient is spoken to about the patient, in the third person. */
function scriptOf(
  { relative }: CallNumber,
  script: ScriptName,
  { calls }: WorklistSettings,
  words: ScriptWords,
): Text {
  if (relative === null) return scriptText(script, calls, words);
  const relation = msg(`relation-${relative.relation}`);
  return scriptText('relative', calls, {
    ...words,
    relation: { zh: render(relation, 'zh'), en: render(relation, 'en') },
  });
}
