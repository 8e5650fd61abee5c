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

  /** IANA name; determines "today" and when reminders leave. */
  @Column('text')
  timeZone!: string;

  @Column('text')
  language!: 'zh' | 'en';

  /** The code that people enter beside their login; null: no sign-in yet. */
  @Column('text', { nullable: true })
  code!: string | null;

  /** The rules for passwords: `passwords.ts`. */
  @Column('text', { default: 'asvs5' })
  passwordPolicy!: PasswordPolicy;

  /** A session ends after this many minutes without a request. */
  @Column('integer', { default: 15 })
  idleMinutes!: number;

  /** People with one of these roles need a second factor. */
  @Column('text', { array: true, default: [] })
  secondFactorRoles!: Role[];

  @Column('jsonb')
  policy!: HospitalPolicy;

  /** Counts the policies; `hospital_policy` keeps each. */
  @Column('integer', { default: 1 })
  policyVersion!: number;

  /** Private networks that requests of this hospital may reach; the operator opens them. */
  @Column('jsonb', { default: [] })
  networks!: readonly OpenedNetwork[];

  @Column('timestamptz')
  createdAt!: Date;
}
