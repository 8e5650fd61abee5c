import { Injectable } from '@nestjs/common';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { DomainError, invalid, notFound } from '../platform/domain-error.js';
import type { CalendarDate } from '../guideline/calendar.js';
import { determinesNextDate, outcomesOf, type WithActivities } from '../guideline/activities.js';
import type { ClinicalFact } from '../guideline/facts.js';
import type { PlanFlag } from '../guideline/flags.js';
import type { Guideline } from '../guideline/guideline.js';
import { examFact, isOutcomeOf } from '../guideline/recorded-exam.js';
import { activityTitle, outcomeTitle, withCode } from '../guideline/vocabulary.js';
import type { ClinicalEvent } from '../patients/clinical-event.entity.js';
import { type ClinicalEventInput, readEvent } from '../patients/clinical-event-input.js';
import { reportOf } from '../patients/exam-report.js';
import { Patient } from '../patients/patient.entity.js';
import type { PatientCorrection } from '../patients/patient-input.js';
import type { PossibleDuplicates } from '../patients/possible-duplicates.js';
import { LOCKED_PATIENT, PatientsService, type PatientWithIdentity } from '../patients/patients.service.js';
import { openReasonsOf, type ReasonOfExam } from '../patients/to-judge.js';
import type { CompletionInput } from './completion-input.js';
import { activeDecisions } from './decision-rows.js';
import { findItem, itemOf, patientsOf } from './item-look-up.js';
import { insertItems } from './item-rows.js';
import { type PlanBasis, type PlanFacts, storedPlanBasis } from './plan-basis.js';
import { factsBefore, planFactsOf, thoseBefore } from './plan-facts.js';
import { type RevisionOptions, revisePlans } from './plan-revision.js';
import type { ItemRow } from './planned-row.js';
import { type PlanDiff, reminderOf } from './reconcile.js';
import { hasStalePlan } from './stale-plans.js';
import { SurveillanceItem } from './surveillance-item.entity.js';
import { storedPlan } from './stored-plan.js';
import { computePlanAndGaps, type SwitchedOffRule } from './switched-off.js';
import { unassignedEvents } from './unassigned.js';
import { msg } from '../platform/messages/dictionary.js';

/** One patient's schedule as of the hospital's today. */
export interface Schedule extends PlanBasis {
  readonly items: readonly ItemRow[];
  /** The guidelines that planned the items, by name. */
  readonly guidelines: ReadonlyMap<string, Guideline>;
  readonly flags: readonly PlanFlag[];
  /** Recorded examinations that fulfil no item. */
  readonly unassigned: readonly ClinicalEvent[];
  /** What a clinician has to judge, the latest first. */
  readonly toJudge: readonly ReasonOfExam[];
  readonly switchedOff: readonly SwitchedOffRule[];
}

/** An event and the changes that it made to the plan. */
export interface Recorded {
  readonly event: ClinicalEvent;
  readonly plan: PlanDiff;
}

/** A recorded exam and the item that it completed. */
export interface Completed extends Recorded, PlanBasis {
  readonly item: SurveillanceItem;
  readonly guidelines: ReadonlyMap<string, Guideline>;
}

