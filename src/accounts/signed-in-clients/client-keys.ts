import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { OutboundClient, REQUEST_TIMEOUT_MS } from '../../platform/outbound/outbound-client.js';
import type { OpenedNetwork } from '../../platform/outbound/outbound-address.js';
import type { KeySet } from '../key-set.js';

const MOST_REMEMBERED = 1000;
/** A key that a machine took away is refused after this time. */
const READ_AGAIN_MS = 600_000;
/** The shortest time between two reads, whatever keys the assertions name. */
const PAUSE_MS = 30_000;

/** The public keys of machines; those at an address are read through the guarded way out, and kept for ten minutes. */
@Injectable()
export class ClientKeys {
  private readonly remembered = new Map<string, JWTVerifyGetKey>();

  constructor(private readonly client: OutboundClient) {}

  of(clientId: string, { keys, url }: KeySet, networks: readonly OpenedNetwork[]): JWTVerifyGetKey {
    if (url === undefined) return createLocalJWKSet({ keys: [...(keys ?? [])] });
    const name = JSON.stringify([clientId, url, networks]);
    const known = this.remembered.get(name);
    if (known) return known;
    if (this.remembered.size >= MOST_REMEMBERED) this.remembered.clear();
    const remote = createRemoteJWKSet(new URL(url), {
      [customFetch]: this.client.fetchWithin(networks),
      timeoutDuration: REQUEST_TIMEOUT_MS,
      cacheMaxAge: READ_AGAIN_MS,
      cooldownDuration: PAUSE_MS,
    });
    this.remembered.set(name, remote);
    return remote;
  }
}
