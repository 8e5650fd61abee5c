import type { ImportField } from '../calls/imports.js';
import { codesInWords, fieldChoices, titleOfField } from './field-choices.js';

const FIELDS: readonly ImportField[] = [
  { field: 'birth_date', title: { zh: '出生日期', en: 'Date of birth' }, repeats: false },
  { field: 'cea', title: { zh: 'CEA', en: 'CEA' }, repeats: true },
];

test('a field of visits can be chosen once for each visit, and for as many as the file has', () => {
  expect(fieldChoices(FIELDS, 'cea_8', 'en').map(({ value }) => value)).toEqual([
    'birth_date',
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((visit) => `cea_${visit}`),
  ]);
});

test('names of fields are written in words, and unknown ones as they are', () => {
  expect(titleOfField(FIELDS, 'birth_date', 'zh')).toBe('出生日期');
  expect(titleOfField(FIELDS, 'cea_2', 'zh')).toBe('CEA 2');
  expect(titleOfField(FIELDS, 'person', 'zh')).toBe('person');
});

test('codes in messages have words, and words of the language stay as they are', () => {
  const sex = { field: 'sex', title: { zh: '性别', en: 'Sex' }, repeats: false };
  expect(codesInWords([...FIELDS, sex], '', 'zh')).toEqual({ birth_date: '出生日期' });
  expect(codesInWords([...FIELDS, sex], 'sex', 'zh')).toEqual({ birth_date: '出生日期', sex: '性别' });
});