/** Records facts about patients and keeps their stored plans consistent with the guideline. */
@Injectable()
export class SchedulesService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
  ) {}

  /**
   * Records an event and updates the plan in one transaction. Idempotent. `forDue`: the exam was done for the item due on
   * that day, as another record of it says.
   */
  async recordEvent(patientId: string, input: ClinicalEventInput, forDue?: CalendarDate): Promise<Recorded> {
    return this.scope.transaction(async (tx) => {
      const patient = await this.patients.lock(tx, patientId);
      const before = await planFactsOf(tx, patient);
      const recorded = readEvent(input, tx.hospital.guideline);
      const fact = forDue === undefined ? recorded : { ...recorded, forDue };
      const event = await this.patients.append(tx, patient, fact, before.events);
      return { event, plan: await this.revise(tx, [patient], event.id, sinceEvent(before)) };
    });
  }

  /** Corrects a patient's data and updates the plan in one transaction. */
  async correct(
    patientId: string,
    correction: PatientCorrection,
  ): Promise<{
    readonly shown: PatientWithIdentity;
    readonly possible: PossibleDuplicates;
    readonly plan: PlanDiff;
  }> {
    return this.scope.transaction(async (tx) => {
      const patient = await this.patients.lock(tx, patientId);
      const before = await factsBefore(tx, patient);
      const { corrected, possible } = await this.patients.correct(tx, patient, correction);
      const plan = await this.revise(tx, [corrected], null, { before });
      return { shown: await this.patients.show(tx, corrected), possible, plan };
    });
  }

  /** Voids an event and updates the plan in one transaction. */
  async voidEvent(patientId: string, eventId: string, reason: string): Promise<Recorded> {
    return this.scope.transaction(async (tx) => {
      const patient = await this.patients.lock(tx, patientId);
      const before = await planFactsOf(tx, patient);
      const event = await this.patients.void(tx, patient, eventId, reason);
      return { event, plan: await this.revise(tx, [patient], event.id, sinceEvent(before)) };
    });
  }

  /** One item and the basis of its plan. */
  async item(itemId: string): Promise<PlanBasis & { readonly item: ItemRow }> {
    return this.scope.transaction(async (tx) => {
      const item = await findItem(tx, itemId);
      if (!item) throw notFound('item', itemId);
      const patient = await this.patients.find(tx, item.patientId);
      const decisions = await activeDecisions(tx, [patient.id]);
      const planning = await storedPlanBasis(patient, decisions.get(patient.id) ?? [], tx);
      // An item that was completed under another guideline is explained by that one.
      return {
        item,
        ...planning,
        guideline: (await tx.guidelines.find(item.guideline)) ?? planning.guideline,
      };
    });
  }

  /**
   * Returns the item and its patient, and locks the patient until the transaction ends. A stale plan is computed again
   * first, because people act on the plan by the policy in force. An item without a row gets one.
   */
  async lockItem(
    tx: HospitalTransaction,
    itemId: string,
  ): Promise<{ readonly patient: Patient; readonly item: SurveillanceItem }> {
    const found = await findItem(tx, itemId);
    if (!found) throw await this.missingItem(tx, itemId);
    const { patientId } = found;
    const locked = await this.patients.lock(tx, patientId);
    const isStale = hasStalePlan(locked, tx.hospital);
    if (isStale) await this.revise(tx, [locked], null);
    const patient = isStale ? await this.patients.find(tx, patientId) : locked;
    return { patient, item: await itemWithRow(tx, patientId, itemId) };
  }

  /**
   * The refusal of an item that no plan has: not found, or cancelled if its patient exists. Throws the refusal (409)
   * of an erased or merged patient.
   */
  private async missingItem(tx: HospitalTransaction, itemId: string): Promise<DomainError> {
    const patientIds = await patientsOf(tx, itemId);
    for (const id of patientIds) await this.patients.lock(tx, id);
    return patientIds.length > 0 ? itemCancelled() : notFound('item', itemId);
  }

  /**
   * Records the exam of an item and completes the item. The same date again changes nothing. Another date is refused
   * (409, `already-completed`).
   */
  async complete(itemId: string, input: CompletionInput): Promise<Completed> {
    return this.scope.transaction((tx) => this.completeWithin(tx, itemId, input));
  }

  /** The same in a running transaction. */
  async completeWithin(tx: HospitalTransaction, itemId: string, input: CompletionInput): Promise<Completed> {
    const { db, hospital } = tx;
    const { patient, item } = await this.lockItem(tx, itemId);
    refuseCompletion(item, input);
    const before = await planFactsOf(tx, patient);
    const planned = (await tx.guidelines.find(item.guideline)) ?? {};
    const event = await this.patients.append(tx, patient, examOf(item, input, planned), before.events);
    if (item.state === 'completed' && item.completedByEventId !== event.id) throw alreadyCompleted(item);
    const plan = await this.revise(tx, [patient], event.id, sinceEvent(before));
    const after = await db.findOneByOrFail(SurveillanceItem, { id: itemId, hospitalId: hospital.id });
    const decisions = (await activeDecisions(tx, [patient.id])).get(patient.id) ?? [];
    const revised = await this.patients.find(tx, patient.id);
    const guidelines = await guidelinesOf(tx, [after]);
    return { event, plan, item: after, guidelines, ...(await storedPlanBasis(revised, decisions, tx)) };
  }

  /** The schedule of one patient without cancelled items, by due date and activity. */
  async schedule(patientId: string): Promise<Schedule> {
    return this.scope.transaction(async (tx) => {
      const { patient, items, events, decisions, planning } = await storedPlan(tx, patientId);
      const { plan, switchedOff } = computePlanAndGaps(planning, { patient, events, decisions });
      const unassigned = unassignedEvents(events, items, planning.guideline);
      return {
        ...planning,
        items,
        guidelines: await guidelinesOf(tx, items),
        flags: plan.flags,
        unassigned,
        toJudge: events.flatMap((event) => openReasonsOf(event, planning.guideline)).sort(latestFirst),
        switchedOff,
      };
    });
  }

  /**
   * Computes the plans of these patients by the policy in force and updates the stored items. The caller has locked the
   * patients, and passes the facts before the change (`factsBefore`). Four reads and at most six writes, regardless of
   * the number of patients.
   */
  async revise(
    tx: HospitalTransaction,
    patients: readonly Patient[],
    causeEventId: string | null,
    options: RevisionOptions = {},
  ): Promise<PlanDiff> {
    return revisePlans(tx, patients, causeEventId, options);
  }

  /**
   * Computes the outdated plans again: those whose horizon is near, and those that assume an exam that was not done.
   * Works on at most `limit` patients and returns their number.
   */
  async reviseOutdated(limit: number): Promise<number> {
    return this.scope.transaction(async (tx) => {
      const patients = await tx.db
        .createQueryBuilder(Patient, 'patient')
        .where('patient.hospitalId = :id AND patient.replanOn <= :today', {
          id: tx.hospital.id,
          today: tx.today,
        })
        .orderBy('patient.replanOn')
        .limit(limit)
        .setLock(LOCKED_PATIENT.mode)
        .setOnLocked('skip_locked')
        .getMany();
      if (patients.length > 0) await this.revise(tx, patients, null);
      return patients.length;
    });
  }
}

