import { readAddress } from '../routing/address.js';
import { addressOf, isSameQuery, queryOf, readWorklistAddress } from './worklist-address.js';

test('an address names list and filters; what is not understood is left out', () => {
  const written = { list: 'to_book', activity: 'x', distanceTo: '50', sort: 'name', distanceFrom: '-1' };
  expect(readWorklistAddress(written)).toEqual({ list: 'to_book', activity: 'x', distanceTo: 50 });
  expect(readWorklistAddress({ list: 'toString' })).toEqual({ list: 'overdue' });
});

test('an address is read as it was written', () => {
  const address = { list: 'due', owner: 'me', distanceFrom: 5, patient: 'p' } as const;
  expect(readWorklistAddress(readAddress(addressOf(address)).parameters)).toEqual(address);
});

test('the open panel is no part of the list', () => {
  expect(queryOf({ list: 'due', owner: 'me', patient: 'p' })).toEqual({ list: 'due', owner: 'me' });
});

test('two queries are the same when list and filters are', () => {
  expect(isSameQuery({ list: 'due', owner: 'me' }, { list: 'due', owner: 'me', view: 'patients' })).toBe(
    true,
  );
  expect(isSameQuery({ list: 'due', owner: 'me' }, { list: 'due' })).toBe(false);
});
