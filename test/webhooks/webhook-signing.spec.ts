import { createPublicKey, verify } from 'node:crypto';
import { nextHospital, type ReminderHospital } from '../support/reminder-hospital.js';
import { verified } from '../support/webhook-receiver.js';

let t: ReminderHospital;
beforeEach(async () => {
  t = await nextHospital(t);
});
afterAll(() => t.close());

test('during a rotation both secrets verify; after 24 hours only the new one, and no other rotation before', async () => {
  const { status, body } = await t.post(`/webhook-endpoints/${t.endpointId}/rotate-secret`);
  expect(status).toBe(200);
  await t.post(`/webhook-endpoints/${t.endpointId}/test`);
  await t.arrived(1);
  expect(verified(t.receiver.arrivals[0]!, body.secret as string)).toEqual(
    verified(t.receiver.arrivals[0]!, t.secret),
  );

  const second = await t.post(`/webhook-endpoints/${t.endpointId}/rotate-secret`);
  expect(second).toMatchObject({ status: 409, body: { code: 'rotation-in-progress' } });

  await t.setClock('2026-03-11T10:00:30+08:00');
  await t.post(`/webhook-endpoints/${t.endpointId}/test`);
  await t.arrived(2);
  expect(verified(t.receiver.arrivals[1]!, body.secret as string)).toMatchObject({ type: 'endpoint.test' });
  expect(() => verified(t.receiver.arrivals[1]!, t.secret)).toThrow();
  expect((await t.post(`/webhook-endpoints/${t.endpointId}/rotate-secret`)).status).toBe(200);
});

test('with ed25519 no secret is shown; during a rotation the keys before and now both verify', async () => {
  const { body: endpoint } = await t.post('/webhook-endpoints', {
    url: t.receiver.url,
    signature: 'ed25519',
  });
  expect(endpoint).toMatchObject({ signature: 'ed25519', publicKey: expect.stringMatching(/^whpk_/) });
  expect(endpoint).not.toHaveProperty('secret');
  const path = `/webhook-endpoints/${endpoint.id as string}`;
  const { body: rotated } = await t.post(`${path}/rotate-secret`);
  expect(rotated).not.toHaveProperty('secret');
  await t.post(`${path}/test`);
  await t.arrived(1);
  const { headers, body } = t.receiver.arrivals[0]!;
  const signed = Buffer.from(`${headers['webhook-id']!}.${headers['webhook-timestamp']!}.${body}`);
  const signatures = headers['webhook-signature']!.split(' ').map((one) => one.split(','));
  const verifies = (publicKey: string): boolean =>
    signatures.some(([version, signature]) => {
      const raw = Buffer.from(publicKey.slice('whpk_'.length), 'base64');
      const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
      const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
      return version === 'v1a' && verify(null, signed, key, Buffer.from(signature!, 'base64'));
    });
  expect(verifies(endpoint.publicKey as string)).toBe(true);
  expect(verifies(rotated.publicKey as string)).toBe(true);
  expect((await t.get(path)).body.publicKey).toBe(rotated.publicKey);
});

test('a receiver’s developer learns why a message does not verify, from what arrived there', async () => {
  const path = `/webhook-endpoints/${t.endpointId}`;
  await t.post(`${path}/test`);
  await t.arrived(1);
  await t.post(`${path}/rotate-secret`);
  await t.post(`${path}/test`);
  await t.arrived(2);
  const [old, now] = t.receiver.arrivals.map(({ headers, body }) => ({
    webhookId: headers['webhook-id']!,
    webhookTimestamp: headers['webhook-timestamp']!,
    webhookSignature: headers['webhook-signature']!,
    body,
  }));
  const findings = async (message: object, of = path) => {
    const { status, body } = await t.post(`${of}/signature-check`, message);
    expect(status).toBe(200);
    return [body.valid, ...(body.findings as { code: string }[]).map(({ code }) => code)];
  };
  expect(await findings(now!)).toEqual([true, 'signature-verifies']);
  expect(await findings(old!)).toEqual([true, 'signature-verifies']);
  const rewritten = JSON.stringify(JSON.parse(now!.body), null, 1);
  expect(await findings({ ...now, body: rewritten })).toEqual([false, 'body-rewritten']);
  expect(await findings({ ...now, webhookId: 'msg-7' })).toEqual([false, 'unknown-key', 'unknown-id']);

  await t.setClock('2026-03-11T10:00:30+08:00');
  expect(await findings(old!)).toEqual([false, 'previous-secret', 'timestamp-old']);
  const { body: other } = await t.post('/webhook-endpoints', { url: t.receiver.url });
  expect(await findings(now!, `/webhook-endpoints/${other.id as string}`)).toEqual([
    ...[false, 'unknown-key', 'timestamp-old', 'unknown-id'],
  ]);
  expect(await t.post(`${path}/signature-check`, { body: 7 })).toMatchObject({
    status: 422,
    body: { errors: expect.arrayContaining([expect.objectContaining({ pointer: '/webhookId' })]) },
  });
});
