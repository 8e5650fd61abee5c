import { readAddress } from '../routing/address.js';
import { readStatisticsAddress, statisticsAddressOf, type StatisticsAddress } from './statistics-address.js';

const TODAY = '2026-03-10';
const readAgain = (address: StatisticsAddress) =>
  readStatisticsAddress(readAddress(statisticsAddressOf(address)).parameters, TODAY);

test('an address is read as it was written', () => {
  const address: StatisticsAddress = {
    ...{ tab: 'months', from: '2026-01-01', to: '2026-01-31', by: 'department', compare: 'year' },
    ...{ figure: 'noShows', measure: 'overdue', group: '消化外科' },
  };
  expect(readAgain(address)).toEqual(address);
});

test('without a period the last three months that are over are shown', () => {
  const period = { from: '2025-12-01', to: '2026-02-28' };
  expect(readStatisticsAddress({}, TODAY)).toMatchObject({ ...period, tab: 'figures', by: 'activity' });
  expect(readStatisticsAddress({ from: '2026-02-01', to: '2026-01-01' }, TODAY)).toMatchObject(period);
});
