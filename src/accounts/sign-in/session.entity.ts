import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody signed in at one place. The token itself is never stored. */
@Entity('session')
export class Session {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  @Column('uuid')
  personId!: string;

  /** SHA-256 of the token: it has 256 random bits, so a slow hash would add nothing. */
  @Column('bytea')
  tokenHash!: Buffer;

  /** Whether a browser holds the token, or the program that asked for it. */
  @Column('text')
  kind!: 'cookie' | 'token';

  @Column('text')
  address!: string;

  /** What the browser or program called itself. */
  @Column('text')
  device!: string;

  @Column('timestamptz')
  startedAt!: Date;

  /** To the minute. */
  @Column('timestamptz')
  lastSeenAt!: Date;

  /** When it ends at the latest, however busy. */
  @Column('timestamptz')
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  endedAt!: Date | null;

  /** When the person last proved password and code, or signed in again at the provider, in this session. */
  @Column('timestamptz', { nullable: true })
  steppedUpAt!: Date | null;

  /** Whether a second factor was proven in this session, here or at a provider. */
  @Column('boolean', { default: false })
  secondFactor!: boolean;

  /** Who vouched for the person; null: they signed in here. */
  @Column('uuid', { nullable: true })
  providerId!: string | null;

  /** What the provider calls the session there, by which it may end this one. */
  @Column('text', { nullable: true })
  providerSession!: string | null;
}
