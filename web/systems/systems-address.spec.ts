import { endpointAddress, readDeliveryFilter } from './systems-address.js';

test('the filter of deliveries is read as it was written', () => {
  const address = endpointAddress('e1', { state: 'exhausted', eventType: 'endpoint.test' });
  expect(address).toBe('/systems/endpoints/e1?state=exhausted&type=endpoint.test');
  expect(readDeliveryFilter({ state: 'exhausted', type: 'endpoint.test' })).toEqual({
    state: 'exhausted',
    eventType: 'endpoint.test',
  });
});

test('what is not understood is left out', () => {
  expect(readDeliveryFilter({ state: 'lost', type: 'x' })).toEqual({
    state: undefined,
    eventType: undefined,
  });
});
