import { Injectable } from '@nestjs/common';
import { IsNull, MoreThan } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { SealContext } from '../../encryption/hospital-keys.js';
import { DomainError, invalid, notFound } from '../../platform/domain-error.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import { HospitalScope, type HospitalTransaction, notePatient } from '../../tenancy/hospital-scope.js';
import { identityNumberForm } from '../../patients/identity-number.js';
import { refuseMerged } from '../../patients/merged-records.js';
import type { Patient } from '../../patients/patient.entity.js';
import { PatientsService } from '../../patients/patients.service.js';
import { factsBefore } from '../../schedules/plan-facts.js';
import type { PlanDiff } from '../../schedules/reconcile.js';
import { SchedulesService } from '../../schedules/schedules.service.js';
import type { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import { recordChange } from '../changes/worklist-changes.js';
import {
  carrySteps,
  counterpartsOf,
  itemsWithSteps,
  keysOfCopies,
  restoreSteps,
  takeBackSteps,
} from './carried-steps.js';
import { type Contradiction, contradictionsBetween } from './contradictions.js';
import {
  copyDecisions,
  copyEvents,
  factsOfRecords,
  type RecordFacts,
  takeBackDecisions,
  takeBackEvents,
} from './copied-facts.js';
import {
  type Difference,
  differencesBetween,
  emptyFields,
  fieldsToFill,
  fillFields,
  revealed,
} from './filled-fields.js';
import { copyReviews, takeBackReviews } from './copied-reviews.js';
import { pointAt, pointBack } from './merge-chain.js';
import { copyWithdrawals, takeBackWithdrawals } from './merged-consent.js';
import { storeContacts } from './merged-contacts.js';
import { copyOwners, takeBackOwners } from './merged-owners.js';
import {
  giveAppointmentsBack,
  moveAppointments,
  type OpenAppointment,
  openAppointmentsOf,
} from './moved-appointments.js';
import { type MergeRecord, RecordMerge } from './record-merge.entity.js';

/** A merge with what it did to the plan of the record that stays. */
export interface Merged {
  readonly merge: RecordMerge;
  readonly plan: PlanDiff;
  /** How many events were copied, or taken back. */
  readonly events: number;
  readonly differences: readonly Difference[];
}

const NO_CHANGE: PlanDiff = { added: 0, moved: 0, cancelled: 0, kept: 0 };

/** Makes one record of two that are of one person, and two again. */
@Injectable()
export class RecordMerges {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
    private readonly schedules: SchedulesService,
  ) {}

  /**
   * Merges the record `from` into the target: copies what it says, ends its plan and draws the target's again, all or
   * nothing. Refuses (409) records that contradict each other, with every pair. Repeated, it changes nothing.
   */
  async merge(
    targetId: string,
    { from, reason }: { readonly from: string; readonly reason: string },
  ): Promise<Merged> {
    return this.scope.transaction(async (tx) => {
      refuseSameRecord(targetId, from);
      const [target, source] = await this.lockBoth(tx, targetId, from);
      const same = source.mergedInto === null ? null : await activeMergeOf(tx, source.id);
      if (same?.patientId === targetId)
        return { merge: await opened(tx, same), plan: NO_CHANGE, events: 0, differences: [] };
      await refuseMerged(tx, source);

      const [knownTarget, knownSource] = await this.mergeable(tx, target, source);
      const ended = await itemsWithSteps(tx, source.id);
      const open = await openAppointmentsOf(tx, source.id);
      const before = { target: await factsBefore(tx, target), source: await factsBefore(tx, source) };
      await pointAt(tx, source.id, target.id);
      await this.schedules.revise(tx, [{ ...source, mergedInto: target.id }], null, {
        before: before.source,
      });

      const { counterparts, events } = await copyEvents(tx, knownTarget, knownSource);
      const decisions = await copyDecisions(tx, knownTarget, knownSource, counterparts);
      const [openTarget, openSource] = await revealed(tx, [target, source]);
      if (!openTarget || !openSource) throw new Error('The records to merge are gone.');
      const filled = fieldsToFill(openTarget, openSource);
      await fillFields(tx, this.patients, target, openSource, filled);
      const author = tx.caller.name;
      const withdrawals = await copyWithdrawals(tx, { targetId, sourceId: source.id, author });
      const revised = await this.patients.find(tx, targetId);
      const plan = await this.schedules.revise(tx, [revised], null, { before: before.target });
      const copiedKeys = keysOfCopies(knownSource.decisions, decisions);
      const acts = await this.moveActs(tx, targetId, { ended, open, copiedKeys });

      const merge: RecordMerge = {
        ...{ id: uuidv7(), hospitalId: tx.hospital.id, patientId: targetId, sourceId: source.id },
        ...{ reason, author, mergedAt: tx.now, undoneAt: null, undoneBy: null, undoReason: null },
        done: {
          ...{ filled, decisions, withdrawals, ...acts },
          reviews: await copyReviews(tx, targetId, { events, counterparts, decisions }),
          owners: await copyOwners(tx, targetId, source.id),
        },
      };
      await storeContacts(tx, [targetId]);
      const sealed = (await tx.keys()).seal(reason, reasonOf(merge.id));
      await tx.db.insert(RecordMerge, { ...merge, reason: sealed });
      await recordMergeChange(tx, merge);
      const [after] = await revealed(tx, [revised]);
      const differences = differencesBetween(after ?? openTarget, openSource);
      return { merge, plan, events: events.length, differences };
    });
  }

  /**
   * Takes a merge back: what it copied and what it filled, and nothing else. Later facts of the target stay with it; the
   * source is as it was. Refused (409) while a later merge into the same patient holds. Repeated, it changes nothing.
   */
  async undo(mergeId: string, given: string | undefined): Promise<Merged> {
    return this.scope.transaction(async (tx) => {
      const { hospital, now } = tx;
      const { patientId, sourceId } = await storedMerge(tx, mergeId);
      const [target, source] = await this.lockBoth(tx, patientId, sourceId);
      const merge = await storedMerge(tx, mergeId);
      if (merge.undoneAt !== null)
        return { merge: await opened(tx, merge), plan: NO_CHANGE, events: 0, differences: [] };
      await refuseUnlessLast(tx, merge);

      const reason = given ?? render(msg('merge-taken-back'), hospital.language);
      const author = tx.caller.name;
      const { filled, decisions, withdrawals, endedSteps, carriedSteps } = merge.done;
      const { appointments, reviews, owners } = merge.done;
      const before = { target: await factsBefore(tx, target), source: await factsBefore(tx, source) };
      const events = await takeBackEvents(tx, merge, reason);
      const copies = decisions.map(([, copy]) => copy);
      await takeBackDecisions(tx, copies, { author, reason });
      await takeBackWithdrawals(tx, { targetId: patientId, author }, withdrawals);
      await emptyFields(tx, this.patients, target, source, filled);

      const undoReason = given === undefined ? null : (await tx.keys()).seal(given, undoReasonOf(mergeId));
      const undone = { undoneAt: now, undoneBy: author };
      await tx.db.update(RecordMerge, { id: mergeId, hospitalId: hospital.id }, { ...undone, undoReason });
      await pointBack(tx, sourceId);

      await takeBackReviews(tx, reviews);
      await takeBackOwners(tx, patientId, owners);
      const booked = await giveAppointmentsBack(tx, sourceId, appointments);
      await takeBackSteps(tx, carriedSteps);
      const [goesOn, opensAgain] = [
        await this.patients.find(tx, patientId),
        await this.patients.find(tx, sourceId),
      ];
      const plan = await this.schedules.revise(tx, [goesOn], null, { before: before.target });
      await this.schedules.revise(tx, [opensAgain], null, { before: before.source });
      await restoreSteps(
        tx,
        endedSteps.filter(({ id, step }) => step !== 'booked' || booked.has(id)),
      );
      await storeContacts(tx, [patientId, sourceId]);
      await recordMergeChange(tx, merge);
      const after = { ...(await opened(tx, merge)), ...undone, undoReason: given ?? null };
      return { merge: after, plan, events, differences: [] };
    });
  }

  /** The merges of a patient, undone ones included, the newest first; also those in which its record ended. */
  async list(patientId: string): Promise<readonly RecordMerge[]> {
    return this.scope.transaction(async (tx) => {
      await this.patients.find(tx, patientId);
      const hospitalId = tx.hospital.id;
      const merges = await tx.db.find(RecordMerge, {
        where: [
          { hospitalId, patientId },
          { hospitalId, sourceId: patientId },
        ],
        order: { mergedAt: 'DESC', id: 'DESC' },
        take: MOST_LISTED,
      });
      const found: RecordMerge[] = [];
      for (const merge of merges) {
        notePatient(merge.patientId);
        notePatient(merge.sourceId);
        found.push(await opened(tx, merge));
      }
      return found;
    });
  }

  /** Both in the order of their ids, so that two merges of the same records wait for each other. */
  private async lockBoth(
    tx: HospitalTransaction,
    targetId: string,
    sourceId: string,
  ): Promise<readonly [target: Patient, source: Patient]> {
    const locked = new Map<string, Patient>();
    for (const id of [targetId, sourceId].sort())
      locked.set(id, await this.patients.lock(tx, id, { evenMerged: id === sourceId }));
    const [target, source] = [locked.get(targetId), locked.get(sourceId)];
    if (!target || !source) throw new Error('A locked record is gone.');
    return [target, source];
  }

  /** What both records say. Refuses (409) what has to be settled first. */
  private async mergeable(
    tx: HospitalTransaction,
    target: Patient,
    source: Patient,
  ): Promise<[RecordFacts, RecordFacts]> {
    const facts = await factsOfRecords(tx, [target, source]);
    const [openTarget, openSource] = await revealed(tx, [target, source]);
    if (!openTarget || !openSource) throw new Error('The records to merge are gone.');
    const [knownTarget, knownSource] = facts;
    refuseContradictions(
      contradictionsBetween(
        { ...compared(openTarget), ...knownTarget },
        { ...compared(openSource), ...knownSource },
        tx.hospital.guideline ?? {},
      ),
    );
    return facts;
  }

  /** Gives the target what people have done about the source's items, with the open appointments. */
  private async moveActs(
    tx: HospitalTransaction,
    targetId: string,
    {
      ended,
      open,
      copiedKeys,
    }: {
      readonly ended: readonly SurveillanceItem[];
      readonly open: readonly OpenAppointment[];
      readonly copiedKeys: ReadonlyMap<string, string>;
    },
  ): Promise<Pick<MergeRecord, 'endedSteps' | 'carriedSteps' | 'appointments'>> {
    const counterparts = await counterpartsOf(tx, this.schedules, targetId, ended, copiedKeys);
    const appointments = await moveAppointments(tx, targetId, open, counterparts);
    const appointmentOf = new Map(
      appointments.flatMap(({ id, items }) => items.map((item) => [item.id, id] as const)),
    );
    return {
      endedSteps: ended.map(({ id, guideline, key, step, stepOn, stepUntil }) => ({
        ...{ id, guideline, key, step, stepOn, stepUntil },
      })),
      carriedSteps: await carrySteps(tx, ended, counterparts, appointmentOf),
      appointments,
    };
  }
}

