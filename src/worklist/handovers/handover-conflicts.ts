import { earlier, later } from '../../guideline/planned-item.js';
import type { CalendarDate } from '../../guideline/calendar.js';

/** A handover from one person to another, on each day from the first to the last one, both included. */
export interface DatedHandover {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly firstDay: CalendarDate;
  readonly lastDay: CalendarDate;
  /** Null: all patients of `from`. */
  readonly patientIds: ReadonlySet<string> | null;
}

/** Why a handover cannot stand beside those that are there. */
export interface HandoverConflict {
  /**
   * overlaps: two stand-ins for one person and patient on one day; circle: on some day everybody has handed over; chains: too
   * many ways lead through the handovers to look at each.
   */
  readonly code: 'handover-overlaps' | 'handover-circle' | 'handover-chains';
  /** The handover that is in the way. */
  readonly other: string;
}

type Asked = Omit<DatedHandover, 'id'>;

/** Handovers of single patients beside those of all double the ways with each person, and looking at them stops all others. */
const MOST_LINKS = 2000;

/**
 * The first conflict of a new handover with those that are there; null: none. One of single patients may run beside one
 * of all patients of the same person and takes precedence over it.
 */
export function handoverConflict(existing: readonly DatedHandover[], asked: Asked): HandoverConflict | null {
  const overlapping = existing.find(
    (one) =>
      one.from === asked.from &&
      (one.patientIds === null) === (asked.patientIds === null) &&
      common(one, asked) !== null,
  );
  if (overlapping) return { code: 'handover-overlaps', other: overlapping.id };
  return closedBy(existing, asked);
}

/** Days and patients that both handovers are about; null: none. */
function common(a: Asked, b: Asked): Pick<Asked, 'firstDay' | 'lastDay' | 'patientIds'> | null {
  const firstDay = later(a.firstDay, b.firstDay);
  const lastDay = earlier(a.lastDay, b.lastDay);
  if (firstDay > lastDay) return null;
  const patientIds =
    a.patientIds === null
      ? b.patientIds
      : new Set([...a.patientIds].filter((id) => b.patientIds === null || b.patientIds.has(id)));
  return patientIds?.size === 0 ? null : { firstDay, lastDay, patientIds };
}

/** The last handover on a way from `asked` back to its beginning, all of it on one day about one patient; null: none. */
function closedBy(existing: readonly DatedHandover[], asked: Asked): HandoverConflict | null {
  const waiting: { readonly soFar: Asked; readonly passed: ReadonlySet<string> }[] = [
    { soFar: asked, passed: new Set() },
  ];
  let links = 0;
  for (let way = waiting.pop(); way !== undefined; way = waiting.pop()) {
    const { soFar, passed } = way;
    for (const next of existing) {
      if (next.from !== soFar.to || passed.has(next.id)) continue;
      const shared = common(soFar, next);
      if (shared === null) continue;
      if (next.to === asked.from) return { code: 'handover-circle', other: next.id };
      if (++links > MOST_LINKS) return { code: 'handover-chains', other: next.id };
      waiting.push({
        soFar: { from: soFar.from, to: next.to, ...shared },
        passed: new Set([...passed, next.id]),
      });
    }
  }
  return null;
}
