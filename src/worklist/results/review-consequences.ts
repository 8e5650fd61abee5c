import { Injectable } from '@nestjs/common';
import { addDays } from '../../guideline/calendar.js';
import { keyOfAddedItem } from '../../guideline/by-hand.js';
import { NED_EVENT, RECURRENCE_EVENT } from '../../guideline/facts.js';
import { activityTitle } from '../../guideline/vocabulary.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import type { Message } from '../../guideline/message.js';
import { type ClinicalEventInput, readEvent } from '../../patients/clinical-event-input.js';
import type { Patient } from '../../patients/patient.entity.js';
import { PatientsService } from '../../patients/patients.service.js';
import { DecisionsService } from '../../schedules/decisions.service.js';
import { factsBefore, planFactsOf, thoseBefore } from '../../schedules/plan-facts.js';
import { SchedulesService } from '../../schedules/schedules.service.js';
import { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { ReviewOutcomeInput } from './review-outcomes.js';
import type { LockedResult } from './results.service.js';
import type { ReviewOutcome } from './review-outcome.entity.js';
import { itemAnswering, itemsAfterFindings, rulesAfterFindings } from './review-rows.js';

export type Consequences = Pick<ReviewOutcome, 'itemId' | 'decisionId' | 'recordedEventId'>;

const NONE: Consequences = { itemId: null, decisionId: null, recordedEventId: null };

/** What follows from a review outcome in the patient's plan and history, in the same transaction. */
@Injectable()
export class ReviewConsequences {
  constructor(
    private readonly patients: PatientsService,
    private readonly schedules: SchedulesService,
    private readonly decisions: DecisionsService,
  ) {}

  async apply(
    tx: HospitalTransaction,
    result: LockedResult,
    { judgement, followUp = {}, author }: ReviewOutcomeInput,
  ): Promise<Consequences> {
    const { patient, event, activity } = result;
    const { date = event.date, weeks = 0, site, by } = followUp;
    switch (judgement) {
      case 'no_action':
        return NONE;
      case 'repeat_in_weeks': {
        const title = activityTitle(activity, tx.hospital.guideline ?? {});
        const reason = msg('repeat-ordered', { weeks, activity: title, date: event.date });
        const due = addDays(tx.today, weeks * 7);
        return this.addItem(tx, patient, { activity: followUp.activity ?? activity, due, author, reason });
      }
      case 'mri':
        return this.linkOrAdd(tx, result, author);
      case RECURRENCE_EVENT:
        return this.record(tx, patient, {
          type: RECURRENCE_EVENT,
          date,
          ...(site !== undefined && { site }),
        });
      case 'ned':
        return followUp.date === undefined
          ? NONE
          : this.record(tx, patient, { type: NED_EVENT, date, ...(by !== undefined && { by }) });
    }
  }

  /** Takes back what followed from a review outcome. An exam that was done meanwhile stays recorded. */
  async undo(
    tx: HospitalTransaction,
    patient: Patient,
    { decisionId, recordedEventId }: Consequences,
    author: string,
  ): Promise<void> {
    const reason = render(msg('judgement-undone'), tx.hospital.language);
    if (decisionId !== null) await this.decisions.revokeWithin(tx, patient, decisionId, { author, reason });
    if (recordedEventId === null) return;
    const before = await factsBefore(tx, patient);
    await this.patients.void(tx, patient, recordedEventId, reason);
    await this.schedules.revise(tx, [patient], recordedEventId, { before });
  }

  /** The item that the guideline asks for after a finding. Where the plan has none for this exam, it is added. */
  private async linkOrAdd(
    tx: HospitalTransaction,
    { patient, event, activity }: LockedResult,
    author: string | undefined,
  ): Promise<Consequences> {
    const { hospital, today } = tx;
    const items = (await itemsAfterFindings(tx, [patient.id])).get(patient.id) ?? [];
    const planned = itemAnswering(items, event.date, today);
    if (planned) return { ...NONE, itemId: planned.id };
    const [asked] = rulesAfterFindings(hospital.guideline).flatMap((rule) => rule.activity);
    if (asked === undefined)
      throw new DomainError(
        'conflict',
        'no-exam-after-finding',
        msg('no-exam-after-finding', { guideline: hospital.policy.guideline }),
      );
    const title = activityTitle(activity, hospital.guideline ?? {});
    const reason = msg('finding-clarified', { activity: title, date: event.date });
    return this.addItem(tx, patient, { activity: asked, due: today, author, reason });
  }

  private async addItem(
    tx: HospitalTransaction,
    patient: Patient,
    {
      activity,
      due,
      author,
      reason,
    }: {
      readonly activity: string;
      readonly due: SurveillanceItem['due'];
      readonly author: string | undefined;
      readonly reason: Message;
    },
  ): Promise<Consequences> {
    const why = render(reason, tx.hospital.language);
    const added = { kind: 'added_item', activity, due, author, reason: why } as const;
    const { decision } = await this.decisions.decideWithin(tx, patient, added, '/followUp');
    const item = await tx.db.findOneBy(SurveillanceItem, {
      hospitalId: tx.hospital.id,
      patientId: patient.id,
      key: keyOfAddedItem({ due, id: decision.id }),
    });
    return { ...NONE, decisionId: decision.id, itemId: item?.id ?? null };
  }

  /** Records an event. One that was recorded already is not what the review outcome recorded, and an undo leaves it. */
  private async record(
    tx: HospitalTransaction,
    patient: Patient,
    input: ClinicalEventInput,
  ): Promise<Consequences> {
    const before = await planFactsOf(tx, patient);
    const fact = readEvent(input, tx.hospital.guideline);
    const recorded = await this.patients.append(tx, patient, fact, before.events);
    await this.schedules.revise(tx, [patient], recorded.id, { before: thoseBefore(before) });
    return { ...NONE, recordedEventId: recorded.recordedAt === tx.now ? recorded.id : null };
  }
}
