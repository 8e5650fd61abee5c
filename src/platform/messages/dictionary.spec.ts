import { describe, expect, test } from '@jest/globals';
import { placeholdersIn } from '../../guideline/message.js';
import { msg, render, SUBJECTS } from './dictionary.js';
import { issue, readIssue } from './issues.js';

const entries = Object.values(SUBJECTS).flatMap((subject) => Object.entries(subject));

/** Chinese characters and Chinese punctuation. */
const CHINESE = /[\p{Script=Han}、。“”（）：；，！？]/u;
const words = (text: string): string => text.replace(/(?<!\/)\{\w+\}/g, '');

describe.each(entries)('%s', (_, { en, zh }) => {
  test('is there in both languages, each in its own characters', () => {
    expect(en.trim()).not.toBe('');
    expect(zh.trim()).not.toBe('');
    expect(en).not.toMatch(CHINESE);
    // Only non-letters, such as a line break, and names such as UUID are the same in both languages.
    if (/\p{L}/u.test(words(zh)) && zh.trim() !== en) expect(zh).toMatch(/\p{Script=Han}/u);
  });

  test('names the same placeholders in both languages', () => {
    expect(new Set(placeholdersIn(zh))).toEqual(new Set(placeholdersIn(en)));
  });
});

test('no key stands in two files', () => {
  const keys = entries.map(([key]) => key);
  expect(keys.filter((key, index) => keys.indexOf(key) < index)).toEqual([]);
});

test('lists are joined in the way of the language, and sentences follow each other', () => {
  const columns = msg('missing-column', { column: 'mrn', known: ['mrn', 'name'] });
  const wrong = msg('wrong-columns', { faults: [columns, columns] });
  expect(render(columns, 'en')).toBe('There is no column mrn. The columns are mrn, name.');
  expect(render(columns, 'zh')).toBe('缺少列 mrn。应有的列：mrn、name。');
  expect(render(wrong, 'en')).toBe(
    `The columns are not right: ${render(columns, 'en')} ${render(columns, 'en')}`,
  );
  expect(render(wrong, 'zh')).toBe(`列有误：${render(columns, 'zh')}${render(columns, 'zh')}`);
});

test('braces of a path stay, and the value of a parameter is not parsed', () => {
  expect(render(msg('private-address', { address: '{port}', port: 1 }), 'en')).toBe(
    '{port} lies in a private network: the operator has to open it, with port 1, by PATCH /hospitals/{id} first.',
  );
});

test('the text of a schema is the message again, and another text stays what it is', () => {
  expect(readIssue(issue('no-such-date', { given: '{"key":' }))).toEqual(
    msg('no-such-date', { given: '{"key":' }),
  );
  expect(render(readIssue('out of {memory}'), 'zh')).toBe('out of {memory}');
});

// The types are the check: each line compiles only because the compiler rejects it as expected.
test('an unknown key, a missing parameter and a missing language do not compile', () => {
  // @ts-expect-error -- no such key
  msg('no-such-key');
  // @ts-expect-error -- {mrn} is missing
  msg('mrn-taken');
  // @ts-expect-error -- {mrn} is called otherwise
  msg('mrn-taken', { mnr: 'A1' });
  expect(render(msg('mrn-taken', { mrn: 'A1' }), 'zh')).toContain('A1');
});
