import { Injectable } from '@nestjs/common';
import { Any } from 'typeorm';
import { HospitalScope, type HospitalTransaction } from '../access/hospital-scope.js';
import { underPolicyInForce, underVersion } from '../access/policy-versions.js';
import { DomainError, invalid, notFound } from '../domain-error.js';
import { addMonths, type CalendarDate } from '../guideline/calendar.js';
import type { ClinicalFact } from '../guideline/facts.js';
import type { Choices } from '../guideline/choices.js';
import type { Guideline } from '../guideline/guideline.js';
import { type Plan, planSurveillance, type PlanFlag } from '../guideline/planner.js';
import { findGuideline, versionedId } from '../guideline/published/index.js';
import { dayAfter, earlier, later } from '../guideline/slot.js';
import type { ClinicalEvent } from '../patients/clinical-event.entity.js';
import type { ClinicalEventInput } from '../patients/clinical-event-input.js';
import { Patient } from '../patients/patient.entity.js';
import { factsOf, PatientsService, standingEvents } from '../patients/patients.service.js';
import type { CompletionInput } from './completion-input.js';
import { insertItems, updateItems } from './item-rows.js';
import { type PlanChange, reconcile } from './reconcile.js';
import { storedPlan } from './stored-plan.js';
import { SurveillanceItem } from './surveillance-item.entity.js';

/** How far ahead a stored plan reaches at least, and when it is drawn further. */
const REACH_MONTHS = 24;
const EXTEND_BEFORE_MONTHS = 12;

/** By what, for whom and when a plan was drawn up. */
export interface Planning {
  readonly guideline: Guideline;
  readonly choices: Choices;
  readonly today: CalendarDate;
}

/** One patient's stored plan as of the hospital's today. */
export interface Schedule extends Planning {
  readonly items: readonly SurveillanceItem[];
  readonly flags: readonly PlanFlag[];
}

/** An event together with what it did to the plan. */
export interface Recorded {
  readonly event: ClinicalEvent;
  readonly plan: PlanChange;
}

/** A recorded examination and the item it was recorded for, as that stands now. */
export interface Completed extends Recorded, Planning {
  readonly item: SurveillanceItem;
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
      const event = await this.patients.append(tx, patient, input);
      return { event, plan: await this.revise(tx, [patient], event.id) };
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

  /**
   * Records the examination that an item asked for. Done is done: the same date again changes nothing,
   * another one is refused (`already-completed`).
   */
  async complete(itemId: string, input: CompletionInput): Promise<Completed> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital } = tx;
      const found = await db.findOneBy(SurveillanceItem, { id: itemId, hospitalId: hospital.id });
      if (!found) throw notFound('item', itemId);
      const patient = await this.patients.lock(tx, found.patientId);
      const item = await db.findOneByOrFail(SurveillanceItem, { id: itemId, hospitalId: hospital.id });
      refuseCompletion(item, input);
      const event = await this.patients.append(tx, patient, examinationOf(item, input));
      if (item.state === 'completed' && item.completedByEventId !== event.id) throw alreadyCompleted(item);
      const plan = await this.revise(tx, [patient], event.id);
      const after = await db.findOneByOrFail(SurveillanceItem, { id: itemId, hospitalId: hospital.id });
      const { policyVersion } = await tx.db.findOneByOrFail(Patient, {
        id: patient.id,
        hospitalId: hospital.id,
      });
      return { event, plan, item: after, ...planningFor(patient, await underVersion(tx, policyVersion)) };
    });
  }

  /** The stored plan of one patient, cancelled items left out, by due date and activity. */
  async schedule(patientId: string): Promise<Schedule> {
    return this.scope.transaction(async (tx) => {
      const { patient, items } = await storedPlan(tx, patientId);
      const events = (await standingEvents(tx.db, tx.hospital.id, [patientId])).get(patientId) ?? [];
      // While a new policy is being applied, the plan and its reasons still stand by the one before.
      const planning = planningFor(patient, await underVersion(tx, patient.policyVersion));
      const { guideline, choices, today } = planning;
      const { flags } = planSurveillance(guideline, factsOf(patient, events), choices, {
        asOf: today,
        until: today,
      });
      return { ...planning, items, flags };
    });
  }

  /**
   * Draws the plans of these patients up again, by the policy in force now, and brings what is stored in line.
   * The caller holds locks on the patients. Three reads and at most three writes, however many they are.
   */
  async revise(
    given: HospitalTransaction,
    patients: readonly Patient[],
    causeEventId: string | null,
  ): Promise<PlanChange> {
    const tx = await underPolicyInForce(given);
    const { db, hospital } = tx;
    const ids = patients.map(({ id }) => id);
    const events = await standingEvents(db, hospital.id, ids);
    const stored = await itemsByPatient(tx, ids);

    const replanOn: (CalendarDate | null)[] = [];
    const reconciled = patients.map((patient) => {
      const planning = planningFor(patient, tx);
      const { plan, until } = draw(planning, patient, events.get(patient.id) ?? []);
      replanOn.push(nextPlanning(plan, until));
      return reconcile(stored.get(patient.id) ?? [], plan, {
        hospitalId: hospital.id,
        patientId: patient.id,
        guideline: versionedId(planning.guideline),
        today: planning.today,
        leadDays: hospital.policy.reminders.leadDays,
        causeEventId,
      });
    });

    await insertItems(
      db,
      reconciled.flatMap(({ insert }) => insert),
    );
    await updateItems(
      db,
      reconciled.flatMap(({ update }) => update),
    );
    await db.query(
      `UPDATE patient SET replan_on = new.replan_on, policy_version = $4
         FROM unnest($2::uuid[], $3::date[]) AS new(id, replan_on)
        WHERE patient.hospital_id = $1 AND patient.id = new.id
          AND (patient.replan_on IS DISTINCT FROM new.replan_on OR patient.policy_version <> $4)`,
      [hospital.id, ids, replanOn, hospital.policyVersion],
    );
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
        .setLock('pessimistic_write')
        .setOnLocked('skip_locked')
        .getMany();
      if (patients.length > 0) await this.revise(tx, patients, null);
      return patients.length;
    });
  }
}

