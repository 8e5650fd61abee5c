import type pg from 'pg';
import type { UnmigratedDatabase } from '../../app/database.js';
import { type Table, tablesOf } from '../catalogue.js';
import { inOwnerSession } from '../owner-session.js';
import { HOSPITALS_FIRST_FIRST } from '../../tenancy/first-hospital.js';
import type { HospitalMove } from '../../tenancy/hospital-move.entity.js';

/** One of the two databases of a move. */
export interface Place {
  readonly database: Pick<UnmigratedDatabase, 'asOwner'>;
  /** Its host, port and name. */
  readonly name: string;
}

/** Host, port and name of a database, without its login. */
export function placeName(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

/** Runs `work` on a connection of its own, as the owner of the tables. */
export const at = <T>({ database }: Place, work: (client: pg.Client) => Promise<T>): Promise<T> =>
  database.asOwner((owner) => inOwnerSession(owner, ({ client }) => work(client)));

/** Runs `work` in one transaction at the place. */
export async function transactionAt<T>(place: Place, work: (client: pg.Client) => Promise<T>): Promise<T> {
  return at(place, async (client) => {
    await client.query('BEGIN');
    try {
      const done = await work(client);
      await client.query('COMMIT');
      return done;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined); // a lost connection has rolled back already
      throw error;
    }
  });
}

/** A hospital as a place has it. */
export interface FoundHospital {
  readonly id: string;
  /** The first hospital of its database, to which the operator belongs. */
  readonly isFirst: boolean;
  /** Null: it is in force here. */
  readonly state: HospitalMove['state'];
}

/** The hospital with this code or id. */
export async function hospitalAt(place: Place, codeOrId: string): Promise<FoundHospital | undefined> {
  return at(place, async (client) => {
    const { rows } = await client.query<FoundHospital>(
      `SELECT h.id, h.id = (SELECT id FROM ${HOSPITALS_FIRST_FIRST} LIMIT 1) AS "isFirst", m.state
         FROM hospital h LEFT JOIN hospital_move m ON m.hospital_id = h.id WHERE h.code = $1 OR h.id::text = $1`,
      [codeOrId],
    );
    return rows[0];
  });
}

/** Tables whose rows are about no hospital, and the record of the move itself. */
const STAYING = ['program_clock', 'hospital_move'];

/** The tables with rows of hospitals: a new table is one of them by its column alone. */
export async function tablesOfHospitals(client: pg.ClientBase): Promise<readonly Table[]> {
  return (await tablesOf(client)).filter(({ name }) => !STAYING.includes(name));
}

/** The SQL condition that selects the rows of a hospital. */
export const rowsOf = (hospitalId: string, { name }: Table): string =>
  `${name === 'hospital' ? 'id' : 'hospital_id'} = '${hospitalId}'::uuid`;
