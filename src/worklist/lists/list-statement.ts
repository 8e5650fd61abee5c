import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { type PatientCondition, unowned } from '../ownership/owned-patients.js';
import type { Staff } from '../ownership/owners.js';
import { staffOf } from '../ownership/staff-rows.js';
import { unseenSince } from '../results/unseen-results.js';
import { worklistSettings, type WorklistSettings } from '../settings/worklist-settings.js';
import type { ListName, ListParameters } from './list-sources.js';

/** The values of one statement. PostgreSQL refuses one that no part of the statement uses. */
export class SqlValues {
  readonly list: unknown[] = [];

  /** The parameter that stands for the value. */
  add(value: unknown, type: string): string {
    this.list.push(value);
    return `$${this.list.length}::${type}`;
  }

  /** The same where the statement itself says the type; one parameter for one value. */
  bare(value: unknown): string {
    const known = this.list.indexOf(value);
    if (known < 0) this.list.push(value);
    return `$${known < 0 ? this.list.length : known + 1}`;
  }

  /** The same, added with the first use. */
  whenUsed(value: unknown, type: string): () => string {
    let parameter: string | undefined;
    return () => (parameter ??= this.add(value, type));
  }
}

/** What the lists of a hospital depend on beside their rows, as of one transaction. */
export interface ListContext {
  readonly settings: Pick<WorklistSettings, 'lists' | 'results'>;
  /** The people of the hospital and the handovers of today; read with the first call. */
  readonly staff: () => Promise<Staff>;
  /** The patients whom only the last resort owns; null where the lists do not depend on it. */
  readonly unowned: PatientCondition | null;
}

export async function listContext(
  tx: HospitalTransaction,
  lists: readonly (ListName | undefined)[],
): Promise<ListContext> {
  let read: Promise<Staff> | undefined;
  const staff = (): Promise<Staff> => (read ??= staffOf(tx));
  return {
    ...{ settings: await worklistSettings(tx), staff },
    unowned: lists.includes('unowned') ? unowned(await staff(), tx.today) : null,
  };
}

/** The statement's own names for what its lists depend on. */
export interface ListStatement {
  readonly values: SqlValues;
  readonly hospital: string;
  readonly parameters: ListParameters;
  /** Only these patients, a part of FROM with the ids `asked.asked_id`; undefined: all whom the caller may see. */
  readonly patients: string | undefined;
}

/** Patients by their ids, or by conditions about `p`, the row of `patient`. */
export type AskedPatients = readonly string[] | ((values: SqlValues) => readonly string[]);

export function listStatement(
  { hospital, today, now }: Pick<HospitalTransaction, 'hospital' | 'today' | 'now'>,
  { settings: { lists, results }, unowned: owned }: ListContext,
  asked: AskedPatients | undefined,
): ListStatement {
  const values = new SqlValues();
  const day = values.whenUsed(today, 'date');
  const bookAheadDays = values.whenUsed(lists.bookAheadDays, 'integer');
  const resultWithinDays = values.whenUsed(lists.resultWithinDays, 'integer');
  const unseenBy = values.whenUsed(unseenSince(now, results), 'timestamptz');
  const ownership = (): PatientCondition => {
    if (owned === null) throw new Error('The context does not contain the patients without an owner.');
    return owned;
  };
  const bind = (name: string): string => values.bare(ownership().parameters[name]);
  const hospitalId = values.add(hospital.id, 'uuid');
  return {
    values,
    hospital: hospitalId,
    parameters: {
      get today() {
        return day();
      },
      get bookAheadDays() {
        return bookAheadDays();
      },
      get resultWithinDays() {
        return resultWithinDays();
      },
      get unseenSince() {
        return unseenBy();
      },
      isUnowned: (patient) => ownership().condition(patient, bind),
      get mayNotOwn() {
        return `${bind('mayNotOwn')}::uuid[]`;
      },
    },
    patients: asked && askedPatients(asked, hospitalId, values),
  };
}

function askedPatients(asked: AskedPatients, hospital: string, values: SqlValues): string {
  if (typeof asked !== 'function') return `unnest(${values.add(asked, 'uuid[]')}) AS asked (asked_id)`;
  const conditions = [`p.hospital_id = ${hospital}`, ...asked(values)].join(' AND ');
  return `(SELECT p.id FROM patient p WHERE ${conditions}) AS asked (asked_id)`;
}
