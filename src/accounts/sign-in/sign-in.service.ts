import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../../platform/domain-error.js';
import { maySignIn } from '../account-limits.js';
import type { AuditedCall } from '../../tenancy/audit-entry.js';
import { type Caller, programIn } from '../../tenancy/caller.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { Hospital } from '../../tenancy/hospital.entity.js';
import { knownDevice, rememberDevice } from './known-devices.js';
import { hashOfCode } from './one-time-codes.js';
import { chosenPassword } from './password-choice.js';
import { isNobodysPassword, isPassword, isTooOld } from './passwords.js';
import type { PasswordPolicy } from '../../tenancy/password-policy.js';
import { loginOf } from '../person-schemas.js';
import { Person } from '../person.entity.js';
import { RateLimits } from '../../platform/http/rate-limits.js';
import { BOUNDED_LOOK_UP } from '../../tenancy/request-bounds.js';
import { SecondFactor } from './second-factor.js';
import { callerOf, type SignInContext, Sessions } from './sessions.service.js';
import type { SignInInput } from './sign-in-schemas.js';
import { type Attempt, SignInAttempts } from './sign-in-attempts.js';
import { msg } from '../../platform/messages/dictionary.js';

/** Where the attempt to sign in comes from. */
export interface SignInAttemptContext extends SignInContext {
  /** The token of a known device, if the browser has one. */
  readonly deviceToken: string | undefined;
  readonly audited: AuditedCall;
}

export interface SignedIn {
  readonly person: Person;
  readonly token: string;
  readonly deviceToken: string;
  readonly expiresAt: Date;
}

type FoundHospital = Pick<Hospital, 'id'> & { readonly policy: PasswordPolicy };

/** One answer for every failure, so that it does not reveal which logins exist. */
const failed = (): DomainError => new DomainError('unauthenticated', 'sign-in-failed', msg('sign-in-failed'));

const codeWanted = (): DomainError =>
  new DomainError('forbidden', 'second-factor-required', msg('second-factor-required'));

const newPasswordWanted = (): DomainError =>
  new DomainError('forbidden', 'new-password-required', msg('new-password-required'));

/** Sign-in: by password and code, or once by the set-up code from an administrator. */
@Injectable()
export class SignIn {
  constructor(
    private readonly dataSource: DataSource,
    private readonly scope: HospitalScope,
    private readonly rateLimits: RateLimits,
    private readonly attempts: SignInAttempts,
    private readonly secondFactor: SecondFactor,
    private readonly sessions: Sessions,
  ) {}

  /** Starts a session. Every failure gets the same answer after the same work. */
  async signIn(input: SignInInput, context: SignInAttemptContext): Promise<SignedIn> {
    const hospital = await this.hospitalOf(input.hospital);
    if (!hospital) {
      await this.rateLimits.refuseGuessing(context.address);
      await this.proves(null, input);
      throw failed();
    }
    const login = loginOf(input.login);
    const { person, attempt } = await this.scope.run(
      programIn(hospital.id),
      () => this.scope.unaudited((tx) => this.takeAttempt(tx, login, input, context)),
      context.audited,
    );
    const caller = person ? callerOf(person) : unknownPerson(hospital.id);
    try {
      if (!(await this.proves(person, input)) || !person) throw failed();
      return await this.scope.run(
        caller,
        () =>
          this.scope.transaction((tx) =>
            this.begin(tx, { person, policy: hospital.policy, attempt, input, context }),
          ),
        context.audited,
      );
    } catch (error) {
      if (error instanceof DomainError) await this.recordRefusal(caller, { attempt, context }, error);
      throw error;
    }
  }

  private async hospitalOf(code: string): Promise<FoundHospital | undefined> {
    const [hospital] = await this.dataSource.query<FoundHospital[]>(
      `SELECT id, password_policy AS policy FROM hospital_with_code(CASE WHEN ${BOUNDED_LOOK_UP} THEN $1 END)`,
      [code.toLowerCase()],
    );
    return hospital;
  }

