import { Injectable, Logger } from '@nestjs/common';
import { type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { DomainError } from '../../platform/domain-error.js';
import type { AuditedCall } from '../../tenancy/audit-entry.js';
import { programIn } from '../../tenancy/caller.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { codeOf, IdentityProviders } from './identity-providers.js';
import { type Route, SingleSignOn } from './single-sign-on.service.js';
import type { SsoProvider } from './sso-provider.entity.js';
import { msg } from '../../platform/messages/dictionary.js';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

const refused = (): DomainError =>
  new DomainError('malformed', 'logout-token-refused', msg('logout-token-refused'));

/** A provider ends the sessions that it started (OpenID Connect Back-Channel Logout 1.0). */
@Injectable()
export class SsoLogout {
  private readonly log = new Logger('SingleSignOn');

  constructor(
    private readonly scope: HospitalScope,
    private readonly signOn: SingleSignOn,
    private readonly providers: IdentityProviders,
  ) {}

  /**
   * Ends the sessions that the token names: one by its sid, or all of the person's by sub. A token is accepted once.
   */
  async logout(route: Route, token: string, audited: AuditedCall): Promise<void> {
    const provider = await this.signOn.providerOf(route, audited);
    const { keys } = await this.providers.discover(provider, audited);
    const claims = await this.verified(provider, keys, token);
    await this.scope.run(
      programIn(provider.hospitalId),
      () => this.scope.transaction((tx) => endNamed(tx, provider, claims)),
      audited,
    );
  }

  private async verified(
    provider: SsoProvider,
    keys: JWTVerifyGetKey,
    token: string,
  ): Promise<JWTPayload & { jti: string }> {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: provider.issuer,
        audience: provider.clientId,
        algorithms: ALGORITHMS,
        requiredClaims: ['iat', 'jti', 'events'],
        maxTokenAge: '10 minutes',
        clockTolerance: 60,
      });
      const { jti, sub, sid, nonce, events } = payload;
      const isLogout = typeof events === 'object' && events !== null && EVENT in events;
      if (
        jti !== undefined &&
        isLogout &&
        nonce === undefined &&
        (sub !== undefined || typeof sid === 'string')
      )
        return { ...payload, jti };
    } catch (error) {
      this.log.warn(`Provider ${provider.id} sent a logout token that is not valid: ${codeOf(error)}`);
    }
    throw refused();
  }
}

async function endNamed(
  { db, hospital, now }: HospitalTransaction,
  { id }: SsoProvider,
  { jti, sub, sid }: JWTPayload & { jti: string },
): Promise<void> {
  await db.query(
    `DELETE FROM sso_logout WHERE hospital_id = $1 AND provider_id = $2 AND taken_at < $3::timestamptz - interval '1 day'`,
    [hospital.id, id, now],
  );
  const first = await db.query<unknown[]>(
    `INSERT INTO sso_logout (hospital_id, provider_id, token_id, taken_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING RETURNING true`,
    [hospital.id, id, jti, now],
  );
  if (first.length === 0) throw refused();
  await db.query(
    `UPDATE session SET ended_at = $5
      WHERE hospital_id = $1 AND provider_id = $2 AND ended_at IS NULL
        AND ($3::text IS NULL OR provider_session = $3)
        AND ($4::text IS NULL OR person_id IN (SELECT person_id FROM person_identity
              WHERE hospital_id = $1 AND provider_id = $2 AND subject = $4))`,
    [hospital.id, id, typeof sid === 'string' ? sid : null, sub ?? null, now],
  );
}
