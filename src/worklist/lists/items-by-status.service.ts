import { Injectable } from '@nestjs/common';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { ItemStatus } from '../../guideline/planned-item.js';
import { type FieldFault, invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { lastStoredDay } from '../../schedules/stored-window.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { refuseUnknownActivity } from './known-activity.js';
import { type ItemInView, itemsInView } from './list-rows.js';
import { patientsToLookThrough } from './look-through.js';
import { isRareActivity } from './rare-items.js';
import { type StatusFilter, statusStatement } from './status-query.js';

/** Without a status, these are meant. */
const LIVE: readonly ItemStatus[] = ['overdue', 'due', 'upcoming'];

export interface ItemsByStatusQuery extends StatusFilter {
  readonly limit: number;
  /** Due date and id of the last row seen. */
  readonly after: { readonly due: CalendarDate; readonly id: string } | undefined;
}

/** Items over all patients by status. */
@Injectable()
export class ItemsByStatus {
  constructor(private readonly scope: HospitalScope) {}

  /** By due date and id, oldest first. */
  async find(
    query: ItemsByStatusQuery,
  ): Promise<{ readonly rows: readonly ItemInView[]; readonly more: boolean }> {
    return this.scope.transaction(async (tx) => {
      const found = await itemsByStatus(tx, { ...query, limit: query.limit + 1 });
      const shown = found.slice(0, query.limit);
      const rows = await itemsInView(
        tx,
        shown.map(({ id }) => id),
      );
      return { rows, more: found.length > query.limit };
    });
  }
}

/** An item as the order by status sees it. */
export interface DatedItem {
  readonly id: string;
  readonly due: CalendarDate;
}

/** The next items by due date and id, at most `limit`; in the caller's transaction. */
export async function itemsByStatus(
  tx: HospitalTransaction,
  { limit, after, ...filter }: ItemsByStatusQuery,
): Promise<readonly DatedItem[]> {
  refuseUnknownActivity(filter.activity, tx.hospital.guideline ?? {});
  const statuses = filter.statuses.length > 0 ? filter.statuses : LIVE;
  refuseUnlisted(filter, statuses, tx.today);
  const among = filter.escalatedTo === undefined ? statuses : onlyOverdue(statuses);
  if (among.length === 0) return [];
  const { activity } = filter;
  const isRare = activity !== undefined && (await isRareActivity(tx, activity));
  const { sql, values } = statusStatement(
    tx,
    { ...filter, statuses: among },
    await patientsToLookThrough(tx, filter),
    { after, atMost: limit, isRare },
  );
  return tx.db.query<DatedItem[]>(sql, [...values]);
}

/** Only what is overdue is escalated. */
const onlyOverdue = (statuses: readonly ItemStatus[]): ItemStatus[] =>
  statuses.filter((status) => status === 'overdue');

/** Refuses (422) what the list would not hold in full, because not every item has a row (`storedOn`). */
function refuseUnlisted(
  query: Pick<ItemsByStatusQuery, 'from' | 'to'>,
  statuses: readonly ItemStatus[],
  today: CalendarDate,
): void {
  const last = lastStoredDay(today);
  const beyond = (['from', 'to'] as const).filter((field) => (query[field] ?? last) > last);
  const faults: FieldFault[] = [
    ...(statuses.includes('before_enrolment')
      ? [{ pointer: '/status', code: 'not-allowed', message: msg('before-worklist') }]
      : []),
    ...(statuses.includes('upcoming') ? beyond : []).map((field) => ({
      pointer: `/${field}`,
      code: 'out-of-range',
      message: msg('beyond-worklist', { last }),
    })),
  ];
  if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults);
}
