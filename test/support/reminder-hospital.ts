import { Queues } from '../../src/platform/queues/queues.js';
import { DeliveryAttempts } from '../../src/webhooks/deliveries/delivery-attempts.js';
import { EventRelay } from '../../src/webhooks/deliveries/event-relay.js';
import { ReminderSweep } from '../../src/reminders/reminder-sweep.js';
import { ReminderWorker } from '../../src/reminders/reminder-worker.js';
import { NightlyAudit } from '../../src/monitoring/nightly-audit.js';
import { DeliveryWatch } from '../../src/webhooks/deliveries/delivery-watch.js';
import type { DeliveryView, NewWebhookEndpoint } from '../../src/webhooks/webhook-schemas.js';
import { startApp, type AppOptions, type TestApp } from './app.js';
import { nextApp } from './next-app.js';
import { until, WebhookReceiver } from './webhook-receiver.js';

/** The answer to its registration. */
export type RegisteredEndpoint = NewWebhookEndpoint & { readonly secret: string };

/** A hospital with the program and one receiver of its own. */
export interface ReminderHospital extends TestApp {
  /** The application alone. */
  readonly place: TestApp;
  readonly receiver: WebhookReceiver;
  readonly endpointId: string;
  readonly secret: string;
  /** Replaces the endpoint by another one at the same receiver. */
  register(settings: object): Promise<RegisteredEndpoint>;
  /** One round of all timed work of the workers: sweep, relay, watch, nightly audit. */
  sweep(): Promise<void>;
  /** Sweeps, and waits until no attempt is due or running. */
  tellAll(): Promise<void>;
  /** The deliveries to the receiver, the oldest first. */
  deliveries(): Promise<DeliveryView[]>;
  /** The deliveries once no attempt is due or running. */
  settled(): Promise<DeliveryView[]>;
  /** Waits until that many requests reached the receiver. */
  arrived(count: number): Promise<void>;
  until(holds: () => Promise<boolean>): Promise<void>;
  /** Moves the clock to the next attempt of any delivery and lets it happen. */
  nextAttempt(): Promise<DeliveryView[]>;
}

const CLOCK = '2026-03-10T10:00:00+08:00';

/** The program waits for a receiver's answer as long as a test can wait for it. */
export const IMPATIENT = { webhookTimeoutMs: 3000 };

/** In an application of its own. */
export async function startHospital(
  options: AppOptions = {},
  eventTypes?: string[],
): Promise<ReminderHospital> {
  const t = await startApp({ clock: CLOCK, ...options });
  // The program's first sweep must not find the data that the test will create before it sets its clock.
  await t.app.get(ReminderWorker).sweeps.idle();
  return hospitalIn(t, eventTypes);
}

/** In the one application of the test file; replaces the hospital `before`. The options of the first call apply. */
export async function nextHospital(
  before: ReminderHospital | undefined,
  options: AppOptions = {},
  eventTypes?: string[],
): Promise<ReminderHospital> {
  await before?.receiver.stop();
  return hospitalIn(await nextApp(before?.place, { clock: CLOCK, ...options }), eventTypes);
}

/** Runs `work` with an application of its own, and closes it. */
export async function withHospital(
  options: AppOptions,
  work: (t: ReminderHospital) => Promise<void>,
): Promise<void> {
  const t = await startHospital(options);
  try {
    await work(t);
  } finally {
    await t.close();
  }
}

async function hospitalIn(t: TestApp, eventTypes?: string[]): Promise<ReminderHospital> {
  const receiver = await WebhookReceiver.start();
  const { body: endpoint } = await t.post('/webhook-endpoints', {
    url: receiver.url,
    ...(eventTypes && { eventTypes }),
  });
  const endpointId = endpoint.id as string;
  // A sweep that the program started by itself locks its items, and this one would skip them.
  const sweep = async (): Promise<void> => {
    await t.app.get(ReminderWorker).sweeps.idle();
    await t.app.get(ReminderSweep).sweep();
    await t.app.get(EventRelay).relay();
    await t.app.get(DeliveryWatch).watch();
    await t.app.get(NightlyAudit).auditDue();
  };
  const deliveries = async (): Promise<DeliveryView[]> => {
    const { body } = await t.get(`/webhook-endpoints/${endpointId}/deliveries?limit=200`);
    return (body.items as DeliveryView[]).toReversed();
  };
  const settled = async (): Promise<DeliveryView[]> => {
    await until(
      () => t.dataSource.query<[{ busy: number }]>(BUSY),
      ([{ busy }]) => busy === 0,
    );
    return deliveries();
  };
  return {
    ...t,
    place: t,
    receiver,
    endpointId,
    secret: endpoint.secret as string,
    register: async (settings) => {
      await t.request('DELETE', `/webhook-endpoints/${endpointId}`);
      const { status, body } = await t.post('/webhook-endpoints', { url: receiver.url, ...settings });
      if (status !== 201) throw new Error(JSON.stringify(body));
      return body as RegisteredEndpoint;
    },
    sweep,
    tellAll: async () => {
      await sweep();
      await settled();
    },
    deliveries,
    settled,
    arrived: async (count) =>
      void (await until(
        () => receiver.arrivals.length,
        (length) => length >= count,
      )),
    until: async (holds) => {
      await until(holds, Boolean);
    },
    nextAttempt: async () => {
      const before = await settled();
      const [next] = before.flatMap(({ nextAttemptAt }) => nextAttemptAt ?? []).sort();
      if (next === undefined) throw new Error('No attempt is to come.');
      const made = before.flatMap(({ attempts }) => attempts).length;
      await t.setClock(new Date(new Date(next).getTime() + 1).toISOString());
      await sweep();
      await until(deliveries, (all) => all.flatMap(({ attempts }) => attempts).length > made);
      return settled();
    },
    close: async () => {
      await t.close();
      await receiver.stop();
    },
  };
}

// A running attempt has a lease and no row yet. Events that wait for the relay become due within moments.
const BUSY = `
  SELECT (SELECT count(*) FROM delivery d WHERE state = 'pending' AND (next_attempt_at <= program_now()
            OR (attempts > 0 AND NOT EXISTS (SELECT FROM delivery_attempt a WHERE a.delivery_id = d.id AND a.number = d.attempts))))
       + (SELECT count(*) FROM surveillance_event WHERE awaiting_relay_since IS NOT NULL)
       + (SELECT count(*) FROM patient_consent WHERE awaiting_relay_since IS NOT NULL) AS busy`;

/** Makes a program of the role `api`, which has no worker of its own, work on its queue from now on. */
export function startWorker({ app }: TestApp): void {
  const attempts = app.get(DeliveryAttempts);
  app.get(Queues).startWorker('webhook-endpoint', 5, (job) => attempts.attemptJob(job));
}
