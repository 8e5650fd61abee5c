import type { ClinicalEvent } from '../calls/record.js';

/** One measured value of a patient. */
export interface MeasuredPoint {
  readonly key: string;
  readonly day: string;
  readonly value: number;
  /** `<0.5`: the true value lies below. */
  readonly isBelow: boolean;
  readonly written: string;
  /** The laboratory's own limit, if it has one. */
  readonly ownLimit: number | undefined;
  readonly isMarkedHigh: boolean;
}

/** The values of one measurement from events that were not voided, by day. */
export const pointsOf = (events: readonly ClinicalEvent[], code: string): readonly MeasuredPoint[] =>
  events
    .filter(({ voidedAt }) => voidedAt === null)
    .flatMap((event) =>
      (event.values ?? [])
        .filter((one) => one.code === code)
        .map(({ comparator, value, unit, referenceLimit, flag }) => ({
          ...{ key: event.id, day: event.date, value, ownLimit: referenceLimit },
          isBelow: comparator?.startsWith('<') === true,
          isMarkedHigh: flag === 'high',
          written: `${comparator ?? ''}${value} ${unit}`,
        })),
    )
    .sort((a, b) => (a.day < b.day ? -1 : 1));

/** Whether a value lies above the limit that counts for it. */
export const isHigh = ({ value, isBelow, ownLimit, isMarkedHigh }: MeasuredPoint, limit: number): boolean =>
  isMarkedHigh || (!isBelow && value > (ownLimit ?? limit));
