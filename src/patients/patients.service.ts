import { Injectable } from '@nestjs/common';
import { In, IsNull, Not, type SelectQueryBuilder } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { HospitalScope, type HospitalTransaction, notePatient, showOnly } from '../tenancy/hospital-scope.js';
import { DomainError, invalid, notFound } from '../platform/domain-error.js';
import type { CalendarDate } from '../guideline/calendar.js';
import { faultsOf } from '../guideline/fact-faults.js';
import type { ClinicalFact, PatientFacts } from '../guideline/facts.js';
import { valuesOf } from '../guideline/measured-exam.js';
import { PLANNER_REVISION } from '../guideline/planner.js';
import { ClinicalEvent } from './clinical-event.entity.js';
import { refuseDuplicate, registeredMeanwhile, UNLIKE_ALWAYS } from './duplicates.js';
import { revealIdentities, sealIdentities, shownIdentities, type Identity, type Wanted } from './identity.js';
import { EventHistory, MOST_VOIDED_SHOWN, refuseTooMany } from './event-history.js';
import { openEvents, sealVoidReason } from './event-text.js';
import { refuseMerged } from './merged-records.js';
import { readableEvent, refuseDoubts } from './measured-event.js';
import { insertEvents, insertPatients, updateReasons } from './patient-rows.js';
import { type ClinicalEventInput } from './clinical-event-input.js';
import { contradictionsOf, type PatientCorrection, type PatientInput } from './patient-input.js';
import { patientsFound, searchConditions } from './patient-search.js';
import { Patient } from './patient.entity.js';
import { msg } from '../platform/messages/dictionary.js';
import { refuseOutOfReach } from './out-of-scope.js';
import { activeEvents, eventOf, factsOf } from './recorded-events.js';
import { withRiseReasons } from './rise-reasons.js';
import { countToJudge } from './to-judge.js';
import type { PossibleDuplicates } from './possible-duplicates.js';
import { type Nurse, nursesOf, personMeant } from './responsible-nurse.js';

/**
 * The lock for a change to a patient's history or plan. A stronger lock could deadlock: a sweep that holds items of the
 * patient inserts rows with a foreign key to the patient.
 */
export const LOCKED_PATIENT = { mode: 'for_no_key_update' } as const;

/** A patient as the caller may see them. */
export interface PatientWithIdentity {
  readonly patient: Patient;
  /** Null: the caller may not see it. */
  readonly identity: Identity | null;
  /** The number of exams that a clinician has to judge and has not judged. */
  readonly toJudge: number;
  /** Null: the patient has none. */
  readonly nurse: Nurse | null;
}

/** Patients and the dated facts of their histories. What follows from the facts is for `schedules`. */
@Injectable()
export class PatientsService {
  constructor(private readonly scope: HospitalScope) {}

  /** Registers a patient without a history. Refuses a registered patient, and returns possible duplicates (`refuseDuplicate`). */
  async register(
    input: PatientInput,
  ): Promise<PatientWithIdentity & { readonly possible: PossibleDuplicates }> {
    return this.scope.transaction(async (tx) => {
      const { id, possible } = await this.add(tx, input);
      return { ...(await this.show(tx, await this.find(tx, id))), possible };
    });
  }

  /** `register` for a caller who is not shown the patient. */
  async add(
    tx: HospitalTransaction,
    input: PatientInput,
  ): Promise<{ readonly id: string; readonly possible: PossibleDuplicates }> {
    const patient = patientOf(input, tx);
    const [sealed] = await sealIdentities(tx, [patient]);
    refuseFaults({ ...patient, events: [] }, tx);
    refuseContradictions(patient);
    const responsiblePersonId = await personMeant(tx, patient.responsibleNurse);
    refuseOutOfReach(tx.caller, { ...patient, responsiblePersonId });
    const possible = await refuseDuplicate(tx, patient, UNLIKE_ALWAYS);
    const inserted = await insertPatients(tx.db, [{ ...patient, ...sealed }]);
    if (inserted.length === 0) throw await registeredMeanwhile(tx, patient);
    notePatient(patient.id);
    return { id: patient.id, possible };
  }

