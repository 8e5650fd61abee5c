import { Injectable } from '@nestjs/common';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { ItemChange } from '../../guideline/comparison.js';
import { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import { withPlanDiffs } from '../../schedules/plan-diffs-seen.js';
import { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import { HospitalScope, type HospitalTransaction, notePatient } from '../../tenancy/hospital-scope.js';
import type { ReviewOutcomeInput } from './review-outcomes.js';
import { ReviewsService } from './reviews.service.js';

/** What a review outcome would change. */
export interface ReviewPreview {
  readonly today: CalendarDate;
  readonly patientId: string;
  readonly changes: readonly ItemChange[];
  /** The item that would follow; null: none. */
  readonly item: SurveillanceItem | null;
  /** The event that would be recorded; null: none. */
  readonly event: Pick<ClinicalEvent, 'type' | 'date'> | null;
}

/** Ends the savepoint of an outcome that was only tried. */
class TriedOnly extends Error {
  constructor(readonly preview: ReviewPreview) {
    super('Tried, not judged.');
  }
}

/** Judges, reads what followed, and takes all of it back: so a preview never differs from what judging does. */
@Injectable()
export class ReviewPreviews {
  constructor(
    private readonly scope: HospitalScope,
    private readonly reviews: ReviewsService,
  ) {}

  /** Refuses what `ReviewsService.judge` refuses. Stores nothing but the audit entry of the call. */
  async preview(id: string, input: ReviewOutcomeInput): Promise<ReviewPreview> {
    return this.scope.joined(async () => {
      const preview = await this.tried(id, input);
      notePatient(preview.patientId); // what was noted inside went with the savepoint
      return preview;
    });
  }

  private async tried(id: string, input: ReviewOutcomeInput): Promise<ReviewPreview> {
    try {
      return await this.scope.joined(async (tx): Promise<never> => {
        const { result, changes } = await withPlanDiffs(() => this.reviews.judge(id, input));
        const [review] = result.reviews;
        if (!review?.judgement) throw new Error('A review that was judged is not shown.');
        const patientId = review.patient.id;
        throw new TriedOnly({
          ...{ today: tx.today, patientId, changes: changes.get(patientId) ?? [] },
          ...(await followingOf(tx, review.judgement)),
        });
      });
    } catch (error) {
      if (error instanceof TriedOnly) return error.preview;
      throw error;
    }
  }
}

async function followingOf(
  { db, hospital }: HospitalTransaction,
  { itemId, recordedEventId }: { readonly itemId: string | null; readonly recordedEventId: string | null },
): Promise<Pick<ReviewPreview, 'item' | 'event'>> {
  const hospitalId = hospital.id;
  return {
    item: itemId === null ? null : await db.findOneBy(SurveillanceItem, { hospitalId, id: itemId }),
    event:
      recordedEventId === null
        ? null
        : await db.findOneBy(ClinicalEvent, { hospitalId, id: recordedEventId }),
  };
}
