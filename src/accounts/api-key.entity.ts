import { Column, Entity, PrimaryColumn } from 'typeorm';
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

  /** SHA-256 of the key: it has 256 random bits, so a slow hash would add nothing. */
  @Column('bytea')
  keyHash!: Buffer;

  @Column('text', { array: true, default: [...ROLES] })
  roles!: Role[];

  /** What it is limited to within its roles; null: all of it. */
  @Column('text', { array: true, nullable: true })
  scopes!: string[] | null;

  /** Whose patients it sees; null: every department's. */
  @Column('text', { array: true, nullable: true })
  departments!: string[] | null;

  /** For people to tell keys apart. */
  @Column('text', { nullable: true })
  lastFour!: string | null;

  @Column('timestamptz', { nullable: true })
  expiresAt!: Date | null;

  /** CIDR ranges from which it is taken; null: from anywhere. */
  @Column('text', { array: true, nullable: true })
  addresses!: string[] | null;

  /** The person or key that created it and so has seen it; null: the program itself, or a version before this column. */
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
