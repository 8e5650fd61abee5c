import { addDays, type CalendarDate } from '../../guideline/calendar.js';

export const ENTRY_STATUSES = ['CONFIRMED', 'TENTATIVE', 'CANCELLED'] as const;
export type EntryStatus = (typeof ENTRY_STATUSES)[number];

/** An all-day event of one day. */
export interface CalendarEvent {
  /** The same for as long as the event exists. */
  readonly uid: string;
  /** Grows with each change. */
  readonly sequence: number;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly day: CalendarDate;
  readonly status: EntryStatus;
  readonly summary: string;
  readonly description: string;
  readonly location: string | null;
  readonly category: string;
}

/** How often a program that subscribes may ask, in the two ways in which programs look for it. */
const REFRESH = 'PT4H';

const LINE_OCTETS = 75;

/**
 * The calendar in the form of RFC 5545 and RFC 7986. It has dates and instants in UTC alone, so that no reader needs the
 * definition of a time zone.
 */
export const writtenCalendar = (
  { name, description }: { readonly name: string; readonly description: string },
  events: readonly CalendarEvent[],
): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//nedwatch//calendar feed//EN',
    'CALSCALE:GREGORIAN',
    `NAME:${escaped(name)}`,
    `X-WR-CALNAME:${escaped(name)}`,
    `DESCRIPTION:${escaped(description)}`,
    `X-WR-CALDESC:${escaped(description)}`,
    `REFRESH-INTERVAL;VALUE=DURATION:${REFRESH}`,
    `X-PUBLISHED-TTL:${REFRESH}`,
    ...events.flatMap(linesOf),
    'END:VCALENDAR',
  ]
    .map((line) => `${folded(line)}\r\n`)
    .join('');

const linesOf = (event: CalendarEvent): string[] => [
  'BEGIN:VEVENT',
  `UID:${escaped(event.uid)}`,
  `SEQUENCE:${event.sequence}`,
  // Without METHOD, DTSTAMP says when the event was last revised (RFC 5545, section 3.8.7.2).
  `DTSTAMP:${instant(event.changedAt)}`,
  `CREATED:${instant(event.createdAt)}`,
  `LAST-MODIFIED:${instant(event.changedAt)}`,
  `DTSTART;VALUE=DATE:${date(event.day)}`,
  `DTEND;VALUE=DATE:${date(addDays(event.day, 1))}`, // the first day after the event
  `STATUS:${event.status}`,
  `SUMMARY:${escaped(event.summary)}`,
  ...(event.description === '' ? [] : [`DESCRIPTION:${escaped(event.description)}`]),
  ...(event.location === null ? [] : [`LOCATION:${escaped(event.location)}`]),
  `CATEGORIES:${escaped(event.category)}`,
  'CLASS:PRIVATE',
  'TRANSP:TRANSPARENT',
  'END:VEVENT',
];

const date = (day: CalendarDate): string => day.replaceAll('-', '');

const instant = (at: Date): string => at.toISOString().replace(/[-:]|\.\d+/g, '');

/** Characters that a TEXT value cannot contain. */
const NOT_IN_TEXT = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F]|\p{Surrogate}/gu;

const escaped = (text: string): string =>
  text
    .replace(NOT_IN_TEXT, '')
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n|\r|\n/g, '\\n');

/** Lines of at most 75 octets of UTF-8; no character is divided. */
function folded(line: string): string {
  if (Buffer.byteLength(line) <= LINE_OCTETS) return line;
  const lines: string[] = [];
  let current = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > LINE_OCTETS) {
      lines.push(current);
      current = ' '; // begins a continued line
      octets = 1;
    }
    current += character;
    octets += size;
  }
  return [...lines, current].join('\r\n');
}
