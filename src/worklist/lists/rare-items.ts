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

/** So many items are sorted faster than they are searched for among all others by due date. */
const RARE_AT_MOST = 5000;

/** A rule has no index by date, so that more items of it are looked through. */
const RARE_OF_RULE_AT_MOST = 10_000;

type Within = Pick<HospitalTransaction, 'db' | 'hospital'>;

/** Whether the hospital has few live items of the activity. */
export const isRareActivity = (tx: Within, activity: string): Promise<boolean> =>
  hasAtMost(
    tx,
    RARE_AT_MOST,
    liveOfActivity('r').map((part) => `${part} AND r.activity = $2`),
    activity,
  );

/** Whether the hospital has few open items of the rule. */
export const isRareRule = (tx: Within, rule: string, atMost = RARE_OF_RULE_AT_MOST): Promise<boolean> =>
  hasAtMost(tx, atMost, [`${openOfRule('r')} AND r.rule = $2`], rule);

async function hasAtMost(
  { db, hospital }: Within,
  atMost: number,
  parts: readonly string[],
  value: string,
): Promise<boolean> {
  const rows = parts.map(
    (part) => `(SELECT FROM surveillance_item r WHERE r.hospital_id = $1 AND ${part} LIMIT ${atMost + 1})`,
  );
  const [{ count }] = await db.query<[{ count: number }]>(
    `SELECT count(*)::integer AS count FROM (${rows.join(' UNION ALL ')}) AS listed`,
    [hospital.id, value],
  );
  return count <= atMost;
}
