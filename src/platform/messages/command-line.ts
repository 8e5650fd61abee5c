import { texts } from '../../guideline/message.js';

/** What the command line says. */
export const COMMAND_LINE_MESSAGES = texts({
  'not-a-language': {
    en: '{given} is not a language here: use zh or en.',
    zh: '不支持语言 {given}：请用 zh 或 en。',
  },
  'no-guideline-or-file': {
    en: 'there is no guideline and no file {name}. Published: {known}.',
    zh: '没有名为 {name} 的指南或文件。已发布的指南：{known}。',
  },
  line: { en: 'line {number}:', zh: '第 {number} 行：' },
  'line-not-json': { en: 'not JSON: {detail}', zh: '不是 JSON：{detail}' },
  'too-far': {
    en: '{until} lies after {furthest}: plan {years} years at most.',
    zh: '{until} 晚于 {furthest}：最多计划 {years} 年。',
  },
});
