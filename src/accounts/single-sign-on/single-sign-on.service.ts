import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  type IDToken,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { programNow } from '../../platform/database/clock.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { redirectUriOf } from './sso-providers.service.js';
import { DomainError } from '../../platform/domain-error.js';
import { maySignIn } from '../account-limits.js';
import type { AuditedCall } from '../../tenancy/audit-entry.js';
import { BOUNDED_LOOK_UP } from '../../tenancy/request-bounds.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { codeOf, IdentityProviders } from './identity-providers.js';
import type { Person } from '../person.entity.js';
import { SecretBox } from '../../encryption/secret-box.js';
import { callerOf, type SignInContext, Sessions } from '../sign-in/sessions.service.js';
import { isStillLinked, resolveSsoUser } from './sso-identities.js';
import { LinkedPatient } from './patient-link.js';
import { SsoProvider } from './sso-provider.entity.js';
import { msg } from '../../platform/messages/dictionary.js';

const MINUTES = 10;
/** How old a new sign-in at the provider may be. */
const FRESH_SECONDS = 60;
/** The tolerance of openid-client. */
const CLOCK_TOLERANCE_SECONDS = 30;

/** The sealed state that a browser keeps while it is at the provider. */
const OidcState = z.object({
  providerId: z.uuid(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  redirectUri: z.string(),
  until: z.number(),
  /** Whether the person was asked to sign in again. */
  reauthenticate: z.boolean(),
  /** The patient who is opened afterwards. */
  linked: LinkedPatient.optional(),
});
type OidcState = z.output<typeof OidcState>;

/** The provider and hospital in the address. */
export interface Route {
  readonly hospital: string;
  readonly provider: string;
}

const failed = (): DomainError => new DomainError('unauthenticated', 'sso-failed', msg('sso-failed'));

/** Sign-in by another system of the hospital: OpenID Connect, by code with PKCE, state and nonce. */
@Injectable()
export class SingleSignOn {
  private readonly log = new Logger('SingleSignOn');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly dataSource: DataSource,
    private readonly scope: HospitalScope,
    private readonly box: SecretBox,
    private readonly providers: IdentityProviders,
    private readonly sessions: Sessions,
  ) {}

  /**
   * The address of the provider, and the state that the browser must bring back. `origin` is the address of this
   * program for the browser.
   */
  async start(
    route: Route,
    origin: string,
    { reauthenticate, linked }: { readonly reauthenticate: boolean; readonly linked: LinkedPatient },
    audited: AuditedCall,
  ): Promise<{ url: string; oidcState: string }> {
    const provider = await this.providerOf(route, audited);
    const { configuration } = await this.providers.discover(provider, audited);
    const { hospital, provider: code } = route;
    const redirectUri = redirectUriOf(this.config.publicUrl ?? origin, hospital, code);
    const [verifier, state, nonce] = [randomPKCECodeVerifier(), randomState(), randomNonce()];
    const url = buildAuthorizationUrl(configuration, {
      ...{ redirect_uri: redirectUri, scope: 'openid profile', state, nonce },
      ...(reauthenticate && { prompt: 'login', max_age: '0' }),
      ...{ code_challenge: await calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
    });
    const until = (await programNow(this.dataSource)).getTime() + MINUTES * 60_000;
    const oidcState: OidcState = {
      ...{ providerId: provider.id, state, nonce, verifier, redirectUri, until, reauthenticate },
      ...((linked.identifier ?? linked.patient) !== undefined && { linked }),
    };
    const sealed = this.box.seal(Buffer.from(JSON.stringify(oidcState)), OIDC_STATE);
    return { url: url.href, oidcState: sealed.toString('base64url') };
  }

  /**
   * Starts a session for the person that the provider names, who then sees the patient of the link by which they came.
   * `query` is what the browser brought back.
   */
  async finish(
    route: Route,
    query: string,
    kept: string | undefined,
    { context, audited }: { readonly context: SignInContext; readonly audited: AuditedCall },
  ): Promise<{ person: Person; token: string; linked: LinkedPatient | undefined }> {
    const provider = await this.providerOf(route, audited);
    const oidcState = await this.opened(kept);
    if (oidcState?.providerId !== provider.id) throw failed();
    const { configuration } = await this.providers.discover(provider, audited);
    const claims = await this.claimsOf(provider, configuration, query, oidcState);
    const person = await this.scope.run(
      provider.hospitalId,
      () => this.personOf(provider, claims, audited),
      audited,
    );
    const session = typeof claims.sid === 'string' ? claims.sid : null;
    return this.scope.run(
      callerOf(person),
      () =>
        this.scope.transaction(async (tx) => {
          if (!maySignIn(person, { address: context.address, now: tx.now })) throw failed();
          const link = { provider, subject: claims.sub, personId: person.id };
          if (!(await isStillLinked(tx, link))) throw failed();
          const at = {
            ...{ ...context, provider: { id: provider.id, session }, steppedUp: oidcState.reauthenticate },
            secondFactor: provider.secondFactorTrusted || saysSecondFactor(claims),
          };
          return { person, linked: oidcState.linked, ...(await this.sessions.begin(tx, person.id, at)) };
        }),
      audited,
    );
  }

  private async personOf(provider: SsoProvider, claims: IDToken, audited: AuditedCall): Promise<Person> {
    try {
      return await this.scope.unaudited((tx) => resolveSsoUser(tx, provider, claims, audited));
    } catch (error) {
      if (error instanceof DomainError)
        await this.scope.recordAlone(audited, {
          outcome: 'refused',
          status: 403,
          detail: { code: error.code },
        });
      throw error;
    }
  }

  /**
   * The provider of the address with its hospital's settings, looked up within the time limits of the call. Refuses
   * (404) an unknown or disabled one.
   */
  async providerOf({ hospital, provider: code }: Route, audited: AuditedCall): Promise<SsoProvider> {
    const [found] = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM hospital_with_code(CASE WHEN ${BOUNDED_LOOK_UP} THEN $1 END)`,
      [hospital.toLowerCase()],
    );
    const provider =
      found &&
      (await this.scope.run(
        found.id,
        () =>
          this.scope.unaudited(({ db }) =>
            db.findOneBy(SsoProvider, { code, hospitalId: found.id, enabled: true }),
          ),
        audited,
      ));
    if (provider) return provider;
    throw new DomainError('not-found', 'sso-provider-not-found', msg('no-such-sign-in'));
  }

  private async claimsOf(
    provider: SsoProvider,
    configuration: Configuration,
    query: string,
    oidcState: OidcState,
  ): Promise<IDToken> {
    try {
      const tokens = await authorizationCodeGrant(
        configuration,
        new URL(`${oidcState.redirectUri}?${query}`),
        {
          pkceCodeVerifier: oidcState.verifier,
          expectedState: oidcState.state,
          expectedNonce: oidcState.nonce,
          idTokenExpected: true,
          ...(oidcState.reauthenticate && { maxAge: FRESH_SECONDS }),
        },
      );
      const claims = tokens.claims();
      if (claims && !(oidcState.reauthenticate && claimsLaterSignIn(claims))) return claims;
    } catch (error) {
      this.log.warn(`Provider ${provider.id} did not vouch for somebody: ${codeOf(error)}`);
    }
    throw failed();
  }

  private async opened(kept: string | undefined): Promise<OidcState | undefined> {
    if (kept === undefined) return undefined;
    try {
      const oidcState = OidcState.parse(
        JSON.parse(this.box.open(Buffer.from(kept, 'base64url'), OIDC_STATE).toString('utf8')),
      );
      return oidcState.until > (await programNow(this.dataSource)).getTime() ? oidcState : undefined;
    } catch {
      return undefined; // not sealed here
    }
  }
}

/**
 * Whether the provider claims a sign-in later than the token itself, for example in milliseconds. The library accepts
 * that as fresh forever.
 */
const claimsLaterSignIn = ({ auth_time: signedInAt, iat }: IDToken): boolean =>
  typeof signedInAt === 'number' && signedInAt > iat + CLOCK_TOLERANCE_SECONDS;

/** RFC 8176: `mfa` means that several factors were proven. */
const saysSecondFactor = ({ amr }: IDToken): boolean => Array.isArray(amr) && amr.includes('mfa');

const OIDC_STATE = 'sso|oidcState';
