import { type Day, dayOf, NEVER } from './days.js';

/** One event in the input format of the command `plan`. */
export interface Event {
  readonly type: string;
  readonly date: string;
  readonly [field: string]: unknown;
}

/** One run of a pathway: from its clock's event to, not including, the day on which it ends. */
export interface Run {
  readonly pathway: 'crc_postoperative' | 'crlm_ned' | 'crlm_conversion';
  readonly clock: Event;
  readonly start: Day;
  readonly end: Day;
}

const CLOSING = ['transferred_out', 'lost_to_follow_up', 'consent_withdrawn', 'death'];

/** docs/guideline-reading.md: the order of the events of one day. */
const ORDER_IN_A_DAY = [
  'primary_resection',
  'liver_metastasis_diagnosed',
  'recurrence',
  'conversion_therapy_ended',
  'conversion_therapy_started',
  'liver_ned',
  ...CLOSING,
];

/** Section 2. A second resection or start of conversion therapy restarts its pathway (docs/guideline-reading.md). */
const PATHWAYS = [
  {
    pathway: 'crc_postoperative',
    starts: (event: Event) =>
      event.type === 'primary_resection' && event.intent === 'curative' && event.stage !== 'IV',
    endedBy: ['primary_resection', 'liver_metastasis_diagnosed', 'recurrence', 'liver_ned', ...CLOSING],
  },
  {
    pathway: 'crlm_ned',
    starts: (event: Event) => event.type === 'liver_ned',
    endedBy: ['recurrence', 'liver_metastasis_diagnosed', 'liver_ned', ...CLOSING],
  },
  {
    pathway: 'crlm_conversion',
    starts: (event: Event) => event.type === 'conversion_therapy_started',
    endedBy: ['conversion_therapy_started', 'conversion_therapy_ended', 'liver_ned', ...CLOSING],
  },
] as const;

export function runsOf(events: readonly Event[]): Run[] {
  const inOrder = events
    .filter(({ type }) => ORDER_IN_A_DAY.includes(type))
    .sort(
      (a, b) =>
        dayOf(a.date) - dayOf(b.date) || ORDER_IN_A_DAY.indexOf(a.type) - ORDER_IN_A_DAY.indexOf(b.type),
    );
  return PATHWAYS.flatMap(({ pathway, starts, endedBy }) =>
    inOrder.flatMap((clock, index) => {
      if (!starts(clock)) return [];
      const ends = inOrder.slice(index + 1).find(({ type }) => endedBy.some((one) => one === type));
      return [{ pathway, clock, start: dayOf(clock.date), end: ends ? dayOf(ends.date) : NEVER }];
    }),
  );
}

/** No item is open on the day of the end (section 2). */
export const runsOn = (runs: readonly Run[], day: Day): boolean =>
  runs.some(({ start, end }) => start <= day && day < end);

/**
 * The periods during which one of `runs` is active. Where one pathway replaces another on the same day, the first
 * period has ended: an item that had fallen due on it is missed (section 2) and due again on the second (the
 * product's choice; the page leaves open whether that is a return).
 */
export function stretchesOf(runs: readonly Run[]): { start: Day; end: Day }[] {
  const stretches: { start: Day; end: Day }[] = [];
  for (const { start, end } of [...runs].sort((a, b) => a.start - b.start)) {
    const last = stretches.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else stretches.push({ start, end });
  }
  return stretches;
}
