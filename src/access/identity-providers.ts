import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { createRemoteJWKSet, customFetch as joseFetch, type JWTVerifyGetKey } from 'jose';
import {
  allowInsecureRequests,
  ClientSecretBasic,
  type Configuration,
  type CustomFetch,
  customFetch,
  discovery,
  None,
} from 'openid-client';
import { fetch as undiciFetch } from 'undici';
import { CONFIG, type Config } from '../config.js';
import { DomainError } from '../domain-error.js';
import { type OpenedNetwork, VettedAgents } from '../outbound-address.js';
import { HospitalScope } from './hospital-scope.js';
import { SecretBox } from './secret-box.js';
import type { SsoProvider } from './sso-provider.entity.js';
import { msg } from '../platform/messages/dictionary.js';

const TIMEOUT_SECONDS = 10;
/** What a provider says about itself is read again after an hour, and after a change of its settings. */
const REREAD_MS = 3_600_000;

/** A provider as it describes itself, and the keys with which it signs. */
export interface Discovered {
  readonly configuration: Configuration;
  readonly keys: JWTVerifyGetKey;
}

export const secretContext = (providerId: string): string => `sso_provider|client_secret|${providerId}`;

/** Whether an issuer may be asked at all: by https, and outside of production also at this machine by http. */
export function isAllowedIssuer(issuer: string, production: boolean): boolean {
  const { protocol, hostname, search, hash } = new URL(issuer);
  if (search !== '' || hash !== '') return false;
  if (protocol === 'https:') return true;
  return protocol === 'http:' && !production && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/** Asks identity providers about themselves, at allowed addresses alone. */
@Injectable()
export class IdentityProviders implements OnApplicationShutdown {
  private readonly log = new Logger('SingleSignOn');
  private readonly known = new Map<
    string,
    { readonly discovered: Promise<Discovered>; readonly until: number }
  >();
  private readonly agents: VettedAgents;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly box: SecretBox,
    private readonly scope: HospitalScope,
  ) {
    this.agents = new VettedAgents({ loopback: !config.production, proxy: config.outboundProxy });
  }

  /** What the provider says about itself. Refuses (409) when it cannot be reached or says something else than expected. */
  async discover(provider: SsoProvider): Promise<Discovered> {
    const key = `${provider.id} ${provider.revision}`;
    const known = this.known.get(key);
    if (known && known.until > performance.now()) return known.discovered;
    if (this.known.size > 1000) this.known.clear();
    const discovered = this.ask(provider);
    this.known.set(key, { discovered, until: performance.now() + REREAD_MS });
    try {
      return await discovered;
    } catch (error) {
      this.known.delete(key);
      this.log.warn(`Provider ${provider.id} could not be asked: ${codeOf(error)}`);
      throw new DomainError('conflict', 'provider-unreachable', msg('provider-unreachable'));
    }
  }

  private async ask({ id, hospitalId, issuer, clientId, clientSecret }: SsoProvider): Promise<Discovered> {
    const networks = await this.scope.run(hospitalId, () =>
      this.scope.unaudited(({ hospital }) => Promise.resolve(hospital.networks)),
    );
    const ask = this.fetchWithin(networks);
    const secret = clientSecret && this.box.open(clientSecret, secretContext(id)).toString('utf8');
    const configuration = await discovery(
      new URL(issuer),
      clientId,
      undefined,
      secret === null ? None() : ClientSecretBasic(secret),
      {
        [customFetch]: ask,
        timeout: TIMEOUT_SECONDS,
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that nobody takes it lightly
        execute: issuer.startsWith('http:') ? [allowInsecureRequests] : [],
      },
    );
    const { jwks_uri: keysAt } = configuration.serverMetadata();
    if (keysAt === undefined) throw new Error('It names no keys.');
    const keys = createRemoteJWKSet(new URL(keysAt), {
      [joseFetch]: ask as typeof fetch,
      timeoutDuration: TIMEOUT_SECONDS * 1000,
    });
    return { configuration, keys };
  }

  /** To addresses that may be asked, and along no redirect. */
  private readonly fetchWithin =
    (networks: readonly OpenedNetwork[]): CustomFetch =>
    (url, options) =>
      undiciFetch(url, { ...(options as object), redirect: 'manual', dispatcher: this.agents.for(networks) });

  async onApplicationShutdown(): Promise<void> {
    await this.agents.close();
  }
}

/** Of an error of the library no more than its kind: its message may hold what the provider sent. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
