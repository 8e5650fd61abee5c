import { Injectable } from '@nestjs/common';
import { Any, type UpdateResult } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { activityRecorded } from '../../guideline/recorded-exam.js';
import { factOf } from '../../patients/recorded-events.js';
import { DomainError, invalid, notFound } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import { shownNames } from '../../patients/identity.js';
import { Patient } from '../../patients/patient.entity.js';
import type { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import { authorOf } from '../../tenancy/author.js';
import { HospitalScope, type HospitalTransaction, showOnly } from '../../tenancy/hospital-scope.js';
import { recordChange } from '../changes/worklist-changes.js';
import type { NamedOwner, Staff } from '../ownership/owners.js';
import { namedOwners, staffOf } from '../ownership/staff-rows.js';
import { worklistSettings } from '../settings/worklist-settings.js';
import { followUpFaults, type ReviewOutcomeInput } from './review-outcomes.js';
import { refuseVoided, ResultsService } from './results.service.js';
import { type ReviewEscalation, reviewEscalatedTo } from './review-escalation.js';
import { ReviewConsequences } from './review-consequences.js';
import { ReviewOutcome } from './review-outcome.entity.js';
import {
  eventsById,
  insertOutcome,
  itemAnswering,
  itemsAfterFindings,
  judgedReviewKeys,
  reviewOutcomesOf,
  openReviewKeys,
  type ReviewKey,
  type ReviewPaging,
} from './review-rows.js';

export type ReviewState = 'open' | 'judged';

/** An exam that a clinician has to judge, or has judged. */
export interface Review {
  readonly event: ClinicalEvent;
  readonly patient: Pick<Patient, 'id' | 'mrn'>;
  /** Null: the caller may not see it. */
  readonly name: string | null;
  readonly judgement: ReviewOutcome | null;
  /** To whom the exam is escalated, because it has waited too long; null: it is not escalated yet. */
  readonly escalatedTo: ReviewEscalation | null;
  readonly escalatedPeople: readonly EscalatedPerson[];
  /** The exam that the guideline asks for after a finding, as far as the plan has one that answers this exam. */
  readonly asked: SurveillanceItem | null;
}

/** A person who has to act, and the role by which. */
export interface EscalatedPerson {
  readonly id: string;
  readonly name: string;
  readonly role: ReviewEscalation;
}

/** Reviews, and by what they are shown. */
export interface Reviews {
  readonly reviews: readonly Review[];
  readonly today: HospitalTransaction['today'];
  readonly guideline: HospitalTransaction['hospital']['guideline'];
}

/** What clinicians have to judge, and what they judged. A review has the id of the event that records the exam. */
@Injectable()
export class ReviewsService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly results: ResultsService,
    private readonly consequences: ReviewConsequences,
  ) {}

  /** One page: open reviews with the longest waiting first, judged ones with the last judged first. */
  async list(
    state: ReviewState,
    { limit, ...which }: ReviewPaging,
  ): Promise<Reviews & { readonly keys: readonly ReviewKey[] }> {
    return this.scope.transaction(async (tx) => {
      const keysOf = state === 'open' ? openReviewKeys : judgedReviewKeys;
      const keys = await keysOf(tx, { limit, ...which });
      const ids = keys.slice(0, limit).map(({ id }) => id);
      return { keys, ...(await this.show(tx, ids)) };
    });
  }

  /** Judges an exam, with what follows from it: all or nothing. */
  async judge(id: string, input: ReviewOutcomeInput): Promise<Reviews> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital, now } = tx;
      const author = authorOf(tx.caller, input.author);
      const faults = followUpFaults(input);
      if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults);
      const result = await this.results.lock(tx, id, 'review');
      const { event, patient } = result;
      if (event.toJudge === null) throw notFound('review', id);
      refuseVoided(event);
      if (event.judgedAt !== null) throw await alreadyJudged(tx, id);
      refuseFuture(input, tx);
      const consequences = await this.consequences.apply(tx, result, input);
      await insertOutcome(tx, {
        ...{ id: uuidv7(), hospitalId: hospital.id, patientId: patient.id, eventId: id },
        ...{ judgement: input.judgement, note: input.note ?? null, author, judgedAt: now },
        ...consequences,
        ...{ undoneAt: null, undoneBy: null },
      });
      const seen = event.seenAt === null ? { seenAt: now, seenBy: author } : {};
      await db.update(ClinicalEvent, { id, hospitalId: hospital.id }, { judgedAt: now, ...seen });
      await recordChange(tx, { patientId: patient.id, kind: 'review' });
      return this.show(tx, [id]);
    });
  }

  /** Undoes a review outcome with its consequences; the exam is to be judged again. */
  async undo(id: string, givenAuthor: string | undefined): Promise<Reviews> {
    return this.scope.transaction(async (tx) => {
      const { hospital, now } = tx;
      const author = authorOf(tx.caller, givenAuthor);
      const { event, patient } = await this.results.lock(tx, id, 'review');
      if (event.toJudge === null) throw notFound('review', id);
      const judgement = (await reviewOutcomesOf(tx, [id])).get(id);
      if (!judgement) throw new DomainError('conflict', 'not-judged', msg('not-judged'));
      const { undoMinutes } = (await worklistSettings(tx)).results;
      if (now.getTime() - judgement.judgedAt.getTime() > undoMinutes * 60_000)
        throw new DomainError(
          'conflict',
          'judgement-too-old',
          msg('judgement-too-old', { minutes: undoMinutes }),
        );
      await this.consequences.undo(tx, patient, judgement, author);
      await markUndone(tx, judgement, author);
      await tx.db.update(ClinicalEvent, { id, hospitalId: hospital.id }, { judgedAt: null });
      await recordChange(tx, { patientId: patient.id, kind: 'review' });
      return this.show(tx, [id]);
    });
  }

  /** These reviews in the order of `ids`; at most nine queries, however many they are. */
  private async show(tx: HospitalTransaction, ids: readonly string[]): Promise<Reviews> {
    const { db, hospital, now, today } = tx;
    const events = await eventsById(tx, ids);
    const patientIds = [...new Set([...events.values()].map(({ patientId }) => patientId))];
    const found = await db.findBy(Patient, { hospitalId: hospital.id, id: Any(patientIds) });
    showOnly(found);
    const patients = new Map(found.map((patient) => [patient.id, patient]));
    const names = await shownNames(tx, found);
    const judgements = await reviewOutcomesOf(tx, ids);
    const items = await itemsAfterFindings(tx, patientIds);
    const settings = (await worklistSettings(tx)).results;
    const staff = await staffOf(tx);
    const named = await namedOwners(tx, patientIds);
    const reviews = ids.flatMap((id): Review[] => {
      const event = events.get(id);
      const patient = event && patients.get(event.patientId);
      if (!event || !patient) return [];
      const escalatedTo = isOpen(event) ? reviewEscalatedTo(event.recordedAt, now, settings) : null;
      const activity = activityOf(event, hospital.guideline);
      const owned = { patient, named: named.get(patient.id) ?? [], activity };
      return [
        {
          ...{ event, patient, escalatedTo, escalatedPeople: peopleFor(escalatedTo, staff, owned) },
          // Of who was erased nothing is left but an empty name.
          name: patient.erasedAt === null ? (names.get(patient.id) ?? null) : null,
          judgement: judgements.get(id) ?? null,
          asked: itemAnswering(items.get(patient.id) ?? [], event.date, today) ?? null,
        },
      ];
    });
    return { reviews, today, guideline: hospital.guideline };
  }
}