/** Says to the readers of the lists that both records have changed. */
async function recordMergeChange(
  tx: HospitalTransaction,
  { patientId, sourceId }: Pick<RecordMerge, 'patientId' | 'sourceId'>,
): Promise<void> {
  for (const id of [patientId, sourceId]) await recordChange(tx, { patientId: id, kind: 'merge' });
}

// Far more than any person has records.
const MOST_LISTED = 200;

const compared = ({ birthDate, sex, identityNumber }: Patient) => ({
  ...{ birthDate, sex },
  identityNumber: identityNumber === null ? null : identityNumberForm(identityNumber),
});

function refuseContradictions(contradictions: readonly Contradiction[]): void {
  if (contradictions.length === 0) return;
  throw new DomainError(
    'conflict',
    'records-contradict',
    msg('records-contradict', { faults: contradictions.map(({ message }) => message) }),
    contradictions.map(({ pointer, code, message }) => ({ pointer, code, message })),
    { pairs: contradictions.map(({ code, target, source }) => ({ code, target, source })) },
  );
}

function refuseSameRecord(targetId: string, from: string): void {
  if (targetId !== from) return;
  const message = msg('same-record');
  throw invalid('same-record', message, [{ pointer: '/from', code: 'same-record', message }]);
}

const activeMergeOf = ({ db, hospital }: HospitalTransaction, sourceId: string) =>
  db.findOneBy(RecordMerge, { hospitalId: hospital.id, sourceId, undoneAt: IsNull() });