  /** Refuses (409) a record that was merged into another one, and names that one. */
  async get(id: string): Promise<PatientWithIdentity> {
    return this.scope.transaction(async (tx) => {
      const patient = await this.find(tx, id);
      await refuseMerged(tx, patient);
      return this.show(tx, patient);
    });
  }

  async find({ db, hospital }: HospitalTransaction, id: string): Promise<Patient> {
    const patient = await db.findOneBy(Patient, { id, hospitalId: hospital.id });
    if (!patient) throw notFound('patient', id);
    return patient;
  }

  /** Patients by mrn after the mrn `after`; one more than `limit` says that there are more. */
  async list(
    limit: number,
    after: string | undefined,
    mrn: string | undefined,
  ): Promise<PatientWithIdentity[]> {
    return this.scope.transaction(async (tx) => {
      if (mrn !== undefined) return this.found(tx, limit, after, { mrn });
      return this.page(tx, await byMrn(tx, limit, after).getMany(), limit);
    });
  }

  /** Like `list`, for patients who match every given search term. */
  async search(
    limit: number,
    after: string | undefined,
    wanted: Wanted & { readonly mrn?: string },
  ): Promise<PatientWithIdentity[]> {
    return this.scope.transaction((tx) => this.found(tx, limit, after, wanted));
  }

  private async found(
    tx: HospitalTransaction,
    limit: number,
    after: string | undefined,
    wanted: Wanted & { readonly mrn?: string },
  ): Promise<PatientWithIdentity[]> {
    const ids = await patientsFound(tx, [await searchConditions(tx, wanted)], { limit: limit + 1, after });
    const patients = await tx.db.find(Patient, {
      where: { hospitalId: tx.hospital.id, id: In(ids) },
      order: { mrn: 'ASC' },
    });
    return this.page(tx, patients, limit);
  }

  /**
   * All active events and the `MOST_VOIDED_SHOWN` latest voided ones, in the order in which they were recorded; also of a
   * merged record.
   */
  async history(patientId: string): Promise<readonly ClinicalEvent[]> {
    return this.scope.transaction(async (tx) => {
      await this.find(tx, patientId);
      const where = { patientId, hospitalId: tx.hospital.id };
      const order = { recordedAt: 'DESC', id: 'DESC' } as const;
      const active = await tx.db.findBy(ClinicalEvent, { ...where, voidedAt: IsNull() });
      const voided = await tx.db.find(ClinicalEvent, {
        ...{ where: { ...where, voidedAt: Not(IsNull()) }, order, take: MOST_VOIDED_SHOWN },
      });
      const inOrder = (a: ClinicalEvent, b: ClinicalEvent): number =>
        a.recordedAt.getTime() - b.recordedAt.getTime() || (a.id < b.id ? -1 : 1);
      return openEvents(tx, [...active, ...voided].sort(inOrder));
    });
  }

  async show(tx: HospitalTransaction, patient: Patient): Promise<PatientWithIdentity> {
    const identities = await shownIdentities(tx, [patient]);
    const nurses = await nursesOf(tx, [patient]);
    const counts = await countToJudge(tx, [patient.id]);
    return {
      patient,
      identity: identities.get(patient.id) ?? null,
      nurse: nurses.get(patient.id) ?? null,
      toJudge: counts.get(patient.id) ?? 0,
    };
  }

  /** The found patients with their identities. The audit entry leaves out the extra one beyond the limit. */
  private async page(
    tx: HospitalTransaction,
    found: readonly Patient[],
    limit: number,
  ): Promise<PatientWithIdentity[]> {
    const page = found.slice(0, limit);
    showOnly(page);
    const identities = await shownIdentities(tx, page);
    const nurses = await nursesOf(tx, page);
    const counts = await countToJudge(
      tx,
      page.map(({ id }) => id),
    );
    return found.map((patient) => ({
      patient,
      identity: identities.get(patient.id) ?? null,
      nurse: nurses.get(patient.id) ?? null,
      toJudge: counts.get(patient.id) ?? 0,
    }));
  }

