import { z } from 'zod';
import type { Caller } from '../../tenancy/caller.js';
import { type HospitalTransaction, inPatientScope } from '../../tenancy/hospital-scope.js';
import { Departments } from '../../tenancy/departments.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { EndpointFilter } from './endpoint-filter.js';

/**
 * Limits an endpoint to patients, as row security reads it: those of the departments and of no department, or those of one
 * nurse.
 */
export type EndpointScope =
  | { readonly departments: readonly string[] }
  | { readonly nurse: string; readonly person?: string };

export const EndpointLimitsInput = z
  .strictObject({ departments: Departments })
  .describe(
    'Of whose patients it is told at most, whatever its filter: the departments, and patients who have none. Never of more ' +
      'than you see yourself; without it, of all whom you see.',
  );
export type EndpointLimitsInput = z.output<typeof EndpointLimitsInput>;

export const EndpointLimitsView = z
  .object({
    departments: z.array(z.string()).nullable().describe('Null: no limit to departments.'),
    ownPatientsOf: z.string().nullable().describe('The nurse, where it is told of her own patients alone.'),
  })
  .describe(
    'Of whose patients it is told at most: what whoever registered it could see then. They stay when that account or key ' +
      'changes or ends.',
  );

export const limitsView = (reach: EndpointScope | null): z.output<typeof EndpointLimitsView> => ({
  departments: reach && 'departments' in reach ? [...reach.departments] : null,
  ownPatientsOf: reach && 'nurse' in reach ? reach.nurse : null,
});

/** The limits of a new endpoint of the caller; null: every patient of the hospital. */
function reachOf({ id, kind, name, patientScope: { departments, ownOnly } }: Caller): EndpointScope | null {
  if (ownOnly) return { nurse: name, ...(kind === 'person' && { person: id }) };
  return departments && { departments };
}

/** Whether `outer` has every patient of `inner`. */
function covers(outer: EndpointScope | null, inner: EndpointScope | null): boolean {
  if (outer === null) return true;
  if (inner === null) return false;
  if ('departments' in outer)
    return 'departments' in inner && inner.departments.every((one) => outer.departments.includes(one));
  return 'nurse' in inner && inner.nurse === outer.nurse && inner.person === outer.person;
}

/** Whether the caller sees all patients within these limits: all callers see their own patients. */
function sees(caller: Caller, reach: EndpointScope | null): boolean {
  const { id, name } = caller;
  const isOwn =
    reach !== null &&
    'nurse' in reach &&
    (reach.person === undefined ? reach.nurse === name : reach.person === id);
  return isOwn || covers(reachOf(caller), reach);
}

/** The limits that the caller gives an endpoint: the requested ones, which must not exceed the caller's own (403). */
export function givenReach(caller: Caller, asked: EndpointLimitsInput | undefined): EndpointScope | null {
  const own = reachOf(caller);
  if (asked === undefined) return own;
  const given = asked.departments && { departments: asked.departments };
  if (sees(caller, given)) return given;
  const { departments } = caller.patientScope;
  throw new DomainError(
    'forbidden',
    'not-yours-to-give',
    own && 'departments' in own && departments
      ? msg('departments-not-yours', { departments })
      : msg('endpoint-limits-not-yours'),
  );
}

/** Refuses (403) to act on an endpoint whose limits include patients whom the caller may not see. */
export function refuseWider(caller: Caller, reach: EndpointScope | null): void {
  if (!sees(caller, reach))
    throw new DomainError('forbidden', 'endpoint-beyond-limits', msg('endpoint-beyond-limits'));
}

/** The reason to cancel a message about a patient outside the endpoint's limits. */
export const BEYOND_LIMITS = 'beyond-limits';

interface EndpointReach {
  readonly reach: EndpointScope | null;
  readonly filter: EndpointFilter | null;
}

/** Whether an endpoint may get messages after a change that it did not get before. */
export function isWider(after: EndpointReach, before: EndpointReach): boolean {
  const wider = (now: readonly string[] | undefined, then: readonly string[] | undefined): boolean =>
    then !== undefined && (now === undefined || now.some((one) => !then.includes(one)));
  return (
    !covers(before.reach, after.reach) ||
    wider(after.filter?.activities, before.filter?.activities) ||
    wider(after.filter?.departments, before.filter?.departments)
  );
}

/** The patients within these limits, by the rules of row security. */
export async function patientsWithin(
  tx: HospitalTransaction,
  reach: EndpointScope | null,
  patientIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (reach === null || patientIds.length === 0) return new Set(patientIds);
  return inPatientScope(tx, JSON.stringify(reach), async () => {
    const rows = await tx.db.query<{ id: string }[]>(
      'SELECT id FROM patient WHERE hospital_id = $1 AND id = ANY ($2)',
      [tx.hospital.id, [...new Set(patientIds)]],
    );
    return new Set(rows.map(({ id }) => id));
  });
}
