import { createHmac } from 'node:crypto';
import { checkSignature, type CheckedMessage, type SignatureFacts } from './signature-check.js';
import { newSigningKey, signatureHeader } from './webhook-signature.js';

const { secret } = newSigningKey('hmac');
const older = newSigningKey('hmac').secret;
const now = new Date('2026-03-10T02:00:00Z');
const id = 'msg-1';
const timestamp = now.getTime() / 1000;
const body = '{"type":"surveillance.item.due","data":{"mrn":"住院 7","due":"2026-03-10"}}';

const facts: SignatureFacts = {
  secret,
  previousSecret: null,
  previousSecretHolds: false,
  sentBody: body,
  now,
};
const sent: CheckedMessage = {
  ...{ webhookId: id, webhookTimestamp: String(timestamp), body },
  webhookSignature: signatureHeader({ id, timestamp, body }, [secret]),
};

const codes = (message: Partial<CheckedMessage>, about: Partial<SignatureFacts> = {}) => {
  const { valid, findings } = checkSignature({ ...sent, ...message }, { ...facts, ...about });
  return [valid, ...findings.map(({ code }) => code)];
};

test('an unchanged message verifies', () => {
  expect(codes({})).toEqual([true, 'signature-verifies']);
});

const { secret: keyPair } = newSigningKey('ed25519');
test('an ed25519 signature verifies with its own kind of key only', () => {
  const webhookSignature = signatureHeader({ id, timestamp, body }, [keyPair]);
  expect(codes({ webhookSignature }, { secret: keyPair })).toEqual([true, 'signature-verifies']);
  expect(codes({}, { secret: keyPair })).toEqual([false, 'other-scheme']);
});

test('during a rotation both secrets verify; afterwards the finding names the previous secret', () => {
  const webhookSignature = signatureHeader({ id, timestamp, body }, [older]);
  const previousSecret = older;
  expect(codes({ webhookSignature }, { previousSecret, previousSecretHolds: true })).toEqual([
    true,
    'signature-verifies',
  ]);
  expect(codes({ webhookSignature }, { previousSecret })).toEqual([false, 'previous-secret']);
  expect(codes({ webhookSignature })).toEqual([false, 'unknown-key']);
});

const rewritten: [string, string][] = [
  ['in another order', '{"data":{"due":"2026-03-10","mrn":"住院 7"},"type":"surveillance.item.due"}'],
  ['with white space', JSON.stringify(JSON.parse(body), null, 2)],
  ['with escapes', body.replace('住院', '\\u4f4f\\u9662')],
  ['with a line end', `${body}\n`],
  ['with a byte order mark', `\uFEFF${body}`],
];
test.each(rewritten)('the same content %s is found as a rewritten body', (_, other) => {
  expect(codes({ body: other })).toEqual([false, 'body-rewritten']);
});

test('other content is found as a different body', () => {
  const other = body.replace('10', '11');
  expect(codes({ body: other })).toEqual([false, 'body-differs']);
  expect(codes({ body: 'no JSON' })).toEqual([false, 'body-differs']);
});

test('HL7 v2 with other line ends is found as a rewritten body', () => {
  const sentBody = 'MSH|^~\\&|NEDWATCH\rNCK|20260310\r';
  const codesOf = (body: string) => codes({ body }, { sentBody }).at(-1);
  expect(codesOf('MSH|^~\\&|NEDWATCH\r\nNCK|20260310')).toBe('body-rewritten');
  expect(codesOf('MSH|^~\\&|NEDWATCH\rNCK|20260311\r')).toBe('body-differs');
});

const hmac = (key: Buffer | string, content: string): string =>
  createHmac('sha256', key).update(content).digest('base64');
const right = Buffer.from(secret.slice('whsec_'.length), 'base64');
const whole = `${id}.${timestamp}.${body}`;
const computed: [string, string, string][] = [
  ['over the body alone', hmac(right, body), 'without-id-and-time'],
  ['over time and body', hmac(right, `${timestamp}.${body}`), 'without-id-and-time'],
  ['with the secret as text', hmac(secret, whole), 'secret-not-decoded'],
  ['with what follows whsec_ as text', hmac(secret.slice('whsec_'.length), whole), 'secret-not-decoded'],
  ['in hex', Buffer.from(hmac(right, whole), 'base64').toString('hex'), 'other-encoding'],
];
test.each(computed)('a signature that the receiver computed %s has its own finding', (_, signature, code) => {
  expect(codes({ webhookSignature: `v1,${signature}` })).toEqual([false, code]);
});

test.each(['', 'abc', 'sha256=abc', 'v1', 'v1 abc'])('the signature %j is malformed', (webhookSignature) => {
  expect(codes({ webhookSignature })).toEqual([false, 'signature-malformed']);
});

test('a message verifies if one of several signatures is right', () => {
  expect(codes({ webhookSignature: `v1,AAAA ${sent.webhookSignature}` })).toEqual([
    true,
    'signature-verifies',
  ]);
});

test('an unknown message, an old timestamp and a malformed one are found', () => {
  expect(codes({}, { sentBody: null })).toEqual([true, 'signature-verifies', 'unknown-id']);
  const later = new Date(now.getTime() + 301_000);
  expect(codes({}, { now: later })).toEqual([true, 'signature-verifies', 'timestamp-old']);
  expect(codes({ webhookTimestamp: '2026-03-10T02:00:00Z' })).toEqual([
    false,
    'unknown-key',
    'timestamp-malformed',
  ]);
});

test('the findings contain no secret, no valid signature and no content of the body', () => {
  const other = { ...sent, body: body.replace('7', '8'), webhookSignature: 'v1,AAAA' };
  const findings = JSON.stringify(checkSignature(other, facts));
  for (const hidden of [secret, secret.slice('whsec_'.length), hmac(right, whole), '住院'])
    expect(findings).not.toContain(hidden);
});
