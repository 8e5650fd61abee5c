import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Ended, startCommand } from '../support/program.js';

let folder: string;
let file: (name: string, text: string) => string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nedwatch-language-'));
  file = (name, text) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> =>
  startCommand(args, env).ended;

/** The same command in both languages, if both end the same way. */
async function inBoth(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly zh: string; readonly en: string; readonly code: number | null }> {
  const [zh, en] = await Promise.all([
    run(args, { ...env, LANG: 'zh_CN.UTF-8' }),
    run(args, { ...env, LANG: 'zh_CN.UTF-8', NEDWATCH_LANG: 'en' }),
  ]);
  expect(zh.code).toBe(en.code);
  return { zh: zh.out + zh.stderr, en: en.out + en.stderr, code: en.code };
}

const CHINESE = /\p{Script=Han}/u;
const PATIENT = { birthDate: '1950-05-05', diagnosisDate: '2019-12-20', events: [] };

test('the help names every command in the language of the system', async () => {
  const { zh, en, code } = await inBoth(['help']);
  expect(code).toBe(0);
  expect(en).toContain('usage: bin/nedwatch COMMAND');
  expect(en).not.toMatch(CHINESE);
  expect(zh).toContain('用法：bin/nedwatch 命令');
  const [chinese = [], english = []] = [zh, en].map((text) => text.match(/^ {2}[a-z]+/gm) ?? undefined);
  expect(chinese).toEqual(english);
  for (const line of zh.split('\n').filter((one) => one.startsWith('  '))) expect(line).toMatch(CHINESE);
});

describe('the errors of a command are in both languages', () => {
  test.each([
    ['an unknown command', ['fly'], {}, 'There is no command fly.', '没有命令 fly。'],
    ['an unknown option', ['migrate', '--fast'], {}, "Unknown option '--fast'.", '不认识选项 --fast。'],
    ['an argument too many', ['migrate', 'now'], {}, "Unexpected argument 'now'.", '多余的参数 now'],
    ['no value', ['up', '--port'], {}, 'needs a value.', '需要一个值。'],
    ['a bad port', ['up', '--port', 'x'], {}, '--port: x is no port', '--port：x 不是端口'],
    [
      'a bad environment',
      ['migrate'],
      { NEDWATCH_PORT: '99999', REDIS_URL: 'http://x' },
      'NEDWATCH_PORT: Too big: expected at most 65535',
      'REDIS_URL：须为 redis://',
    ],
    ['no file for a backup', ['backup'], {}, 'backup: which file?', 'backup：请指定一个文件'],
    [
      'a database that is not there',
      ['migrate'],
      { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', NEDWATCH_START_WAIT_SECONDS: '1' },
      'it has waited 1 s for the database of DATABASE_URL',
      '已等待 1 秒，等待的是 DATABASE_URL 指定的数据库',
    ],
  ])('%s', async (_, args, env, english, chinese) => {
    const { zh, en, code } = await inBoth(args, env);
    expect(code).not.toBe(0);
    expect(en).toContain(english);
    expect(en).not.toMatch(CHINESE);
    expect(zh).toContain(chinese);
    expect(zh).not.toContain('    at '); // no stack
  });
});

test('the error names an unknown language', async () => {
  const { code, stderr } = await run(['migrate'], { NEDWATCH_LANG: 'fr' });
  expect(code).toBe(2);
  expect(stderr).toContain('NEDWATCH_LANG: Invalid option: expected one of zh, en');
});

test('plan says what is wrong with a line in the language of --lang, else of the system', async () => {
  const bad = file('bad.ndjson', `${JSON.stringify({ ...PATIENT, sex: 'f' })}\n{"birthDate":"1950-02-30"}\n`);
  const english = 'line 1: /sex: There is no field sex here.';
  const chinese = '第 1 行： /sex: 此处没有字段 sex。';
  expect((await run(['plan', '--lang', 'en', bad], { LANG: 'zh_CN' })).stderr).toContain(english);
  expect((await run(['plan', '--lang', 'zh', bad], { LANG: 'C' })).stderr).toContain(chinese);
  expect((await run(['plan', bad], { LANG: 'C' })).stderr).toContain(english);
  expect((await run(['plan', bad], { LANG: 'zh_CN' })).stderr).toContain(
    '第 2 行： /birthDate: 1950-02-30 不是存在的日期',
  );
});

test('the problems of a protocol file are in both languages', async () => {
  const { out } = await run(['guideline', 'show'], {});
  const guideline = JSON.parse(out) as { rules: { activity: unknown }[] };
  guideline.rules[0]!.activity = 'x_ray';
  const own = file('own.json', JSON.stringify(guideline));
  const { zh, en, code } = await inBoth(['guideline', 'check', own]);
  expect(code).toBe(2);
  expect(en).toMatch(/^\/rules\/0\/activity: There is no activity x_ray; there are /m);
  expect(zh).toMatch(/^\/rules\/0\/activity: 没有检查 x_ray；现有：/m);
});
