import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ReviewOutcomeCode } from './review-outcomes.js';

/** What a clinician judged of an exam. Append-only: it may be undone, never edited. An exam has one in force at most. */
@Entity('review_outcome')
export class ReviewOutcome {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  @Column('uuid')
  patientId!: string;

  /** The exam; also the id of the review and of the result. */
  @Column('uuid')
  eventId!: string;

  @Column('text')
  judgement!: ReviewOutcomeCode;

  @Column('text', { nullable: true })
  note!: string | null;

  @Column('text')
  author!: string;

  @Column('timestamptz')
  judgedAt!: Date;

  /** The item that follows the finding, as the plan had it when the exam was judged. */
  @Column('uuid', { nullable: true })
  itemId!: string | null;

  /** The decision that added an item, which an undo revokes. */
  @Column('uuid', { nullable: true })
  decisionId!: string | null;

  /** The event that the review outcome recorded, which an undo voids. */
  @Column('uuid', { nullable: true })
  recordedEventId!: string | null;

  @Column('timestamptz', { nullable: true })
  undoneAt!: Date | null;

  @Column('text', { nullable: true })
  undoneBy!: string | null;
}
