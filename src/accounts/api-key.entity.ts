import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeySet } from './key-set.js';
import { ROLES, type Role } from '../tenancy/caller.js';

/** A machine's credential. The key itself is shown once and never stored. */
@Entity('api_key')
export class ApiKey {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  @Column('text')
  name!: string;

  /** SHA-256 of the key: it has 256 random bits, so a slow hash would add nothing; null: it signs in by `keySet`. */
  @Column('bytea', { nullable: true })
  keyHash!: Buffer | null;

  /** The public keys of a machine that signs in with a private key of its own; null: it sends the key itself. */
  @Column('jsonb', { nullable: true })
  keySet!: KeySet | null;

  @Column('text', { array: true, default: [...ROLES] })
  roles!: Role[];

  /** The scopes that limit it within its roles; null: no limit. */
  @Column('text', { array: true, nullable: true })
  scopes!: string[] | null;

  /** The departments whose patients it sees; null: all. */
  @Column('text', { array: true, nullable: true })
  departments!: string[] | null;

  /** A label for people. */
  @Column('text', { nullable: true })
  lastFour!: string | null;

  @Column('timestamptz', { nullable: true })
  expiresAt!: Date | null;

  /** CIDR ranges from which it is accepted; null: any address. */
  @Column('text', { array: true, nullable: true })
  addresses!: string[] | null;

  /**
   * The person or key that created it and so has seen it; null: the program itself, or a version before this column.
   */
  @Column('uuid', { nullable: true })
  grantedBy!: string | null;

  @Column('text', { nullable: true })
  createdBy!: string | null;

  @Column('timestamptz', { nullable: true })
  lastUsedAt!: Date | null;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;
}
