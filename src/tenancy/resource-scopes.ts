import type { Caller } from './caller.js';
import { FHIR_READS } from './fhir-rights.js';
import type { Right } from './rights.js';
import { grantsResource, type Interaction } from './smart-scopes.js';

/** The type of resources that a call at `/fhir` is about, `*` where it may answer any, and all that it does with them. */
export interface ResourceCall {
  readonly type: string;
  readonly interactions: readonly Interaction[];
}

const WRITES: Readonly<Record<string, Interaction>> = { POST: 'c', PUT: 'u', PATCH: 'u', DELETE: 'd' };

/** Calls whose service decides for each type of resources: exports. */
const DECIDED_BY_TYPE = /^\w+ \/fhir\/(bulk-exports|(Patient\/)?\$export)(\/|$)/;

/**
 * What a call in the notation of the table of rights, with its type of resources, does at `/fhir`; undefined for any other
 * call. An operation such as `$everything` may answer any type. A Bundle may create and update any type, and an update by
 * an identifier creates what it does not find.
 */
export function resourceCallOf(call: string): ResourceCall | undefined {
  const [, method = '', path = ''] = /^(\w+) \/fhir(?:\/(.*))?$/.exec(call) ?? [];
  if (method === '') return undefined;
  const [named = '', ...rest] = path.split('/');
  const type = /^[A-Z][A-Za-z]+$/.test(named) ? named : '*';
  const isOperation = rest.some((part) => part.startsWith('$'));
  if (rest[0] === '_search') return { type, interactions: ['s'] };
  if (method === 'GET' || isOperation)
    return type === '*' || isOperation
      ? { type: '*', interactions: ['r', 's'] }
      : { type, interactions: [rest.length === 0 ? 's' : 'r'] };
  const canDoBoth = path === '' || (method === 'PUT' && rest.length === 0);
  return { type, interactions: canDoBoth ? ['c', 'u'] : [WRITES[method] ?? 'd'] };
}

/** Whether an access token for resources permits the call, within the roles and the limits of its registration. */
export function grantsCall(
  { roles, resources }: Pick<Caller, 'roles' | 'resources'>,
  call: string,
  { scope, roles: allowed }: Pick<Right, 'scope' | 'roles'>,
): boolean {
  const asked = resourceCallOf(call);
  if (asked === undefined || resources === undefined) return false;
  const { granted, within } = resources;
  if (!roles.some((role) => allowed.includes(role)) || !(within === null || within.includes(scope)))
    return false;
  return (
    DECIDED_BY_TYPE.test(call) ||
    asked.interactions.every((interaction) => grantsResource(granted, asked.type, interaction))
  );
}

/** Whether the caller may read the resources of this type. */
export function mayReadType(caller: Pick<Caller, 'roles' | 'scopes' | 'resources'>, type: string): boolean {
  const right = Object.entries(FHIR_READS).find(([name]) => name === type)?.[1];
  if (right === undefined || !caller.roles.some((role) => (right.roles as readonly string[]).includes(role)))
    return false;
  return (
    caller.scopes === null ||
    caller.scopes.includes(right.scope) ||
    grantsCall(caller, `GET /fhir/${type}/:id`, right)
  );
}
