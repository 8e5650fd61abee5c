import type { z } from 'zod';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { Language } from '../../guideline/guideline.js';
import type { Message } from '../../guideline/message.js';
import { statusOn } from '../../guideline/planned-item.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import { itemETag } from '../../schedules/item-etag.js';
import type { ItemRow } from '../../schedules/planned-row.js';
import type { Role } from '../../tenancy/caller.js';
import type { ItemStepRecord } from './item-step.entity.js';
import {
  hasReturned,
  type Position,
  positionOn,
  possibleFrom,
  type StepKind,
  type Transition,
} from './item-transitions.js';
import { type ReasonedStep, STEP_REASONS, type StepReason } from './step-reasons.js';
import type { ItemAnswer, ItemAtWork, PossibleStep, StepView } from './step-schemas.js';

/** An item as a service answers it; `itemAnswer` words it. */
export interface ItemAtWorkAnswer {
  readonly item: ItemRow;
  readonly today: CalendarDate;
  readonly history: readonly ItemStepRecord[];
  readonly roles: readonly Role[];
  readonly undo: { readonly step: StepKind; readonly until: Date } | null;
  readonly consequence: Message | null;
}

export const itemAnswer = (
  { item, today, history, roles, undo, consequence }: ItemAtWorkAnswer,
  language: Language,
): z.input<typeof ItemAnswer> => ({
  item: itemAtWork(item, today),
  history: history.map((record) => stepView(record, language)),
  possible: possibleViews(positionOn(item, today), roles, language),
  undo: undo && { step: undo.step, until: undo.until.toISOString() },
  consequence: consequence && render(consequence, language),
});

export const itemAtWork = (item: ItemRow, today: CalendarDate): z.input<typeof ItemAtWork> => ({
  ...{ id: item.id, patientId: item.patientId, key: item.key, pathway: item.pathway, rule: item.rule },
  ...{ activity: item.activity, covers: item.covers, sequence: item.sequence },
  ...{ earliest: item.earliest, due: item.due, overdue: item.overdue, status: statusOn(today, item) },
  ...{ completedOn: item.completedOn, deviates: item.deviates, step: positionOn(item, today) },
  ...{ stepOn: item.stepOn, stepUntil: item.stepUntil, returned: hasReturned(item, today) },
  etag: itemETag(item),
});

export function stepView(record: ItemStepRecord, language: Language): z.input<typeof StepView> {
  const { id, number, step, reason, note, author, detail, appointmentId, eventId } = record;
  return {
    ...{ id, number, step, from: record.fromPosition, to: record.toPosition },
    ...{ on: record.toOn, until: record.toUntil, takenAt: record.takenAt.toISOString(), author },
    ...{ reason, reasonText: reason && render(reasonText(reason as StepReason), language), note },
    ...detail,
    ...{ appointmentId, eventId },
    undone:
      record.undoneAt === null ? null : { at: record.undoneAt.toISOString(), by: record.undoneBy ?? '' },
  };
}

export const reasonText = (reason: StepReason): Message => msg(`step-reason-${reason}`);
export const positionText = (position: Position): Message => msg(`item-position-${position}`);
export const stepText = (step: StepKind): Message => msg(`item-step-${step}`);

/** What a caller with these roles can do about an item that stands there. */
export const possibleViews = (
  position: Position,
  roles: readonly Role[],
  language: Language,
): z.input<typeof PossibleStep>[] =>
  possibleFrom(position, roles).map((transition) => possibleView(transition, language));

const possibleView = (
  { step, call, needs, takes }: Transition,
  language: Language,
): z.input<typeof PossibleStep> => ({
  ...{ step, title: render(stepText(step), language), call, needs: [...needs], takes: [...takes] },
  // An appointment is moved for the same reasons for which it is booked outside of the window.
  ...reasonsOf(step === 'move' ? 'book' : step, language),
});

const reasonsOf = (step: StepKind, language: Language) =>
  isReasoned(step) && {
    reasons: STEP_REASONS[step].map((code) => ({ code, text: render(reasonText(code), language) })),
  };

const isReasoned = (step: StepKind): step is ReasonedStep => Object.hasOwn(STEP_REASONS, step);

/** Several messages as a list in the way of the language. */
export const listed = (messages: readonly Message[]): Message =>
  messages.reduce((before, next) => msg('listed', { before, next }));
