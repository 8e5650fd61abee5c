import { Injectable } from '@nestjs/common';
import { activitiesIn } from '../../guideline/activities.js';
import { addDays, type CalendarDate } from '../../guideline/calendar.js';
import { invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { CompletionInput } from '../../schedules/completion-input.js';
import { type Completed, SchedulesService } from '../../schedules/schedules.service.js';
import type { ItemRow } from '../../schedules/planned-row.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { recordChange } from '../changes/worklist-changes.js';
import { worklistSettings } from '../settings/worklist-settings.js';
import { refuseEndedFollowUp } from './ended-follow-up.js';
import type { ItemStepRecord } from './item-step.entity.js';
import { type StepKind, storedPosition } from './item-transitions.js';
import { consequenceOf } from './item-window.js';
import { STEPS_SHOWN, stepsOf } from './step-history.js';
import { reasonOf } from './step-reasons.js';
import { recordSteps, type TakenStep } from './step-recording.js';
import { lastDoneOf, refuseChangedItem, transitionOf } from './step-refusals.js';
import { refuseWrongDay } from './step-schemas.js';
import { undoableUntil } from './step-undo.js';
import type { ItemAtWorkAnswer } from './step-views.js';

/** The item that a call changes, and the `If-Match` that came with the call. */
export interface ItemCall {
  readonly itemId: string;
  readonly ifMatch: string | undefined;
}

/** A completed item, and how long the completion can be undone. */
export interface CompletedStep extends Completed, Pick<ItemAtWorkAnswer, 'undo'> {}

interface Reasoned {
  readonly reason: string;
  readonly note?: string | undefined;
}

/** What nurses and clinicians do about single items that have no appointment. */
@Injectable()
export class ItemStepsService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly schedules: SchedulesService,
  ) {}

  /** Takes the item off the list until a day. It returns by itself. */
  async defer(call: ItemCall, input: Reasoned & { readonly until: CalendarDate }): Promise<ItemAtWorkAnswer> {
    return this.take(call, 'defer', (tx) => {
      refuseWrongDay(input.until, tx.today, '/until');
      return { on: tx.today, until: input.until, ...reasonOf('defer', input.reason, input.note) };
    });
  }

  /** Records that the patient declines. The item leaves the list until the patient is asked again. */
  async decline(
    call: ItemCall,
    input: Reasoned & { readonly askAgainOn?: CalendarDate | undefined },
  ): Promise<ItemAtWorkAnswer> {
    return this.take(call, 'decline', async (tx) => {
      const { steps } = await worklistSettings(tx);
      const until = input.askAgainOn ?? addDays(tx.today, steps.askAgainAfterDays);
      refuseWrongDay(until, tx.today, '/askAgainOn');
      return { on: tx.today, until, ...reasonOf('decline', input.reason, input.note) };
    });
  }

  /** Records that the examination must not be done: until a day, or for good. */
  async contraindicate(
    call: ItemCall,
    input: Reasoned & { readonly until?: CalendarDate | undefined; readonly substitute?: string | undefined },
  ): Promise<ItemAtWorkAnswer> {
    return this.take(call, 'contraindicate', (tx, item) => {
      const { until = null, substitute } = input;
      if (until !== null) refuseWrongDay(until, tx.today, '/until');
      if (substitute !== undefined) refuseSubstitute(tx, item, substitute);
      const detail = substitute === undefined ? {} : { substitute };
      return { on: tx.today, until, detail, ...reasonOf('contraindicate', input.reason, input.note) };
    });
  }

  /** Puts the item back on the list of those to be booked. */
  async reopen(call: ItemCall, note: string | undefined): Promise<ItemAtWorkAnswer> {
    return this.take(call, 'reopen', () => ({ note: note ?? null }));
  }

  /**
   * Records the examination as an event. Undoing it voids the event. The same date again changes nothing and is no step.
   * After an outcome that counts as not done, the item has to be booked again.
   */
  async complete({ itemId, ifMatch }: ItemCall, input: CompletionInput): Promise<CompletedStep> {
    return this.scope.transaction(async (tx) => {
      const { item } = await this.schedules.lockItem(tx, itemId);
      await refuseChangedItem(tx, item, ifMatch);
      const completed = await this.schedules.completeWithin(tx, itemId, input);
      const isNew = completed.event.recordedAt.getTime() === tx.now.getTime();
      const isRepeated = item.state === 'completed' || (completed.item.state !== 'completed' && !isNew);
      // Where the plan has taken the item away with the exam, there is nothing to stand anywhere.
      if (isRepeated || completed.item.state === 'cancelled') return { ...completed, undo: null };
      const [after = item] = await recordSteps(tx, [item], {
        ...{ step: 'complete', on: input.date, ...afterExam(completed.item, item, input.date) },
        ...(isNew && { eventId: completed.event.id }),
      });
      await recordChange(tx, { patientId: item.patientId, kind: 'step' });
      const { step, stepOn, stepUntil, steps } = after;
      const now = { ...completed.item, step, stepOn, stepUntil, steps };
      return { ...completed, item: now, undo: (await itemAtWorkNow(tx, now)).undo };
    });
  }

  /** The item as it is now, with its newest steps. */
  async get(itemId: string): Promise<ItemAtWorkAnswer> {
    const { item } = await this.schedules.item(itemId);
    return this.scope.transaction((tx) => itemAtWorkNow(tx, item));
  }

  /** The steps of an item, the newest first; one more than `limit` says that there are more. `before` is a number of a step. */
  async history(
    itemId: string,
    limit: number,
    before: number | undefined,
  ): Promise<readonly ItemStepRecord[]> {
    await this.schedules.item(itemId);
    return this.scope.transaction((tx) =>
      stepsOf(tx, itemId, { limit: limit + 1, ...(before !== undefined && { before }) }),
    );
  }

  private async take(
    { itemId, ifMatch }: ItemCall,
    step: StepKind,
    decide: (
      tx: HospitalTransaction,
      item: ItemRow,
    ) => Omit<TakenStep, 'step' | 'to'> | Promise<Omit<TakenStep, 'step' | 'to'>>,
  ): Promise<ItemAtWorkAnswer> {
    return this.scope.transaction(async (tx) => {
      const { item } = await this.schedules.lockItem(tx, itemId);
      await refuseChangedItem(tx, item, ifMatch);
      await refuseEndedFollowUp(tx, item.patientId);
      const { to } = transitionOf(step, item, tx);
      const taken = await decide(tx, item);
      const [after = item] = await recordSteps(tx, [item], { step, to, ...taken });
      await recordChange(tx, { patientId: item.patientId, kind: 'step' });
      return itemAtWorkNow(tx, after);
    });
  }
}

