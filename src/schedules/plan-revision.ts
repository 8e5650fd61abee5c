import { Any } from 'typeorm';
import type { CalendarDate } from '../guideline/calendar.js';
import { asksForDecision } from '../guideline/flags.js';
import { type Plan, PLANNER_REVISION } from '../guideline/planner.js';
import type { PlannedItem } from '../guideline/planned-item.js';
import { versionedId } from '../guideline/published/index.js';
import type { Patient } from '../patients/patient.entity.js';
import { inTurns } from '../platform/turns.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { remindersInVersions, underPolicyInForce, underVersion } from '../tenancy/policy-versions.js';
import { insertItems, updateItems } from './item-rows.js';
import {
  computeInThisThread,
  type ComputePlans,
  nextPlanning,
  type PlanFacts,
  planBasisFor,
  type PlanTask,
  planTask,
  storedTask,
} from './plan-basis.js';
import { type ListableItem, nextDueOf } from './next-due.js';
import { notePlans } from './plan-diffs-seen.js';
import { type DecisionsByPatient, type FactsBefore, planFacts } from './plan-facts.js';
import { type PlanDiff, reconcile, type Reconciliation } from './reconcile.js';
import { hasStalePlan } from './stale-plans.js';
import { updateSteps } from './steps-of-plan.js';
import { itemEvent, mayBeKnown, type NewSurveillanceEvent, recordEvents } from './surveillance-events.js';
import { SurveillanceItem } from './surveillance-item.entity.js';

export interface RevisionOptions {
  /** By default, this thread computes the plans. */
  readonly compute?: ComputePlans;
  /** By default, the facts have not changed since the stored plans were computed; only time or policy have. */
  readonly before?: FactsBefore;
  /** Those of all patients, if the caller has read them under the lock and the change is none of them. */
  readonly decisions?: DecisionsByPatient;
}

/** The plans of one patient to compute: the new one and the stored one, of which items may have no row. */
interface Revision {
  readonly patient: Patient;
  readonly task: PlanTask;
  readonly before: PlanTask | null;
}

/** See `SchedulesService.revise`. */
export async function revisePlans(
  given: HospitalTransaction,
  patients: readonly Patient[],
  causeEventId: string | null,
  { compute = computeInThisThread, before = (now) => now, decisions }: RevisionOptions,
): Promise<PlanDiff> {
  const tx = await underPolicyInForce(given);
  const { db, hospital } = tx;
  const ids = patients.map(({ id }) => id);
  // An erased patient has no plan. Only the version in the patient's row is updated.
  const planned = (await planFacts(tx, patients, decisions)).filter(
    ({ patient }) => patient.erasedAt === null,
  );
  const versions = new Set(patients.map(({ policyVersion }) => policyVersion));
  const stored = await itemsByPatient(tx, ids);
  const remindersBefore = await remindersInVersions(tx, versions);
  const revisions = await revisionsOf(tx, planned, { before, stored });
  const plans = await computeAll(revisions, compute);

  const outcomes = new Map<string, PlanningOutcome>();
  const dueDates = new Map<string, CalendarDate | null>();
  const events: NewSurveillanceEvent[] = [];
  const reconciled = await inTurns(plans, ({ patient, task, plan, before: itemsBefore }) => {
    if (!isMerged(patient))
      outcomes.set(patient.id, {
        replanOn: nextPlanning(plan, task, patient.id),
        isUndecided: asksForDecision(plan, task.guideline, task.facts.events),
      });
    const rows = stored.get(patient.id) ?? [];
    const reconciliation = reconcile(rows, plan, {
      hospitalId: hospital.id,
      patientId: patient.id,
      guideline: versionedId(task.guideline),
      today: task.today,
      reminders: hospital.policy.reminders,
      remindersBefore: remindersBefore.get(patient.policyVersion) ?? hospital.policy.reminders,
      causeEventId,
      before: itemsBefore,
    });
    events.push(...planEvents(tx, patient, reconciliation));
    dueDates.set(patient.id, nextDueOf(rowsAfter(rows, reconciliation)));
    notePlans(patient.id, { before: itemsBefore, after: plan.items });
    return reconciliation;
  });

  // Before the items: the triggers that keep the next due date would update the patient's row once more.
  await recordPlanning(tx, ids, { outcomes, dueDates });
  await insertItems(
    db,
    reconciled.flatMap(({ insert }) => insert),
  );
  await updateItems(
    db,
    reconciled.flatMap(({ update }) => update.map(([, after]) => after)),
  );
  await updateSteps(tx, planned, stored);
  await recordEvents(tx, events);
  return reconciled.map(({ change }) => change).reduce(sum, { added: 0, moved: 0, cancelled: 0, kept: 0 });
}

/** The plan of a record that was merged into another one. The follow-up continues in the other record. */
const NOTHING_PLANNED: Plan = { items: [], flags: [], runs: [], validUntil: null };
const isMerged = ({ mergedInto }: Patient): boolean => mergedInto !== null;

