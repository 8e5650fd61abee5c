import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { DataSource } from 'typeorm';
import type { Message } from '../../guideline/message.js';
import { msg } from '../../platform/messages/dictionary.js';
import { isWithin } from '../../platform/outbound/address-range.js';
import type { AuditedCall } from '../../tenancy/audit-entry.js';
import type { Caller } from '../../tenancy/caller.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { BOUNDED_LOOK_UP } from '../../tenancy/request-bounds.js';
import { ApiKey } from '../api-key.entity.js';
import { SIGNATURES } from '../key-set.js';
import { ClientKeys } from './client-keys.js';

/** RFC 7523 leaves the limit to the server; SMART App Launch 2.2 and CDS Hooks 2.0 say five minutes. */
const LONGEST_SECONDS = 300;
const CLOCK_TOLERANCE_SECONDS = 30;
const LONGEST_JTI = 500;
const UUID = /^(?:urn:uuid:)?([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i;

/** Why an assertion is not accepted. */
export class AssertionRefused extends Error {
  constructor(
    readonly text: Message,
    /** The caller that it names, where that one exists: its hospital audits the refusal. */
    readonly named?: Caller,
  ) {
    super('assertion refused');
  }
}

/** A machine that has proven to hold the private key. */
export interface SignedClient {
  readonly key: ApiKey;
  readonly caller: Caller;
  /** The digest of the assertion's `jti`. */
  readonly assertion: Buffer;
  /** Until when the assertion could be sent again. */
  readonly until: Date;
}

interface Expected {
  /** The addresses of which `aud` has to be one. */
  readonly audiences: readonly string[];
  /** The claim that names the client; `sub`, where present, has to be the same as `iss`. */
  readonly clientIn: (claims: JWTPayload) => unknown;
}

/** Assertions of machines: JSON Web Tokens that a registered private key signed (RFC 7523). */
@Injectable()
export class ClientAssertions {
  private readonly log = new Logger('SignedInClients');

  constructor(
    private readonly dataSource: DataSource,
    private readonly scope: HospitalScope,
    private readonly keys: ClientKeys,
  ) {}

  /** The client whose key signed `jwt`. Throws `AssertionRefused`. Does not mark it as used: `takeOnce` does. */
  async verified(jwt: string, expected: Expected, audited: AuditedCall): Promise<SignedClient> {
    const named = claimsOf(jwt);
    const [, id] = UUID.exec(String(named && expected.clientIn(named))) ?? [];
    const found = id === undefined ? undefined : await this.find(id.toLowerCase(), audited);
    if (found === undefined) throw new AssertionRefused(msg('assertion-unknown-client'));
    const { key, caller, now, networks } = found;
    if (key.addresses && !isWithin(audited.address ?? '', key.addresses))
      throw new AssertionRefused(msg('assertion-unknown-client'), caller);
    try {
      const { payload } = await jwtVerify(
        jwt,
        (header, token) => {
          if (key.keySet?.url !== undefined && header.jku !== undefined && header.jku !== key.keySet.url)
            throw new errors.JWKSNoMatchingKey();
          return this.keys.of(key.id, key.keySet ?? {}, networks)(header, token);
        },
        {
          algorithms: [...SIGNATURES],
          audience: [...expected.audiences],
          requiredClaims: ['iss', 'exp', 'jti'],
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          currentDate: now,
        },
      );
      return { key, caller, ...timesOf(payload, now) };
    } catch (error) {
      const code = codeOf(error);
      this.log.warn(`Client ${key.id} sent an assertion that is not accepted: ${code}`);
      throw error instanceof AssertionRefused
        ? new AssertionRefused(error.text, caller)
        : new AssertionRefused(textOf(code), caller);
    }
  }

  private async find(id: string, audited: AuditedCall) {
    const [found] = await this.dataSource.query<{ hospitalId: string }[]>(
      `SELECT hospital_id AS "hospitalId" FROM client_of_id(CASE WHEN ${BOUNDED_LOOK_UP} THEN $1::uuid END)`,
      [id],
    );
    if (!found) return undefined;
    return this.scope.run(
      found.hospitalId,
      () =>
        this.scope.unaudited(async ({ db, hospital, now }) => {
          const key = await db.findOneByOrFail(ApiKey, { id, hospitalId: hospital.id });
          const caller: Caller = {
            ...{
              kind: 'key',
              id,
              name: key.name,
              hospitalId: hospital.id,
              roles: key.roles,
              scopes: key.scopes,
            },
            patientScope: { departments: key.departments, ownOnly: false },
            ...{ addresses: key.addresses, expiresAt: key.expiresAt, language: hospital.language },
          };
          return { key, caller, now, networks: hospital.networks };
        }),
      audited,
    );
  }
}

/**
 * Records that the assertion was used, with the access token that it was exchanged for. Throws `AssertionRefused` for one
 * that was used before, in this process or another. Forgets those that could not be sent again anyway.
 */
export async function takeOnce(
  { db, hospital, now }: HospitalTransaction,
  { key, caller, assertion, until }: SignedClient,
  token?: {
    readonly hash: Buffer;
    readonly scopes: readonly string[];
    readonly resources: readonly string[];
    readonly expiresAt: Date;
  },
): Promise<void> {
  await db.query(`DELETE FROM access_token WHERE hospital_id = $1 AND api_key_id = $2 AND kept_until < $3`, [
    ...[hospital.id, key.id, now],
  ]);
  const expiresAt = token?.expiresAt ?? until;
  const first = await db.query<unknown[]>(
    `INSERT INTO access_token (hospital_id, api_key_id, assertion, token_hash, scopes, resources, expires_at, kept_until)
     VALUES ($1, $2, $3, $4, $5, $6, $7, greatest($7::timestamptz, $8::timestamptz)) ON CONFLICT DO NOTHING RETURNING true`,
    [
      ...[hospital.id, key.id, assertion, token?.hash ?? null],
      ...[token?.scopes ?? [], token?.resources ?? null, expiresAt, until],
    ],
  );
  if (first.length === 0) throw new AssertionRefused(msg('assertion-used'), caller);
  await db.query(
    `UPDATE api_key SET last_used_at = $3 WHERE hospital_id = $1 AND id = $2
        AND coalesce(last_used_at, '-infinity') < $3::timestamptz - interval '1 minute'`,
    [hospital.id, key.id, now],
  );
}

/** What it says of itself, before anything is proven. */
function claimsOf(jwt: string): JWTPayload | undefined {
  try {
    return decodeJwt(jwt);
  } catch {
    return undefined;
  }
}

function timesOf(
  { iss, sub, jti = '', exp = 0 }: JWTPayload,
  now: Date,
): Pick<SignedClient, 'assertion' | 'until'> {
  if (sub !== undefined && sub !== iss) throw new AssertionRefused(msg('assertion-claim', { claim: 'sub' }));
  if (jti === '' || jti.length > LONGEST_JTI)
    throw new AssertionRefused(msg('assertion-claim', { claim: 'jti' }));
  if (exp > now.getTime() / 1000 + LONGEST_SECONDS + CLOCK_TOLERANCE_SECONDS)
    throw new AssertionRefused(msg('assertion-too-long', { seconds: LONGEST_SECONDS }));
  return {
    assertion: createHash('sha256').update(jti).digest(),
    until: new Date((exp + CLOCK_TOLERANCE_SECONDS) * 1000),
  };
}

/** By the library's code; every other one means that the keys could not be read or that it is no signed token. */
const TEXTS: Readonly<Record<string, Message>> = {
  ERR_JWT_EXPIRED: msg('assertion-expired'),
  ERR_JWKS_NO_MATCHING_KEY: msg('assertion-no-key'),
  ERR_JOSE_ALG_NOT_ALLOWED: msg('assertion-algorithm'),
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: msg('assertion-signature'),
};

const textOf = (code: string): Message =>
  code.startsWith(CLAIM)
    ? msg('assertion-claim', { claim: code.slice(CLAIM.length) })
    : (TEXTS[code] ?? msg('assertion-keys-unread'));

const CLAIM = 'claim ';

/** The kind of the library's error alone: its message may contain what was sent. */
function codeOf(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed) return `${CLAIM}${error.claim}`;
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
}
