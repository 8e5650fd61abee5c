import ICAL from 'ical.js';
import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { addDays, calendarDate } from '../../guideline/calendar.js';
import { type CalendarEvent, writtenCalendar } from './icalendar.js';

const AT = new Date('2026-11-01T01:02:03.456Z');

const event = (facts: Partial<CalendarEvent> = {}): CalendarEvent => ({
  ...{ uid: 'item-1@nedwatch', sequence: 3, createdAt: AT, changedAt: AT, day: calendarDate('2026-12-31') },
  ...{ status: 'CONFIRMED', summary: 'CT', description: '', location: null, category: 'CT' },
  ...facts,
});

const eventsIn = (text: string): ICAL.Event[] =>
  new ICAL.Component(ICAL.parse(text) as string)
    .getAllSubcomponents('vevent')
    .map((component) => new ICAL.Event(component));

describe('a calendar', () => {
  test('is written as RFC 5545 says', () => {
    const lines = writtenCalendar({ name: '随访', description: 'a; b, c' }, [
      event({ summary: '08:30 结肠镜：李 …4821', location: 'CT, room 2', description: 'one\ntwo' }),
    ]).split('\r\n');
    expect(lines).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//nedwatch//calendar feed//EN',
      'CALSCALE:GREGORIAN',
      'NAME:随访',
      'X-WR-CALNAME:随访',
      'DESCRIPTION:a\\; b\\, c',
      'X-WR-CALDESC:a\\; b\\, c',
      'REFRESH-INTERVAL;VALUE=DURATION:PT4H',
      'X-PUBLISHED-TTL:PT4H',
      'BEGIN:VEVENT',
      'UID:item-1@nedwatch',
      'SEQUENCE:3',
      'DTSTAMP:20261101T010203Z',
      'CREATED:20261101T010203Z',
      'LAST-MODIFIED:20261101T010203Z',
      'DTSTART;VALUE=DATE:20261231',
      'DTEND;VALUE=DATE:20270101',
      'STATUS:CONFIRMED',
      'SUMMARY:08:30 结肠镜：李 …4821',
      'DESCRIPTION:one\\ntwo',
      'LOCATION:CT\\, room 2',
      'CATEGORIES:CT',
      'CLASS:PRIVATE',
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ]);
  });

  const text = fc.string({ unit: 'binary', maxLength: 200 });
  const stored = (written: string): string =>
    written.replace(/[\0-\x08\x0B\x0C\x0E-\x1F\x7F]|\p{Surrogate}/gu, '').replace(/\r\n|\r/g, '\n');

  test('is read by other software with every text and day, whatever they contain', () => {
    fc.assert(
      fc.property(
        text,
        text,
        text,
        fc.integer({ min: 0, max: 4000 }),
        (summary, description, location, days) => {
          const day = addDays(calendarDate('2020-01-01'), days);
          const written = writtenCalendar({ name: summary, description }, [
            event({ summary, description, location, day }),
          ]);
          for (const line of written.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
          expect(written.endsWith('\r\n')).toBe(true);
          expect(Buffer.from(written).toString('utf8')).toBe(written);
          const [read] = eventsIn(written);
          expect(read?.startDate.toString()).toBe(day);
          expect([read?.startDate.isDate, read?.endDate.toString()]).toEqual([true, addDays(day, 1)]);
          expect([read?.summary, read?.description ?? '', read?.location]).toEqual([
            stored(summary),
            stored(description),
            stored(location),
          ]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
