import { Injectable } from '@nestjs/common';
import { ArrayContains, MoreThan } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { DomainError, notFound } from '../domain-error.js';
import { refuseBeyondOwn } from './giving-rights.js';
import { HospitalScope, type HospitalTransaction } from './hospital-scope.js';
import { forgetDevices } from './known-devices.js';
import { hashOfCode, newCode } from './one-time-codes.js';
import { formerWith } from './passwords.js';
import type { PersonInput, PersonPatch } from './person-schemas.js';
import { Person } from './person.entity.js';
import type { Session } from './session.entity.js';
import { Sessions } from './sessions.service.js';
import { msg } from '../platform/messages/dictionary.js';

const SETUP_HOURS = 72;

/** A person and the code by which they choose a password; it is nowhere kept. */
export interface SetUp {
  readonly person: Person;
  readonly setupCode: string;
}

/** Who works in the hospital, as its administrators keep it. */
@Injectable()
export class People {
  constructor(
    private readonly scope: HospitalScope,
    private readonly sessions: Sessions,
  ) {}

  async register(input: PersonInput): Promise<SetUp> {
    return this.scope.transaction(async (tx) => {
      refuseBeyondOwn(tx.caller, input);
      return registerPerson(tx, input);
    });
  }

  /** In the order in which they were registered, `limit` at most, those after `after`. */
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

  /** What is taken away is gone with the next request; sessions end when roles change or the person is disabled. */
  async change(id: string, patch: PersonPatch): Promise<Person> {
    return this.scope.transaction(async (tx) => {
      const person = await lockPerson(tx, id);
      const changed = { ...person, ...patch };
      refuseBeyondOwn(tx.caller, person);
      refuseBeyondOwn(tx.caller, changed);
      if (tx.caller.id === id) refuseOwnRights(patch);
      if (isActiveAdmin(person) && !isActiveAdmin(changed)) await refuseLastAdmin(tx, id);
      if (Object.keys(patch).length > 0)
        await tx.db.update(Person, { id, hospitalId: tx.hospital.id }, patch);
      const samePlace = changed.state === 'active' && sameSet(changed.roles, person.roles);
      if (!samePlace) await this.sessions.endAll(tx, id);
      return changed;
    });
  }

  /** Takes the password away, and their authenticator if asked; they choose another one by the code. Ends their sessions. */
  async reset(id: string, { clearTotp }: { readonly clearTotp: boolean }): Promise<SetUp> {
    return this.scope.transaction(async (tx) => {
      const person = await lockPerson(tx, id);
      refuseBeyondOwn(tx.caller, person);
      const { setupCode, ...setUp } = newSetUp(tx);
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
      return { person: { ...person, ...change }, setupCode };
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
      refuseBeyondOwn(tx.caller, person);
      if (sessionId === undefined) await this.sessions.endAll(tx, id);
      else await this.sessions.end(tx, id, sessionId);
    });
  }
}

/** Registers somebody in the hospital of the transaction. */
export async function registerPerson(tx: HospitalTransaction, input: PersonInput): Promise<SetUp> {
  const { db, hospital, caller, now } = tx;
  await refuseTakenLogin(tx, input.login);
  const { setupCode, ...setUp } = newSetUp(tx);
  const id = uuid();
  const { language } = hospital;
  const person = { language, ...input, ...setUp, id, hospitalId: hospital.id, createdBy: caller.name };
  await db.insert(Person, { ...person, state: 'active', createdAt: now });
  return { person: await db.findOneByOrFail(Person, { id, hospitalId: hospital.id }), setupCode };
}

function newSetUp({ now }: HospitalTransaction): Pick<Person, 'setupHash' | 'setupExpiresAt'> & {
  setupCode: string;
} {
  const setupCode = newCode();
  const setupExpiresAt = new Date(now.getTime() + SETUP_HOURS * 3_600_000);
  return { setupCode, setupHash: hashOfCode(setupCode), setupExpiresAt };
}

async function lockPerson({ db, hospital }: HospitalTransaction, id: string): Promise<Person> {
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

function refuseOwnRights({ roles, departments, ownPatientsOnly, state }: PersonPatch): void {
  if ([roles, departments, ownPatientsOnly, state].every((one) => one === undefined)) return;
  throw new DomainError('forbidden', 'own-rights', msg('own-rights'));
}

const isActiveAdmin = ({ state, roles }: Pick<Person, 'state' | 'roles'>): boolean =>
  state === 'active' && roles.includes('hospital_admin');

/** All of them are locked, in one order, so that two do not take away each other at the same moment. */
async function refuseLastAdmin({ db, hospital }: HospitalTransaction, id: string): Promise<void> {
  const admins = await db.find(Person, {
    where: { hospitalId: hospital.id, state: 'active', roles: ArrayContains(['hospital_admin']) },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  if (admins.some((one) => one.id !== id)) return;
  throw new DomainError('conflict', 'last-administrator', msg('last-administrator'));
}

const sameSet = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((one) => others.includes(one));
