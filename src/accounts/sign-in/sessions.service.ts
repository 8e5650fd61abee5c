import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, MoreThan, Not } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { notFound } from '../../platform/domain-error.js';
import type { Language } from '../../guideline/guideline.js';
import { isWithin } from '../../platform/outbound/address-range.js';
import type { Caller, Role } from '../../tenancy/caller.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { BOUNDED_LOOK_UP } from '../../tenancy/request-bounds.js';
import { hashOfToken, newTokenOf } from '../../tenancy/tokens.js';
import type { Person } from '../person.entity.js';
import { MAX_SESSIONS, Session } from './session.entity.js';

const LONGEST_HOURS = 12;
/** How long an ended session stays in the list, for investigations. */
const KEPT_DAYS = 30;
const MINUTE_MS = 60_000;

export const SESSION_PREFIX = 'ses_';

/** Where a person signs in. */
export interface SignInContext {
  readonly kind: Session['kind'];
  readonly address: string;
  readonly userAgent: string;
  /** Whether a second factor was proven. */
  readonly secondFactor?: boolean;
  /** Whether the provider asked for a new sign-in, which counts as a step-up. */
  readonly steppedUp?: boolean;
  /** The provider that authenticated the person, unless this program did. */
  readonly provider?: { readonly id: string; readonly session: string | null };
}

interface Row {
  readonly sessionId: string;
  readonly sessionKind: Session['kind'];
  readonly personId: string;
  readonly hospitalId: string;
  readonly name: string;
  readonly roles: Role[];
  readonly departments: string[] | null;
  readonly ownPatientsOnly: boolean;
  readonly addresses: string[] | null;
  readonly expiresAt: Date | null;
  readonly steppedUp: boolean;
  readonly lacksSecondFactor: boolean;
  readonly language: Language;
}

/** The person as a caller. Each call reads the rights again, so that a removed right is gone at once. */
export const callerOf = (
  person: Pick<
    Person,
    'id' | 'name' | 'hospitalId' | 'roles' | 'departments' | 'ownPatientsOnly' | 'addresses' | 'expiresAt'
  >,
  session?: Caller['session'],
): Caller => ({
  ...{ kind: 'person', id: person.id, name: person.name, hospitalId: person.hospitalId, roles: person.roles },
  scopes: null,
  patientScope: { departments: person.departments, ownOnly: person.ownPatientsOnly },
  addresses: person.addresses,
  expiresAt: person.expiresAt,
  session,
});

@Injectable()
export class Sessions {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The caller of the session; undefined once the session has ended, timed out or reached its limit, or when the
   * account is closed there.
   */
  async callerOf(token: string, address: string): Promise<Caller | undefined> {
    const [row] = await this.dataSource.query<Row[]>(
      `SELECT p.session_id AS "sessionId", p.session_kind AS "sessionKind", p.person_id AS "personId",
              p.hospital_id AS "hospitalId", p.name, p.roles, p.departments,
              p.own_patients_only AS "ownPatientsOnly", p.addresses, p.expires_at AS "expiresAt",
              p.stepped_up AS "steppedUp", p.lacks_second_factor AS "lacksSecondFactor", h.language
         FROM person_of_session(CASE WHEN ${BOUNDED_LOOK_UP} THEN $1::bytea END) AS p CROSS JOIN LATERAL hospital_entered(p.hospital_id, '') AS h`,
      [hashOfToken(token)],
    );
    if (!row || (row.addresses && !isWithin(address, row.addresses))) return undefined;
    const { sessionId, sessionKind, personId, steppedUp, lacksSecondFactor, language, ...person } = row;
    const session = { id: sessionId, kind: sessionKind, steppedUp, lacksSecondFactor };
    return { ...callerOf({ ...person, id: personId }, session), language };
  }

