import { calendarDate } from '../guideline/calendar.js';
import { outdated, type AnnouncedItem } from './reminder-validity.js';

const open: AnnouncedItem = {
  state: 'active',
  beforeEnrolment: false,
  missedOn: calendarDate('2026-06-01'),
  due: calendarDate('2026-03-01'),
  announcedDue: calendarDate('2026-03-01'),
  announcedAnew: false,
};

test.each<[string, Partial<AnnouncedItem>, string, string | null]>([
  ['an open item with the announced date', {}, '2026-02-15', null],
  ['the last day before it is missed', {}, '2026-05-31', null],
  ['the day it is missed', {}, '2026-06-01', 'missed'],
  ['an item that is never missed', { missedOn: null }, '2036-01-01', null],
  ['a completed item', { state: 'completed' }, '2026-02-15', 'completed'],
  ['a cancelled item', { state: 'cancelled' }, '2026-02-15', 'cancelled'],
  ['a moved item', { due: calendarDate('2026-04-01') }, '2026-02-15', 'moved'],
  ['an item from before the enrolment', { beforeEnrolment: true }, '2026-02-15', 'before-enrolment'],
  ['an item announced once more since', { announcedAnew: true }, '2026-02-15', 'superseded'],
])('%s', (_, change, today, reason) => {
  expect(outdated({ ...open, ...change }, calendarDate(today))).toBe(reason);
});