/** Draws one patient's plan up, as far ahead as a stored plan reaches. */
export function draw(
  { guideline, choices, today }: Planning,
  patient: Patient,
  events: readonly ClinicalEvent[],
): { plan: Plan; until: CalendarDate } {
  const facts = factsOf(patient, events);
  const newestClock = facts.events
    .filter(({ type }) => guideline.pathways.some(({ clock }) => clock.event === type))
    .reduce((newest, { date }) => later(newest, date), patient.birthDate);
  const until = later(addMonths(newestClock, 120), addMonths(today, REACH_MONTHS));
  return { plan: planSurveillance(guideline, facts, choices, { asOf: today, until }), until };
}

/** The first day on which a fresh plan could differ from this one; null when no follow-up is running. */
function nextPlanning(plan: Plan, until: CalendarDate): CalendarDate | null {
  if (plan.runs.every(({ end }) => end !== null)) return null;
  const extend = addMonths(until, -EXTEND_BEFORE_MONTHS);
  return plan.standsUntil === null ? extend : earlier(extend, dayAfter(plan.standsUntil));
}

/** By what a patient's plan is drawn up under the policy of the transaction. */
export function planningFor(
  { profile, liverImaging }: Patient,
  { hospital, today }: HospitalTransaction,
): Planning {
  const { policy } = hospital;
  const guideline = findGuideline(policy.guideline);
  if (!guideline)
    throw new Error(`Hospital ${hospital.id} names an unpublished guideline: ${policy.guideline}`);
  const choices = {
    profile: profile ?? policy.profile,
    liverImaging: liverImaging ?? policy.liverImaging,
    tolerances: policy.tolerances,
    rules: policy.rules,
  };
  return { guideline, choices, today };
}

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

const sum = (a: PlanChange, b: PlanChange): PlanChange => ({
  added: a.added + b.added,
  moved: a.moved + b.moved,
  cancelled: a.cancelled + b.cancelled,
  kept: a.kept + b.kept,
});

function refuseCompletion(item: SurveillanceItem, { date }: CompletionInput): void {
  if (item.state === 'cancelled')
    throw new DomainError(
      'conflict',
      'item-cancelled',
      'The item was cancelled; record the examination as an event of the patient instead.',
    );
  if (item.state === 'completed' && item.completedOn !== date) throw alreadyCompleted(item);
}

const alreadyCompleted = ({ completedOn }: SurveillanceItem): DomainError =>
  new DomainError(
    'conflict',
    'already-completed',
    `The item was completed on ${String(completedOn)}; void that event to correct it.`,
  );

/** The fact that completing an item records. A colonoscopy needs its finding, because the next one depends on it. */
function examinationOf(item: SurveillanceItem, { date, outcome, values }: CompletionInput): ClinicalFact {
  if (item.activity !== 'colonoscopy') {
    if (outcome === 'abnormal' || outcome === 'incomplete')
      throw outcomeNotAllowed('normal, suspicious or inconclusive');
    return { type: 'exam', date, activity: item.activity, outcome, values, forDue: item.due };
  }
  if (outcome !== 'normal' && outcome !== 'abnormal' && outcome !== 'incomplete')
    throw outcomeNotAllowed('normal, abnormal or incomplete, because the next one depends on it');
  return { type: 'colonoscopy', date, finding: outcome };
}

const outcomeNotAllowed = (allowed: string): DomainError =>
  invalid('invalid-input', 'Some fields are not right; each is named under errors.', [
    { pointer: '/outcome', code: 'not-allowed', message: `For this examination: ${allowed}.` },
  ]);
