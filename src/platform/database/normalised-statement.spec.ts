import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { normalisedStatement } from './normalised-statement.js';

test.each([
  ['SELECT id FROM patient WHERE mrn = $1 LIMIT 50', 'SELECT id FROM patient WHERE mrn = $1 LIMIT ?'],
  ["SELECT 'O''Brien', E'a\\'b', $$text$$, $x$a $$ b$x$", 'SELECT ?, ?, ?, ?'],
  ['SELECT "P"."id" AS "P_id", "P"."mrn" AS "P_mrn" FROM "patient" "P"', 'SELECT "P".* FROM "patient" "P"'],
  ["SELECT'C:\\' || 'b'", 'SELECT? || ?'],
  ["SET x = 'C:\\' -- 'a comment'\n, y = 'b'", 'SET x = ?'],
  ['SELECT /* 张三 */ a1, "b 2" FROM t2\n  WHERE c = -1.5e3', 'SELECT a1, "b 2" FROM t2 WHERE c = -?'],
  ["SELECT p.id FROM p WHERE d <= '2026-11-01'::date", 'SELECT p.id FROM p WHERE d <= ?::date'],
])('%s', (statement, expected) => {
  expect(normalisedStatement(statement).startsWith(expected)).toBe(true);
});

test('no text of a string, however it is quoted, is in the normalised statement', () => {
  const secret = 'KANARIE';
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), fc.constantFrom("'", "E'", '$$', '$tag$'), (around, quote) => {
      const inside = `${around}${secret}${around}`.replaceAll('$', '');
      const written =
        quote === "E'"
          ? `E'${inside.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
          : quote === "'"
            ? `'${inside.replaceAll("'", "''")}'`
            : `${quote}${inside}${quote}`;
      expect(normalisedStatement(`SELECT ${written}, b FROM c WHERE d = 'x'`)).not.toContain(secret);
    }),
  );
});

test('a long statement is cut', () => {
  expect(normalisedStatement(`SELECT ${'a, '.repeat(1000)} b`).length).toBeLessThan(1100);
});
