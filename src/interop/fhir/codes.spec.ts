import { isLoinc, isSnomed, loincCheckDigit } from './check-digits.js';
import { codingsOf, PUBLISHED_CODES, WITH_SNOMED, WITHOUT_SNOMED } from './codes.js';

const FORM = {
  loinc: isLoinc,
  snomed: isSnomed,
  icd10: (code: string) => /^[A-Z]\d\d(\.\d)?$/.test(code),
  ucum: () => true,
};

test.each(PUBLISHED_CODES.map((one) => [one.system, one.code, one] as const))(
  '%s %s has the form of its system, a right check digit, a name and a source',
  (system, code, { display, source }) => {
    expect(FORM[system](code)).toBe(true);
    expect(display.length).toBeGreaterThan(1);
    expect(source.length).toBeGreaterThan(2);
  },
);

test('no number is in the table twice', () => {
  expect(new Set(PUBLISHED_CODES.map(({ code }) => code)).size).toBe(PUBLISHED_CODES.length);
});

test('invented codes of public repositories fail the check digit, and so does every changed digit', () => {
  expect(['45398-4', '2039-5', '2093-6'].map(isLoinc)).toEqual([false, false, false]);
  expect(loincCheckDigit('45398')).not.toBe(4);
  for (const { system, code } of PUBLISHED_CODES.filter((one) => one.system === 'snomed'))
    for (let at = 0; at < code.length; at++) {
      const other = (Number(code[at]) + 1) % 10;
      expect([system, isSnomed(code.slice(0, at) + String(other) + code.slice(at + 1))]).toEqual([
        system,
        false,
      ]);
    }
});

test('SNOMED CT is written only where it is licensed; an unknown number is an error', () => {
  const numbers = ['18746-8', '73761001'];
  expect(codingsOf(numbers, WITHOUT_SNOMED).map(({ code }) => code)).toEqual(['18746-8']);
  expect(codingsOf(numbers, WITH_SNOMED).map(({ code }) => code)).toEqual(numbers);
  expect(() => codingsOf(['1-1'], WITH_SNOMED)).toThrow('not in the table');
});
