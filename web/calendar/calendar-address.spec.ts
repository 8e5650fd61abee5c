import { readAddress } from '../routing/address.js';
import { addressOf, readCalendarAddress } from './calendar-address.js';

test('an address is read as it was written', () => {
  const address = { view: 'week', date: '2026-11-18', activity: 'x', place: '放射科', weeks: 13 } as const;
  expect(readCalendarAddress(readAddress(addressOf(address)).parameters)).toEqual(address);
  const forecast = { view: 'forecast', weeks: 52 } as const;
  expect(readCalendarAddress(readAddress(addressOf(forecast)).parameters)).toEqual(forecast);
});

test('what is not understood is left out: the month of today', () => {
  expect(readCalendarAddress({ view: 'year', date: '2026-13-01', weeks: '14', place: '' })).toEqual({
    view: 'month',
    weeks: 13,
  });
  expect(addressOf({ view: 'month', weeks: 13 })).toBe('/calendar');
});
