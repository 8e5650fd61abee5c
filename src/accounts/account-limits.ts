import { isWithin } from '../platform/outbound/address-range.js';
import type { Person } from './person.entity.js';

/** Whether the account allows the person to sign in now, from this address. */
export const maySignIn = (
  { state, addresses, expiresAt }: Pick<Person, 'state' | 'addresses' | 'expiresAt'>,
  { address, now }: { readonly address: string; readonly now: Date },
): boolean =>
  state === 'active' &&
  (expiresAt === null || expiresAt > now) &&
  (addresses === null || isWithin(address, addresses));
