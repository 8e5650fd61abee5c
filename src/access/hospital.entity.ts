import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { HospitalPolicy } from './hospital-policy.js';

/** The tenant. Every row of every other table belongs to one. */
@Entity('hospital')
export class Hospital {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  /** IANA name; decides what "today" is and when reminders leave. */
  @Column('text')
  timeZone!: string;

  @Column('text')
  language!: 'zh' | 'en';

  @Column('jsonb')
  policy!: HospitalPolicy;

  @Column('timestamptz')
  createdAt!: Date;
}