/** For a revision after an event: it changes no decision. */
const sinceEvent = (before: PlanFacts): RevisionOptions => ({
  before: thoseBefore(before),
  decisions: new Map([[before.patient.id, before.decisions]]),
});

const guidelinesOf = (
  { guidelines }: HospitalTransaction,
  items: readonly ItemRow[],
): Promise<ReadonlyMap<string, Guideline>> => guidelines.named(items.map(({ guideline }) => guideline));

/**
 * The row of an item of a locked patient, inserted if it is missing. Refuses (409) an item that the plan does not
 * have.
 */
async function itemWithRow(
  tx: HospitalTransaction,
  patientId: string,
  itemId: string,
): Promise<SurveillanceItem> {
  const which = { id: itemId, hospitalId: tx.hospital.id };
  const row = await tx.db.findOneBy(SurveillanceItem, which);
  if (row) return row;
  const item = itemOf(await storedPlan(tx, patientId), itemId);
  if (!item) throw itemCancelled();
  const { reminders } = tx.hospital.policy;
  const nextReminderOn = reminderOf(item, { today: tx.today, reminders });
  await insertItems(tx.db, [{ ...item, nextReminderOn }]);
  return tx.db.findOneByOrFail(SurveillanceItem, which);
}

const latestFirst = (a: ReasonOfExam, b: ReasonOfExam): number =>
  a.date < b.date ? 1 : a.date > b.date ? -1 : 0;

function refuseCompletion(item: SurveillanceItem, { date }: CompletionInput): void {
  if (item.state === 'cancelled') throw itemCancelled();
  if (item.state === 'completed' && item.completedOn !== date) throw alreadyCompleted(item);
}

const itemCancelled = (): DomainError => new DomainError('conflict', 'item-cancelled', msg('item-cancelled'));

const alreadyCompleted = ({ completedOn }: SurveillanceItem): DomainError =>
  new DomainError('conflict', 'already-completed', msg('already-completed', { date: completedOn ?? '' }));

/** The exam that completing an item records. Refuses (422) an outcome that the activity does not have. */
function examOf(item: SurveillanceItem, input: CompletionInput, guideline: WithActivities): ClinicalFact {
  if (!isOutcomeOf(item.activity, input.outcome, guideline))
    throw outcomeNotAllowed(item.activity, guideline);
  const { place, note, documents, laboratory, method, ...exam } = input;
  const report = reportOf({ place, note, documents, laboratory, method });
  return examFact(item.activity, { ...exam, report }, item.due, guideline);
}

function outcomeNotAllowed(activity: string, guideline: WithActivities): DomainError {
  const about = {
    activity: activityTitle(activity, guideline),
    known: outcomesOf(activity, guideline).map((code) => withCode(code, outcomeTitle(code))),
  };
  const message = determinesNextDate(activity, guideline)
    ? msg('outcome-of-activity-needed', about)
    : msg('outcomes-of-activity', about);
  return invalid('invalid-input', msg('invalid-input'), [
    { pointer: '/outcome', code: 'not-allowed', message },
  ]);
}
