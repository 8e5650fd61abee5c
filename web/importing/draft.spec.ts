import type { ImportReport, ImportSheet } from '../calls/imports.js';
import {
  EMPTY,
  fieldOfPointer,
  withAnswer,
  withFile,
  withMeaning,
  withRefusal,
  withReport,
} from './draft.js';

const column = (heading: string, by: 'dictionary' | 'unknown') => ({
  ...{ index: 0, column: 'A', heading, field: by === 'unknown' ? null : 'mrn', by, examples: ['0012'] },
});
const sheet = (by: 'dictionary' | 'unknown'): ImportSheet => ({
  ...{ name: null, state: 'read', headerRow: 1, columns: [column('编号', by)] },
});
const report = (by: 'dictionary' | 'unknown', written = false) =>
  ({ kind: 'roster', dryRun: !written, written, sheets: [sheet(by)], rows: [] }) as unknown as ImportReport;
const chosen = withFile(EMPTY, new File(['x'], 'roster.csv'));

test('a file whose columns are all known leads to its rows, and one with an unknown column to its columns', () => {
  expect(withReport(chosen, report('dictionary')).step).toBe('check');
  expect(withReport(chosen, report('unknown')).step).toBe('columns');
});

test('a column that stays unknown is asked about once', () => {
  const decided = { ...withReport(chosen, report('unknown')), step: 'columns' as const };
  expect(withReport(decided, report('unknown')).step).toBe('check');
});

test('refused columns are shown with the refusal, and a refused import shows its rows', () => {
  const columns = withRefusal(chosen, new Error('refused'), { sheets: [sheet('unknown')] });
  expect([columns.step, columns.sheets?.length]).toEqual(['columns', 1]);
  const rows = withRefusal(chosen, new Error('refused'), { report: report('dictionary') });
  expect([rows.step, rows.error]).toEqual(['check', new Error('refused')]);
});

test('what was decided has to be checked again, and another file begins without it', () => {
  const decided = withAnswer(withMeaning(chosen, '编号', 'mrn'), 'a', { id: 'a', value: '2026-03-05' });
  expect([decided.isChanged, decided.mapping, Object.keys(decided.answers)]).toEqual([
    true,
    { 编号: 'mrn' },
    ['a'],
  ]);
  expect(withAnswer(decided, 'a', undefined).answers).toEqual({});
  expect(withReport(decided, report('dictionary')).isChanged).toBe(false);
  expect(withFile(decided, new File(['y'], 'other.csv'))).toMatchObject({ mapping: {}, answers: {} });
});

test('a written import is done', () => {
  expect(withReport(chosen, report('dictionary', true)).step).toBe('done');
});

test('a pointer names the field, also in a sheet with a stroke in its name', () => {
  expect(fieldOfPointer('/sheets/2024~1上/rows/6/stage')).toBe('stage');
  expect(fieldOfPointer('/rows/3')).toBeUndefined();
});
