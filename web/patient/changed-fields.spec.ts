import { changedFields } from './changed-fields.js';

test('only changed fields are sent, and an emptied one has no value', () => {
  const before = { phone: '13800000001', ward: '3', group: '' };
  expect(changedFields(before, { phone: ' 13800000001 ', ward: '', group: 'A' })).toEqual({
    ...{ ward: null, group: 'A' },
  });
});