  /**
   * The patient, locked until the transaction ends, so that changes to one history wait for each other. Refuses (409)
   * an erased patient unless `evenErased` is set, and a record that was merged into another one unless `evenMerged` is.
   */
  async lock(
    tx: HospitalTransaction,
    id: string,
    { evenErased = false, evenMerged = false } = {},
  ): Promise<Patient> {
    const { db, hospital } = tx;
    const patient = await db.findOne(Patient, {
      where: { id, hospitalId: hospital.id },
      lock: LOCKED_PATIENT,
    });
    if (!patient) throw notFound('patient', id);
    if (patient.erasedAt !== null && !evenErased)
      throw new DomainError('conflict', 'patient-erased', msg('patient-erased'));
    if (!evenMerged) await refuseMerged(tx, patient);
    return patient;
  }

  /** Corrects a locked patient. Refuses a taken mrn, contradictory dates, and a patient whom the caller could not see afterwards. */
  async correct(
    tx: HospitalTransaction,
    patient: Patient,
    correction: PatientCorrection,
  ): Promise<{ readonly corrected: Patient; readonly possible: PossibleDuplicates }> {
    const before = { ...patient, ...(await revealIdentities(tx, [patient])).get(patient.id) };
    const corrected = { ...before, ...correction };
    if (correction.responsibleNurse !== undefined && corrected.responsibleNurse !== before.responsibleNurse)
      corrected.responsiblePersonId = await personMeant(tx, corrected.responsibleNurse);
    refuseOutOfReach(tx.caller, corrected);
    const possible = await refuseWrongIdentity(tx, before, corrected);
    const events = (await activeEvents(tx, [patient.id])).get(patient.id) ?? [];
    refuseFaults(factsOf(corrected, events), tx);
    const { mrn } = corrected;
    const identityShared = corrected.identityNumber === before.identityNumber && before.identityShared;
    const [sealed] = await sealIdentities(tx, [{ ...corrected, identityShared }]);
    const {
      sex,
      birthDate,
      diagnosisDate,
      enrolledOn,
      responsibleNurse,
      department,
      ward,
      group,
      distanceKm,
    } = corrected;
    const written = {
      mrn,
      sex,
      birthDate,
      diagnosisDate,
      enrolledOn,
      responsibleNurse,
      ...{ department, ward, group, distanceKm },
      ...sealed,
    };
    const which = { id: patient.id, hospitalId: tx.hospital.id };
    await tx.db.update(Patient, which, written);
    return { corrected: await this.find(tx, patient.id), possible };
  }

  /**
   * Adds one fact to a locked patient's history, whose events were read under the lock. Idempotent: for a fact that is
   * recorded already it returns the recorded event.
   */
  async append(
    tx: HospitalTransaction,
    patient: Patient,
    input: ClinicalEventInput | ClinicalFact,
    events: readonly ClinicalEvent[],
  ): Promise<ClinicalEvent> {
    const history = new EventHistory(patient, events, tx.hospital.guideline);
    const measured = readableEvent(tx, input, history);
    const same = history.same(measured.fact);
    if (same) return same;
    refuseTooMany(history, measured.fact);
    refuseDoubts(measured);
    refuseNewFaults(history, measured.fact, tx.today);
    const event = eventOf(patient, measured.fact, tx, measured);
    const assessed = withRiseReasons(tx.hospital, [...events, event], event.date);
    const added = assessed.find(({ id }) => id === event.id) ?? event;
    await insertEvents(tx, [added]);
    await updateReasons(
      tx,
      assessed.filter(({ id }) => id !== event.id),
    );
    return added;
  }

  /** Voids a wrong event of a locked patient. Idempotent. */
  async void(
    tx: HospitalTransaction,
    patient: Patient,
    eventId: string,
    reason: string,
  ): Promise<ClinicalEvent> {
    const { db, hospital, now, caller } = tx;
    const which = { id: eventId, patientId: patient.id, hospitalId: hospital.id };
    const [event] = await openEvents(tx, await db.findBy(ClinicalEvent, which));
    if (!event) throw notFound('event', eventId);
    if (event.voidedAt !== null) return event;
    const voided = { voidedAt: now, voidedBy: caller.name };
    await db.update(
      ClinicalEvent,
      { id: eventId, hospitalId: hospital.id },
      { ...voided, voidReason: await sealVoidReason(tx, eventId, reason) },
    );
    if (valuesOf(event.detail).length > 0) {
      const others = (await activeEvents(tx, [patient.id])).get(patient.id) ?? [];
      await updateReasons(tx, withRiseReasons(hospital, others, event.date));
    }
    return { ...event, ...voided, voidReason: reason };
  }
}

