import { readAddress } from '../routing/address.js';
import { callsAddress, readCallsAddress, worklistAddress } from './calls-address.js';

test('the address has the list, its filters and the first patient', () => {
  expect(
    readCallsAddress({ list: 'overdue', owner: 'me', first: 'p1', distanceTo: '50', name: 'x' }),
  ).toEqual({
    query: { list: 'overdue', owner: 'me', distanceTo: '50' },
    first: 'p1',
  });
});

test('without a list, patients are called whose items have to be booked', () => {
  expect(readCallsAddress({ first: '' })).toEqual({ query: { list: 'to_book' }, first: undefined });
});

test('the way back leads to the same list', () => {
  const { query } = readCallsAddress({ list: 'overdue', department: '消化外科' });
  expect(readAddress(worklistAddress(query)).parameters).toEqual({ list: 'overdue', department: '消化外科' });
  expect(readCallsAddress(readAddress(callsAddress(query)).parameters).query).toEqual(query);
});
