import { Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/domain-error.js';
import type { AuditedCall } from '../../tenancy/audit-entry.js';
import type { Caller } from '../../tenancy/caller.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { AssertionRefused, ClientAssertions, takeOnce } from './client-assertions.js';

/** Calls that a machine signs one by one, instead of exchanging an assertion for a token: those of CDS Hooks. */
@Injectable()
export class SignedCalls {
  constructor(
    private readonly assertions: ClientAssertions,
    private readonly scope: HospitalScope,
  ) {}

  /**
   * The caller who signed the call to `address` (CDS Hooks 2.0, "Trusting CDS Clients"). The registration is named by
   * `tenant`, or by `iss` where there is none: one system may serve several hospitals. Refuses (401) any other token, and one
   * that was used before.
   */
  async callerOf(jwt: string, address: string, audited: AuditedCall): Promise<Caller> {
    try {
      const client = await this.assertions.verified(
        jwt,
        { audiences: [address], clientIn: ({ iss, tenant }) => tenant ?? iss },
        audited,
      );
      await this.scope.run(client.caller, () => this.scope.unaudited((tx) => takeOnce(tx, client)), audited);
      return client.caller;
    } catch (error) {
      if (!(error instanceof AssertionRefused)) throw error;
      if (error.named !== undefined)
        await this.scope.run(error.named, () =>
          this.scope.recordAlone(audited, { outcome: 'refused', status: 401 }),
        );
      throw new DomainError('unauthenticated', 'assertion-refused', error.text);
    }
  }
}
