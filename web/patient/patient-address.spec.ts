import { addressOfView, viewIn } from './patient-address.js';

test('an address names the view, and none is the plan', () => {
  expect(addressOfView('7', 'plan')).toBe('/patients/7');
  expect(addressOfView('7', 'course')).toBe('/patients/7?view=course');
  expect([viewIn({}), viewIn({ view: 'visits' }), viewIn({ view: 'other' })]).toEqual([
    ...['plan', 'visits', 'plan'],
  ]);
});
