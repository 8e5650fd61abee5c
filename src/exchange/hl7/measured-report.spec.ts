import fc from 'fast-check';
import { BUILT_IN_MAPPING } from '../mappings/built-in-mapping.js';
import type { Mapping } from '../mappings/mapping-file.js';
import { multiplied, valueOf } from './measured-report.js';
import { measuredIn } from './reading/report.js';

const mapping: Mapping = {
  ...BUILT_IN_MAPPING,
  units: [
    { written: 'mg/L', unit: 'ug/L', factor: 1000 },
    { written: '微克/升', unit: 'ug/L' },
    { sender: 'POCT', written: '微克/升', unit: 'ng/mL' },
  ],
  laboratories: [{ sender: 'LIS', limits: [{ measurement: 'CEA', limit: 5 }] }],
};

const cea = (text: string, units?: string, sender = 'LIS', range?: string) =>
  valueOf(
    {
      code: 'CEA',
      facts: {
        ...{
          type: 'NM',
          code: undefined,
          units,
          range,
          flag: undefined,
          status: 'F',
          at: undefined,
          notes: [],
        },
        values: [{ text, measured: measuredIn(text), coded: undefined }],
      },
    },
    { mapping, messageId: '', sender },
  );

test.each([
  ['a unit in Chinese', cea('2.4', '微克/升'), { value: '2.4', unit: 'ug/L', referenceLimit: 5 }],
  ['the same unit of another sender', cea('2.4', '微克/升', 'POCT'), { value: '2.4', unit: 'ng/mL' }],
  [
    'a value that is converted, with its limit',
    cea('<0.0051', 'mg/L'),
    { value: '<5.1', unit: 'ug/L', referenceLimit: 5000 },
  ],
  [
    'the range of the message before that of the table',
    cea('2', 'ng/mL', 'LIS', '0-4.7'),
    { referenceLimit: 4.7 },
  ],
  ['a unit that no entry names', cea('2', 'ng/mL'), { value: '2', unit: 'ng/mL' }],
])('%s', (_, value, expected) => {
  expect(value).toMatchObject(expected);
});

test('a factor moves no digit', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e9 }),
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 0, max: 6 }),
      (digits, places, power) => {
        const number = (digits / 10 ** places).toFixed(places);
        const product = multiplied(number, 10 ** power);
        const rounded = Number(number) * 10 ** power;
        expect(Math.abs(Number(product) - rounded)).toBeLessThanOrEqual(rounded * 1e-12);
        expect(Number(multiplied(product, 10 ** -power))).toBe(Number(number));
        expect(product.replace('.', '').replace(/^0+|0+$/g, '')).toBe(
          number.replace('.', '').replace(/^0+|0+$/g, ''),
        );
      },
    ),
  );
});
