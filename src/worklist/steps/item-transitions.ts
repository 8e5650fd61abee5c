import type { CalendarDate } from '../../guideline/calendar.js';
import {
  ITEM_STEPS,
  type ItemStep,
  type SurveillanceItem,
} from '../../schedules/surveillance-item.entity.js';
import type { Role } from '../../tenancy/caller.js';

/** Where an item stands in the work of people. */
export const POSITIONS = ['to_book', ...ITEM_STEPS, 'completed', 'cancelled'] as const;
export type Position = (typeof POSITIONS)[number];

/** What people can do about an item. */
export const STEP_KINDS = [
  'book',
  'move',
  'attend',
  'not_attend',
  'cancel_appointment',
  'defer',
  'decline',
  'contraindicate',
  'reopen',
  'complete',
  /** A merge of two records gave the item what people had done about the same item of the other record. */
  'merge',
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** One row of the table: who may take the step from where, where it leads, and what has to be said. */
export interface Transition {
  readonly step: StepKind;
  readonly from: readonly Position[];
  readonly to: Position;
  readonly roles: readonly Role[];
  /** The fields that the call needs, and those that it also takes. */
  readonly needs: readonly string[];
  readonly takes: readonly string[];
  /** The call that takes the step. */
  readonly call: string;
}

const CARE: readonly Role[] = ['nurse', 'head_nurse', 'clinician', 'integration'];
const CLINICIANS: readonly Role[] = ['clinician'];

/** No appointment is open, and the examination has not been done. */
const WAITING: readonly Position[] = ['to_book', 'not_attended', 'deferred', 'declined'];
/** What a completion takes beside the day. */
const RESULT = [
  ...['outcome', 'values', 'findings', 'place', 'laboratory', 'method', 'documents', 'note', 'confirmed'],
] as const;
const OUTCOME = { needs: ['outcome'], takes: ['note'], call: 'POST /appointments/{id}/outcome' } as const;

/** All that can be done about an item. What is not here is refused. */
export const TRANSITIONS: readonly Transition[] = [
  {
    ...{ step: 'book', from: WAITING, to: 'booked', roles: CARE, call: 'POST /appointments' },
    needs: ['patientId', 'itemIds', 'date'],
    takes: ['time', 'halfDay', 'place', 'room', 'note', 'reason'],
  },
  {
    ...{ step: 'move', from: ['booked'], to: 'booked', roles: CARE, call: 'PATCH /appointments/{id}' },
    needs: ['date'],
    takes: ['itemIds', 'time', 'halfDay', 'place', 'room', 'note', 'reason'],
  },
  { step: 'attend', from: ['booked'], to: 'attended', roles: CARE, ...OUTCOME },
  { step: 'not_attend', from: ['booked'], to: 'not_attended', roles: CARE, ...OUTCOME },
  { step: 'cancel_appointment', from: ['booked'], to: 'to_book', roles: CARE, ...OUTCOME },
  {
    ...{ step: 'defer', from: WAITING, to: 'deferred', roles: CARE, call: 'POST /items/{id}/defer' },
    needs: ['until', 'reason'],
    takes: ['note'],
  },
  {
    ...{ step: 'decline', from: WAITING, to: 'declined', roles: CARE, call: 'POST /items/{id}/decline' },
    needs: ['reason'],
    takes: ['askAgainOn', 'note'],
  },
  {
    ...{ step: 'contraindicate', from: [...WAITING, 'attended', 'contraindicated'], to: 'contraindicated' },
    ...{ roles: CLINICIANS, call: 'POST /items/{id}/contraindicate' },
    needs: ['reason'],
    takes: ['until', 'substitute', 'note'],
  },
  {
    ...{ step: 'reopen', from: ['attended', 'not_attended', 'deferred', 'declined'], to: 'to_book' },
    ...{ roles: CARE, needs: [], takes: ['note'], call: 'POST /items/{id}/reopen' },
  },
  {
    ...{ step: 'reopen', from: ['contraindicated'], to: 'to_book', roles: CLINICIANS },
    ...{ needs: [], takes: ['note'], call: 'POST /items/{id}/reopen' },
  },
  {
    ...{ step: 'complete', from: ['to_book', ...ITEM_STEPS], to: 'completed', roles: CARE },
    ...{ needs: ['date'], takes: RESULT, call: 'POST /items/{id}/complete' },
  },
];

export type WorkState = Pick<SurveillanceItem, 'state' | 'step' | 'stepUntil'>;

/** What is stored of where the item stands. */
export const storedPosition = ({ state, step }: Pick<WorkState, 'state' | 'step'>): Position =>
  state === 'active' ? (step ?? 'to_book') : state;

/** Whether the item has come back by itself: the day until which it was deferred, or contraindicated, has come. */
export const hasReturned = ({ state, step, stepUntil }: WorkState, today: CalendarDate): boolean =>
  state === 'active' &&
  (step === 'deferred' || step === 'contraindicated') &&
  stepUntil !== null &&
  stepUntil <= today;

/** Where the item stands on `today`; what has returned has to be booked again. */
export const positionOn = (item: WorkState, today: CalendarDate): Position =>
  hasReturned(item, today) ? 'to_book' : storedPosition(item);

/** What a caller with these roles can do about an item that stands there. */
export const possibleFrom = (position: Position, roles: readonly Role[]): readonly Transition[] =>
  TRANSITIONS.filter(
    (transition) =>
      transition.from.includes(position) && transition.roles.some((role) => roles.includes(role)),
  );

/** The row by which a caller with these roles takes the step; undefined: they cannot. */
export const transitionFor = (
  step: StepKind,
  position: Position,
  roles: readonly Role[],
): Transition | undefined => possibleFrom(position, roles).find((transition) => transition.step === step);

/** Whether callers with these roles can take the step at all, wherever the item stands. */
export const mayTake = (step: StepKind, roles: readonly Role[]): boolean =>
  TRANSITIONS.some((row) => row.step === step && row.roles.some((role) => roles.includes(role)));

/** The column `step` of an item that stands there. */
export const stepColumn = (position: Position): ItemStep | null =>
  ITEM_STEPS.find((step) => step === position) ?? null;
