import { lineOf, lineStart, lineText, readJson } from './json-lines.js';

const FILE = `{
  "id": "own",
  "rules": [
    { "id": "a", "title": { "zh": "甲", "en": "A \\" B" } },
    {
      "id": "b/c",
      "phases": []
    }
  ],
  "events": { "x/y": { "fields": {} } }
}`;

test('a pointer leads to the line of its value', () => {
  expect(lineOf(FILE, '/id')).toBe(2);
  expect(lineOf(FILE, '/rules/0/title/en')).toBe(4);
  expect(lineOf(FILE, '/rules/1/phases')).toBe(7);
  expect(lineOf(FILE, '/events/x~1y/fields')).toBe(10);
  expect(lineOf(FILE, '')).toBe(1);
});

test('a missing field has the line of its object', () => {
  expect(lineOf(FILE, '/rules/1/section')).toBe(5);
  expect(lineOf(FILE, '/version')).toBe(1);
});

test('a syntax error has the line on which the reading ends', () => {
  const lines = FILE.split('\n');
  const broken = [...lines.slice(0, 2), lines[2]?.replace('[', ''), ...lines.slice(3)].join('\n');
  const read = readJson(broken);
  expect(read).toMatchObject({ fault: { line: expect.any(Number) } });
  expect(readJson('{\n  "a": 1\n  "b": 2\n}')).toEqual({ fault: { line: 3, text: '"b": 2' } });
  expect(readJson('')).toEqual({ fault: { line: 1, text: '' } });
  expect(readJson(`\uFEFF${FILE}`)).toEqual({ value: JSON.parse(FILE) });
});

test('the text of a line is shown without its indentation', () => {
  expect(lineText(FILE, 6)).toBe('"id": "b/c",');
  const { from, to } = lineStart(FILE, 6);
  expect(FILE.slice(from, to)).toBe('      "id": "b/c",');
});
