import { expect, test } from '@jest/globals';
import { acceptedLanguage, languageFor, languageOfSystem } from './language.js';

test.each([
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
  ['en-GB, zh;q=0.5', 'en'],
  ['en;q=0.4, zh-Hant-TW;q=0.6', 'zh'],
  ['fr, EN ; q=0.001', 'en'],
  ['zh;q=0, en;q=0.1', 'en'],
  ['zh,en', 'zh'],
  ['zho, english', undefined],
  ['fr;q=1, *', undefined],
  ['zh;q=0', undefined],
  ['zh;q=x', undefined],
  [',;;q=,', undefined],
  ['', undefined],
  [undefined, undefined],
])('Accept-Language %s asks for %s', (header, language) => {
  expect(acceptedLanguage(header)).toBe(language);
});

test('the header wins over the hospital, and the hospital over English', () => {
  const asked = (header: string | undefined, hospital?: 'zh' | 'en') =>
    languageFor({ headers: { 'accept-language': header }, caller: { language: hospital } });
  expect([asked('en', 'zh'), asked('zh', 'en'), asked('fr', 'zh'), asked(undefined, 'zh')]).toEqual([
    'en',
    'zh',
    'zh',
    'zh',
  ]);
  expect(languageFor({ headers: {} })).toBe('en');
});

test.each([
  [{ NEDWATCH_LANG: 'zh', LC_ALL: 'en_US.UTF-8' }, 'zh'],
  [{ NEDWATCH_LANG: 'en', LANG: 'zh_CN.UTF-8' }, 'en'],
  [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
  [{ LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }, 'en'],
  [{ LC_ALL: '', LANG: 'zh_TW' }, 'zh'],
  [{ LANG: 'de_DE' }, 'en'],
  [{}, 'en'],
])('the command line of %j speaks %s', (env, language) => {
  expect(languageOfSystem(env)).toBe(language);
});
