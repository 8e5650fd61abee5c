import { nameInTokens } from '../../tenancy/tokens.js';
import type { HospitalMove } from '../../tenancy/hospital-move.entity.js';
import { at, type Place } from './place.js';

/**
 * The hospitals of a database, for the map of the proxy in front of several: lines `NAME CELL`. A hospital has two names in
 * requests: its code, and the one in its tokens. A third word `left` stands where another database took over, so that a
 * hospital keeps a line at any moment of its move; a line without it, from the other database, has precedence.
 */
export async function cellDirectory(place: Place, cell: string): Promise<string[]> {
  const hospitals = await at(place, async (client) => {
    const { rows } = await client.query<{ id: string; code: string | null; state: HospitalMove['state'] }>(
      `SELECT h.id, h.code, m.state FROM hospital h LEFT JOIN hospital_move m ON m.hospital_id = h.id
        WHERE m.state IS DISTINCT FROM 'arriving' ORDER BY h.id`,
    );
    return rows;
  });
  return hospitals.flatMap(({ id, code, state }) =>
    [nameInTokens(id), ...(code === null ? [] : [code])].map(
      (name) => `${name} ${cell}${state === 'left' ? ' left' : ''}`,
    ),
  );
}
