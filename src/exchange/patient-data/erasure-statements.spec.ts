import { expect, test } from '@jest/globals';
import { columns, HOSPITAL_ID, type PatientTable } from '../../encryption/table-declaration.js';
import { erasureStatements } from './erasure-statements.js';

const NOTES: PatientTable = {
  table: 'note',
  rows: 'hospital_id = $1 AND patient_id = $2',
  columns: {
    ...HOSPITAL_ID,
    ...columns('id patient_id', { kept: 'The row stays.' }),
    text: { erased: `''` },
    changed_at: { erased: 'program_now()' },
  },
};

test('every erased column gets its declared value, in the declared rows', () => {
  expect(erasureStatements([NOTES])).toEqual([
    {
      sql: `UPDATE note SET text = '', changed_at = program_now() WHERE hospital_id = $1 AND patient_id = $2`,
      ...{ isLock: false, isByNumber: false },
    },
  ]);
});

test('of a table that restricts its erased rows no other row changes', () => {
  const [statement] = erasureStatements([{ ...NOTES, rows: 'a OR b', erasedRows: 'c OR d' }]);
  expect(statement?.sql).toMatch(/ WHERE \(a OR b\) AND \(c OR d\)$/);
});

test('a lock comes before the statement of its table', () => {
  expect(
    erasureStatements([NOTES, { ...NOTES, lockForErasure: 'SELECT lock($1)' }]).map(({ isLock }) => isLock),
  ).toEqual([...[false, true, false]]);
});

test('rows that name the number of the patient are claimed before the statement of their table', () => {
  const claimed = erasureStatements([{ ...NOTES, claimByNumber: 'UPDATE note SET … $3' }]);
  expect(claimed.map(({ isByNumber }) => isByNumber)).toEqual([true, false]);
});

test('a table of which all columns stay, or that is not about patients, needs no statement', () => {
  expect(
    erasureStatements([
      { ...NOTES, columns: columns('id patient_id', { kept: 'It says nothing.' }) },
      { table: 'setting', notAboutPatients: 'Settings.', columns: ['id'] },
    ]),
  ).toEqual([]);
});
