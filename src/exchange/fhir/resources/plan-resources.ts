import type { CarePlan, Extension, Period, Reference, ServiceRequest, Task } from 'fhir/r4.js';
import { addDays, type CalendarDate } from '../../../guideline/calendar.js';
import { numbersOfActivity } from '../../../guideline/clinical-kinds.js';
import { CLOSING_EVENTS } from '../../../guideline/facts.js';
import type { Guideline } from '../../../guideline/guideline.js';
import { NEVER, statusOn } from '../../../guideline/planned-item.js';
import { reasonFor, recommendationOf } from '../../../guideline/reason.js';
import { activityTitle } from '../../../guideline/vocabulary.js';
import { codingsOf, concept } from '../../../interop/fhir/codes.js';
import { startOfDay } from '../../../interop/fhir/date-range.js';
import { itemStatus } from '../../../interop/fhir/item-status.js';
import type { ItemRow } from '../../../schedules/planned-row.js';
import { positionOn } from '../../../worklist/steps/item-transitions.js';
import { activityCanonical, planCanonical } from './canonicals.js';
import { ownExtension } from './patient.js';
import {
  latest,
  type PatientRecord,
  type RecordedPlan,
  referenceTo,
  type ResourceContext,
  versioned,
} from './patient-record.js';

/** The patient's plan: one for each patient with facts, with all its items. */
export function carePlans(
  { patient, plan, events }: PatientRecord,
  { language, codedIn }: ResourceContext,
): CarePlan[] {
  if (!plan || plan.items.length === 0) return [];
  const { guideline } = plan.planning;
  const isClosed = events.some(
    ({ type, voidedAt }) => voidedAt === null && CLOSING_EVENTS.some((closing) => closing === type),
  );
  const earliest = plan.items
    .map((item) => item.earliest)
    .reduce((first, one) => (one < first ? one : first));
  const carePlan: CarePlan = {
    ...{ resourceType: 'CarePlan', id: patient.id },
    instantiatesCanonical: [planCanonical(guideline)],
    ...{ status: isClosed ? 'completed' : 'active', intent: 'plan' },
    category: [concept('care-plan', 'follow-up', undefined, codingsOf(['736252007'], codedIn))],
    title: guideline.title[language],
    subject: referenceTo('Patient', patient.id),
    period: { start: earliest },
    created: patient.createdAt.toISOString(),
    addresses: [referenceTo('Condition', patient.id)],
    activity: plan.items.map((item) => ({
      outcomeReference:
        item.completedByEventId === null
          ? undefined
          : [referenceTo('DiagnosticReport', item.completedByEventId)],
      reference: referenceTo('ServiceRequest', item.id),
    })),
  };
  const changed = [...plan.rows.values()].map(({ changedAt }) => changedAt);
  return [
    versioned(
      carePlan,
      latest(patient.createdAt, ...changed, ...plan.events.map(({ recordedAt }) => recordedAt)),
    ),
  ];
}

/** The items of the plan, and as revoked those that an earlier plan had. */
export const serviceRequests = (record: PatientRecord, context: ResourceContext): ServiceRequest[] =>
  itemsOf(record).map((item) => serviceRequest(item, record, context));

export const tasks = (record: PatientRecord, context: ResourceContext): Task[] =>
  itemsOf(record).map((item) => task(item, record, context));

interface ItemInPlan {
  readonly item: ItemRow;
  readonly plan: RecordedPlan;
  /** By which the item was planned. */
  readonly guideline: Guideline;
}

const itemsOf = ({ plan }: PatientRecord): ItemInPlan[] =>
  plan === null
    ? []
    : [...plan.items, ...plan.cancelled].map((item) => ({
        ...{ item, plan },
        guideline: plan.guidelines.get(item.guideline) ?? plan.planning.guideline,
      }));

/** The window: from the earliest day to the last one that is not late; open where the item is never late. */
export function windowOf({ earliest, due, overdue }: Pick<ItemRow, 'earliest' | 'due' | 'overdue'>): Period {
  if (overdue === NEVER) return { start: earliest };
  const last = addDays(overdue, -1);
  return { start: earliest, end: last < due ? due : last };
}

