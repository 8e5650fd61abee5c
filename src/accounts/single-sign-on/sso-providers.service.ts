import { Inject, Injectable } from '@nestjs/common';
import { IsNull, MoreThan } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { CONFIG, type Config } from '../../platform/config.js';
import { DomainError, invalid, notFound } from '../../platform/domain-error.js';
import type { Message } from '../../guideline/message.js';
import { refuseBeyondOwn, refuseLimited } from '../giving-rights.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { isAllowedSource } from '../allowed-source.js';
import { IdentityProviders } from './identity-providers.js';
import { clientSecretContext } from '../secret-contexts.js';
import { identitiesOf, type LinkedIdentity, unlinkIdentity } from '../people/linked-identities.js';
import { lockPerson } from '../people/people.service.js';
import { SecretBox } from '../../encryption/secret-box.js';
import { Session } from '../sign-in/session.entity.js';
import { SsoProvider } from './sso-provider.entity.js';
import type {
  IdentityInput,
  SsoProviderInput,
  SsoProviderPatch,
  SsoProviderTestView,
} from './sso-schemas.js';
import type { AuditedCall } from '../../tenancy/audit-entry.js';
import { Hospital } from '../../tenancy/hospital.entity.js';
import { msg } from '../../platform/messages/dictionary.js';

/** The address to which a provider sends the browser back. */
export const redirectUriOf = (base: string, hospital: string, provider: string): string =>
  `${base.replace(/\/$/, '')}/api/v1/sso/${hospital}/${provider}/callback`;

/**
 * The identity providers of the hospital. Only callers without any limit manage them, because the accounts that a
 * provider creates are not limited to departments.
 */
@Injectable()
export class SsoProviders {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly scope: HospitalScope,
    private readonly box: SecretBox,
    private readonly identityProviders: IdentityProviders,
  ) {}

  async add({ clientSecret, ...input }: SsoProviderInput): Promise<SsoProvider> {
    if (!isAllowedSource(input.issuer, this.config.webhookLoopback)) {
      const message = msg('issuer-form');
      throw invalid('invalid-input', message, [{ pointer: '/issuer', code: 'not-allowed', message }]);
    }
    return this.scope.transaction(async ({ db, caller, hospital, now }) => {
      refuseLimited(caller);
      const id = uuid();
      for (const field of ['code', 'issuer'] as const)
        if (await db.existsBy(SsoProvider, { [field]: input[field], hospitalId: hospital.id }))
          throw taken(field, msg(field === 'code' ? 'provider-code-taken' : 'issuer-taken'));
      await db.insert(SsoProvider, {
        ...{ ...input, id, hospitalId: hospital.id, createdBy: caller.name, createdAt: now },
        clientSecret: this.sealed(clientSecret, id),
      });
      return db.findOneByOrFail(SsoProvider, { id, hospitalId: hospital.id });
    });
  }

  /** In the order in which they were added, at most `limit`, those after `after`. */
  async list(limit: number, after: string | undefined): Promise<SsoProvider[]> {
    return this.scope.transaction(({ db, hospital }) =>
      db.find(SsoProvider, {
        where: { hospitalId: hospital.id, ...(after !== undefined && { id: MoreThan(after) }) },
        order: { id: 'ASC' },
        take: limit,
      }),
    );
  }

  /** A disabled provider accepts no sign-in, and its sessions end. */
  async change(id: string, { clientSecret, ...patch }: SsoProviderPatch): Promise<SsoProvider> {
    return this.scope.transaction(async ({ db, caller, hospital, now }) => {
      refuseLimited(caller);
      const which = { id, hospitalId: hospital.id };
      const provider = await db.findOne(SsoProvider, { where: which, lock: { mode: 'pessimistic_write' } });
      if (!provider) throw notFound('sso-provider', id);
      await db.update(SsoProvider, which, {
        ...{ ...patch, revision: provider.revision + 1 },
        ...(clientSecret !== undefined && { clientSecret: this.sealed(clientSecret, id) }),
      });
      if (patch.enabled === false) {
        const begun = { hospitalId: hospital.id, providerId: id, endedAt: IsNull() };
        await db.update(Session, begun, { endedAt: now });
      }
      return db.findOneByOrFail(SsoProvider, which);
    });
  }

  /** Asks the provider as a sign-in does. `origin` is the address of this program for the browser. */
  async test(id: string, origin: string, audited: AuditedCall): Promise<SsoProviderTestView> {
    const { provider, hospitalCode } = await this.scope.transaction(async ({ db, caller, hospital }) => {
      refuseLimited(caller);
      const found = await db.findOneBy(SsoProvider, { id, hospitalId: hospital.id });
      if (!found) throw notFound('sso-provider', id);
      const { code } = await db.findOneByOrFail(Hospital, { id: hospital.id });
      return { provider: found, hospitalCode: code ?? '' };
    });
    const probe = await this.identityProviders.probe(provider, audited);
    const base = this.config.publicUrl ?? origin;
    return { ...probe, redirectUri: redirectUriOf(base, hospitalCode, provider.code) };
  }

  /**
   * Links a person with an identity at a provider. A repetition changes only the recorded linker: when the account
   * gets rights that this caller could not give, the link ends.
   */
  async link(personId: string, { provider: code, subject }: IdentityInput): Promise<void> {
    await this.scope.transaction(async (tx) => {
      const { db, caller, hospital } = tx;
      const hospitalId = hospital.id;
      refuseBeyondOwn(caller, await lockPerson(tx, personId));
      const provider = await db.findOneBy(SsoProvider, { code, hospitalId });
      if (!provider) {
        const message = msg('unknown-provider', { code });
        throw invalid('invalid-input', message, [
          { pointer: '/provider', code: 'unknown-provider', message },
        ]);
      }
      const [linked] = await db.query<[{ to: string }]>(
        `INSERT INTO person_identity (hospital_id, provider_id, subject, person_id, roles_from_claims, linked_by)
         VALUES ($1, $2, $3, $4, false, $5)
         ON CONFLICT (hospital_id, provider_id, subject) DO UPDATE SET linked_by = excluded.linked_by
         RETURNING person_id AS "to"`,
        [hospitalId, provider.id, subject, personId, caller.id],
      );
      if (linked.to !== personId) throw taken('subject', msg('subject-taken'));
    });
  }

  async identities(personId: string): Promise<LinkedIdentity[]> {
    return this.scope.transaction(async (tx) => {
      await lockPerson(tx, personId);
      return identitiesOf(tx, personId);
    });
  }

  /** Ends one link. Idempotent. */
  async unlink(personId: string, identity: IdentityInput): Promise<void> {
    await this.scope.transaction(async (tx) => {
      refuseBeyondOwn(tx.caller, await lockPerson(tx, personId));
      await unlinkIdentity(tx, personId, identity);
    });
  }

  private sealed(secret: string | null, providerId: string): Buffer | null {
    return secret === null ? null : this.box.seal(Buffer.from(secret), clientSecretContext(providerId));
  }
}

const taken = (field: string, message: Message): DomainError =>
  new DomainError('conflict', `${field}-taken`, message, [
    { pointer: `/${field}`, code: `${field}-taken`, message },
  ]);
