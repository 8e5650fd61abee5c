import type { DataSource } from 'typeorm';
import type { Message } from '../../guideline/message.js';
import { msg } from '../messages/dictionary.js';
import { MendableError } from '../messages/mendable-error.js';
import type { Connecting } from './session.js';

/** The application's role has too many or too few rights, or locks without a time limit. */
export class UnsafeDatabaseRole extends MendableError {}

interface Login {
  readonly role: string;
  readonly login: string;
  readonly unsafe: boolean;
  /** Whether the session could switch to a role that sees more. */
  readonly leavesRole: boolean;
  readonly usable: boolean;
  readonly letsGo: boolean;
  readonly utc: boolean;
}

interface Wanted {
  /** The role of the application. */
  readonly wanted: string;
  readonly connecting: Connecting;
  /** Whether the owner of the tables has a login of its own. Then the application's login is a limited one. */
  readonly twoLogins: boolean;
}

/**
 * Refuses a login for which row security has no effect (a superuser or an owner), or which lacks a setting. Through a
 * pooler the login itself must carry the settings that a connection would otherwise request at its start. Where one
 * login is both owner and application, an injected statement could leave the role: returns a warning, because such
 * installations have to start.
 */
export async function refuseUnsafeLogin(
  dataSource: DataSource,
  { wanted, connecting, twoLogins }: Wanted,
): Promise<Message | undefined> {
  const [found] = await dataSource.query<Login[]>(
    `SELECT current_user AS role, session_user AS login,
            rolsuper OR rolbypassrls OR EXISTS (
              SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relowner = r.oid) AS unsafe,
            EXISTS (
              SELECT FROM pg_roles a WHERE pg_has_role(session_user, a.oid, 'MEMBER')
                 AND (a.rolsuper OR a.rolbypassrls OR a.rolcreaterole)) OR EXISTS (
              SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
                 AND pg_has_role(session_user, c.relowner, 'MEMBER')) AS "leavesRole",
            pg_has_role($1, 'USAGE') AS usable,
            current_setting('idle_in_transaction_session_timeout') <> '0' AS "letsGo",
            current_setting('TimeZone') = 'UTC' AS utc
       FROM pg_roles r WHERE rolname = current_user`,
    [wanted],
  );
  const fault = found ? faultOf(found, wanted, connecting) : msg('login-unknown');
  if (fault !== undefined) throw new UnsafeDatabaseRole(msg('login-unsafe', { fault }));
  if (found?.leavesRole !== true) return undefined;
  const { login } = found;
  if (twoLogins)
    throw new UnsafeDatabaseRole(msg('login-unsafe', { fault: msg('login-leaves-role', { login, wanted }) }));
  return msg('one-login', { login });
}

function faultOf({ role, login, ...is }: Login, wanted: string, connecting: Connecting): Message | undefined {
  const remedy = msg('role-by-login', { login, wanted });
  if (is.unsafe)
    return msg('role-sees-all', {
      role,
      remedy: connecting === 'pooled' ? remedy : msg('take-from-role', { wanted }),
    });
  if (connecting === 'session') return undefined;
  if (!is.usable) return msg('role-has-no-rights', { role, wanted, remedy });
  if (!is.letsGo) return msg('login-keeps-locks', { login });
  if (!is.utc) return msg('pooler-drops-zone');
  return undefined;
}
