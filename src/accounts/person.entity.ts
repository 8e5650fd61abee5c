import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from '../tenancy/caller.js';

/** Somebody who signs in, and what they prove themselves by. Never deleted: what they did names them. */
@Entity('person')
export class Person {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  /** In one form only (`loginOf`); unique in the hospital. */
  @Column('text')
  login!: string;

  /** Written as author, and shown as the responsible nurse of patients; several people may have one name. */
  @Column('text')
  name!: string;

  @Column('text', { array: true })
  roles!: Role[];

  /** Whose patients they see; null: every department's. */
  @Column('text', { array: true, nullable: true })
  departments!: string[] | null;

  @Column('boolean')
  ownPatientsOnly!: boolean;

  @Column('text')
  language!: 'zh' | 'en';

  @Column('text')
  state!: 'active' | 'disabled';

  /** Argon2id; null until they have chosen a password, and for those who only come by single sign-on. */
  @Column('text', { nullable: true })
  passwordHash!: string | null;

  @Column('timestamptz', { nullable: true })
  passwordChangedAt!: Date | null;

  /** Argon2id, newest first. */
  @Column('text', { array: true, default: [] })
  formerPasswords!: string[];

  /** SHA-256 of the code by which they choose a password, once. */
  @Column('bytea', { nullable: true })
  setupHash!: Buffer | null;

  @Column('timestamptz', { nullable: true })
  setupExpiresAt!: Date | null;

  /** Sealed. */
  @Column('bytea', { nullable: true })
  totpSecret!: Buffer | null;

  /** Since when a code is asked for; null while they are still enrolling. */
  @Column('timestamptz', { nullable: true })
  totpConfirmedAt!: Date | null;

  /** The step of the last code that was taken: it is not taken again. */
  @Column('bigint', { nullable: true })
  totpLastStep!: number | null;

  /** SHA-256 of each recovery code that is left, hexadecimal. */
  @Column('text', { array: true, default: [] })
  recoveryHashes!: string[];

  /** CIDR ranges from which they sign in and work; null: from anywhere. */
  @Column('text', { array: true, nullable: true })
  addresses!: string[] | null;

  /** From then on the account is closed; null: never. */
  @Column('timestamptz', { nullable: true })
  expiresAt!: Date | null;

  /** The person or key that has seen the set-up code; null: no caller. */
  @Column('uuid', { nullable: true })
  setupBy!: string | null;

  @Column('text')
  createdBy!: string;

  @Column('timestamptz')
  createdAt!: Date;
}
