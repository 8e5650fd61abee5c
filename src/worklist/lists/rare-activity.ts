import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { live } from './list-sql.js';

/** Whether the window of the item is short (`urgentDay`). */
export const isNarrow = (r: string): string => `${r}.urgent_on IS NULL`;
export const isWide = (r: string): string => `${r}.urgent_on IS NOT NULL`;

/** The conditions of the partial indexes by activity, which together hold all live items. */
export const liveOfActivity = (r: string): string[] =>
  [isNarrow, isWide].map((window) => `${live(r)} AND ${window(r)}`);

/** So many items are sorted faster than they are searched for among all others by due date. */
const RARE_AT_MOST = 5000;

/** Whether the hospital has few live items of the activity. */
export async function isRareActivity(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  activity: string,
): Promise<boolean> {
  const parts = liveOfActivity('r').map(
    (part) =>
      `(SELECT FROM surveillance_item r WHERE r.hospital_id = $1 AND ${part} AND r.activity = $2 LIMIT ${RARE_AT_MOST + 1})`,
  );
  const [{ count }] = await db.query<[{ count: number }]>(
    `SELECT count(*)::integer AS count FROM (${parts.join(' UNION ALL ')}) AS listed`,
    [hospital.id, activity],
  );
  return count <= RARE_AT_MOST;
}
