import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { registerWithPassword } from '../accounts/people/first-accounts.js';
import { Person } from '../accounts/person.entity.js';
import { type SignInContext, Sessions } from '../accounts/sign-in/sessions.service.js';
import { hashOfToken } from '../tenancy/tokens.js';
import { DomainError } from '../platform/domain-error.js';
import { RateLimits } from '../platform/http/rate-limits.js';
import { msg } from '../platform/messages/dictionary.js';
import type { AuditedCall } from '../tenancy/audit-entry.js';
import { programIn, type Role } from '../tenancy/caller.js';
import { firstHospital } from '../tenancy/first-hospital.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { beginningOf, type HospitalBeginning, noteBeginning } from '../tenancy/hospital-beginning.entity.js';
import { Hospital } from '../tenancy/hospital.entity.js';
import type { FirstRunInput } from './first-run-schemas.js';
import { refuseTakenCode } from './taken-code.js';

interface Begun {
  readonly person: Person;
  readonly token: string;
  readonly expiresAt: Date;
}

export interface FirstRunProgress {
  readonly people: number;
  readonly hasPatients: boolean;
  readonly setUpAt: Date | null;
}

const linkInvalid = (): DomainError =>
  new DomainError('forbidden', 'first-run-link-invalid', msg('first-run-link-invalid'));

/** How an empty program becomes one that a ward can use. */
@Injectable()
export class FirstRun {
  constructor(
    private readonly scope: HospitalScope,
    private readonly sessions: Sessions,
    private readonly rateLimits: RateLimits,
  ) {}

  /**
   * Names the hospital that the first start created, and registers its first administrator with a session. Needs the link
   * that the start printed. The link counts once, and only while the hospital has no people.
   */
  async begin(input: FirstRunInput, context: SignInContext, audited: AuditedCall): Promise<Begun> {
    await this.rateLimits.refuseGuessing(context.address);
    const hospitalId = await firstHospital(this.scope);
    return this.scope.run(
      programIn(hospitalId),
      async () => {
        try {
          return await this.scope.transaction((tx) => this.inside(tx, input, context));
        } catch (error) {
          if (error instanceof DomainError) await this.recordRefusal(audited, error);
          throw error;
        }
      },
      audited,
    );
  }

  /** How far the first run of the caller's hospital is. */
  async progress(): Promise<FirstRunProgress> {
    return this.scope.transaction(async (tx) => {
      const { db } = tx;
      const { id } = tx.hospital;
      const { setUpAt } = await beginningOf(tx);
      const people = await db.countBy(Person, { hospitalId: id });
      const [{ hasPatients }] = await db.query<[{ hasPatients: boolean }]>(
        'SELECT EXISTS (SELECT FROM patient WHERE hospital_id = $1) AS "hasPatients"',
        [id],
      );
      return { people, hasPatients, setUpAt };
    });
  }

  /** From now on the pages begin with the worklist. Safe to repeat. */
  async finish(): Promise<FirstRunProgress> {
    await this.scope.transaction(async (tx) => {
      const { setUpAt } = await beginningOf(tx);
      await noteBeginning(tx, { setUpAt: setUpAt ?? tx.now });
    });
    return this.progress();
  }

  private recordRefusal(audited: AuditedCall, { code, issueType }: DomainError): Promise<void> {
    const status = issueType === 'forbidden' ? 403 : issueType === 'conflict' ? 409 : 422;
    return this.scope.recordAlone(audited, { outcome: 'refused', status, detail: { code } });
  }

  private async inside(
    tx: HospitalTransaction,
    input: FirstRunInput,
    context: SignInContext,
  ): Promise<Begun> {
    const { id } = tx.hospital;
    // The lock makes a second use of the link wait, and then find people.
    await tx.db.findOneOrFail(Hospital, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (
      !isLinkOf(await beginningOf(tx), input.token, tx.now) ||
      (await tx.db.existsBy(Person, { hospitalId: id }))
    )
      throw linkInvalid();
    const { hospital: name, code, timeZone, language } = input;
    await refuseTakenCode(() => tx.db.update(Hospital, { id }, { name, code, timeZone, language }));
    await noteBeginning(tx, { firstRunHash: null, firstRunUntil: null });
    const person = await registerAdministrator(tx, input);
    // The link and the new password prove the person, who now registers colleagues.
    const session = await this.sessions.begin(tx, person.id, { ...context, steppedUp: true });
    return { person, ...session };
  }
}

function isLinkOf(
  { firstRunHash, firstRunUntil }: Pick<HospitalBeginning, 'firstRunHash' | 'firstRunUntil'>,
  token: string,
  now: Date,
): boolean {
  if (firstRunHash === null || firstRunUntil === null || firstRunUntil <= now) return false;
  return timingSafeEqual(firstRunHash, hashOfToken(token));
}

function registerAdministrator(
  tx: HospitalTransaction,
  { login, name, language, newPassword, leadsWard }: FirstRunInput,
): Promise<Person> {
  const roles: Role[] = ['hospital_admin', ...(leadsWard ? (['head_nurse'] as const) : [])];
  const account = { login, name, roles, language, departments: null, ownPatientsOnly: false };
  return registerWithPassword(tx, account, newPassword);
}
