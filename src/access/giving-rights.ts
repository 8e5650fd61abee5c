import { DomainError } from '../domain-error.js';
import type { Message } from '../guideline/message.js';
import type { Caller, Role } from './caller.js';
import { msg } from '../platform/messages/dictionary.js';

/** What somebody is to be given, or has. */
export interface Given {
  readonly roles: readonly Role[];
  readonly departments: readonly string[] | null;
  /** What a key is limited to; left out for people, who are limited by their roles alone. */
  readonly scopes?: readonly string[] | null;
}

/**
 * Refuses (403) to give rights, or to lay hands on the account of somebody who has them, that are beyond the caller's
 * own: an administrator gives every role but the platform operator's, in their own departments, and a limited key
 * makes no key that may do more.
 */
export function refuseBeyondOwn(caller: Caller, { roles, departments, scopes }: Given): void {
  if (roles.includes('platform_operator') && !caller.roles.includes('platform_operator'))
    throw notYours(msg('role-platform-operator'));
  const own = caller.reach.departments;
  if (own !== null && (departments === null || departments.some((one) => !own.includes(one))))
    throw notYours(msg('departments-not-yours', { departments: own }));
  if (scopes === undefined || caller.scopes === null) return;
  const { scopes: ownScopes } = caller;
  if (scopes === null || scopes.some((one) => !ownScopes.includes(one)))
    throw notYours(msg('scopes-not-yours', { scopes: ownScopes }));
}

const notYours = (message: Message): DomainError =>
  new DomainError('forbidden', 'not-yours-to-give', message);
