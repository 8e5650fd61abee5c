import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The most concurrent sessions of one person. */
export const MAX_SESSIONS = 50;

/** A session of a signed-in person on one device. The token itself is never stored. */
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

  /** Whether a browser or a program holds the token. */
  @Column('text')
  kind!: 'cookie' | 'token';

  @Column('text')
  address!: string;

  /** The name that the browser or program reports. */
  @Column('text')
  device!: string;

  @Column('timestamptz')
  startedAt!: Date;

  /** Accurate to a minute. */
  @Column('timestamptz')
  lastSeenAt!: Date;

  /** The session ends at this time at the latest, even if it is in use. */
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

  /** The sign-on provider that authenticated the person; null if the person signed in with a password. */
  @Column('uuid', { nullable: true })
  providerId!: string | null;

  /** The session's id at the provider, by which the provider may end it. */
  @Column('text', { nullable: true })
  providerSession!: string | null;
}
