import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { Channel } from '../../patients/patient-consent.entity.js';
import type { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';

/** A step of a source's item, which ended with the item. */
export type EndedStep = Pick<SurveillanceItem, 'id' | 'guideline' | 'key' | 'step' | 'stepOn' | 'stepUntil'>;

/** An open appointment of the source that the merge gave to the target, as it was before. */
export interface MovedAppointment {
  readonly id: string;
  /** After the move: another one says that the appointment was changed since. */
  readonly version: number;
  readonly outsideWindow: boolean;
  readonly attentionSince: string | null;
  /** The source's items that it covered. */
  readonly items: readonly { readonly id: string; readonly outsideWindow: boolean }[];
}

/** What a merge did beside copying events, so that its undoing takes back this and nothing else. Ids, dates and names of fields. */
export interface MergeRecord {
  /** Fields that the target did not have and took from the source; of the enrolment the day before. */
  readonly filled: {
    readonly phone?: true;
    readonly identityNumber?: true;
    readonly responsibleNurse?: true;
    readonly enrolledOn?: CalendarDate;
  };
  /** Each decision of the source and its copy. */
  readonly decisions: readonly (readonly [source: string, copy: string])[];
  /** The withdrawals that were copied, because the stricter consent holds. */
  readonly withdrawals: readonly { readonly id: string; readonly channel: Channel }[];
  readonly endedSteps: readonly EndedStep[];
  /** The target's items that took over such a step, and their count of changes by people after it. */
  readonly carriedSteps: readonly { readonly id: string; readonly steps: number }[];
  readonly appointments: readonly MovedAppointment[];
  /** The copies of review outcomes. */
  readonly reviews: readonly string[];
  /** Who was named for the target because the source had named them. */
  readonly owners: readonly { readonly activity: string; readonly duty: string; readonly personId: string }[];
}

/** Two records of one person, made one. */
@Entity('record_merge')
export class RecordMerge {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  /** The record that stays. */
  @Column('uuid')
  patientId!: string;

  /** The record that was merged into it. */
  @Column('uuid')
  sourceId!: string;

  /** Sealed. */
  @Column('text')
  reason!: string;

  @Column('text')
  author!: string;

  @Column('timestamptz')
  mergedAt!: Date;

  @Column('jsonb')
  done!: MergeRecord;

  @Column('timestamptz', { nullable: true })
  undoneAt!: Date | null;

  @Column('text', { nullable: true })
  undoneBy!: string | null;

  /** Sealed. */
  @Column('text', { nullable: true })
  undoReason!: string | null;
}