/** Checks identity fields that the correction changes. Unchanged fields were accepted before and are not checked again. */
async function refuseWrongIdentity(
  tx: HospitalTransaction,
  before: Patient,
  corrected: Patient,
): Promise<PossibleDuplicates> {
  const changes = (...fields: (keyof Patient)[]): boolean =>
    fields.some((field) => before[field] !== corrected[field]);
  if (changes('identityNumber', 'birthDate', 'sex')) refuseContradictions(corrected);
  return refuseDuplicate(tx, corrected, [
    ...(changes('mrn') ? (['mrn'] as const) : []),
    ...(changes('identityNumber') ? (['identity-number'] as const) : []),
  ]);
}

function refuseContradictions(patient: Pick<Patient, 'identityNumber' | 'birthDate' | 'sex'>): void {
  const faults = contradictionsOf(patient);
  if (faults.length > 0)
    throw invalid(
      'identity-number-differs',
      msg('identity-number-differs', { faults: faults.map(({ message }) => message) }),
      faults,
    );
}

function byMrn(
  { db, hospital }: HospitalTransaction,
  limit: number,
  after: string | undefined,
): SelectQueryBuilder<Patient> {
  const query = db
    .createQueryBuilder(Patient, 'patient')
    .where('patient.hospitalId = :id AND patient.mergedInto IS NULL', { id: hospital.id })
    .orderBy('patient.mrn')
    .limit(limit + 1);
  return after === undefined ? query : query.andWhere('patient.mrn > :after', { after });
}

/** The patient of the input, with the identity in clear, which must be sealed before saving. */
export function patientOf(input: PatientInput, { hospital, today, now }: HospitalTransaction): Patient {
  return {
    id: uuidv7(),
    hospitalId: hospital.id,
    mrn: input.mrn,
    name: input.name,
    sex: input.sex,
    birthDate: input.birthDate,
    diagnosisDate: input.diagnosisDate,
    phone: input.phone ?? null,
    identityNumber: input.identityNumber ?? null,
    blindIndex: null,
    identityShared: false,
    responsibleNurse: input.responsibleNurse ?? null,
    responsiblePersonId: null,
    department: input.department ?? null,
    ward: input.ward ?? null,
    group: input.group ?? null,
    distanceKm: input.distanceKm ?? null,
    profile: input.policy?.profile ?? null,
    liverImaging: input.policy?.liverImaging ?? null,
    enrolledOn: input.enrolledOn ?? today,
    replanOn: null,
    undecidedSince: today, // until an event begins a follow-up
    policyVersion: hospital.policyVersion,
    plannerRevision: PLANNER_REVISION,
    erasedAt: null,
    erasedBy: null,
    erasureGround: null,
    mergedInto: null,
    createdAt: now,
  };
}

/** Refuses (422) facts that contradict themselves, or lie in the future. */
export function refuseFaults(facts: PatientFacts, { today, hospital }: HospitalTransaction): void {
  const faults = faultsOf(facts, today, hospital.guideline ?? {});
  if (faults.length > 0)
    throw invalid(
      'contradictory-dates',
      msg('contradictory-dates', { faults: faults.map(({ message }) => message) }),
      faults,
    );
}

/** Refuses the event that would make the history contradict itself, naming the event's own date. */
function refuseNewFaults(history: EventHistory, added: ClinicalFact, today: CalendarDate): void {
  const faults = history.faultsWith(added, today);
  if (faults.length === 0) return;
  const named = faults.map(({ code, message }) => ({ pointer: '/date', code, message }));
  throw invalid(
    'contradictory-dates',
    msg('contradictory-dates', { faults: named.map(({ message }) => message) }),
    named,
  );
}