/**
 * Where an exam of this day leaves an item. One that counts as not done ends the visit at which it was tried, so that the
 * item does not wait for a result; another appointment, or a deferral, stays.
 */
function afterExam(
  { state }: ItemRow,
  before: ItemRow,
  day: CalendarDate,
): Pick<TakenStep, 'to' | 'until'> & Partial<Pick<TakenStep, 'on'>> {
  if (state === 'completed') return { to: 'completed' };
  const { step, stepOn, stepUntil } = before;
  const wasVisit = step === 'attended' || step === 'not_attended' || (step === 'booked' && stepOn === day);
  return step === null || wasVisit
    ? { to: 'to_book', on: null }
    : { to: storedPosition(before), on: stepOn, until: stepUntil };
}

/** The locked or just loaded item with its newest steps, and what the caller can do next. */
export async function itemAtWorkNow(tx: HospitalTransaction, item: ItemRow): Promise<ItemAtWorkAnswer> {
  const history = await stepsOf(tx, item.id, { limit: STEPS_SHOWN });
  const last = history.find(({ undoneAt }) => undoneAt === null);
  const { steps } = await worklistSettings(tx);
  const until = last && undoableUntil(last, tx.caller, steps.undoMinutes);
  const day = item.step === 'deferred' ? item.stepUntil : item.step === 'booked' ? item.stepOn : null;
  const done = day === null ? null : await lastDoneOf(tx, item.patientId, [item.activity]);
  return {
    ...{ item, history, today: tx.today, roles: tx.caller.roles },
    undo: last && until && until > tx.now ? { step: last.step, until } : null,
    consequence: day === null ? null : consequenceOf(item, day, done?.get(item.activity) ?? null),
  };
}

/** Refuses (422) an activity that is not known here, or the very one that must not be done. */
function refuseSubstitute(
  { hospital }: HospitalTransaction,
  { activity }: ItemRow,
  substitute: string,
): void {
  const known = activitiesIn(hospital.guideline ?? {}).filter((one) => one !== activity);
  if (known.includes(substitute)) return;
  const message = msg('none-of', { values: known });
  throw invalid('invalid-input', msg('invalid-input'), [
    { pointer: '/substitute', code: 'not-allowed', message },
  ]);
}
