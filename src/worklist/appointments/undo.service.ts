import { Injectable } from '@nestjs/common';
import { Any } from 'typeorm';
import { PatientsService } from '../../patients/patients.service.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import { SchedulesService } from '../../schedules/schedules.service.js';
import { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { Patient } from '../../patients/patient.entity.js';
import { recordChange } from '../changes/worklist-changes.js';
import { worklistSettings } from '../settings/worklist-settings.js';
import type { ItemStepRecord } from '../steps/item-step.entity.js';
import { type ItemCall, itemAtWorkNow } from '../steps/item-steps.service.js';
import { lastSteps, stepsTakenTogether } from '../steps/step-history.js';
import { afterStep, restoreItems } from '../steps/step-recording.js';
import { refuseChangedItem } from '../steps/step-refusals.js';
import { undoableUntil } from '../steps/step-undo.js';
import { type ItemAtWorkAnswer, stepText } from '../steps/step-views.js';
import { Appointment, AppointmentItem } from './appointment.entity.js';

interface Undoing {
  readonly record: ItemStepRecord;
  readonly item: SurveillanceItem;
}

/** Takes back the last step about an item, together with what the same call did to other items and to the appointment. */
@Injectable()
export class UndoService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
    private readonly schedules: SchedulesService,
  ) {}

  /** Gives back exactly what stood before. The step stays in the history, marked as undone. */
  async undo({ itemId, ifMatch }: ItemCall): Promise<ItemAtWorkAnswer> {
    return this.scope.transaction(async (tx) => {
      const { patient, item } = await this.schedules.lockItem(tx, itemId);
      await refuseChangedItem(tx, item, ifMatch);
      const record = (await lastSteps(tx, [itemId])).get(itemId);
      if (!record) throw new DomainError('conflict', 'nothing-to-undo', msg('nothing-to-undo'));
      await refuseUndo(tx, record);
      const undoing = await undoingTogether(tx, record);
      await restoreAppointment(
        tx,
        record,
        undoing.map(({ item }) => item.id),
      );
      await restoreItems(tx, await this.afterVoiding(tx, patient, undoing));
      await recordChange(tx, {
        patientId: patient.id,
        kind: record.appointmentId === null ? 'step' : 'appointment',
      });
      return itemAtWorkNow(tx, (await this.schedules.lockItem(tx, itemId)).item);
    });
  }

  /** Voids the events that the steps recorded, plan included; answers the items as the plan then has them. */
  private async afterVoiding(
    tx: HospitalTransaction,
    patient: Patient,
    undoing: readonly Undoing[],
  ): Promise<readonly Undoing[]> {
    const events = new Set(undoing.flatMap(({ record }) => record.eventId ?? []));
    if (events.size === 0) return undoing;
    const reason = render(msg('undone-void-reason', { author: tx.caller.name }), tx.hospital.language);
    for (const eventId of events) {
      await this.patients.void(tx, patient, eventId, reason);
      await this.schedules.revise(tx, [patient], eventId);
    }
    const now: Undoing[] = [];
    for (const { record } of undoing)
      now.push({ record, item: (await this.schedules.lockItem(tx, record.itemId)).item });
    return now;
  }
}

/** Refuses the caller who may not undo the step (403), or no longer (409). */
async function refuseUndo(tx: HospitalTransaction, record: ItemStepRecord): Promise<void> {
  const { steps } = await worklistSettings(tx);
  const until = undoableUntil(record, tx.caller, steps.undoMinutes);
  const step = stepText(record.step);
  if (until === null)
    throw new DomainError(
      'forbidden',
      'undo-not-yours',
      msg('undo-not-yours', { step, author: record.author }),
    );
  if (until <= tx.now)
    throw new DomainError(
      'conflict',
      'undo-too-late',
      msg('undo-too-late', { step, minutes: steps.undoMinutes }),
    );
}

/** The steps of the same call with their items. Refuses (409) when more has happened to one of them since, or the examination was on record before the step. */
async function undoingTogether(tx: HospitalTransaction, record: ItemStepRecord): Promise<readonly Undoing[]> {
  const together = await stepsTakenTogether(tx, record);
  const ids = together.map(({ itemId }) => itemId);
  const last = await lastSteps(tx, ids);
  const items = new Map<string, SurveillanceItem>();
  for (const item of await itemsWith(tx, ids)) items.set(item.id, item);
  return together.map((one) => {
    const item = items.get(one.itemId);
    const isForeign = one.step === 'complete' && one.eventId === null;
    if (item === undefined || isForeign || last.get(one.itemId)?.id !== one.id || !isAsLeft(one, item))
      throw new DomainError('conflict', 'undo-not-possible', msg('undo-not-possible'), [], {
        itemId: one.itemId,
      });
    return { record: one, item };
  });
}

/** Whether the item is still as the step left it. */
function isAsLeft(record: ItemStepRecord, item: SurveillanceItem): boolean {
  const { step, stepOn, stepUntil } = afterStep(record);
  const state = record.toPosition === 'completed' ? 'completed' : 'active';
  return item.state === state && item.step === step && item.stepOn === stepOn && item.stepUntil === stepUntil;
}

/** Items that have steps are stored. */
const itemsWith = (
  { db, hospital }: HospitalTransaction,
  ids: readonly string[],
): Promise<SurveillanceItem[]> =>
  db
    .createQueryBuilder(SurveillanceItem, 'item')
    .where('item.hospitalId = :hospitalId AND item.id = ANY (:ids)', { hospitalId: hospital.id, ids })
    .getMany();

/** Brings the appointment back to what it was before the step. Its texts stay. */
async function restoreAppointment(
  { db, hospital, caller, now }: HospitalTransaction,
  { appointmentId, step, detail }: ItemStepRecord,
  itemIds: readonly string[],
): Promise<void> {
  if (appointmentId === null) return;
  const which = { id: appointmentId, hospitalId: hospital.id };
  const { version, moves } = await db.findOneByOrFail(Appointment, which);
  const by = { version: version + 1, changedBy: caller.name, changedAt: now };
  const items = { appointmentId, hospitalId: hospital.id };
  if (step === 'move') {
    await db.update(Appointment, which, { ...detail.before, moves: Math.max(0, moves - 1), ...by });
  } else if (step === 'book') {
    const withdrawn = { outcome: 'withdrawn', outcomeBy: caller.name, outcomeAt: now } as const;
    await db.update(Appointment, which, { ...withdrawn, ...by });
    await db.update(AppointmentItem, items, { isOpen: false });
  } else {
    const open = { outcome: null, outcomeNote: null, outcomeBy: null, outcomeAt: null };
    await db.update(Appointment, which, { ...open, ...by });
    // Not those that were settled before it ended: they may have another appointment.
    await db.update(AppointmentItem, { ...items, itemId: Any([...itemIds]) }, { isOpen: true });
  }
}
