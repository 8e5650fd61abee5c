import { readAddress } from '../routing/address.js';
import { guidelineAddressOf, readGuidelineAddress } from './guideline-address.js';

const readAgain = (address: Parameters<typeof guidelineAddressOf>[0]) =>
  readGuidelineAddress(readAddress(guidelineAddressOf(address)).parameters);

test('an address is read as it was written', () => {
  const address = { tab: 'compare', who: 'patient', patient: 'p1', with: ['a@1.0.0', 'b@2.1.0'] } as const;
  expect(readAgain(address)).toEqual(address);
});

test('an address without a known part shows the rules', () => {
  expect(readGuidelineAddress({ tab: 'nothing' }).tab).toBe('rules');
  expect(guidelineAddressOf({ tab: 'rules' })).toBe('/guideline');
});