export const isOpen = ({ voidedAt, judgedAt }: ClinicalEvent): boolean =>
  voidedAt === null && judgedAt === null;

export const activityOf = (event: ClinicalEvent, guideline: Reviews['guideline']): string =>
  activityRecorded(factOf(event), guideline ?? {}) ?? event.type;

/** The responsible clinician; once it is escalated further, the head nurse as well. */
function peopleFor(
  escalatedTo: ReviewEscalation | null,
  staff: Staff,
  {
    patient,
    named,
    activity,
  }: { readonly patient: Patient; readonly named: readonly NamedOwner[]; readonly activity: string },
): EscalatedPerson[] {
  if (escalatedTo === null) return [];
  const people = (ids: readonly string[], role: ReviewEscalation): EscalatedPerson[] =>
    ids.map((id) => ({ id, name: staff.person(id)?.name ?? '', role }));
  const clinicians = people(staff.cliniciansOf(patient, named, activity), 'clinician');
  return escalatedTo === 'clinician'
    ? clinicians
    : [...clinicians, ...people(staff.headNursesOf(patient), 'head_nurse')];
}

const markUndone = (
  { db, hospital, now }: HospitalTransaction,
  { id }: ReviewOutcome,
  author: string,
): Promise<UpdateResult> =>
  db.update(ReviewOutcome, { id, hospitalId: hospital.id }, { undoneAt: now, undoneBy: author });

async function alreadyJudged(tx: HospitalTransaction, id: string): Promise<DomainError> {
  const before = (await reviewOutcomesOf(tx, [id])).get(id);
  const about = {
    author: before?.author ?? '',
    at: before?.judgedAt.toISOString() ?? '',
    judgement: before?.judgement ?? '',
  };
  return new DomainError('conflict', 'already-judged', msg('already-judged', about));
}

/** An event is recorded once it has happened. */
function refuseFuture({ followUp }: ReviewOutcomeInput, { today }: HospitalTransaction): void {
  const date = followUp?.date;
  if (date === undefined || date <= today) return;
  throw invalid('invalid-input', msg('invalid-input'), [
    {
      pointer: '/followUp/date',
      code: 'date-in-future',
      message: msg('follow-up-in-future', { date, today }),
    },
  ]);
}