  /**
   * Starts a session; returns its token, which is never stored. Ends the person's least recently used session where
   * there would be more than `MAX_SESSIONS`.
   */
  async begin(
    { db, hospital, now }: HospitalTransaction,
    personId: string,
    { kind, address, userAgent, provider, secondFactor = false, steppedUp = false }: SignInContext,
  ): Promise<{ token: string; expiresAt: Date }> {
    const token = newTokenOf(hospital.id, SESSION_PREFIX);
    const expiresAt = new Date(now.getTime() + LONGEST_HOURS * 60 * MINUTE_MS);
    await db.query(
      `DELETE FROM session WHERE hospital_id = $1 AND person_id = $2 AND expires_at < $3::timestamptz - interval '${KEPT_DAYS} days'`,
      [hospital.id, personId, now],
    );
    await db.insert(Session, {
      ...{ id: uuid(), hospitalId: hospital.id, personId, tokenHash: hashOfToken(token), kind, address },
      ...{ device: userAgent.slice(0, 200), startedAt: now, lastSeenAt: now, expiresAt },
      ...{ secondFactor, steppedUpAt: steppedUp ? now : null },
      ...{ providerId: provider?.id ?? null, providerSession: provider?.session ?? null },
    });
    await db.query(
      `UPDATE session SET ended_at = $3 WHERE hospital_id = $1 AND id IN (
         SELECT id FROM session WHERE hospital_id = $1 AND person_id = $2 AND ended_at IS NULL
          ORDER BY last_seen_at DESC, started_at DESC, id DESC OFFSET $4)`,
      [hospital.id, personId, now, MAX_SESSIONS],
    );
    return { token, expiresAt };
  }

  /** The running sessions, newest first, at most `MAX_SESSIONS`. */
  async running({ db, hospital, now }: HospitalTransaction, personId: string): Promise<Session[]> {
    const [{ idleMinutes }] = await db.query<[{ idleMinutes: number }]>(
      'SELECT idle_minutes AS "idleMinutes" FROM hospital WHERE id = $1',
      [hospital.id],
    );
    return db.find(Session, {
      where: {
        ...{ hospitalId: hospital.id, personId, endedAt: IsNull(), expiresAt: MoreThan(now) },
        lastSeenAt: MoreThan(new Date(now.getTime() - idleMinutes * MINUTE_MS)),
      },
      order: { startedAt: 'DESC', id: 'DESC' },
      take: MAX_SESSIONS,
    });
  }

  /** Ends one session of the person. Idempotent. */
  async end({ db, hospital, now }: HospitalTransaction, personId: string, id: string): Promise<void> {
    const which = { id, personId, hospitalId: hospital.id };
    if (!(await db.existsBy(Session, which))) throw notFound('session', id);
    await db.update(Session, { ...which, endedAt: IsNull() }, { endedAt: now });
  }

  /** Ends every session of the caller except the one in use. */
  async endOthers({ db, caller, hospital, now }: HospitalTransaction): Promise<void> {
    const others = { personId: caller.id, hospitalId: hospital.id, id: Not(caller.session?.id ?? '') };
    await db.update(Session, { ...others, endedAt: IsNull() }, { endedAt: now });
  }

  /** Records in the caller's session what was proven. */
  async recordProof(
    { db, caller, hospital }: HospitalTransaction,
    proof: Partial<Pick<Session, 'steppedUpAt' | 'secondFactor'>>,
  ): Promise<void> {
    await db.update(Session, { id: caller.session?.id, hospitalId: hospital.id }, proof);
  }

  /** Whether a second factor was proven in the caller's session. */
  async hasSecondFactor({ db, caller, hospital }: HospitalTransaction): Promise<boolean> {
    return db.existsBy(Session, { id: caller.session?.id, hospitalId: hospital.id, secondFactor: true });
  }

  async endAll({ db, hospital, now }: HospitalTransaction, personId: string): Promise<void> {
    await db.update(Session, { personId, hospitalId: hospital.id, endedAt: IsNull() }, { endedAt: now });
  }
}
