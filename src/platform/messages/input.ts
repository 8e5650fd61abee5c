import { texts } from '../../guideline/message.js';

/** Validation errors that any field can have. */
export const INPUT_MESSAGES = texts({
  'invalid-input': {
    en: 'Some fields are not right; each is named under errors.',
    zh: '部分字段有误，详见 errors 中的逐项说明。',
  },
  required: { en: 'This field is required.', zh: '此字段必填。' },
  'unknown-field': { en: 'There is no field {field} here.', zh: '此处没有字段 {field}。' },
  'not-text': {
    en: 'Contains a NUL character or half a character, which cannot be stored.',
    zh: '含有无法存储的 NUL 字符或不完整的字符。',
  },
  'too-deep': { en: 'Nested more than {limit} levels deep.', zh: '嵌套超过 {limit} 层。' },
  'wrong-type': {
    en: 'Invalid input: expected {expected}, received {received}',
    zh: '类型有误：应为{expected}，收到的是{received}。',
  },
  'not-the-value': { en: 'Invalid input: expected {value}', zh: '取值有误：只能是 {value}。' },
  'none-of': { en: 'Invalid option: expected one of {values}', zh: '取值有误：可选值为 {values}。' },
  'at-most': { en: 'Too big: expected at most {limit}', zh: '数值过大：最大为 {limit}。' },
  'less-than': { en: 'Too big: expected less than {limit}', zh: '数值过大：须小于 {limit}。' },
  'at-least': { en: 'Too small: expected at least {limit}', zh: '数值过小：最小为 {limit}。' },
  'more-than': { en: 'Too small: expected more than {limit}', zh: '数值过小：须大于 {limit}。' },
  'too-long': { en: 'Too long: at most {limit} {unit}', zh: '过长：最多 {limit} {unit}。' },
  'too-short': { en: 'Too short: at least {limit} {unit}', zh: '过短：至少 {limit} {unit}。' },
  'exact-length': { en: 'Expected exactly {limit} {unit}', zh: '应恰好为 {limit} {unit}。' },
  'not-multiple': {
    en: 'Invalid number: must be a multiple of {step}',
    zh: '数值有误：须为 {step} 的倍数。',
  },
  'wrong-pattern': {
    en: 'Invalid string: must match pattern {pattern}',
    zh: '格式有误：须符合模式 {pattern}。',
  },
  'wrong-format': { en: 'Invalid {format}', zh: '格式有误：不是有效的{format}。' },
  'wrong-key': { en: 'This name is not allowed here.', zh: '此处不允许使用这个名称。' },
  'no-alternative': {
    en: 'Invalid input: it is none of the forms allowed here.',
    zh: '取值有误：不符合此处允许的任何一种形式。',
  },
  'wrong-value': { en: 'Invalid input', zh: '取值有误。' },

  'not-an-instant': {
    en: 'Not an instant of the years 1 to 9999: write RFC 3339, 2026-11-01T08:00:00+08:00.',
    zh: '不是公元 1 至 9999 年间的有效时刻：请按 RFC 3339 填写，例如 2026-11-01T08:00:00+08:00。',
  },
  'not-a-date': {
    en: 'Not a date that exists: write YYYY-MM-DD.',
    zh: '不是存在的日期：请按 YYYY-MM-DD 填写。',
  },
  'date-outside': {
    en: '{given} is outside {first} to {last}: correct the year.',
    zh: '{given} 不在 {first} 至 {last} 之间：请更正年份。',
  },
  'no-such-date': {
    en: '{given} is not a date that exists: write YYYY-MM-DD.',
    zh: '{given} 不是存在的日期：请按 YYYY-MM-DD 填写。',
  },
  'not-an-id': { en: 'Not an id: ids are UUIDs.', zh: '不是有效的编号：编号为 UUID。' },
  'not-a-cursor': {
    en: 'Not a cursor of this list: send back nextCursor as it came.',
    zh: '不是此列表的游标：请原样传回 nextCursor。',
  },

  'unit-characters': { en: 'characters', zh: '个字符' },
  'unit-items': { en: 'items', zh: '项' },
  'type-string': { en: 'string', zh: '文本' },
  'type-number': { en: 'number', zh: '数字' },
  'type-int': { en: 'int', zh: '整数' },
  'type-boolean': { en: 'boolean', zh: '布尔值（true 或 false）' },
  'type-array': { en: 'array', zh: '数组' },
  'type-object': { en: 'object', zh: '对象' },
  'type-null': { en: 'null', zh: '空值（null）' },
  'type-undefined': { en: 'undefined', zh: '未提供' },
  'type-nan': { en: 'NaN', zh: '非数字（NaN）' },
  'type-date': { en: 'date', zh: '日期' },
  'format-uuid': { en: 'UUID', zh: ' UUID' },
  'format-url': { en: 'URL', zh: '网址' },
  'format-email': { en: 'email address', zh: '电子邮件地址' },
  'format-base64': { en: 'base64-encoded string', zh: ' Base64 编码文本' },
  'format-other': { en: 'input', zh: '输入' },
});