async function storedMerge({ db, hospital }: HospitalTransaction, id: string): Promise<RecordMerge> {
  const merge = await db.findOneBy(RecordMerge, { id, hospitalId: hospital.id });
  if (!merge) throw notFound('merge', id);
  return merge;
}

/** A later merge has compared its facts with those that this one copied, so it is undone first. */
async function refuseUnlessLast(
  { db, hospital }: HospitalTransaction,
  { id, patientId }: RecordMerge,
): Promise<void> {
  const later = await db.findOne(RecordMerge, {
    where: { hospitalId: hospital.id, patientId, undoneAt: IsNull(), id: MoreThan(id) },
    order: { id: 'DESC' },
  });
  if (later) throw new DomainError('conflict', 'later-merge', msg('later-merge', { id: later.id }));
}

const reasonOf = (row: string): SealContext => ({ table: 'record_merge', column: 'reason', row });
const undoReasonOf = (row: string): SealContext => ({ ...reasonOf(row), column: 'undo_reason' });

async function opened(tx: HospitalTransaction, stored: RecordMerge): Promise<RecordMerge> {
  const { id, reason, undoReason } = stored;
  const known = await tx.keys([reason, undoReason]);
  return {
    ...stored,
    reason: known.open(reason, reasonOf(id)),
    undoReason: undoReason === null ? null : known.open(undoReason, undoReasonOf(id)),
  };
}
