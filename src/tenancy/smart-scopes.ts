import type { Scope } from './rights.js';

/** The interactions of SMART App Launch 2.2: create, read, update, delete, search. */
const INTERACTIONS = 'cruds';
export type Interaction = 'c' | 'r' | 'u' | 'd' | 's';

/** The names that SMART App Launch 1.0 had. */
const BEFORE_VERSION_2: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': INTERACTIONS };

/** What a machine may do with the resources of one type. */
export interface ResourceGrant {
  /** A resource type of FHIR; `*`: every type. */
  readonly type: string;
  readonly interactions: string;
}

/**
 * The meaning of a scope for a system, such as `system/Patient.rs` (SMART App Launch 2.2, "Scopes for requesting FHIR
 * resources"); undefined for any other text. A scope with a query (`?status=active`) is another text, because no call
 * limits its rows by one.
 */
export function resourceGrant(scope: string): ResourceGrant | undefined {
  const [, type, asked] = /^system\/(\*|[A-Z][A-Za-z]{1,63})\.([a-z]{1,5}|\*)$/.exec(scope) ?? [];
  if (type === undefined || asked === undefined) return undefined;
  const interactions = BEFORE_VERSION_2[asked] ?? asked;
  return interactions !== '' && /^c?r?u?d?s?$/.test(interactions) ? { type, interactions } : undefined;
}

const READS: Readonly<Record<string, Scope>> = {
  AuditEvent: 'audit:read',
  PlanDefinition: 'guidelines:read',
  ActivityDefinition: 'guidelines:read',
};

/** The scopes of the table of rights that the grant can need; the calls of the table decide among them. */
export function scopesNeeded({ type, interactions }: ResourceGrant): readonly Scope[] {
  const reads: readonly Scope[] = type === '*' ? ['patients:read'] : [READS[type] ?? 'patients:read'];
  return [
    ...(/[rs]/.test(interactions) ? reads : []),
    ...(/[cud]/.test(interactions) ? (['patients:write'] as const) : []),
  ];
}

/** Whether one of the scopes permits the interaction with resources of this type. */
export const grantsResource = (scopes: readonly string[], type: string, interaction: Interaction): boolean =>
  scopes.some((scope) => {
    const grant = resourceGrant(scope);
    return (
      grant !== undefined &&
      (grant.type === '*' || grant.type === type) &&
      grant.interactions.includes(interaction)
    );
  });
