import type { AuditFilter } from '../calls/audit.js';
import { writeAddress } from '../routing/address.js';
import { addDays, instantAt } from '../words/dates.js';

/** What the address of the audit search says: whole days, and ids. It never contains names. */
export interface AuditAddress {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly caller?: string | undefined;
  readonly patient?: string | undefined;
  readonly outcome?: 'done' | 'refused' | undefined;
  readonly changes?: 'true' | 'false' | undefined;
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads the parameters; leaves out what is not understood. */
export function readAuditAddress(parameters: Readonly<Record<string, string>>): AuditAddress {
  const of = (name: keyof AuditAddress, form: RegExp): string | undefined =>
    form.test(parameters[name] ?? '') ? parameters[name] : undefined;
  return {
    from: of('from', DAY),
    to: of('to', DAY),
    caller: of('caller', /^[\w-]{1,100}$/),
    patient: of('patient', ID),
    outcome: of('outcome', /^(done|refused)$/) as AuditAddress['outcome'],
    changes: of('changes', /^(true|false)$/) as AuditAddress['changes'],
  };
}

export const auditAddress = (address: AuditAddress): string =>
  writeAddress('/administration/audit', { ...address });

/** The filter of the call: from the beginning of the first day to the end of the last one, at the hospital. */
export const filterOf = ({ from, to, ...rest }: AuditAddress, timeZone: string): AuditFilter => ({
  ...rest,
  ...(from !== undefined && { from: instantAt(`${from}T00:00`, timeZone) }),
  ...(to !== undefined && { to: instantAt(`${addDays(to, 1)}T00:00`, timeZone) }),
});

export const isPatientId = (typed: string): boolean => ID.test(typed);
