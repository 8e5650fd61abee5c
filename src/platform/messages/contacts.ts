import { texts } from '../../guideline/message.js';

/** Attempts to reach patients, their relatives, and calls. */
export const CONTACT_MESSAGES = texts({
  'ladder-channel-twice': {
    en: 'Each channel stands in the ladder once: say in attempts how often it is tried.',
    zh: '联系阶梯中每种方式只能出现一次：请在 attempts 中填写尝试次数。',
  },
  'script-placeholders': {
    en: 'A text may contain these words in braces, and no others: {known}.',
    zh: '文本中只能使用以下花括号占位符：{known}。',
  },
});
