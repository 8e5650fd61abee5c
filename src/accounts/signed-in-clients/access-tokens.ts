import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Language } from '../../guideline/guideline.js';
import { msg } from '../../platform/messages/dictionary.js';
import { isWithin } from '../../platform/outbound/address-range.js';
import type { AuditedCall } from '../../tenancy/audit-entry.js';
import type { Caller, Role } from '../../tenancy/caller.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { BOUNDED_LOOK_UP } from '../../tenancy/request-bounds.js';
import { RIGHTS, type Scope, SCOPES } from '../../tenancy/rights.js';
import { resourceGrant, scopesNeeded } from '../../tenancy/smart-scopes.js';
import { hashOfToken, newTokenOf } from '../../tenancy/tokens.js';
import { takeOnce, type SignedClient } from './client-assertions.js';
import { oauthRefusal } from './oauth-refusals.js';

export const ACCESS_TOKEN_PREFIX = 'nwt_';

/** SMART App Launch 2.2 recommends at most five minutes. */
export const TOKEN_SECONDS = 300;

interface Row {
  readonly id: string;
  readonly hospitalId: string;
  readonly name: string;
  readonly roles: Role[];
  readonly scopes: string[];
  readonly resources: string[];
  readonly within: string[] | null;
  readonly departments: string[] | null;
  readonly addresses: string[] | null;
  readonly expiresAt: Date;
  readonly language: Language;
}

export interface IssuedToken {
  readonly token: string;
  readonly scopes: readonly string[];
}

/** Access tokens of five minutes, each for one assertion. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly dataSource: DataSource,
    private readonly scope: HospitalScope,
  ) {}

  /**
   * A token with those of the wanted scopes that the client may have. Refuses (400) where there is none, and throws
   * `AssertionRefused` for an assertion that was used before.
   */
  async issue(client: SignedClient, wanted: readonly string[], audited: AuditedCall): Promise<IssuedToken> {
    const scopes = wanted.filter((scope) => isAvailable(client.caller, scope));
    if (scopes.length === 0) throw oauthRefusal('invalid_scope', msg('no-scope-granted', { wanted }));
    const token = newTokenOf(client.caller.hospitalId, ACCESS_TOKEN_PREFIX);
    await this.scope.run(
      client.caller,
      () =>
        this.scope.transaction((tx) =>
          takeOnce(tx, client, {
            hash: hashOfToken(token),
            scopes: scopes.filter((scope) => SCOPES.includes(scope as Scope)),
            resources: scopes.filter((scope) => resourceGrant(scope) !== undefined),
            expiresAt: new Date(tx.now.getTime() + TOKEN_SECONDS * 1000),
          }),
        ),
      audited,
    );
    return { token, scopes };
  }

  /** The caller with `token` at `address`; undefined once the token has ended or its client was revoked. */
  async callerOf(token: string, address: string): Promise<Caller | undefined> {
    const [found] = await this.dataSource.query<Row[]>(
      `SELECT t.id, t.hospital_id AS "hospitalId", t.name, t.roles, t.scopes, t.resources, t.within, t.departments, t.addresses,
              t.expires_at AS "expiresAt", h.language
         FROM use_access_token(CASE WHEN ${BOUNDED_LOOK_UP} THEN $1::bytea END) AS t CROSS JOIN LATERAL hospital_entered(t.hospital_id, '') AS h`,
      [hashOfToken(token)],
    );
    if (!found || (found.addresses && !isWithin(address, found.addresses))) return undefined;
    const { departments, resources, within, ...caller } = found;
    return {
      ...{ kind: 'key', ...caller, patientScope: { departments, ownOnly: false } },
      resources: { granted: resources, within },
    };
  }
}

/** Whether a call of the table needs the scope, is open to the client's roles, and lies within the limits of its key. */
function isAvailable({ roles, scopes: within }: Pick<Caller, 'roles' | 'scopes'>, wanted: string): boolean {
  const grant = resourceGrant(wanted);
  const needed = grant === undefined ? SCOPES.filter((scope) => scope === wanted) : scopesNeeded(grant);
  return (
    needed.length > 0 &&
    needed.every(
      (scope) =>
        (within === null || within.includes(scope)) &&
        Object.values(RIGHTS).some(
          (right) => right.scope === scope && !right.own && right.roles.some((role) => roles.includes(role)),
        ),
    )
  );
}
