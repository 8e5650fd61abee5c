import { expect, test } from '@jest/globals';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';

const CONFIGURATION = '../../eslint.config.mjs';
const { wordedInDictionaries } = (await import(CONFIGURATION)) as {
  readonly wordedInDictionaries: readonly { readonly selector: string; readonly message: string }[];
};

/** Whether the rule for the texts of pages refuses this expression. */
function isRefused(expression: string): boolean {
  const found = new Linter().verify(
    `export const x = ${expression};`,
    [
      {
        files: ['**/*.tsx'],
        languageOptions: {
          parser: tseslint.parser,
          parserOptions: { ecmaFeatures: { jsx: true } },
        },
        rules: { 'no-restricted-syntax': ['error', ...wordedInDictionaries] },
      },
    ],
    { filename: 'page.tsx' },
  );
  expect(found.filter(({ fatal }) => fatal)).toEqual([]);
  return found.length > 0;
}

test.each([
  ...['<b>无</b>', '<b>Save</b>', "'没有结果'", '`共 ${n} 行`', "'Nothing was found'", "'Save List'"],
  ...["'Don’t save it'", '`Nothing was found in ${place}`', "<b>{'save'}</b>", '<b>{`saved ${n}`}</b>'],
  ...["<b>{isOpen && 'open'}</b>", "<b>{isOpen ? 'open' : name}</b>", '<a title="Save" />'],
  ...["<a aria-label={'save'} />", '<Field label="Name" />', "<>{'save'}</>"],
])('a text outside of the dictionaries is refused: %s', (expression) => {
  expect(isRefused(expression)).toBe(true);
});

test.each([
  ...['<b>{words.save}</b>', '<b> · </b>', "<b className={isOpen ? 'chip is-open' : 'chip'} />", "'ctrl+k'"],
  ...["'/worklist'", '`${count} / ${all}`', '<time dateTime="2026-11-03">{day}</time>', "<b>{'×'}</b>"],
  ...["get('/patients')", '<a title={words.close}>×</a>', '<Button kind="main" type=\'submit\' />'],
])('what is no text is not: %s', (expression) => {
  expect(isRefused(expression)).toBe(false);
});
