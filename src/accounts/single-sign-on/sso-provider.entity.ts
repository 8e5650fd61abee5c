import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from '../../tenancy/caller.js';

/** Another system that vouches for people of the hospital, by OpenID Connect. */
@Entity('sso_provider')
export class SsoProvider {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  /** Stands in the address at which signing in begins. */
  @Column('text')
  code!: string;

  @Column('text')
  name!: string;

  /** Never changes: who is who holds for this issuer alone. */
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

  /** Whether somebody who is not known yet, and whose claims give them a role, is registered. */
  @Column('boolean')
  autoCreate!: boolean;

  @Column('boolean')
  enabled!: boolean;

  /** Whether the provider asks for a second factor itself, also where its tokens do not say so. */
  @Column('boolean', { default: false })
  secondFactorTrusted!: boolean;

  /** Counts the changes, so that what was read of the provider is read again after one. */
  @Column('integer', { default: 1 })
  revision!: number;

  @Column('text')
  createdBy!: string;

  @Column('timestamptz')
  createdAt!: Date;
}
