import type { TestApp } from './app.js';
import { type Call, made, plainly, type Ward } from './prepared-calls.js';
import { WebhookReceiver } from './webhook-receiver.js';

const endpoint = { url: 'http://127.0.0.1:9/' }; // no server listens on this port

/** A receiver that answers the challenge of an endpoint verification. */
async function startChallengeReceiver(): Promise<WebhookReceiver> {
  const receiver = (await WebhookReceiver.start()).unref();
  receiver.answer = ({ body }) => ({
    status: 200,
    body: JSON.stringify((JSON.parse(body) as { data: object }).data),
  });
  return receiver;
}
let echo: Promise<WebhookReceiver> | undefined;

/** Deletes the endpoints of earlier calls, because a hospital has a maximum number of endpoints. */
async function deleteEndpoints(t: TestApp, { hospitalId }: Ward): Promise<void> {
  await t.dataSource.query('UPDATE webhook_endpoint SET deleted_at = program_now() WHERE hospital_id = $1', [
    hospitalId,
  ]);
}

async function givenEndpoint(t: TestApp, ward: Ward): Promise<string> {
  await deleteEndpoints(t, ward);
  return (await made(t, ward, '/webhook-endpoints', endpoint)).id;
}

const onEndpoint =
  (rest: string, payload?: unknown): Call =>
  async (t, ward) => ({ path: `/webhook-endpoints/${await givenEndpoint(t, ward)}${rest}`, payload });

/** The calls about endpoints and their deliveries in `rights.ts`, in the same notation. */
export const ENDPOINT_CALLS: Readonly<Record<string, Call>> = {
  'GET /webhook-endpoints': plainly('/webhook-endpoints'),
  'GET /webhook-endpoints/:id': onEndpoint(''),
  'GET /webhook-endpoints/:id/deliveries': onEndpoint('/deliveries'),
  'POST /webhook-endpoints': async (t, ward) => {
    await deleteEndpoints(t, ward);
    return { path: '/webhook-endpoints', payload: endpoint };
  },
  'POST /webhook-endpoints/preview': plainly('/webhook-endpoints/preview', endpoint),
  'PATCH /webhook-endpoints/:id': onEndpoint('', { rateLimit: { perMinute: 60 } }),
  'DELETE /webhook-endpoints/:id': onEndpoint(''),
  'POST /webhook-endpoints/:id/rotate-secret': onEndpoint('/rotate-secret'),
  'POST /webhook-endpoints/:id/signature-check': onEndpoint('/signature-check', {
    ...{ webhookId: 'x', webhookTimestamp: '0', webhookSignature: 'v1,', body: '{}' },
  }),
  'POST /webhook-endpoints/:id/test': onEndpoint('/test'),
  'POST /webhook-endpoints/:id/verify': async (t, ward) => {
    await deleteEndpoints(t, ward);
    echo ??= startChallengeReceiver();
    const { id } = await made(t, ward, '/webhook-endpoints', { url: (await echo).url, verify: true });
    return { path: `/webhook-endpoints/${id}/verify` };
  },
  'POST /webhook-endpoints/:id/identity-approval': async (t, ward) => {
    await deleteEndpoints(t, ward);
    const { id } = await made(t, ward, '/webhook-endpoints', { ...endpoint, payload: 'encrypted' });
    return {
      path: `/webhook-endpoints/${id}/identity-approval`,
      payload: { approved: true, author: 'Dr. Chen', reason: 'agreed with the data protection officer' },
    };
  },
  'POST /webhook-endpoints/:id/recover': onEndpoint('/recover', { since: '2026-10-01T00:00:00Z' }),
  'POST /webhook-endpoints/:id/acknowledgements': async (t, ward) => {
    const id = await givenEndpoint(t, ward);
    await t.dataSource.query('UPDATE webhook_endpoint SET last_sequence = 1 WHERE id = $1', [id]);
    return { path: `/webhook-endpoints/${id}/acknowledgements`, payload: { through: 1 } };
  },
  'GET /events': plainly('/events'),
  'POST /deliveries/:id/replay': async (t, ward) => {
    const answer = await made(t, ward, `/webhook-endpoints/${await givenEndpoint(t, ward)}/test`);
    const id = (answer as unknown as { deliveryId: string }).deliveryId;
    await t.dataSource.query(
      `UPDATE delivery SET state = 'exhausted', next_attempt_at = NULL, attempts = 10 WHERE id = $1`,
      [id],
    );
    return { path: `/deliveries/${id}/replay` };
  },
};
