import { readAddress } from '../routing/address.js';
import { auditAddress, filterOf, readAuditAddress } from './audit-address.js';

const patient = '0197b7a0-0000-7000-8000-000000000001';

test('the address is read as it was written; what is not understood is left out', () => {
  const address = auditAddress({ from: '2026-03-01', to: '2026-03-10', patient, outcome: 'refused' });
  expect(readAuditAddress(readAddress(address).parameters)).toEqual({
    ...{ from: '2026-03-01', to: '2026-03-10', patient, outcome: 'refused' },
    ...{ caller: undefined, changes: undefined },
  });
  expect(readAuditAddress({ from: 'yesterday', patient: '王桂兰', outcome: 'x' })).toEqual({});
});

test('days are those of the hospital, the last one included', () => {
  expect(filterOf({ from: '2026-03-10', to: '2026-03-10' }, 'Asia/Shanghai')).toEqual({
    from: '2026-03-09T16:00:00.000Z',
    to: '2026-03-10T16:00:00.000Z',
  });
});
