import { Injectable, Logger } from '@nestjs/common';
import { createRemoteJWKSet, customFetch as joseFetch } from 'jose';
import {
  allowInsecureRequests,
  ClientSecretBasic,
  type Configuration,
  customFetch,
  discovery,
  None,
} from 'openid-client';
import { DomainError } from '../../platform/domain-error.js';
import { OutboundClient, REQUEST_TIMEOUT_MS } from '../../platform/outbound/outbound-client.js';
import type { AuditedCall } from '../../tenancy/audit-entry.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { clientSecretContext } from '../secret-contexts.js';
import { SecretBox } from '../../encryption/secret-box.js';
import type { SsoProvider } from './sso-provider.entity.js';
import { msg } from '../../platform/messages/dictionary.js';

/** The provider's metadata is read again after an hour, and after a change of its settings. */
const REREAD_MS = 3_600_000;

/** A provider's metadata, and its signing keys. */
export interface Discovered {
  readonly configuration: Configuration;
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
}

/** What a provider answers to a test. */
export interface ProviderProbe {
  /** Where people enter their password. */
  readonly signInAt: string | null;
  /** The number of its signing keys. */
  readonly keys: number;
  /** The code of the library's error; null: the provider answers as it should. */
  readonly fault: string | null;
}

/** Fetches the metadata of identity providers, from allowed addresses alone. */
@Injectable()
export class IdentityProviders {
  private readonly log = new Logger('SingleSignOn');
  private readonly known = new Map<
    string,
    { readonly discovered: Promise<Discovered>; readonly until: number }
  >();

  constructor(
    private readonly box: SecretBox,
    private readonly scope: HospitalScope,
    private readonly client: OutboundClient,
  ) {}

  /** The provider's metadata. Refuses (409) when it cannot be reached or is not as expected. */
  async discover(provider: SsoProvider, audited: AuditedCall): Promise<Discovered> {
    const key = `${provider.id} ${provider.revision}`;
    const known = this.known.get(key);
    if (known && known.until > performance.now()) return known.discovered;
    if (this.known.size > 1000) this.known.clear();
    const discovered = this.ask(provider, audited).catch((error: unknown) => {
      this.known.delete(key);
      this.log.warn(`Provider ${provider.id} could not be asked: ${codeOf(error)}`);
      throw new DomainError('conflict', 'provider-unreachable', msg('provider-unreachable'));
    });
    this.known.set(key, { discovered, until: performance.now() + REREAD_MS });
    return discovered;
  }

  /** Asks for metadata and keys as a sign-in does, without what is known already. */
  async probe(provider: SsoProvider, audited: AuditedCall): Promise<ProviderProbe> {
    try {
      const { configuration, keys } = await this.ask(provider, audited);
      const { authorization_endpoint: signInAt = null } = configuration.serverMetadata();
      await keys.reload();
      return { signInAt, keys: keys.jwks()?.keys.length ?? 0, fault: null };
    } catch (error) {
      return { signInAt: null, keys: 0, fault: codeOf(error) };
    }
  }

  private async ask(
    { id, hospitalId, issuer, clientId, clientSecret }: SsoProvider,
    audited: AuditedCall,
  ): Promise<Discovered> {
    const networks = await this.scope.run(
      hospitalId,
      () => this.scope.unaudited(({ hospital }) => Promise.resolve(hospital.networks)),
      audited,
    );
    const ask = this.client.fetchWithin(networks);
    const secret = clientSecret && this.box.open(clientSecret, clientSecretContext(id)).toString('utf8');
    const configuration = await discovery(
      new URL(issuer),
      clientId,
      undefined,
      secret === null ? None() : ClientSecretBasic(secret),
      {
        [customFetch]: ask,
        timeout: REQUEST_TIMEOUT_MS / 1000,
        // oxlint-disable-next-line typescript/no-deprecated -- marked as unsafe by the library
        execute: issuer.startsWith('http:') ? [allowInsecureRequests] : [],
      },
    );
    const { jwks_uri: keysAt } = configuration.serverMetadata();
    if (keysAt === undefined) throw new Error('It names no keys.');
    if (!keysAt.startsWith('https:') && issuer.startsWith('https:'))
      throw new Error('Its keys come by http.');
    const keys = createRemoteJWKSet(new URL(keysAt), {
      [joseFetch]: ask,
      timeoutDuration: REQUEST_TIMEOUT_MS,
    });
    return { configuration, keys };
  }
}

/** Only the kind of a library's error: its message may contain what the provider sent. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