async function revisionsOf(
  tx: HospitalTransaction,
  planned: readonly PlanFacts[],
  {
    before,
    stored,
  }: {
    readonly before: FactsBefore;
    readonly stored: ReadonlyMap<string, readonly SurveillanceItem[]>;
  },
): Promise<Revision[]> {
  const versions = new Map<number, HospitalTransaction>();
  const revisions: Revision[] = [];
  for (const facts of planned) {
    const { patient, decisions } = facts;
    const { policyVersion } = patient;
    const then = versions.get(policyVersion) ?? (await underVersion(tx, policyVersion));
    versions.set(policyVersion, then);
    const factsThen = before(facts);
    const basis = planBasisFor(factsThen.patient, factsThen.decisions, then);
    revisions.push({
      patient,
      task: planTask(planBasisFor(patient, decisions, tx), facts),
      before: isMerged(factsThen.patient)
        ? null
        : storedTask(basis, factsThen, { patient, hasRows: (stored.get(patient.id) ?? []).length > 0 }),
    });
  }
  return revisions;
}

async function computeAll(
  revisions: readonly Revision[],
  compute: ComputePlans,
): Promise<{ patient: Patient; task: PlanTask; plan: Plan; before: readonly PlannedItem[] }[]> {
  const earlier = revisions.flatMap(({ before }) => (before === null ? [] : [before]));
  const plans = await compute([...revisions.map(({ task }) => task), ...earlier]);
  const plansBefore = plans.slice(revisions.length).values();
  return revisions.map(({ patient, task, before }, index) => {
    const plan = isMerged(patient) ? NOTHING_PLANNED : plans[index];
    if (plan === undefined) throw new Error('There are fewer plans than patients.');
    const items = before === null ? [] : (plansBefore.next().value?.items ?? []);
    return { patient, task, plan, before: items };
  });
}

/** The rows of the items under the new plan. */
function rowsAfter(
  rows: readonly SurveillanceItem[],
  { insert, update }: Reconciliation,
): Iterable<ListableItem> {
  const byId = new Map<string, ListableItem>(rows.map((row) => [row.id, row]));
  for (const [before, after] of update) byId.set(after.id, { ...byId.get(before.id), ...after });
  return [...byId.values(), ...insert];
}

/** The results of planning that are stored in the patient's row. */
interface PlanningOutcome {
  readonly replanOn: CalendarDate | null;
  /** Whether a clinician has to decide how the follow-up continues. */
  readonly isUndecided: boolean;
}

/**
 * Stores for each patient the versions by which the plan was computed, the day on which to compute it again, since when a
 * clinician has to decide, and the first due date of the new plan, where there is one. A patient without an outcome has no
 * plan.
 */
async function recordPlanning(
  { db, hospital, today }: HospitalTransaction,
  ids: readonly string[],
  {
    outcomes,
    dueDates,
  }: {
    readonly outcomes: ReadonlyMap<string, PlanningOutcome>;
    readonly dueDates: ReadonlyMap<string, CalendarDate | null>;
  },
): Promise<void> {
  await db.query(
    `UPDATE patient SET replan_on = new.replan_on, policy_version = $5, planner_revision = $6,
            undecided_since = CASE WHEN new.undecided THEN coalesce(patient.undecided_since, $7) END,
            next_due = CASE WHEN new.dated THEN new.next_due ELSE patient.next_due END
       FROM unnest($2::uuid[], $3::date[], $4::boolean[], $8::date[], $9::boolean[]) AS new(id, replan_on, undecided, next_due, dated)
      WHERE patient.hospital_id = $1 AND patient.id = new.id
        AND (patient.replan_on IS DISTINCT FROM new.replan_on OR patient.policy_version <> $5
             OR patient.planner_revision <> $6 OR (patient.undecided_since IS NOT NULL) <> new.undecided
             OR new.dated AND patient.next_due IS DISTINCT FROM new.next_due)`,
    [
      ...[hospital.id, ids, ids.map((id) => outcomes.get(id)?.replanOn ?? null)],
      ids.map((id) => outcomes.get(id)?.isUndecided ?? false),
      ...[hospital.policyVersion, PLANNER_REVISION, today],
      ...[ids.map((id) => dueDates.get(id) ?? null), ids.map((id) => dueDates.has(id))],
    ],
  );
}

/** The surveillance events of one patient's new plan: one for each changed item with a row, and one for the plan. */
function planEvents(
  { today, hospital }: HospitalTransaction,
  patient: Patient,
  { changes, change }: Reconciliation,
): NewSurveillanceEvent[] {
  const patientId = patient.id;
  const wasStale = hasStalePlan(patient, hospital);
  const events = changes.flatMap(([before, after]) => {
    const isKnown = !wasStale || mayBeKnown(before, today, hospital.policy.reminders);
    const event = isKnown ? itemEvent(before, after, today) : null;
    return event === null ? [] : [event];
  });
  const changed = change.added + change.moved + change.cancelled > 0;
  return changed ? [...events, { type: 'surveillance.plan.changed', patientId, data: change }] : events;
}

async function itemsByPatient(
  { db, hospital }: HospitalTransaction,
  patientIds: readonly string[],
): Promise<Map<string, SurveillanceItem[]>> {
  const byPatient = new Map(patientIds.map((id) => [id, [] as SurveillanceItem[]]));
  const items = await db
    .createQueryBuilder(SurveillanceItem, 'item')
    .addSelect('item.overtakenOn')
    .where({ hospitalId: hospital.id, patientId: Any(patientIds) })
    .getMany();
  for (const item of items) byPatient.get(item.patientId)?.push(item);
  return byPatient;
}

const sum = (a: PlanDiff, b: PlanDiff): PlanDiff => ({
  added: a.added + b.added,
  moved: a.moved + b.moved,
  cancelled: a.cancelled + b.cancelled,
  kept: a.kept + b.kept,
});