function serviceRequest(
  { item, plan, guideline }: ItemInPlan,
  { patient }: PatientRecord,
  context: ResourceContext,
): ServiceRequest {
  const { language, codedIn } = context;
  const isOrder = item.state === 'active' && (item.step === 'booked' || item.step === 'attended');
  const reason =
    item.state === 'cancelled' ? null : reasonFor(guideline, item, plan.planning.choices, language);
  return versioned<ServiceRequest>(
    {
      ...{ resourceType: 'ServiceRequest', id: item.id },
      extension: extensionsOf(item, guideline),
      instantiatesCanonical: [activityCanonical(guideline, item.activity)],
      basedOn: item.state === 'cancelled' ? undefined : [referenceTo('CarePlan', patient.id)],
      ...{ status: itemStatus(wordFor(item, context.today)).request, intent: isOrder ? 'order' : 'plan' },
      code: concept(
        'activity',
        item.activity,
        activityTitle(item.activity, guideline)[language],
        codingsOf(numbersOfActivity(item.activity), codedIn),
      ),
      subject: referenceTo('Patient', patient.id),
      occurrencePeriod: windowOf(item),
      reasonReference: [referenceTo('Condition', patient.id)],
      note: reason === null ? undefined : [{ text: reason }],
    },
    changedAt(item, plan, patient.createdAt, context),
  );
}

/** What FHIR has no element for: the date within the window, and where in the guideline the item comes from. */
function extensionsOf(item: ItemRow, guideline: Guideline): Extension[] {
  const { section, evidence, grade } = recommendationOf(guideline, item.rule, item.phase);
  const texts = { rule: item.rule, section, evidence, grade };
  return [
    ownExtension('due', { valueDate: item.due }),
    ...Object.entries(texts).flatMap(([name, valueString]) =>
      valueString ? [ownExtension(name, { valueString })] : [],
    ),
    ...item.covers.map((valueCode) => ownExtension('covers', { valueCode })),
    ...(item.deviates ? [ownExtension('deviates', { valueBoolean: true })] : []),
    ...(item.projected ? [ownExtension('projected', { valueBoolean: true })] : []),
  ];
}

function task(
  { item, plan, guideline }: ItemInPlan,
  { patient }: PatientRecord,
  context: ResourceContext,
): Task {
  const { language, today } = context;
  const word = wordFor(item, today);
  const step = plan.steps.get(item.id);
  const isOpen = item.state === 'active';
  const changed = changedAt(item, plan, patient.createdAt, context);
  return versioned<Task>(
    {
      ...{ resourceType: 'Task', id: item.id },
      status: itemStatus(word).task,
      statusReason: isOpen && step?.reason ? concept('step-reason', step.reason, undefined) : undefined,
      businessStatus: concept('status', word, undefined),
      intent: 'plan',
      description: activityTitle(item.activity, guideline)[language],
      focus: referenceTo('ServiceRequest', item.id),
      for: referenceTo('Patient', patient.id),
      executionPeriod:
        item.completedOn === null ? undefined : { start: item.completedOn, end: item.completedOn },
      lastModified: changed.toISOString(),
      ...(isOpen && ownerOf(plan, item.activity)),
      restriction: { period: { start: item.earliest < item.due ? item.earliest : item.due, end: item.due } },
    },
    changed,
  );
}

/** Where the item stands: what people did about it last or, without that, its status of today. */
function wordFor(item: ItemRow, today: CalendarDate): string {
  if (item.state === 'cancelled') return item.state;
  const status = statusOn(today, item);
  if (status === 'completed' || status === 'before_enrolment') return status;
  const position = positionOn(item, today);
  return position === 'to_book' || position === 'not_attended' ? status : position;
}

/** One person as owner; where several of a role share the work, the role. */
function ownerOf(plan: RecordedPlan, activity: string): Pick<Task, 'owner' | 'performerType'> {
  const { ownership, names } = plan.ownerOf(activity);
  const [personId, ...others] = ownership.personIds;
  if (personId === undefined) return {};
  if (others.length > 0) return { performerType: [concept('role', ownership.by, undefined)] };
  const owner: Reference = {
    identifier: { system: 'urn:nedwatch:person', value: personId },
    display: names[0],
  };
  return { owner };
}

/** When the item last changed: its row, or the day on which its status changed by itself. */
function changedAt(
  item: ItemRow,
  plan: RecordedPlan,
  otherwise: Date,
  { today, timeZone }: ResourceContext,
): Date {
  const days = [item.due, item.overdue, item.missedOn, item.stepUntil].filter(
    (day): day is CalendarDate => item.state === 'active' && day !== null && day <= today,
  );
  const newest = days.sort().at(-1);
  const row = plan.rows.get(item.id);
  const recorded = row ? [row.changedAt] : plan.events.map(({ recordedAt }) => recordedAt);
  return latest(otherwise, ...recorded, newest && new Date(startOfDay(newest, timeZone)));
}