  private async takeAttempt(
    tx: HospitalTransaction,
    login: string,
    input: SignInInput,
    { address, deviceToken }: SignInAttemptContext,
  ): Promise<{ person: Person | null; attempt: Attempt }> {
    const person = await tx.db.findOneBy(Person, { login, hospitalId: tx.hospital.id });
    const device = await knownDevice(tx, person?.id, deviceToken);
    // A set-up code of 80 bits cannot be guessed online, so a right one is accepted whatever other senders guess.
    const hasCode = input.setupCode !== undefined && (await this.proves(person, input));
    if (!device && !hasCode) await this.rateLimits.refuseGuessing(address, tx.db);
    return { person, attempt: await this.attempts.take(tx, login, { address, device }) };
  }

  /**
   * Whether the password or set-up code is right. Takes equally long for a person without one, and for an unknown
   * login.
   */
  private async proves(person: Person | null, { password, setupCode }: SignInInput): Promise<boolean> {
    const active = person?.state === 'active' ? person : null;
    if (password !== undefined)
      return active?.passwordHash ? isPassword(active.passwordHash, password) : isNobodysPassword(password);
    return active?.setupHash ? timingSafeEqual(active.setupHash, hashOfCode(setupCode ?? '')) : false;
  }

  /** Checks the proof again under a lock: it may have been used, changed or removed meanwhile. */
  private async begin(tx: HospitalTransaction, asked: Asked): Promise<SignedIn> {
    const { input, context, policy, attempt } = asked;
    const { db, hospital, now } = tx;
    const which = { id: asked.person.id, hospitalId: hospital.id };
    const person = await db.findOneOrFail(Person, { where: which, lock: { mode: 'pessimistic_write' } });
    const bySetup = input.setupCode !== undefined;
    const moved =
      !maySignIn(person, { address: context.address, now }) ||
      (bySetup
        ? !person.setupHash?.equals(asked.person.setupHash ?? Buffer.alloc(0))
        : person.passwordHash !== asked.person.passwordHash);
    if (moved || (bySetup && (person.setupExpiresAt ?? now) <= now)) throw failed();
    const taken = this.takeSecondFactor(person, input, now);
    const tooOld = bySetup || isTooOld(policy, person.passwordChangedAt ?? now, now);
    if (tooOld && input.newPassword === undefined) throw newPasswordWanted();
    const chosen =
      tooOld && input.newPassword !== undefined ? await chosenPassword(tx, person, input.newPassword) : {};
    if (Object.keys({ ...taken, ...chosen }).length > 0)
      await db.update(Person, which, { ...taken, ...chosen });
    if (tooOld) await this.sessions.endAll(tx, person.id);
    await attempt.forgive(tx);
    const deviceToken = await rememberDevice(tx, person.id, context.deviceToken);
    return {
      person,
      deviceToken,
      ...(await this.sessions.begin(tx, person.id, { ...context, secondFactor: taken !== undefined })),
    };
  }

  private takeSecondFactor(
    person: Person,
    { totp, recoveryCode }: SignInInput,
    now: Date,
  ): Partial<Person> | undefined {
    if (person.totpConfirmedAt === null) return undefined;
    if (totp === undefined && recoveryCode === undefined) throw codeWanted();
    const taken =
      totp === undefined
        ? this.secondFactor.takeRecoveryCode(person, recoveryCode ?? '')
        : this.secondFactor.takeCode(person, totp, now);
    if (!taken) throw failed();
    return taken;
  }

  /** Audits the refusal. A right but insufficient proof does not count as a guess. */
  private recordRefusal(
    caller: Caller,
    { attempt, context }: Pick<Asked, 'attempt' | 'context'>,
    { code, issueType }: DomainError,
  ): Promise<void> {
    const status = issueType === 'unauthenticated' ? 401 : issueType === 'forbidden' ? 403 : 422;
    return this.scope.run(caller, async () => {
      if (code !== failed().code) await this.scope.unaudited((tx) => attempt.undo(tx));
      await this.scope.recordAlone(context.audited, { outcome: 'refused', status, detail: { code } });
    });
  }
}

interface Asked {
  readonly person: Person;
  readonly policy: PasswordPolicy;
  readonly attempt: Attempt;
  readonly input: SignInInput;
  readonly context: SignInAttemptContext;
}

/** A caller with an unknown login. */
const unknownPerson = (hospitalId: string): Caller => ({
  ...programIn(hospitalId),
  kind: 'person',
  id: 'unknown',
  name: 'unknown',
});
