import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { faultsOfIssues } from '../http/input-faults.js';
import { render } from './dictionary.js';

const messagesOf = (schema: z.ZodType, input: unknown): string[] =>
  faultsOfIssues(schema.safeParse(input).error?.issues ?? []).flatMap(({ code, message }) => [
    code,
    render(message, 'en'),
    render(message, 'zh'),
  ]);

test.each<[string, z.ZodType, unknown, string, string, string]>([
  ['a missing field', z.object({ a: z.string() }), {}, 'required', 'This field is required.', '此字段必填。'],
  [
    'another type',
    z.string(),
    4,
    'wrong-type',
    'Invalid input: expected string, received number',
    '类型有误：应为文本，收到的是数字。',
  ],
  [
    'none of the values',
    z.enum(['a', 'b']),
    'c',
    'not-allowed',
    'Invalid option: expected one of a, b',
    '取值有误：可选值为 a、b。',
  ],
  [
    'not the one value',
    z.literal('a'),
    'c',
    'not-allowed',
    'Invalid input: expected "a"',
    '取值有误：只能是 "a"。',
  ],
  [
    'an unknown type of event',
    z.discriminatedUnion('t', [z.object({ t: z.literal('a') }), z.object({ t: z.literal('b') })]),
    { t: 'c' },
    'not-allowed',
    'Invalid option: expected one of a, b',
    '取值有误：可选值为 a、b。',
  ],
  [
    'a long text',
    z.string().max(2),
    'abc',
    'out-of-range',
    'Too long: at most 2 characters',
    '过长：最多 2 个字符。',
  ],
  [
    'a short list',
    z.array(z.int()).min(1),
    [],
    'out-of-range',
    'Too short: at least 1 items',
    '过短：至少 1 项。',
  ],
  [
    'a large number',
    z.int().max(90),
    91,
    'out-of-range',
    'Too big: expected at most 90',
    '数值过大：最大为 90。',
  ],
  [
    'a small number',
    z.number().gt(0),
    0,
    'out-of-range',
    'Too small: expected more than 0',
    '数值过小：须大于 0。',
  ],
  ['no UUID', z.uuid(), 'x', 'wrong-format', 'Invalid UUID', '格式有误：不是有效的 UUID。'],
  [
    'another pattern',
    z.string().regex(/^a$/),
    'b',
    'wrong-format',
    'Invalid string: must match pattern /^a$/',
    '格式有误：须符合模式 /^a$/。',
  ],
  [
    'a field too many',
    z.strictObject({}),
    { b: 1 },
    'unknown-field',
    'There is no field b here.',
    '此处没有字段 b。',
  ],
  [
    'no multiple',
    z.number().multipleOf(5),
    7,
    'out-of-range',
    'Invalid number: must be a multiple of 5',
    '数值有误：须为 5 的倍数。',
  ],
  [
    'a bad name',
    z.record(z.string().regex(/^a$/), z.int()),
    { b: 1 },
    'invalid',
    'This name is not allowed here.',
    '此处不允许使用这个名称。',
  ],
  ['no reason given', z.string().refine(() => false), 'x', 'invalid', 'Invalid input', '取值有误。'],
])('%s is worded in both languages', (_, schema, input, code, en, zh) => {
  expect(messagesOf(schema, input)).toEqual([code, en, zh]);
});
