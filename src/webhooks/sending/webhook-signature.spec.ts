import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { newSigningKey, signatureHeader } from './webhook-signature.js';

test('signs the published example of Standard Webhooks', () => {
  const content = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: 1_614_265_330,
    body: '{"test": 2432232314}',
  };

  expect(signatureHeader(content, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});

test('during a rotation each of both secrets verifies, and no other', () => {
  const [now, before] = [newSigningKey('hmac').secret, newSigningKey('hmac').secret];
  const body = '{"mrn":"张三-0017"}';
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = {
    'webhook-id': 'a1',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatureHeader({ id: 'a1', timestamp, body }, [now, before]),
  };

  expect(new Webhook(now).verify(body, headers)).toEqual({ mrn: '张三-0017' });
  expect(new Webhook(before).verify(body, headers)).toEqual({ mrn: '张三-0017' });
  expect(() => new Webhook(newSigningKey('hmac').secret).verify(body, headers)).toThrow();
  expect(() => new Webhook(now).verify(`${body} `, headers)).toThrow();
});

test('a secret has 32 random bytes and is new each time', () => {
  const secret = newSigningKey('hmac').secret;

  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(newSigningKey('hmac').secret).not.toBe(secret);
});

// RFC 8032, 7.1, test 2: a seed and its public key.
test('what is signed by ed25519 with the seed of RFC 8032 verifies with its public key', () => {
  const seed = '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb';
  const raw = '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c';
  const secret = `whsk_${Buffer.from(seed + raw, 'hex').toString('base64')}`;
  const key = createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(raw, 'hex')]),
    ...{ format: 'der', type: 'spki' },
  });
  const content = { id: 'msg_1', timestamp: 1_614_265_330, body: '{"test": 1}' };
  const [version, signature] = signatureHeader(content, [secret]).split(',');
  expect(version).toBe('v1a');
  const verifies = (text: string): boolean =>
    verify(null, Buffer.from(text), key, Buffer.from(signature!, 'base64'));
  expect(verifies('msg_1.1614265330.{"test": 1}')).toBe(true);
  expect(verifies('msg_1.1614265330.{"test": 2}')).toBe(false);
});

test('a new key pair fits together, and is another each time', () => {
  const { secret, publicKey } = newSigningKey('ed25519');
  expect(Buffer.from(secret.slice('whsk_'.length), 'base64')).toHaveLength(64);
  expect(publicKey).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
  expect(Buffer.from(secret.slice('whsk_'.length), 'base64').subarray(32).toString('base64')).toBe(
    publicKey!.slice('whpk_'.length),
  );
  expect(newSigningKey('ed25519').publicKey).not.toBe(publicKey);
});
