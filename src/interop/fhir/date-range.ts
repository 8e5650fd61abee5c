import { DateTime, type DateTimeUnit } from 'luxon';

/** The instants that a FHIR date, dateTime or instant covers, in milliseconds: `from` is included, `to` is not. */
export interface DateRange {
  readonly from: number;
  readonly to: number;
}

const FORM = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/**
 * The range of a date of any precision (HL7 FHIR R4, search, section 3.1.1.4.7). Without an offset it is a time of
 * `zone`. Null: it is no date.
 */
export function dateRange(text: string, zone: string): DateRange | null {
  const [, , month, day, hour, , second, fraction, offset] = FORM.exec(text) ?? [];
  if (!FORM.test(text)) return null;
  const at = DateTime.fromISO(text, { zone: offset === undefined ? zone : 'utc' });
  if (!at.isValid) return null;
  const unit: DateTimeUnit = fraction
    ? 'millisecond'
    : second
      ? 'second'
      : hour
        ? 'minute'
        : day
          ? 'day'
          : month
            ? 'month'
            : 'year';
  return { from: at.toMillis(), to: at.plus({ [unit]: 1 }).toMillis() };
}

/** The instant at which `day`, a calendar day of `zone`, begins, with the offset of the zone: `2026-01-15T00:00:00+08:00`. */
export const startOfDay = (day: string, zone: string): string => instantIn(`${day}T00:00:00`, zone);

/** The wall-clock time `local` of `zone` as an instant with the zone's offset. */
export const instantIn = (local: string, zone: string): string =>
  DateTime.fromISO(local, { zone }).toISO({ suppressMilliseconds: true }) ?? local;

export const PREFIXES = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;
export type Prefix = (typeof PREFIXES)[number];

const PREFIXED = new RegExp(`^(${PREFIXES.join('|')})?(.*)$`, 's');

/** The prefix of a search value, `eq` without one, and the rest. */
export function prefixOf(value: string): readonly [Prefix, string] {
  const [, prefix, rest = ''] = PREFIXED.exec(value) ?? [];
  return [(prefix as Prefix | undefined) ?? 'eq', rest];
}

/** A tenth of a day is not approximate; a day is, for follow-up. */
const APPROXIMATELY_MS = 86_400_000;

const COMPARE: Readonly<Record<Prefix, (sought: DateRange, found: DateRange) => boolean>> = {
  eq: (sought, found) => sought.from <= found.from && found.to <= sought.to,
  ne: (sought, found) => !(sought.from <= found.from && found.to <= sought.to),
  gt: (sought, found) => found.to > sought.to,
  lt: (sought, found) => found.from < sought.from,
  ge: (sought, found) => COMPARE.gt(sought, found) || COMPARE.eq(sought, found),
  le: (sought, found) => COMPARE.lt(sought, found) || COMPARE.eq(sought, found),
  sa: (sought, found) => found.from >= sought.to,
  eb: (sought, found) => found.to <= sought.from,
  ap: (sought, found) =>
    found.from < sought.to + APPROXIMATELY_MS && found.to > sought.from - APPROXIMATELY_MS,
};

/** Whether the range that a resource has satisfies the prefix and the range of the search. */
export const satisfies = (prefix: Prefix, sought: DateRange, found: DateRange): boolean =>
  COMPARE[prefix](sought, found);
