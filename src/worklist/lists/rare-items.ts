import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { live } from './list-sql.js';

/** Whether the window of the item is short (`urgentDay`). */
export const isNarrow = (r: string): string => `${r}.urgent_on IS NULL`;
export const isWide = (r: string): string => `${r}.urgent_on IS NOT NULL`;

/** The conditions of the partial indexes by activity, which together hold all live items. */
export const liveOfActivity = (r: string): string[] =>
  [isNarrow, isWide].map((window) => `${live(r)} AND ${window(r)}`);

/** The condition of the partial index by rule. */
export const openOfRule = (r: string): string => `${r}.state = 'active'`;

/** Whose open items a statement reads first, if there are at most so many. */
export interface Rarity {
  readonly by: 'activity' | 'rule';
  readonly atMost: number;
}

/** So many items are sorted faster than they are searched for among all others by due date. A rule has no index by date. */
export const RARE_AT_MOST = { activity: 5000, rule: 10_000 } as const;

/** Whether the hospital has few live items of the activity. */
export async function isRareActivity(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  activity: string,
): Promise<boolean> {
  const atMost = RARE_AT_MOST.activity;
  const rows = liveOfActivity('r').map(
    (part) =>
      `(SELECT FROM surveillance_item r WHERE r.hospital_id = $1 AND ${part} AND r.activity = $2 LIMIT ${atMost + 1})`,
  );
  const [{ count }] = await db.query<[{ count: number }]>(
    `SELECT count(*)::integer AS count FROM (${rows.join(' UNION ALL ')}) AS listed`,
    [hospital.id, activity],
  );
  return count <= atMost;
}
