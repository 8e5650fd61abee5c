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
  /** overlap: two stand-ins for one person and patient on one day; circle: on some day everybody has handed over. */
  readonly code: 'handover-overlaps' | 'handover-circle';
  /** The handover that is in the way. */
  readonly other: string;
}

type Asked = Omit<DatedHandover, 'id'>;

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
  const closing = circleThrough(existing, asked, asked.from, new Set());
  return closing === null ? null : { code: 'handover-circle', other: closing };
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

/** The id of the last handover on a way from `so far` back to `start`, all of it on one day about one patient; null: none. */
function circleThrough(
  existing: readonly DatedHandover[],
  soFar: Asked,
  start: string,
  passed: ReadonlySet<string>,
): string | null {
  for (const next of existing) {
    if (next.from !== soFar.to || passed.has(next.id)) continue;
    const shared = common(soFar, next);
    if (shared === null) continue;
    if (next.to === start) return next.id;
    const further = { from: soFar.from, to: next.to, ...shared };
    const closing = circleThrough(existing, further, start, new Set([...passed, next.id]));
    if (closing !== null) return closing;
  }
  return null;
}
