import { givenItem } from '../support/builders.js';
import {
  IMPATIENT,
  nextHospital,
  type ReminderHospital,
  withHospital,
} from '../support/reminder-hospital.js';

let t: ReminderHospital;
beforeEach(async () => {
  t = await nextHospital(t);
});
afterAll(() => t.close());

const messages = () => t.receiver.messages(t.secret);

async function givenDueReminder(at = t): Promise<string> {
  const { id } = await givenItem(at, { due: '2026-03-10' });
  await at.sweep();
  await at.settled();
  return id;
}

describe('attempts', () => {
  test('a receiver that fails twice gets the same message at the third attempt', async () => {
    const statuses = [500, 503, 200];
    t.receiver.answer = () => ({ status: statuses.shift() ?? 500, body: 'not now' });
    await givenDueReminder();
    await t.nextAttempt();

    const [delivery] = await t.nextAttempt();

    expect(delivery).toMatchObject({ state: 'delivered', sequence: 1, nextAttemptAt: null });
    expect(delivery!.attempts).toMatchObject([
      { number: 1, outcome: 'refused', status: 500, error: 'answered 500', answer: 'not now' },
      { number: 2, outcome: 'refused', status: 503 },
      { number: 3, outcome: 'accepted', status: 200, error: null },
    ]);
    expect(new Set(t.receiver.arrivals.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([delivery!.id]),
    );
    expect(new Set(t.receiver.arrivals.map(({ body }) => body)).size).toBe(1);
    expect(messages()[0]).toMatchObject({ id: delivery!.id });
  });

  test('after ten attempts in three days there is one a day, as long as the reminder is valid', async () => {
    t.receiver.answer = () => ({ status: 500 });
    await givenDueReminder();
    const began = await t.now();
    for (let number = 2; number <= 10; number++) await t.nextAttempt();

    const [delivery] = await t.deliveries();
    expect(delivery!.attempts.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const now = (await t.now()).getTime();
    expect((now - began.getTime()) / 3_600_000).toBeGreaterThan(75);
    expect((now - began.getTime()) / 3_600_000).toBeLessThan(78);
    const hours = (new Date(delivery!.nextAttemptAt!).getTime() - now) / 3_600_000;
    expect(hours).toBeGreaterThan(23.9);
    expect(hours).toBeLessThan(24.3);

    t.receiver.answer = () => ({ status: 200 });
    const replayed = await t.post(`/deliveries/${delivery!.id}/replay`);
    expect(replayed).toMatchObject({ status: 202, body: { deliveryId: delivery!.id } });
    expect(await t.settled()).toMatchObject([{ state: 'delivered', attempts: { length: 11 } }]);
    expect(new Set(t.receiver.arrivals.map(({ body }) => body)).size).toBe(1);
  });

  test('a test message is given up after ten attempts, and may be replayed', async () => {
    t.receiver.answer = () => ({ status: 500 });
    const { body } = await t.post(`/webhook-endpoints/${t.endpointId}/test`);
    await t.settled();
    for (let number = 2; number <= 10; number++) await t.nextAttempt();
    expect(await t.deliveries()).toMatchObject([
      { id: body.deliveryId, state: 'exhausted', nextAttemptAt: null, attempts: { length: 10 } },
    ]);

    await t.post(`/deliveries/${body.deliveryId as string}/replay`);
    const [again] = await t.settled();
    expect(again).toMatchObject({ state: 'pending', attempts: { length: 11 } });
    const wait = new Date(again!.nextAttemptAt!).getTime() - (await t.now()).getTime();
    expect(wait).toBeLessThan(6000); // the schedule restarted
  });

  test('a short wait ends without a sweep', async () => {
    const statuses = [500, 200];
    t.receiver.answer = () => ({ status: statuses.shift() ?? 500 });
    await givenDueReminder();

    await t.arrived(2); // five seconds later

    expect(await t.settled()).toMatchObject([{ state: 'delivered', attempts: { length: 2 } }]);
  });

  test('Retry-After is obeyed', async () => {
    t.receiver.answer = () => ({ status: 429, headers: { 'retry-after': '3600' } });
    await givenDueReminder();

    const [{ nextAttemptAt, attempts }] = (await t.deliveries()) as [
      Awaited<ReturnType<typeof t.deliveries>>[0],
    ];
    const minutes =
      (new Date(nextAttemptAt!).getTime() - new Date(attempts[0]!.startedAt).getTime()) / 60_000;
    expect(minutes).toBeGreaterThanOrEqual(60);
    expect(minutes).toBeLessThan(67);
  });

  test('a redirect is not followed', async () => {
    t.receiver.answer = () => ({ status: 307, headers: { location: 'http://elsewhere.example/' } });
    await givenDueReminder();

    expect((await t.deliveries())[0]).toMatchObject({
      state: 'pending',
      attempts: [{ outcome: 'refused', status: 307, error: expect.stringContaining('elsewhere.example') }],
    });
    expect(t.receiver.arrivals).toHaveLength(1);
  });

  test('a cut connection is retried', async () => {
    t.receiver.answer = () => undefined;
    await givenDueReminder();
    expect((await t.deliveries())[0]!.attempts).toMatchObject([{ outcome: 'unreachable', status: null }]);

    t.receiver.answer = () => ({ status: 202 });
    expect(await t.nextAttempt()).toMatchObject([{ state: 'delivered' }]);
  });

  test('after five timeouts in a row a receiver is paused for five minutes or until its owner sends a test', () =>
    withHospital(IMPATIENT, async (own) => {
      own.receiver.answer = () => new Promise(() => undefined);
      for (let n = 0; n < 5; n++) await givenItem(own, { due: '2026-03-10' });
      await own.sweep();
      expect((await own.settled()).map(({ attempts }) => attempts)).toEqual(
        Array(5).fill([expect.objectContaining({ outcome: 'unreachable', error: 'no answer within 3 s' })]),
      );

      own.receiver.answer = () => ({ status: 200 });
      await givenDueReminder(own);
      expect(own.receiver.arrivals).toHaveLength(5);
      const waiting = (await own.deliveries()).at(-1)!;
      expect(waiting).toMatchObject({ state: 'pending', attempts: [] });
      const minutes = (new Date(waiting.nextAttemptAt!).getTime() - (await own.now()).getTime()) / 60_000;
      expect(minutes).toBeGreaterThan(4.5);
      expect(minutes).toBeLessThan(6);

      await own.setClock('2026-03-10T10:08:00+08:00');
      await own.sweep();
      expect((await own.settled()).map(({ state }) => state)).toEqual(Array(6).fill('delivered'));
    }));

  test('of an endless answer only the beginning is kept, and a NUL in it does no harm', async () => {
    t.receiver.answer = () => ({ status: 200, body: `\0${'猫'.repeat(500_000)}` });
    await givenDueReminder();

    const [delivery] = await t.deliveries();
    expect(delivery).toMatchObject({ state: 'delivered' });
    expect(delivery!.attempts[0]!.answer).toHaveLength(4000);
  });

  test('an attempt whose process died is recorded as interrupted, and another one follows', async () => {
    await givenDueReminder();
    const { id } = (await t.deliveries())[0]!;
    // The state after a process that died between sending and recording.
    await t.dataSource.query(`DELETE FROM delivery_attempt`);
    await t.dataSource.query(
      `UPDATE delivery SET state = 'pending', delivered_at = NULL, next_attempt_at = program_now() + interval '60 seconds'`,
    );
    await t.sweep();
    expect(t.receiver.arrivals).toHaveLength(1);

    await t.setClock('2026-03-10T10:02:00+08:00');
    await t.sweep();

    expect(await t.settled()).toMatchObject([
      { id, state: 'delivered', attempts: [{ outcome: 'interrupted' }, { outcome: 'accepted' }] },
    ]);
    expect(new Set(messages().map((message) => message.id)).size).toBe(1);
  });

  test('a process that returns after its lease has ended records its attempt and decides nothing', async () => {
    let release = (): void => undefined;
    t.receiver.answer = () => new Promise((resolve) => (release = () => resolve({ status: 500 })));
    await givenItem(t, { due: '2026-03-10' });
    await t.sweep();
    await t.arrived(1);
    const releaseFirst = release;

    t.receiver.answer = () => ({ status: 200 });
    await t.setClock('2026-03-10T10:02:00+08:00');
    await t.sweep();
    expect(await t.settled()).toMatchObject([{ state: 'delivered' }]);
    releaseFirst();

    await t.until(async () => (await t.deliveries())[0]!.attempts[0]!.outcome === 'refused');
    expect(await t.deliveries()).toMatchObject([
      { state: 'delivered', attempts: [{ outcome: 'refused', status: 500 }, { outcome: 'accepted' }] },
    ]);
  });
});

describe('endpoints', () => {
  test('the secret is shown once', async () => {
    expect(t.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { body } = await t.get(`/webhook-endpoints/${t.endpointId}`);
    expect(body).toEqual({
      id: t.endpointId,
      ...{ kind: 'webhook', url: t.receiver.url, rateLimit: null },
      eventTypes: ['surveillance.item.upcoming', 'surveillance.item.due', 'surveillance.item.overdue'],
      createdAt: expect.stringMatching(/^2026-03-10T02:00:/),
      ...{ signature: 'hmac', publicKey: null, state: 'ok', failingSince: null, heldReason: null },
      ...{
        payload: 'thin',
        format: 'json',
        payloadKeyId: null,
        previousSecretUntil: null,
        identityApproval: null,
        createdBy: 'administrator',
        limits: { departments: null, ownPatientsOf: null },
        eventVersion: 1,
      },
      ...{ filter: null, heartbeatMinutes: null },
      transport: { privateCa: false, certificateUntil: null, receiverCertificateUntil: null, oauth2: null },
    });
    expect((await t.get('/webhook-endpoints')).body).toEqual({ items: [body], nextCursor: null });
  });

  test('it gets only the events of its subscription; "*" is everything', async () => {
    const overdue = await t.post('/webhook-endpoints', {
      url: t.receiver.url,
      eventTypes: ['surveillance.item.overdue'],
    });
    const all = await t.post('/webhook-endpoints', { url: t.receiver.url, eventTypes: ['*'] });
    await givenDueReminder();

    const deliveredOf = async (id: string): Promise<number> =>
      (await t.get(`/webhook-endpoints/${id}/deliveries`)).body.items.length as number;
    expect(
      await Promise.all([
        deliveredOf(overdue.body.id as string),
        deliveredOf(all.body.id as string),
        deliveredOf(t.endpointId),
      ]),
    ).toEqual([0, 1, 1]);
  });

  test.each([
    [{}, '/url', 'required'],
    [{ url: 'ftp://his.example/' }, '/url', 'wrong-format'],
    [{ url: 'not a url' }, '/url', 'wrong-format'],
    [{ url: 'https://user:password@his.example/' }, '/url', 'invalid'],
    [{ url: 'http://169.254.169.254/latest' }, '/url', 'address-not-allowed'],
    [{ url: 'http://0.0.0.0/' }, '/url', 'address-not-allowed'],
    [{ url: 'https://his.example/', eventTypes: ['patient.born'] }, '/eventTypes/0', 'not-allowed'],
    [{ url: 'https://his.example/', eventTypes: [] }, '/eventTypes', 'out-of-range'],
    [{ url: 'https://his.example/', secret: 'mine' }, '/secret', 'unknown-field'],
  ])('%j is refused at %s', async (input, pointer, code) => {
    const { status, body } = await t.post('/webhook-endpoints', input);

    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(body.errors).toMatchObject([{ pointer, code }]);
  });

  test('a test message needs no subscription and has no data', async () => {
    const { status, body } = await t.post(`/webhook-endpoints/${t.endpointId}/test`);
    await t.settled();

    expect(status).toBe(202);
    expect(messages()).toEqual([
      {
        id: body.deliveryId,
        type: 'endpoint.test',
        timestamp: expect.stringMatching(/^2026-03-10T02:00:/),
        sequence: 1,
        data: {},
      },
    ]);
  });

  test('a deleted endpoint gets nothing, and its pending messages are cancelled', async () => {
    t.receiver.answer = () => ({ status: 500 });
    await givenDueReminder();

    expect((await t.request('DELETE', `/webhook-endpoints/${t.endpointId}`)).status).toBe(204);

    expect(await t.deliveries()).toMatchObject([{ state: 'cancelled', cancelledReason: 'endpoint-deleted' }]);
    expect((await t.get(`/webhook-endpoints/${t.endpointId}`)).status).toBe(404);
    expect((await t.post(`/webhook-endpoints/${t.endpointId}/test`)).status).toBe(404);
    await givenItem(t, { due: '2026-03-10' });
    await t.sweep();
    expect(await t.deliveries()).toHaveLength(1);
  });

  test('deliveries page from the newest, and by state', async () => {
    for (let n = 0; n < 5; n++) await t.post(`/webhook-endpoints/${t.endpointId}/test`);
    const all = (await t.settled()).toReversed().map(({ id }) => id);

    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body } = await t.get(
        `/webhook-endpoints/${t.endpointId}/deliveries?limit=2${cursor ? `&cursor=${cursor}` : ''}`,
      );
      seen.push(...(body.items as { id: string }[]).map(({ id }) => id));
      cursor = body.nextCursor as string | null;
    } while (cursor !== null);

    expect(seen).toEqual(all);
    expect((await t.get(`/webhook-endpoints/${t.endpointId}/deliveries?state=exhausted`)).body.items).toEqual(
      [],
    );
    const bad = Buffer.from('["x"]').toString('base64url');
    expect((await t.get(`/webhook-endpoints/${t.endpointId}/deliveries?cursor=${bad}`)).status).toBeLessThan(
      500,
    );
  });
});

test('a hospital has at most fifty endpoints; a deleted one makes room', async () => {
  const add = () => t.post('/webhook-endpoints', { url: t.receiver.url });
  for (let n = 1; n < 50; n++) expect((await add()).status).toBe(201);
  expect(await add()).toMatchObject({ status: 409, body: { code: 'too-many-endpoints' } });
  await t.request('DELETE', `/webhook-endpoints/${t.endpointId}`);
  expect((await add()).status).toBe(201);
});

describe('replay and recovery', () => {
  test('a delivered message can be sent again, the same to the byte', async () => {
    await givenDueReminder();
    const { id } = (await t.deliveries())[0]!;

    await t.post(`/deliveries/${id}/replay`);
    await t.arrived(2);

    expect(await t.settled()).toMatchObject([{ id, state: 'delivered', attempts: { length: 2 } }]);
    const [first, second] = t.receiver.arrivals;
    expect(second!.body).toBe(first!.body);
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
  });

  test('an outdated message is not replayed', async () => {
    const itemId = await givenDueReminder();
    await t.dataSource.query(
      `UPDATE surveillance_item SET state = 'cancelled', next_reminder_on = NULL WHERE id = $1`,
      [itemId],
    );
    const { id } = (await t.deliveries())[0]!;

    const answer = await t.post(`/deliveries/${id}/replay`);

    expect(answer).toMatchObject({ status: 409, body: { code: 'delivery-outdated', reason: 'cancelled' } });
    expect(await t.deliveries()).toMatchObject([{ state: 'delivered' }]);
  });

  test('recovery sends messages that were given up, wait or were never sent, and none twice', async () => {
    await givenDueReminder(); // delivered
    t.receiver.answer = () => ({ status: 500 });
    await givenDueReminder(); // will wait
    await givenDueReminder(); // will be exhausted
    await givenDueReminder(); // will have no delivery, like an event from before the endpoint subscribed
    const [, , exhausted, none] = (await t.deliveries()).map(({ id }) => id);
    await t.dataSource.query(
      `UPDATE delivery SET state = 'exhausted', next_attempt_at = NULL WHERE id = $1`,
      [exhausted],
    );
    await t.dataSource.query(`DELETE FROM delivery_attempt WHERE delivery_id = $1`, [none]);
    await t.dataSource.query(`DELETE FROM delivery WHERE id = $1`, [none]);
    t.receiver.answer = () => ({ status: 200 });
    t.receiver.arrivals.length = 0;

    const later = await t.post(`/webhook-endpoints/${t.endpointId}/recover`, {
      since: '2026-03-10T12:00:00+08:00',
    });
    expect(later).toMatchObject({ status: 202, body: { deliveries: 0 } });
    const answer = await t.post(`/webhook-endpoints/${t.endpointId}/recover`, {
      since: '2026-03-10T00:00:00+08:00',
    });
    expect(answer).toMatchObject({ status: 202, body: { deliveries: 3 } });

    await t.arrived(3);
    const all = await t.settled();
    expect(all.map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered', 'delivered']);
    expect(t.receiver.arrivals).toHaveLength(3);
  });

  test('unknown ids are not found, and invalid ids are refused', async () => {
    const unknown = '018f0000-0000-7000-8000-000000000000';
    const statuses = await Promise.all([
      t.post(`/deliveries/${unknown}/replay`),
      t.get(`/webhook-endpoints/${unknown}`),
      t.get(`/webhook-endpoints/${unknown}/deliveries`),
      t.post(`/webhook-endpoints/${unknown}/recover`, { since: '2026-03-10T00:00:00Z' }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    const wrong = await t.post('/deliveries/17/replay');
    expect(wrong.status).toBeGreaterThanOrEqual(400);
    expect(wrong.status).toBeLessThan(500);
  });
});
