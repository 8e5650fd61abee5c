import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readAnswer } from './gateway-answer.js';
import { GatewayConfig } from './gateway-config.js';
import { gatewayRequest } from './gateway-request.js';

const config = (more: object): GatewayConfig =>
  GatewayConfig.parse({
    url: 'https://sms.example/send',
    body: '{"to":"{number}","t":"{text}","id":"{id}"}',
    ...more,
  });

const ALIYUN = config({ success: { path: 'Code', values: ['OK'] }, referencePath: 'BizId' });
const TENCENT = config({ success: { path: 'Response.SendStatusSet[0].Code', values: ['Ok'] } });
const DEDUPLICATING = config({
  ...{ success: { path: 'Code', values: ['OK'] }, deduplicates: true, repeated: ['DUPLICATE', '409'] },
});
const ofTencent = (code: string): string =>
  JSON.stringify({ Response: { SendStatusSet: [{ Code: code }], RequestId: 'r' } });

test.each([
  ['accepted', false, ALIYUN, 200, '{"Code":"OK","BizId":"900"}'],
  ['throttled', false, ALIYUN, 200, '{"Code":"isv.BUSINESS_LIMIT_CONTROL"}'],
  ['refused', false, ALIYUN, 200, '{"Code":"isv.AMOUNT_NOT_ENOUGH"}'],
  ['refused', true, ALIYUN, 200, '{"Code":"isv.MOBILE_NUMBER_ILLEGAL"}'],
  ['unclear', false, ALIYUN, 200, '<html>login</html>'],
  ['unclear', false, ALIYUN, 200, '{"Code":"isp.SYSTEM_ERROR"}'],
  ['unclear', false, ALIYUN, 500, '{"Code":"OK"}'],
  ['unclear', false, ALIYUN, 503, ''],
  ['unclear', false, ALIYUN, 408, ''],
  ['refused', false, ALIYUN, 403, ''],
  ['throttled', false, ALIYUN, 429, ''],
  ['accepted', false, TENCENT, 200, ofTencent('Ok')],
  ['throttled', false, TENCENT, 200, ofTencent('LimitExceeded.PhoneNumberDailyLimit')],
  ['refused', true, TENCENT, 200, ofTencent('FailedOperation.PhoneNumberInBlacklist')],
  ['refused', false, TENCENT, 200, '{"Response":{"Error":{"Code":"AuthFailure"}}}'],
  ['unclear', false, TENCENT, 200, '{"Response":{"Error":{"Code":"InternalError.Timeout"}}}'],
  ['accepted', false, DEDUPLICATING, 409, '{"error":"known"}'],
  ['accepted', false, DEDUPLICATING, 200, '{"Code":"DUPLICATE"}'],
] as const)('an answer is %s (final: %j)', (outcome, isFinal, gateway, status, body) => {
  expect(readAnswer(gateway, { status, body, asksToWait: false })).toMatchObject({ outcome, isFinal });
});

test('503 means that nothing was taken only where the answer says when to try again', () => {
  expect(readAnswer(ALIYUN, { status: 503, body: '', asksToWait: true }).outcome).toBe('throttled');
});

test('a value stays a value, in JSON, in JSON within JSON, in a form and in an address', () => {
  const nested = config({ body: '{"to":"{number}","p":"{\\"t\\":\\"{text}\\"}","id":"{id}"}' });
  const form = config({ bodyFormat: 'form', body: 'to={number}&t={text}&id={id}' });
  const get = config({
    method: 'GET',
    body: undefined,
    url: 'https://sms.example/s?to={number}&t={text}&id={id}',
  });
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const words = { number: '138', text, id: 'x' };
      const plain = JSON.parse(gatewayRequest(config({}), words).body!) as object;
      expect(plain).toEqual({ to: '138', t: text, id: 'x' });
      const outer = JSON.parse(gatewayRequest(nested, words).body!) as { p: string };
      expect(JSON.parse(outer.p)).toEqual({ t: text });
      expect(Object.fromEntries(new URLSearchParams(gatewayRequest(form, words).body))).toEqual({
        ...{ to: '138', t: text, id: 'x' },
      });
      const { url, body } = gatewayRequest(get, words);
      expect(body).toBeUndefined();
      expect(Object.fromEntries(new URL(url).searchParams)).toEqual({ to: '138', t: text, id: 'x' });
    }),
  );
});

test.each([
  ['body', { body: '{"to":"{number}","id":"{id}"}' }],
  ['body', { body: '{"to":"{number}","t":"{text}"}' }],
  ['body', { body: '{"to":{number},"t":"{text}","id":"{id}"}' }],
  ['body', { body: '{"to":"{number}","t":"{text}","id":"{id}","x":"{mrn}"}' }],
  ['url', { url: 'https://{patientName}.example/' }],
  ['headers', { headers: { 'content-length': '3' } }],
  ['headers', { headers: { a: '{patient}' } }],
  ['success', { success: { path: 'a..b', values: ['1'] } }],
])('refuses a fault in %s', (field, more) => {
  const base = { url: 'https://sms.example/send', body: '{"to":"{number}","t":"{text}","id":"{id}"}' };
  const { error } = GatewayConfig.safeParse({ ...base, ...more });
  expect(error?.issues.map(({ path }) => path[0])).toContain(field);
});
