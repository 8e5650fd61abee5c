import { Injectable } from '@nestjs/common';
import { ArrayContains, MoreThan } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { DomainError, notFound } from '../../platform/domain-error.js';
import { isRangeWithin } from '../../platform/outbound/address-range.js';
import { refuseAccountBeyondOwn, refuseBeyondOwn } from '../giving-rights.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { forgetDevices } from '../sign-in/known-devices.js';
import { limitGrantsOf, NO_SETUP_CODE } from '../limits-passed-on.js';
import { unlink, unlinkBeyondLinkers } from './linked-identities.js';
import { refuseNameBeyondScope } from '../../tenancy/nurse-name-limits.js';
import { hashOfCode, newCode } from '../sign-in/one-time-codes.js';
import { formerWith } from '../sign-in/passwords.js';
import type { PersonInput, PersonPatch, ResetInput } from '../person-schemas.js';
import { Person } from '../person.entity.js';
import type { Session } from '../sign-in/session.entity.js';
import { callerOf, Sessions } from '../sign-in/sessions.service.js';
import { msg } from '../../platform/messages/dictionary.js';

const SETUP_HOURS = 72;

/** A person and the set-up code, with which the person chooses a password. Only a hash of the code is stored. */
export interface SetUp {
  readonly person: Person;
  readonly setupCode: string;
  readonly setupExpiresAt: Date;
}

/** Registers and changes the people of a hospital, for its administrators. */
@Injectable()
export class People {
  constructor(
    private readonly scope: HospitalScope,
    private readonly sessions: Sessions,
  ) {}

  async register(input: PersonInput): Promise<SetUp> {
    return this.scope.transaction(async (tx) => {
      const { addresses, expiresAt } = tx.caller;
      const limited = { addresses: addresses && [...addresses], expiresAt, ...input };
      refuseBeyondOwn(tx.caller, limited);
      await refuseNameBeyondScope(tx, [input.name, input.login]);
      return registerPerson(tx, limited);
    });
  }

  /** At most `limit` people after the id `after`, in the order of registration. */
  async list(
    limit: number,
    { state, after }: { readonly state?: Person['state']; readonly after?: string },
  ): Promise<Person[]> {
    return this.scope.transaction(({ db, hospital }) =>
      db.find(Person, {
        where: {
          ...{ hospitalId: hospital.id },
          ...(state && { state }),
          ...(after !== undefined && { id: MoreThan(after) }),
        },
        order: { id: 'ASC' },
        take: limit,
      }),
    );
  }

  async get(id: string): Promise<Person> {
    return this.scope.transaction(async ({ db, hospital }) => {
      const person = await db.findOneBy(Person, { id, hospitalId: hospital.id });
      if (!person) throw notFound('person', id);
      return person;
    });
  }

  /**
   * Changes take effect with the next request. Ends all sessions when roles change or the person is disabled. When the
   * person gets more rights, voids a set-up code that another caller has seen, and removes links to sign-on providers
   * whose linker could not have given these rights.
   */
  async change(id: string, patch: PersonPatch): Promise<Person> {
    return this.scope.transaction(async (tx) => {
      const person = await lockPerson(tx, id);
      const isWider = widens(person, { ...person, ...patch });
      const isCodeVoid = isWider && person.setupBy !== tx.caller.id;
      const changed = { ...person, ...patch, ...(isCodeVoid && NO_SETUP_CODE) };
      refuseAccountBeyondOwn(tx.caller, person);
      if (tx.caller.id === id) refuseOwnRights(patch);
      if (changed.name !== person.name) await refuseNameBeyondScope(tx, [changed.name]);
      if (isLastingAdmin(person) && !isLastingAdmin(changed)) await refuseLastAdmin(tx, id);
      if (isWider) refuseBeyondOwn(tx.caller, changed);
      if (Object.keys(patch).length > 0)
        await tx.db.update(
          Person,
          { id, hospitalId: tx.hospital.id },
          { ...patch, ...(isCodeVoid && NO_SETUP_CODE) },
        );
      const keepsSessions = changed.state === 'active' && sameSet(changed.roles, person.roles);
      if (!keepsSessions) await this.sessions.endAll(tx, id);
      if (isWider) await unlinkBeyondLinkers(tx, changed);
      await limitGrantsOf(tx, id, changed.state === 'active' ? callerOf(changed) : null);
      return changed;
    });
  }

  /**
   * Removes the password and, on request, the authenticator and the links to sign-on providers that administrators
   * made; the person chooses a new password with the code. Ends the person's sessions.
   */
  async reset(id: string, { clearTotp, clearIdentities }: ResetInput): Promise<SetUp> {
    return this.scope.transaction(async (tx) => {
      if (tx.caller.id === id) throw new DomainError('forbidden', 'own-reset', msg('own-reset'));
      const person = await lockPerson(tx, id);
      refuseBeyondOwn(tx.caller, person);
      const { setupCode, ...setUp } = newSetUp(tx);
      const { setupExpiresAt } = setUp;
      const cleared = { totpSecret: null, totpConfirmedAt: null, totpLastStep: null, recoveryHashes: [] };
      const change = {
        ...setUp,
        passwordHash: null,
        formerPasswords: formerWith(person.passwordHash, person.formerPasswords),
        ...(clearTotp && cleared),
      };
      await tx.db.update(Person, { id, hospitalId: tx.hospital.id }, change);
      await this.sessions.endAll(tx, id);
      await forgetDevices(tx, id);
      if (clearIdentities) await unlink(tx, id);
      return { person: { ...person, ...change }, setupCode, setupExpiresAt };
    });
  }

