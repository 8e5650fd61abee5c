import { Injectable } from '@nestjs/common';
import { DomainError, invalid } from '../../platform/domain-error.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { beginningOf } from '../../tenancy/hospital-beginning.entity.js';
import { Hospital } from '../../tenancy/hospital.entity.js';
import { chosenPassword } from '../sign-in/password-choice.js';
import { isPassword, passwordFaults } from '../sign-in/passwords.js';
import { Person } from '../person.entity.js';
import { SecondFactor } from '../sign-in/second-factor.js';
import type { Session } from '../sign-in/session.entity.js';
import { type SignInContext, Sessions } from '../sign-in/sessions.service.js';
import type { FreshProof, MeView } from '../sign-in/sign-in-schemas.js';
import { SignInAttempts } from '../sign-in/sign-in-attempts.js';
import { base32, newTotpSecret, otpauthUri } from '../sign-in/totp.js';
import { msg } from '../../platform/messages/dictionary.js';

/** `person_of_session` has the same number. */
const STEP_UP_MINUTES = 5;

/** What people do with their own account. */
@Injectable()
export class Me {
  constructor(
    private readonly scope: HospitalScope,
    private readonly attempts: SignInAttempts,
    private readonly secondFactor: SecondFactor,
    private readonly sessions: Sessions,
  ) {}

  async show(): Promise<MeView> {
    return this.scope.transaction(async (tx) => {
      const { db, caller, today } = tx;
      const hospitalId = tx.hospital.id;
      const hospital = await db.findOneByOrFail(Hospital, { id: hospitalId });
      const { setUpAt, demonstrationLogins } = await beginningOf(tx);
      const { code, name, timeZone, idleMinutes } = hospital;
      const isSetUp = setUpAt !== null;
      const isDemonstration = demonstrationLogins !== null;
      const { kind, id, roles, patientScope } = caller;
      const shared = {
        ...{ id, name: caller.name, roles: [...roles] },
        hospital: { id: hospitalId, code, name, today, timeZone, idleMinutes, isSetUp, isDemonstration },
        departments: patientScope.departments && [...patientScope.departments],
        ownPatientsOnly: patientScope.ownOnly,
      };
      if (kind !== 'person') return { kind: 'key', ...shared };
      const person = await db.findOneByOrFail(Person, { id, hospitalId });
      const { login, language, totpConfirmedAt, recoveryHashes } = person;
      const secondFactor = totpConfirmedAt !== null;
      return { kind, ...shared, login, language, secondFactor, recoveryCodesLeft: recoveryHashes.length };
    });
  }

  async change({ language }: Pick<Person, 'language'>): Promise<MeView> {
    await this.scope.transaction(({ db, caller, hospital }) =>
      db.update(Person, { id: caller.id, hospitalId: hospital.id }, { language }),
    );
    return this.show();
  }

  /** Ends every session of the person, and starts a new one. Returns its token. */
  async changePassword(
    input: { readonly password: string; readonly newPassword: string },
    context: SignInContext,
  ): Promise<{ person: Person; token: string; expiresAt: Date }> {
    return this.proven(input.password, async (tx, person) => {
      await this.store(tx, person, await chosenPassword(tx, person, input.newPassword));
      const secondFactor = await this.sessions.hasSecondFactor(tx);
      await this.sessions.endAll(tx, person.id);
      return { person, ...(await this.sessions.begin(tx, person.id, { ...context, secondFactor })) };
    });
  }

  /** Proves the person's identity again in this session; returns until when the proof is valid. */
  async stepUp(proof: FreshProof): Promise<Date> {
    return this.proven(proof.password, async (tx, person) => {
      const taken = this.codeTaken(person, proof, tx.now);
      if (taken) await this.store(tx, person, taken);
      await this.sessions.recordProof(tx, { steppedUpAt: tx.now, ...(taken && { secondFactor: true }) });
      return new Date(tx.now.getTime() + STEP_UP_MINUTES * 60_000);
    });
  }

  /**
   * A secret for an authenticator; sign-in requires no code until one is confirmed. Each call generates a new secret.
   */
  async enrol(password: string): Promise<{ secret: string; otpauthUri: string }> {
    return this.proven(password, async (tx, person) => {
      if (person.totpConfirmedAt !== null)
        throw new DomainError('conflict', 'totp-enrolled', msg('totp-enrolled'));
      const secret = newTotpSecret();
      const totpSecret = this.secondFactor.seal(secret, person);
      await this.store(tx, person, { totpSecret, totpLastStep: null });
      const { name, code } = await tx.db.findOneByOrFail(Hospital, { id: tx.hospital.id });
      return { secret: base32(secret), otpauthUri: otpauthUri(secret, person.login, code ?? name) };
    });
  }

