import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from '../tenancy/caller.js';

/** A person who signs in, and the credentials. Never deleted, because records name the person. */
@Entity('person')
export class Person {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  /** In the canonical form of `loginOf`; unique in the hospital. */
  @Column('text')
  login!: string;

  /**
   * The author's name in records, and the name of the responsible nurse of patients; several people may have one
   * name.
   */
  @Column('text')
  name!: string;

  @Column('text', { array: true })
  roles!: Role[];

  /** The departments whose patients the person sees; null: all. */
  @Column('text', { array: true, nullable: true })
  departments!: string[] | null;

  @Column('boolean')
  ownPatientsOnly!: boolean;

  @Column('text')
  language!: 'zh' | 'en';

  @Column('text')
  state!: 'active' | 'disabled';

  /** Argon2id; null until the person has chosen a password, and for people who only use single sign-on. */
  @Column('text', { nullable: true })
  passwordHash!: string | null;

  @Column('timestamptz', { nullable: true })
  passwordChangedAt!: Date | null;

  /** Argon2id, newest first. */
  @Column('text', { array: true, default: [] })
  formerPasswords!: string[];

  /** SHA-256 of the one-time code for choosing a password. */
  @Column('bytea', { nullable: true })
  setupHash!: Buffer | null;

  @Column('timestamptz', { nullable: true })
  setupExpiresAt!: Date | null;

  /** Sealed. */
  @Column('bytea', { nullable: true })
  totpSecret!: Buffer | null;

  /** When the authenticator was confirmed; null while it is being enrolled. */
  @Column('timestamptz', { nullable: true })
  totpConfirmedAt!: Date | null;

  /** The step of the last accepted code, which is not accepted again. */
  @Column('bigint', { nullable: true })
  totpLastStep!: number | null;

  /** SHA-256 of each remaining recovery code, hexadecimal. */
  @Column('text', { array: true, default: [] })
  recoveryHashes!: string[];

  /** CIDR ranges from which the person may sign in and work; null: any address. */
  @Column('text', { array: true, nullable: true })
  addresses!: string[] | null;

  /** The account is closed from then on; null: never. */
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