  async listSessions(id: string): Promise<Session[]> {
    return this.scope.transaction(async (tx) => {
      await lockPerson(tx, id);
      return this.sessions.running(tx, id);
    });
  }

  async endSessions(id: string, sessionId?: string): Promise<void> {
    await this.scope.transaction(async (tx) => {
      const person = await lockPerson(tx, id);
      refuseAccountBeyondOwn(tx.caller, person);
      if (sessionId === undefined) await this.sessions.endAll(tx, id);
      else await this.sessions.end(tx, id, sessionId);
    });
  }
}

/** Registers a person in the hospital of the transaction. The caller's rights are checked before. */
export async function registerPerson(tx: HospitalTransaction, input: PersonInput): Promise<SetUp> {
  const { db, hospital, caller, now } = tx;
  await refuseTakenLogin(tx, input.login);
  const { setupCode, ...setUp } = newSetUp(tx);
  const id = uuid();
  const { language } = hospital;
  const { setupExpiresAt } = setUp;
  const row = { language, ...input, ...setUp, id, hospitalId: hospital.id, createdBy: caller.name };
  await db.insert(Person, { ...row, state: 'active', createdAt: now });
  const person = await db.findOneByOrFail(Person, { id, hospitalId: hospital.id });
  return { person, setupCode, setupExpiresAt };
}

function newSetUp({
  now,
  caller,
}: HospitalTransaction): Pick<Person, 'setupHash' | 'setupBy'> & Omit<SetUp, 'person'> {
  const setupCode = newCode();
  const setupExpiresAt = new Date(now.getTime() + SETUP_HOURS * 3_600_000);
  const setupBy = caller.kind === 'program' ? null : caller.id;
  return { setupCode, setupHash: hashOfCode(setupCode), setupExpiresAt, setupBy };
}

/** The person, locked until the transaction ends. Refuses (404) an id that no person of the hospital has. */
export async function lockPerson({ db, hospital }: HospitalTransaction, id: string): Promise<Person> {
  const person = await db.findOne(Person, {
    where: { id, hospitalId: hospital.id },
    lock: { mode: 'pessimistic_write' },
  });
  if (!person) throw notFound('person', id);
  return person;
}

async function refuseTakenLogin({ db, hospital }: HospitalTransaction, login: string): Promise<void> {
  if (!(await db.existsBy(Person, { login, hospitalId: hospital.id }))) return;
  const message = msg('login-taken');
  throw new DomainError('conflict', 'login-taken', message, [
    { pointer: '/login', code: 'login-taken', message },
  ]);
}

function refuseOwnRights(patch: PersonPatch): void {
  if (Object.keys(patch).every((field) => field === 'name' || field === 'language')) return;
  throw new DomainError('forbidden', 'own-rights', msg('own-rights'));
}

/** Whether the change adds rights, addresses or time to the account. */
export function widens(before: Person, after: Person): boolean {
  const { departments, addresses, expiresAt } = before;
  return (
    after.roles.some((role) => !before.roles.includes(role)) ||
    (departments !== null && (after.departments?.some((one) => !departments.includes(one)) ?? true)) ||
    (before.ownPatientsOnly && !after.ownPatientsOnly) ||
    (before.state === 'disabled' && after.state === 'active') ||
    (addresses !== null && (after.addresses?.some((one) => !isRangeWithin(one, addresses)) ?? true)) ||
    (expiresAt !== null && (after.expiresAt === null || after.expiresAt > expiresAt))
  );
}

/** An administrator whose account expires does not count: the hospital could be left without one. */
export const isLastingAdmin = ({ state, roles, expiresAt }: Rights): boolean =>
  state === 'active' && roles.includes('hospital_admin') && expiresAt === null;

type Rights = Pick<Person, 'state' | 'roles' | 'expiresAt'>;

async function refuseLastAdmin(tx: HospitalTransaction, id: string): Promise<void> {
  if (await hasOtherAdmin(tx, id)) return;
  throw new DomainError('conflict', 'last-administrator', msg('last-administrator'));
}

/** Locks all administrators in a fixed order, so that two cannot remove each other at the same moment. */
export async function hasOtherAdmin({ db, hospital }: HospitalTransaction, id: string): Promise<boolean> {
  const admins = await db.find(Person, {
    where: { hospitalId: hospital.id, state: 'active', roles: ArrayContains(['hospital_admin']) },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  return admins.some((one) => one.id !== id && isLastingAdmin(one));
}

const sameSet = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((one) => others.includes(one));
