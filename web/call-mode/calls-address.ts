import type { ListQuery } from '../calls/lists.js';
import { writeAddress } from '../routing/address.js';

/** What the address of call mode says: the list, its filters, and the patient with whom it begins. */
export interface CallsAddress {
  readonly query: ListQuery;
  readonly first: string | undefined;
}

const FILTERS = ['list', 'activity', 'owner', 'department', 'ward', 'group', 'from', 'to'] as const;
const DISTANCES = ['distanceFrom', 'distanceTo'] as const;

/** The server refuses a list or filter that does not exist, and says so. */
export function readCallsAddress(parameters: Readonly<Record<string, string>>): CallsAddress {
  const given = [...FILTERS, ...DISTANCES].flatMap((name) => {
    const value = parameters[name];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  const query = { list: 'to_book', ...Object.fromEntries(given) } as ListQuery;
  return { query, first: parameters.first === '' ? undefined : parameters.first };
}

/** Call mode from the top of the same list. */
export const callsAddress = (query: ListQuery): string => writeAddress('/calls', query);

/** The list from which calling began. */
export const worklistAddress = (query: ListQuery): string => writeAddress('/worklist', query);
