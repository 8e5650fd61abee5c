import { Injectable } from '@nestjs/common';
import { Any } from 'typeorm';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { remindersInVersions, underPolicyInForce } from '../tenancy/policy-versions.js';
import { DomainError, invalid, notFound } from '../platform/domain-error.js';
import type { CalendarDate } from '../guideline/calendar.js';
import { determinesNextDate, outcomesOf, type WithActivities } from '../guideline/activities.js';
import type { ClinicalFact } from '../guideline/facts.js';
import type { PlanFlag } from '../guideline/flags.js';
import type { Guideline } from '../guideline/guideline.js';
import { versionedId } from '../guideline/published/index.js';
import { examFact, isOutcomeOf } from '../guideline/recorded-exam.js';
import { activityTitle } from '../guideline/vocabulary.js';
import type { ClinicalEvent } from '../patients/clinical-event.entity.js';
import { type ClinicalEventInput, readEvent } from '../patients/clinical-event-input.js';
import { Patient } from '../patients/patient.entity.js';
import type { PatientCorrection } from '../patients/patient-input.js';
import type { PossibleDuplicates } from '../patients/possible-duplicates.js';
import { LOCKED_PATIENT, PatientsService, type PatientWithIdentity } from '../patients/patients.service.js';
import { activeEvents } from '../patients/recorded-events.js';
import { type JudgedValue, valuesToJudgeOf } from '../patients/to-judge.js';
import type { CompletionInput } from './completion-input.js';
import { PLANNER_REVISION } from '../guideline/planner.js';
import { activeDecisions } from './decision-rows.js';
import { insertItems, updateItems } from './item-rows.js';
import {
  drawHere,
  type DrawPlans,
  nextPlanning,
  type PlanBasis,
  planBasisFor,
  planTask,
  storedPlanBasis,
} from './plan-basis.js';
import { type PlanDiff, reconcile, type Reconciliation } from './reconcile.js';
import { hasStalePlan } from './stale-plans.js';
import { type NewSurveillanceEvent, itemEvent, mayBeKnown, recordEvents } from './surveillance-events.js';
import { SurveillanceItem } from './surveillance-item.entity.js';
import { storedPlan } from './stored-plan.js';
import { drawPlanAndGaps, type SwitchedOffRule } from './switched-off.js';
import { unassignedEvents } from './unassigned.js';
import { msg } from '../platform/messages/dictionary.js';
import { inTurns } from '../platform/turns.js';

/** One patient's stored plan as of the hospital's today. */
export interface Schedule extends PlanBasis {
  readonly items: readonly SurveillanceItem[];
  /** By name, the guidelines under which the items were planned. */
  readonly guidelines: ReadonlyMap<string, Guideline>;
  readonly flags: readonly PlanFlag[];
  /** Recorded examinations that fulfil no item. */
  readonly unassigned: readonly ClinicalEvent[];
  /** Measured values that somebody has to judge. */
  readonly toJudge: readonly JudgedValue[];
  readonly switchedOff: readonly SwitchedOffRule[];
}

/** An event together with what it did to the plan. */
export interface Recorded {
  readonly event: ClinicalEvent;
  readonly plan: PlanDiff;
}

/** A recorded examination and the item it was recorded for, as that stands now. */
export interface Completed extends Recorded, PlanBasis {
  readonly item: SurveillanceItem;
  readonly guidelines: ReadonlyMap<string, Guideline>;
}

