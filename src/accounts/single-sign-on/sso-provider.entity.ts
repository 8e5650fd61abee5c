import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from '../../tenancy/caller.js';

/** Another system that authenticates people of the hospital, by OpenID Connect. */
@Entity('sso_provider')
export class SsoProvider {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  /** Part of the address at which signing in begins. */
  @Column('text')
  code!: string;

  @Column('text')
  name!: string;

  /** Never changes: identities are valid for this issuer alone. */
  @Column('text')
  issuer!: string;

  @Column('text')
  clientId!: string;

  /** Sealed; null: a public client, which PKCE alone protects. */
  @Column('bytea', { nullable: true })
  clientSecret!: Buffer | null;

  /** The claim of the ID token that `roleMap` reads. */
  @Column('text')
  roleClaim!: string;

  @Column('jsonb')
  roleMap!: Record<string, Role[]>;

  /** Whether an unknown person with a role in the claims is registered. */
  @Column('boolean')
  autoCreate!: boolean;

  @Column('boolean')
  enabled!: boolean;

  /** Whether the provider itself requires a second factor, even if its tokens do not say so. */
  @Column('boolean', { default: false })
  secondFactorTrusted!: boolean;

  /** Counts the changes, so that cached metadata of the provider is read again after one. */
  @Column('integer', { default: 1 })
  revision!: number;

  @Column('text')
  createdBy!: string;

  @Column('timestamptz')
  createdAt!: Date;
}
