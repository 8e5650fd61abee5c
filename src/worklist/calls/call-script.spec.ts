import { expect, test } from '@jest/globals';
import { CallSettings, SCRIPTS } from '../settings/call-settings.js';
import { inOneLine, scriptFor, scriptText } from './call-script.js';

const WORDS = {
  ...{ patient: '李敏', caller: '王芳', hospital: '第一医院' },
  examinations: inOneLine([
    { zh: '肿瘤标志物', en: 'tumour markers' },
    { zh: '结肠镜', en: 'colonoscopy' },
  ]),
  relation: { zh: '女儿', en: 'daughter' },
};

test.each([
  [1, false, 'first'],
  [2, false, 'second'],
  [3, false, 'third'],
  [9, false, 'third'],
  [1, true, 'gentle'],
] as const)('attempt %d, after long silence: %s: the script is %s', (attempt, silent, name) => {
  expect(scriptFor(attempt, silent)).toBe(name);
});

test('every script is filled in both languages, and leaves no placeholder', () => {
  for (const name of SCRIPTS) {
    const { zh, en } = scriptText(name, CallSettings.parse({}), WORDS);
    expect(zh).toContain('李敏');
    expect(en).toContain('李敏');
    expect(zh + en).not.toMatch(/[{}]/);
  }
  expect(scriptText('first', CallSettings.parse({}), WORDS).zh).toContain('肿瘤标志物、结肠镜');
});

test('a relative is asked about the patient in the third person, and hears no diagnosis and no examination', () => {
  const { zh, en } = scriptText('relative', CallSettings.parse({}), WORDS);
  expect(zh).toContain('您是李敏的女儿吗');
  expect(zh).not.toContain('肿瘤');
  expect(en).not.toContain('tumour');
});

test("the hospital's own text takes the place of the program's", () => {
  const settings = CallSettings.parse({
    scripts: { first: { zh: '{patient}您好，{examinations}', en: 'Hello {patient}: {examinations}' } },
  });
  expect(scriptText('first', settings, WORDS)).toEqual({
    zh: '李敏您好，肿瘤标志物、结肠镜',
    en: 'Hello 李敏: tumour markers, colonoscopy',
  });
  expect(scriptText('second', settings, WORDS).en).toContain('tried to reach');
});
