import type { Caller } from './caller.js';
import type { HospitalTransaction } from './hospital-scope.js';

interface Limits {
  readonly roles: readonly string[];
  readonly scopes: readonly string[] | null;
  readonly departments: readonly string[] | null;
  readonly ownOnly: boolean;
}

/** What a caller came by: the session, or the key. */
export const credentialOf = ({ kind, id, session }: Caller): string => `${kind} ${session?.id ?? id}`;

/**
 * The credentials, among those of these callers, that are still taken and give the same rights. Asking does not count as a
 * use of a session. At most two queries.
 */
export async function presentCredentials(
  { db, hospital, now }: Pick<HospitalTransaction, 'db' | 'hospital' | 'now'>,
  callers: readonly Caller[],
): Promise<ReadonlySet<string>> {
  const sessions = callers.flatMap(({ session }) => (session ? [session.id] : []));
  const keys = callers.flatMap(({ kind, id }) => (kind === 'key' ? [id] : []));
  const found = new Map<string, string>();
  const note = (rows: readonly (Limits & { credential: string })[]): void => {
    for (const { credential, ...limits } of rows) found.set(credential, comparable(limits));
  };
  if (sessions.length > 0)
    note(
      await db.query(
        `SELECT 'person ' || s.id AS credential, p.roles, NULL AS scopes, p.departments, p.own_patients_only AS "ownOnly"
           FROM session s JOIN person p ON p.hospital_id = s.hospital_id AND p.id = s.person_id
           JOIN hospital h ON h.id = s.hospital_id
          WHERE s.hospital_id = $1 AND s.id = ANY ($2) AND s.ended_at IS NULL AND s.expires_at > $3
            AND s.last_seen_at > $3 - make_interval(mins => h.idle_minutes)
            AND p.state = 'active' AND (p.expires_at IS NULL OR p.expires_at > $3)`,
        [hospital.id, sessions, now],
      ),
    );
  if (keys.length > 0)
    note(
      await db.query(
        `SELECT 'key ' || id AS credential, roles, scopes, departments, false AS "ownOnly" FROM api_key
          WHERE hospital_id = $1 AND id = ANY ($2) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3)`,
        [hospital.id, keys, now],
      ),
    );
  return new Set(
    callers
      .filter((caller) => found.get(credentialOf(caller)) === limitsOf(caller))
      .map((caller) => credentialOf(caller)),
  );
}

const limitsOf = ({ roles, scopes, patientScope: { departments, ownOnly } }: Caller): string =>
  comparable({ roles, scopes, departments, ownOnly });

const comparable = ({ roles, scopes, departments, ownOnly }: Limits): string =>
  JSON.stringify([roles, scopes, departments, ownOnly]);