/** Keeps every patient's stored plan what the guideline makes of the recorded facts. */
@Injectable()
export class SchedulesService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
  ) {}

  /** Records an event and brings the plan in line, both or neither. Told twice, it changes nothing. */
  async recordEvent(patientId: string, input: ClinicalEventInput): Promise<Recorded> {
    return this.scope.transaction(async (tx) => {
      const patient = await this.patients.lock(tx, patientId);
      const recorded = readEvent(input, tx.hospital.guideline);
      const event = await this.patients.append(tx, patient, recorded);
      return { event, plan: await this.revise(tx, [patient], event.id) };
    });
  }

  /** Corrects what is written of a patient, and brings the plan in line. */
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
      const { corrected, possible } = await this.patients.correct(tx, patient, correction);
      const plan = await this.revise(tx, [corrected], null);
      return { shown: await this.patients.show(tx, corrected), possible, plan };
    });
  }

  /** Takes an event back, plan included. */
  async voidEvent(patientId: string, eventId: string, reason: string): Promise<Recorded> {
    return this.scope.transaction(async (tx) => {
      const patient = await this.patients.lock(tx, patientId);
      const event = await this.patients.void(tx, patient, eventId, reason);
      return { event, plan: await this.revise(tx, [patient], event.id) };
    });
  }

  /** One item with what decided about it. */
  async item(itemId: string): Promise<PlanBasis & { readonly item: SurveillanceItem }> {
    return this.scope.transaction(async (tx) => {
      const item = await tx.db.findOneBy(SurveillanceItem, { id: itemId, hospitalId: tx.hospital.id });
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
   * The item with its patient, who is locked until the transaction ends. The plan is first brought in line with the
   * policy in force, because people act on an item of the plan that holds from now on.
   */
  async lockItem(
    tx: HospitalTransaction,
    itemId: string,
  ): Promise<{ readonly patient: Patient; readonly item: SurveillanceItem }> {
    const which = { id: itemId, hospitalId: tx.hospital.id };
    const found = await tx.db.findOneBy(SurveillanceItem, which);
    if (!found) throw notFound('item', itemId);
    const patient = await this.patients.lock(tx, found.patientId);
    if (hasStalePlan(patient, tx.hospital)) await this.revise(tx, [patient], null);
    return { patient, item: await tx.db.findOneByOrFail(SurveillanceItem, which) };
  }

  /**
   * Records the examination that an item asked for. Done is done: the same date again changes nothing,
   * another one is refused (`already-completed`).
   */
  async complete(itemId: string, input: CompletionInput): Promise<Completed> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital } = tx;
      const { patient, item } = await this.lockItem(tx, itemId);
      refuseCompletion(item, input);
      const planned = (await tx.guidelines.find(item.guideline)) ?? {};
      const event = await this.patients.append(tx, patient, examOf(item, input, planned));
      if (item.state === 'completed' && item.completedByEventId !== event.id) throw alreadyCompleted(item);
      const plan = await this.revise(tx, [patient], event.id);
      const after = await db.findOneByOrFail(SurveillanceItem, { id: itemId, hospitalId: hospital.id });
      const decisions = (await activeDecisions(tx, [patient.id])).get(patient.id) ?? [];
      const revised = await this.patients.find(tx, patient.id);
      const guidelines = await guidelinesOf(tx, [after]);
      return { event, plan, item: after, guidelines, ...(await storedPlanBasis(revised, decisions, tx)) };
    });
  }

  /** The stored plan of one patient, cancelled items left out, by due date and activity. */
  async schedule(patientId: string): Promise<Schedule> {
    return this.scope.transaction(async (tx) => {
      const { patient, items } = await storedPlan(tx, patientId);
      const events = (await activeEvents(tx, [patientId])).get(patientId) ?? [];
      const decisions = (await activeDecisions(tx, [patientId])).get(patientId) ?? [];
      const planning = await storedPlanBasis(patient, decisions, tx);
      const { plan, switchedOff } = drawPlanAndGaps(planning, patient, events, decisions);
      const unassigned = unassignedEvents(events, items, planning.guideline);
      return {
        ...planning,
        items,
        guidelines: await guidelinesOf(tx, items),
        flags: plan.flags,
        unassigned,
        toJudge: events.flatMap(valuesToJudgeOf).sort(latestFirst),
        switchedOff,
      };
    });
  }

  /**
   * Draws the plans of these patients up again, by the policy in force now, and brings what is stored in line.
   * The caller holds locks on the patients. Four reads and at most four writes, however many they are.
   */
  async revise(
    given: HospitalTransaction,
    patients: readonly Patient[],
    causeEventId: string | null,
    draw: DrawPlans = drawHere,
  ): Promise<PlanDiff> {
    const tx = await underPolicyInForce(given);
    const { db, hospital } = tx;
    const ids = patients.map(({ id }) => id);
    const events = await activeEvents(tx, ids);
    const decisions = await activeDecisions(tx, ids);
    const stored = await itemsByPatient(tx, ids);
    const remindersBefore = await remindersInVersions(
      tx,
      new Set(patients.map(({ policyVersion }) => policyVersion)),
    );

    const replanOn = new Map<string, CalendarDate | null>();
    const news: NewSurveillanceEvent[] = [];
    // Of who was erased nothing is planned any more; their rows only follow the policy's version.
    const planned = patients.filter(({ erasedAt }) => erasedAt === null);
    const tasks = planned.map((patient) => {
      const decided = decisions.get(patient.id) ?? [];
      const task = planTask(
        planBasisFor(patient, decided, tx),
        patient,
        events.get(patient.id) ?? [],
        decided,
      );
      return { patient, task };
    });
    const plans = await draw(tasks.map(({ task }) => task));
    const reconciled = await inTurns([...tasks.entries()], ([index, { patient, task }]) => {
      const plan = plans[index];
      if (plan === undefined) throw new Error('There are fewer plans than patients.');
      replanOn.set(patient.id, nextPlanning(plan, task.until));
      const reconciliation = reconcile(stored.get(patient.id) ?? [], plan, {
        hospitalId: hospital.id,
        patientId: patient.id,
        guideline: versionedId(task.guideline),
        today: task.today,
        reminders: hospital.policy.reminders,
        remindersBefore: remindersBefore.get(patient.policyVersion) ?? hospital.policy.reminders,
        causeEventId,
      });
      news.push(...happened(tx, patient, reconciliation));
      return reconciliation;
    });

    await insertItems(
      db,
      reconciled.flatMap(({ insert }) => insert),
    );
    await updateItems(
      db,
      reconciled.flatMap(({ update }) => update.map(([, after]) => after)),
    );
    await recordEvents(tx, news);
    await recordPlanning(tx, ids, replanOn);
    return reconciled.map(({ change }) => change).reduce(sum, { added: 0, moved: 0, cancelled: 0, kept: 0 });
  }

  /**
   * Draws up anew the plans that time has overtaken: those whose horizon has come near, or that assumed
   * an examination which has not been done. Works on `limit` patients at most; answers on how many.
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

/** Writes down of each patient by what the plan was drawn, and when it is to be drawn again. */
async function recordPlanning(
  { db, hospital }: HospitalTransaction,
  ids: readonly string[],
  replanOn: ReadonlyMap<string, CalendarDate | null>,
): Promise<void> {
  await db.query(
    `UPDATE patient SET replan_on = new.replan_on, policy_version = $4, planner_revision = $5
       FROM unnest($2::uuid[], $3::date[]) AS new(id, replan_on)
      WHERE patient.hospital_id = $1 AND patient.id = new.id
        AND (patient.replan_on IS DISTINCT FROM new.replan_on OR patient.policy_version <> $4
             OR patient.planner_revision <> $5)`,
    [
      ...[hospital.id, ids, ids.map((id) => replanOn.get(id) ?? null)],
      ...[hospital.policyVersion, PLANNER_REVISION],
    ],
  );
}

