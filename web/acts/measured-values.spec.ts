import { valuesOf } from './measured-values.js';

const MEASUREMENTS = [
  { code: 'CEA', unit: 'ng/mL' },
  { code: 'CA19-9', unit: 'U/mL' },
];

test('a value has the unit of its label, unless another is written', () => {
  expect(valuesOf({ CEA: ' <0.5 ', 'CA19-9': '' }, MEASUREMENTS)).toEqual([
    { code: 'CEA', value: '<0.5', unit: 'ng/mL' },
  ]);
  expect(valuesOf({ CEA: '1.6 ug/L' }, MEASUREMENTS)).toEqual([{ code: 'CEA', value: '1.6 ug/L' }]);
});
