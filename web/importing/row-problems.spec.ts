import type { ImportReport, ImportRow } from '../calls/imports.js';
import {
  alike,
  inWords,
  isDateField,
  lastDayOf,
  monthAmong,
  problemsOf,
  sortedRows,
} from './row-problems.js';

const COLUMNS = [
  ...[{ index: 0, column: 'A', heading: '分期', field: 'stage', by: 'dictionary' as const, examples: [] }],
];
const question = (id: string, written: string) => ({
  ...{ id, sheet: null, row: 4, column: '手术日期', field: 'resection_date', written, code: 'month-only' },
  ...{ message: '请补上日', answers: ['2026-03-…'] },
});
const row = (facts: Partial<ImportRow>): ImportRow => ({
  ...{ line: 4, row: 4, sheet: null, mrn: '1', result: 'created', errors: [] },
  ...facts,
});

test('a question is answered by its id, an error of a spreadsheet at its cell, and one of another file not at all', () => {
  const errors = [
    { pointer: '/rows/4/resection_date', code: 'month-only', message: '请补上日' },
    { pointer: '/rows/4/stage', code: 'unclear', message: '看不懂' },
  ];
  const [asked, refused] = problemsOf(
    row({ result: 'asked', errors, questions: [question('q1', '2026.3')] }),
    COLUMNS,
  );
  expect(asked?.answerOf?.('2026-03-05')).toEqual({ id: 'q1', value: '2026-03-05' });
  expect(refused?.heading).toBe('分期');
  expect(refused?.answerOf?.('II')).toEqual({ sheet: null, row: 4, field: 'stage', value: 'II' });
  const [plain] = problemsOf(row({ row: undefined, errors: errors.slice(1) }), []);
  expect(plain?.answerOf).toBeUndefined();
});

test('questions about the same content can be answered alike', () => {
  const [first, same, other] = [question('a', '王芳'), question('b', '王芳'), question('c', '李敏')];
  const report = { rows: [row({ questions: [first, same, other] })] } as unknown as ImportReport;
  expect(alike(report, first).map(({ id }) => id)).toEqual(['b']);
});

test('rows are sorted by what they ask of a person', () => {
  const warning = { pointer: '/rows/4', code: 'note', message: '' };
  const rows = [
    row({ result: 'asked' }),
    row({ warnings: [warning] }),
    row({ result: 'skipped', warnings: [] }),
    row({}),
  ];
  const { open, warned, others } = sortedRows({ rows } as unknown as ImportReport);
  expect([open.length, warned.length, others.length]).toEqual([1, 1, 1]);
});

test('an answer of a month leads to its days', () => {
  expect(monthAmong(['2024-02-…'])).toBe('2024-02');
  expect(monthAmong(['2024-02-03'])).toBeUndefined();
  expect(lastDayOf('2024-02')).toBe('2024-02-29');
  expect(['resection_date', 'visit_date_2', 'stage'].map(isDateField)).toEqual([true, true, false]);
});

test('codes in a message are written in words, the longest first', () => {
  const words = { male: '男', female: '女', '': 'x' };
  expect(inWords('以哪个为准：female、male？', words)).toBe('以哪个为准：女、男？');
  expect(inWords('无', {})).toBe('无');
});
