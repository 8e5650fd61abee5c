import { z } from 'zod';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { Language } from '../../guideline/guideline.js';
import type { Message } from '../../guideline/message.js';
import { findingsOf } from '../../guideline/findings.js';
import type { ReviewReason } from '../../guideline/review-reasons.js';
import { valuesOf } from '../../guideline/measured-exam.js';
import { codeForm } from '../../guideline/measurements.js';
import { statusOn } from '../../guideline/planned-item.js';
import { valueText } from '../../guideline/reference-limits.js';
import { outcomeTitle } from '../../guideline/vocabulary.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import type { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import { ReviewReasonView, RecordedEventFields, recordedEventFields } from '../../patients/event-view.js';
import { ChangeView, changeView } from '../../schedules/change-view.js';
import { ITEM_STATUSES } from '../../schedules/item-view.js';
import type { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import { REVIEW_OUTCOMES } from './review-outcomes.js';
import { REVIEW_ESCALATIONS } from './review-escalation.js';
import type { ReviewPreview } from './review-previews.service.js';
import { activityOf, isOpen, type Review, type Reviews } from './reviews.service.js';

/** Of one exam: its values, its outcome, its findings. */
const MOST_REASONS = 50;

const AskedItem = z.object({
  itemId: z.uuid(),
  activity: z.string(),
  due: z.iso.date(),
  status: z.enum(ITEM_STATUSES),
});

export const ReviewView = z
  .object({
    id: z.uuid().describe('The id of the event that records the exam'),
    state: z.enum(['open', 'judged', 'voided']),
    patient: z.object({
      id: z.uuid(),
      mrn: z.string(),
      name: z.string().nullable().describe('null for who may not see it'),
    }),
    activity: z.string(),
    event: z.looseObject(RecordedEventFields),
    recordedAt: z.iso.datetime(),
    reasons: z
      .array(ReviewReasonView.extend({ message: z.string() }))
      .max(MOST_REASONS)
      .describe('Why a clinician has to judge the exam'),
    escalatedTo: z
      .string()
      .nullable()
      .describe(
        `Who has to act, because it has waited too long (${REVIEW_ESCALATIONS.join(', ')}); null: nobody yet`,
      ),
    escalatedPeople: z
      .array(z.object({ id: z.uuid(), name: z.string(), role: z.enum(REVIEW_ESCALATIONS) }))
      .describe('The responsible clinician, and the head nurse once it is escalated to that one'),
    asked: AskedItem.nullable().describe(
      'The exam that the guideline asks for after the finding, if it is planned or done',
    ),
    judgement: z
      .object({
        judgement: z.enum(REVIEW_OUTCOMES),
        note: z.string().nullable(),
        author: z.string(),
        judgedAt: z.iso.datetime(),
        itemId: z.uuid().nullable().describe('The item that follows'),
        decisionId: z.uuid().nullable().describe('The decision that added it'),
        recordedEventId: z.uuid().nullable().describe('The event that the judgement recorded'),
      })
      .nullable(),
  })
  .meta({ id: 'Review' });
export type ReviewView = z.input<typeof ReviewView>;

/** A review, field by field, as of the hospital's today. */
export function reviewView(
  { event, patient, name, judgement, asked, escalatedTo, escalatedPeople }: Review,
  { today, guideline }: Omit<Reviews, 'reviews'>,
  lang: Language,
): ReviewView {
  const activity = activityOf(event, guideline);
  return {
    id: event.id,
    state: event.voidedAt !== null ? 'voided' : isOpen(event) ? 'open' : 'judged',
    patient: { id: patient.id, mrn: patient.mrn, name },
    activity,
    event: recordedEventFields(event),
    recordedAt: event.recordedAt.toISOString(),
    reasons: (event.toJudge ?? []).map((reason) => ({
      ...reason,
      message: render(reasonOf(reason, event, activity), lang),
    })),
    escalatedTo,
    escalatedPeople: [...escalatedPeople],
    asked: asked && askedView(asked, today),
    judgement: judgement === null ? null : outcomeView(judgement),
  };
}

const askedView = (item: SurveillanceItem, today: CalendarDate): z.input<typeof AskedItem> => ({
  ...{ itemId: item.id, activity: item.activity, due: item.due, status: statusOn(today, item) },
});

/** A plan of ten years has about a hundred items. */
const MOST_CHANGES = 300;

export const ReviewPreviewView = z
  .object({
    asOf: z.iso.date(),
    changes: z
      .array(ChangeView)
      .max(MOST_CHANGES)
      .describe('Items of the plan that would change, the earliest due first'),
    item: AskedItem.nullable().describe(
      'The item that would follow: added, or linked where the plan has it already',
    ),
    event: z
      .object({ type: z.string(), date: z.iso.date() })
      .nullable()
      .describe('The event that would be recorded; null also where it is recorded already'),
  })
  .meta({ id: 'ReviewPreview', description: 'What a judgement would change. Nothing was saved.' });

export const reviewPreviewView = ({
  today,
  changes,
  item,
  event,
}: ReviewPreview): z.input<typeof ReviewPreviewView> => ({
  asOf: today,
  changes: changes.slice(0, MOST_CHANGES).map((change) => changeView(change, today)),
  item: item && askedView(item, today),
  event: event && { type: event.type, date: event.date },
});

const outcomeView = ({
  judgement,
  note,
  author,
  judgedAt,
  itemId,
  decisionId,
  recordedEventId,
}: NonNullable<Review['judgement']>): NonNullable<ReviewView['judgement']> => ({
  ...{ judgement, note, author, judgedAt: judgedAt.toISOString() },
  ...{ itemId, decisionId, recordedEventId },
});

function reasonOf(reason: ReviewReason, { detail }: ClinicalEvent, activity: string): Message {
  const { code } = reason;
  if (reason.because === 'outcome') return msg('mark-outcome', { outcome: outcomeTitle(code) });
  if (reason.because === 'finding')
    return msg('mark-finding', { finding: findingsOf(activity)[code]?.title ?? code });
  const measured = valuesOf(detail).find((one) => codeForm(one.code) === codeForm(code));
  const value = measured === undefined ? '' : valueText(measured);
  const unit = measured?.unit ?? '';
  if (reason.because === undefined)
    return msg('mark-above-limit', { code, value, limit: reason.limit, unit });
  const about = { code, value, from: reason.from, unit };
  return reason.rise === 'percent' ? msg('mark-rise-percent', about) : msg('mark-rise-successive', about);
}
