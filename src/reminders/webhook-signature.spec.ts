import { Webhook } from 'standardwebhooks';
import { newSecret, signatureHeader } from './webhook-signature.js';

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
  const [now, before] = [newSecret(), newSecret()];
  const body = '{"mrn":"张三-0017"}';
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = {
    'webhook-id': 'a1',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatureHeader({ id: 'a1', timestamp, body }, [now, before]),
  };

  expect(new Webhook(now).verify(body, headers)).toEqual({ mrn: '张三-0017' });
  expect(new Webhook(before).verify(body, headers)).toEqual({ mrn: '张三-0017' });
  expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow();
  expect(() => new Webhook(now).verify(`${body} `, headers)).toThrow();
});

test('a secret has 32 random bytes and is new each time', () => {
  const secret = newSecret();

  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(newSecret()).not.toBe(secret);
});
