import { expect, test } from '@jest/globals';
import { inboxAddress, messagesAddress, readInboxFilter, readMessageFilter } from './exchange-address.js';

test('the inbox shows what is open, unless the address says otherwise', () => {
  expect(readInboxFilter({})).toEqual({ state: 'open', kind: undefined, patientId: undefined });
  expect(readInboxFilter({ state: 'all' }).state).toBeUndefined();
  expect(readInboxFilter({ state: 'lost', patient: '1 OR 1' })).toEqual(readInboxFilter({}));
});

test('filters are read as they were written', () => {
  expect(inboxAddress({ state: 'dismissed', kind: 'hl7' })).toBe('/systems/inbox?state=dismissed&kind=hl7');
  expect(inboxAddress({})).toBe('/systems/inbox?state=all');
  const filter = { controlId: 'MSG 1', sender: 'LIS|SLZL', outcome: 'refused' } as const;
  const written = new URL(messagesAddress(filter), 'http://page').searchParams;
  expect(readMessageFilter(Object.fromEntries(written))).toEqual(filter);
});