/** What the new plan tells of one patient: what became of each item, and that the plan has changed. */
function happened(
  { today, hospital }: HospitalTransaction,
  patient: Patient,
  { update, change }: Reconciliation,
): NewSurveillanceEvent[] {
  const patientId = patient.id;
  const wasStale = hasStalePlan(patient, hospital);
  const events = update.flatMap(([before, after]) => {
    const isKnown = !wasStale || mayBeKnown(before, today, hospital.policy.reminders);
    const event = isKnown ? itemEvent(before, after, today) : null;
    return event === null ? [] : [event];
  });
  const changed = change.added + change.moved + change.cancelled > 0;
  return changed ? [...events, { type: 'surveillance.plan.changed', patientId, data: change }] : events;
}

const guidelinesOf = (
  { guidelines }: HospitalTransaction,
  items: readonly SurveillanceItem[],
): Promise<ReadonlyMap<string, Guideline>> => guidelines.named(items.map(({ guideline }) => guideline));

const latestFirst = (a: JudgedValue, b: JudgedValue): number =>
  a.date < b.date ? 1 : a.date > b.date ? -1 : 0;

async function itemsByPatient(
  { db, hospital }: HospitalTransaction,
  patientIds: readonly string[],
): Promise<Map<string, SurveillanceItem[]>> {
  const byPatient = new Map(patientIds.map((id) => [id, [] as SurveillanceItem[]]));
  for (const item of await db.findBy(SurveillanceItem, {
    hospitalId: hospital.id,
    patientId: Any(patientIds),
  })) {
    byPatient.get(item.patientId)?.push(item);
  }
  return byPatient;
}

const sum = (a: PlanDiff, b: PlanDiff): PlanDiff => ({
  added: a.added + b.added,
  moved: a.moved + b.moved,
  cancelled: a.cancelled + b.cancelled,
  kept: a.kept + b.kept,
});

function refuseCompletion(item: SurveillanceItem, { date }: CompletionInput): void {
  if (item.state === 'cancelled') throw new DomainError('conflict', 'item-cancelled', msg('item-cancelled'));
  if (item.state === 'completed' && item.completedOn !== date) throw alreadyCompleted(item);
}

const alreadyCompleted = ({ completedOn }: SurveillanceItem): DomainError =>
  new DomainError('conflict', 'already-completed', msg('already-completed', { date: completedOn ?? '' }));

/** The fact that completing an item records. Refuses (422) an outcome that exams of its activity do not have. */
function examOf(item: SurveillanceItem, input: CompletionInput, guideline: WithActivities): ClinicalFact {
  if (!isOutcomeOf(item.activity, input.outcome, guideline))
    throw outcomeNotAllowed(item.activity, guideline);
  return examFact(item.activity, input, item.due, guideline);
}

function outcomeNotAllowed(activity: string, guideline: WithActivities): DomainError {
  const about = { activity: activityTitle(activity, guideline), known: outcomesOf(activity, guideline) };
  const message = determinesNextDate(activity, guideline)
    ? msg('outcome-of-activity-needed', about)
    : msg('outcomes-of-activity', about);
  return invalid('invalid-input', msg('invalid-input'), [
    { pointer: '/outcome', code: 'not-allowed', message },
  ]);
}