  /**
   * Requires a code at sign-in from now on, and ends all other sessions. Returns the recovery codes for a lost
   * authenticator.
   */
  async confirm(code: string): Promise<string[]> {
    const attempt = await this.takeAttempt();
    return this.scope.transaction(async (tx) => {
      const person = await lockSelf(tx);
      if (person.totpConfirmedAt !== null || person.totpSecret === null)
        throw new DomainError('conflict', 'totp-not-waiting', msg('totp-not-waiting'));
      const taken = this.secondFactor.takeCode(person, code, tx.now);
      if (!taken) {
        const message = msg('wrong-code');
        throw invalid('invalid-input', message, [{ pointer: '/code', code: 'wrong-code', message }]);
      }
      const { codes, recoveryHashes } = this.secondFactor.newRecoveryCodes();
      await this.store(tx, person, { ...taken, recoveryHashes, totpConfirmedAt: tx.now });
      await this.sessions.recordProof(tx, { secondFactor: true });
      await this.sessions.endOthers(tx);
      await attempt.forgive(tx);
      return codes;
    });
  }

  /**
   * Requires no more codes, and ends all other sessions. Refused while the password is too short without a second
   * factor.
   */
  async takeAway(proof: FreshProof): Promise<void> {
    const { password } = proof;
    await this.proven(password, async (tx, person) => {
      this.codeTaken(person, proof, tx.now);
      const { passwordPolicy: policy } = await tx.db.findOneByOrFail(Hospital, { id: tx.hospital.id });
      const alone = passwordFaults(password, { policy, secondFactor: false, known: [] }, '/password');
      if (person.totpConfirmedAt !== null && alone.some(({ code }) => code === 'password-too-short'))
        throw new DomainError('conflict', 'password-too-short-alone', msg('password-too-short-alone'));
      const cleared = { totpSecret: null, totpConfirmedAt: null, totpLastStep: null, recoveryHashes: [] };
      await this.store(tx, person, cleared);
      await this.sessions.recordProof(tx, { secondFactor: false });
      await this.sessions.endOthers(tx);
    });
  }

  async listSessions(): Promise<Session[]> {
    return this.scope.transaction((tx) => this.sessions.running(tx, tx.caller.id));
  }

  async endSession(id: string): Promise<void> {
    await this.scope.transaction((tx) => this.sessions.end(tx, tx.caller.id, id));
  }

  /**
   * The columns to store after an accepted code; undefined where no authenticator is enrolled. Refuses (422) a wrong
   * code.
   */
  private codeTaken(
    person: Person,
    { code, recoveryCode }: FreshProof,
    now: Date,
  ): Partial<Person> | undefined {
    if (person.totpConfirmedAt === null) return undefined;
    const taken =
      code !== undefined
        ? this.secondFactor.takeCode(person, code, now)
        : recoveryCode !== undefined && this.secondFactor.takeRecoveryCode(person, recoveryCode);
    if (taken) return taken;
    const key = code === undefined && recoveryCode === undefined ? 'code-required' : 'wrong-code';
    const pointer = code === undefined && recoveryCode !== undefined ? '/recoveryCode' : '/code';
    throw invalid('invalid-input', msg(key), [{ pointer, code: key, message: msg(key) }]);
  }

  /** Works on the caller's own person, locked, after a check of the password. A wrong code counts as a guess. */
  private async proven<T>(
    password: string,
    work: (tx: HospitalTransaction, person: Person) => Promise<T>,
  ): Promise<T> {
    const attempt = await this.takeAttempt();
    const proof = { known: false };
    try {
      return await this.scope.transaction(async (tx) => {
        const person = await lockSelf(tx);
        if (person.passwordHash === null)
          throw new DomainError('conflict', 'no-password', msg('no-password'));
        proof.known = await isPassword(person.passwordHash, password);
        if (!proof.known) {
          const message = msg('wrong-password');
          throw invalid('invalid-input', message, [
            { pointer: '/password', code: 'wrong-password', message },
          ]);
        }
        return work(tx, person);
      });
    } catch (error) {
      if (isWrongCode(error)) proof.known = false;
      throw error;
    } finally {
      // Independent of the result: a caller with the right password, and the right code where one is required, has
      // not guessed.
      if (proof.known) await this.scope.unaudited((tx) => attempt.forgive(tx));
    }
  }

  /** A stolen session must not allow guessing of the password. */
  private takeAttempt(): ReturnType<SignInAttempts['takeAgain']> {
    return this.scope.unaudited((tx) => this.attempts.takeAgain(tx, tx.caller.session?.id ?? tx.caller.id));
  }

  private async store({ db }: HospitalTransaction, person: Person, change: Partial<Person>): Promise<void> {
    await db.update(Person, { id: person.id, hospitalId: person.hospitalId }, change);
  }
}

const isWrongCode = (error: unknown): boolean =>
  error instanceof DomainError && error.faults.some(({ code }) => code === 'wrong-code');

const lockSelf = ({ db, hospital, caller }: HospitalTransaction): Promise<Person> =>
  db.findOneOrFail(Person, {
    where: { id: caller.id, hospitalId: hospital.id },
    lock: { mode: 'pessimistic_write' },
  });
