import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { OpenedNetwork } from '../platform/outbound/outbound-address.js';
import type { Role } from './caller.js';
import type { HospitalPolicy } from './policy/hospital-policy.js';
import type { PasswordPolicy } from './password-policy.js';

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

  /** What people give beside their login; null: nobody signs in there yet. */
  @Column('text', { nullable: true })
  code!: string | null;

  /** Which rules hold for passwords: `passwords.ts`. */
  @Column('text', { default: 'asvs5' })
  passwordPolicy!: PasswordPolicy;

  /** After so many minutes without a request a session ends. */
  @Column('integer', { default: 15 })
  idleMinutes!: number;

  /** People with one of these roles need a second factor. */
  @Column('text', { array: true, default: [] })
  secondFactorRoles!: Role[];

  @Column('jsonb')
  policy!: HospitalPolicy;

  /** Counts the policies that were in force; each is kept in `hospital_policy`. */
  @Column('integer', { default: 1 })
  policyVersion!: number;

  /** Private networks that requests of this hospital may reach; the operator opens them. */
  @Column('jsonb', { default: [] })
  networks!: readonly OpenedNetwork[];

  @Column('timestamptz')
  createdAt!: Date;
}
