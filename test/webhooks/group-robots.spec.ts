import { FieldCipher } from '../../src/encryption/field-cipher.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { MIGRATIONS } from '../../src/app/data-source.js';
import { Resealing } from '../../src/key-rotation/resealing.js';
import { claimDue } from '../../src/webhooks/deliveries/delivery-claims.js';
import { auditDeliveries } from '../../src/monitoring/delivery-audit.js';
import { ROBOTS, type Robot } from '../../src/webhooks/sending/group-robots.js';
import type { DeliveryView } from '../../src/webhooks/webhook-schemas.js';
import { GroupRobots1796816400000 } from '../../migrations/1796816400000-group-robots.js';
import { givenItem, givenPatient } from '../support/builders.js';
import { GroupRobot } from '../support/group-robot.js';
import { stopRounds } from '../support/next-app.js';
import { nextHospital, type ReminderHospital, withHospital } from '../support/reminder-hospital.js';
import { until } from '../support/webhook-receiver.js';
import { columnsContaining } from '../support/columns-containing.js';

let t: ReminderHospital;
const robots: GroupRobot[] = [];
beforeEach(async () => {
  t = await nextHospital(t);
});
afterEach(async () => {
  for (const robot of robots.splice(0)) await robot.stop();
});
afterAll(() => t.close());

async function givenRobot(
  kind: Robot,
  settings: object = {},
  at = t,
): Promise<{ robot: GroupRobot; id: string }> {
  const robot = await GroupRobot.start(at, kind);
  robots.push(robot);
  const { status, body } = await at.post('/webhook-endpoints', { ...robot.registration, ...settings });
  expect(status).toBe(201);
  return { robot, id: body.id as string };
}

const deliveriesOf = async (id: string): Promise<DeliveryView[]> =>
  (await t.get(`/webhook-endpoints/${id}/deliveries?limit=200`)).body.items as DeliveryView[];

const delivered = async (id: string, count: number): Promise<void> =>
  void (await until(
    async () => (await deliveriesOf(id)).filter(({ state }) => state === 'delivered').length,
    (found) => found >= count,
  ));

/** Moves the clock by `seconds` and runs a sweep. */
async function later(seconds: number): Promise<void> {
  await t.setClock(new Date((await t.now()).getTime() + seconds * 1000).toISOString());
  await t.sweep();
}

async function givenDue(count: number, at = t): Promise<void> {
  for (let n = 0; n < count; n++) await givenItem(at, { due: '2026-03-10', activity: 'colonoscopy' });
}

describe('a group robot', () => {
  test.each(ROBOTS)(
    '%s posts due items in the language of the hospital, without a name of a person',
    async (kind) => {
      const { robot, id } = await givenRobot(kind);
      const { id: patientId } = await givenPatient(t, { mrn: 'D100', name: '王芳', phone: '13912345678' });
      const item = await givenItem(t, { patientId, due: '2026-03-10', activity: 'colonoscopy' });
      await t.sweep();
      await delivered(id, 1);
      await t.dataSource.query(`UPDATE hospital SET language = 'en'`);
      await t.post(`/webhook-endpoints/${id}/test`);
      await delivered(id, 2);

      expect(robot.texts).toEqual([
        [
          ...['nedwatch 随访提醒', '病案号：D100', '检查：结肠镜，已到期'],
          ...['应检日期：2026-03-10，2026-04-07 起为逾期', `编号：${item.id}`],
        ].join('\n'),
        'nedwatch follow-up\nTest message: the robot is connected',
      ]);
      for (const { headers } of robot.receiver.arrivals)
        expect(headers).not.toHaveProperty('webhook-signature');
    },
  );

  test.each(ROBOTS)(
    'the key and the secret of %s appear in no answer, and still work after a key rotation',
    async (kind) => {
      const { robot, id } = await givenRobot(kind, {
        robotSecret: kind === 'wecom' ? undefined : 'wrong-secret',
      });
      await t.post('/webhook-endpoints', robot.registration, { 'idempotency-key': 'once' });
      await t.post(`/webhook-endpoints/${id}/test`);
      const made = await until(
        async () => (await deliveriesOf(id)).flatMap(({ attempts }) => attempts),
        ({ length }) => length > 0,
      );
      if (kind !== 'wecom')
        expect(made[0]).toMatchObject({
          ...{ outcome: 'refused', status: 200 },
          error: `answered 200 with ${kind === 'feishu' ? 'code 19021' : 'errcode 310000'}`,
          answer: expect.stringContaining('refused: /hook'),
        });

      const shown = [
        ...[
          `/webhook-endpoints`,
          `/webhook-endpoints/${id}`,
          `/webhook-endpoints/${id}/deliveries`,
          '/status',
        ],
      ];
      for (const path of shown) {
        const text = JSON.stringify((await t.get(path)).body);
        for (const secret of robot.secrets) expect([path, text.includes(secret)]).toEqual([path, false]);
      }
      const { body } = await t.get(`/webhook-endpoints/${id}`);
      expect(body).toMatchObject({ kind, signature: 'vendor', publicKey: null });
      expect(body.url).toContain('***');
      expect(await columnsContaining(t, [...robot.secrets, 'wrong-secret'])).toEqual([]);

      const scope = t.app.get(HospitalScope);
      await scope.run(t.hospitalId, () =>
        scope.transaction((tx) => t.app.get(FieldCipher).rotate(tx.db, t.hospitalId)),
      );
      await t.app.get(Resealing).reseal();
      const underFormerKey = await columnsContaining(t, ['sealed:1:1:']);
      expect(underFormerKey.filter((where) => where.includes('webhook_endpoint'))).toEqual([]);
      expect(await columnsContaining(t, robot.secrets)).toEqual([]);
      await givenDue(1);
      await t.sweep();
      await until(
        () => robot.texts,
        ({ length }) => length > 0,
      );
    },
  );

  test('that other senders brought over its rate limit is paused until its vendor unblocks it', async () => {
    const { robot, id } = await givenRobot('dingtalk');
    const taken = robot.receiver.answer;
    robot.receiver.answer = () => ({ status: 200, body: '{"errcode":130101,"errmsg":"send too fast"}' });
    await givenDue(1);
    await t.sweep();
    await until(
      () => deliveriesOf(id),
      ([delivery]) => (delivery?.attempts.length ?? 0) > 0,
    );
    // Reads again, because the first read may see a delivery without its attempts.
    const [first] = await deliveriesOf(id);
    expect(first!.attempts).toMatchObject([
      { outcome: 'refused', status: 200, error: 'answered 200 with errcode 130101: too fast' },
    ]);
    const minutes = (new Date(first!.nextAttemptAt!).getTime() - (await t.now()).getTime()) / 60_000;
    expect(minutes).toBeGreaterThan(9.5);
    expect(minutes).toBeLessThan(11.5);

    robot.receiver.answer = taken;
    await givenDue(3);
    await later(120);
    await until(
      () => deliveriesOf(id),
      (all) =>
        all.length === 4 &&
        all.every(({ nextAttemptAt }) => new Date(nextAttemptAt!) > new Date('2026-03-10T10:09:00+08:00')),
    );
    expect(robot.receiver.arrivals).toHaveLength(1);
    await later(720);
    await delivered(id, 4);
    expect((await deliveriesOf(id)).map(({ attempts }) => attempts.length)).toEqual([1, 1, 1, 2]);
  });

  test('that redirects does not reveal its key to another server', async () => {
    const { robot, id } = await givenRobot('dingtalk');
    robot.receiver.answer = ({ path }) => ({
      ...{ status: 302, headers: { location: `https://elsewhere.example${path}` } },
      body: `${'x'.repeat(3970)}${path}`,
    });
    await t.post(`/webhook-endpoints/${id}/test`);
    const [attempt] = await until(
      async () => (await deliveriesOf(id)).flatMap(({ attempts }) => attempts),
      ({ length }) => length > 0,
    );
    expect(attempt).toMatchObject({ outcome: 'refused', status: 302 });
    expect(attempt!.answer).toHaveLength(4000);
    expect(attempt!.answer).toMatch(/x\/hook\?access_token=\*\*\*&time/); // no part of the key is left
    expect(attempt!.error).toContain('(to https://elsewhere.example/hook?access_token=***&timestamp=');
  });

  test.each([
    [{ kind: 'slack' }, '/kind'],
    [{ kind: 'wecom', robotSecret: 'x' }, '/robotSecret'],
    [{ robotSecret: 'x' }, '/robotSecret'],
    [{ kind: 'feishu', signature: 'ed25519' }, '/signature'],
    [{ kind: 'dingtalk', rateLimit: { perMinute: 21 } }, '/rateLimit/perMinute'],
    [{ rateLimit: { perMinute: 6001 } }, '/rateLimit/perMinute'],
    [{ rateLimit: { perMinute: 0 } }, '/rateLimit/perMinute'],
    [{ kind: 'dingtalk', url: 'http://169.254.169.254/robot/send?access_token=x' }, '/url'],
  ])('%j is refused at %s', async (input, pointer) => {
    const answer = await t.post('/webhook-endpoints', { url: 'https://robot.example/hook', ...input });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });

  test('refuses to rotate its secret, which its vendor has set', async () => {
    const { id } = await givenRobot('feishu');
    const answer = await t.post(`/webhook-endpoints/${id}/rotate-secret`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'secret-of-robot' } });
  });

  test('is deleted and its pending messages are cancelled when the migration of robots is reverted', () =>
    withHospital({}, async (own) => {
      const { robot, id } = await givenRobot('dingtalk', {}, own);
      robot.receiver.answer = () => ({ status: 500 });
      await givenDue(1, own);
      await own.sweep();
      await until(
        () => robot.receiver.arrivals.length,
        (count) => count > 0,
      );
      await own.settled();
      await stopRounds(own);
      const robotsAt = GroupRobots1796816400000.name.slice(-13);
      const since = MIGRATIONS.filter(({ name }) => name.slice(-13) >= robotsAt);
      for (let left = since.length; left > 0; left--) await own.dataSource.undoLastMigration();
      expect(
        await own.dataSource.query(
          `SELECT e.deleted_at IS NOT NULL AS deleted, d.state FROM webhook_endpoint e
             JOIN delivery d ON d.endpoint_id = e.id ORDER BY e.id = $1`,
          [id],
        ),
      ).toEqual([
        { deleted: false, state: 'delivered' },
        { deleted: true, state: 'cancelled' },
      ]);
      await own.dataSource.runMigrations();
    }));
});

describe('a limit of attempts a minute', () => {
  test.each([
    ['dingtalk', 20],
    ['wecom', 20],
  ] as const)(
    'of %s is %d a minute: the rest waits, and the robot refuses no message',
    async (kind, most) => {
      const { robot, id } = await givenRobot(kind);
      await givenDue(2 * most + 5);
      await t.sweep();
      await delivered(id, most);
      await later(30);
      await later(25);
      expect(robot.texts).toHaveLength(most);
      expect(await violations()).toEqual(0);
      await later(10);
      await delivered(id, 2 * most);
      await later(62);
      await delivered(id, 2 * most + 5);

      expect(robot.codes).toEqual(Array(2 * most + 5).fill(0));
      expect((await deliveriesOf(id)).every(({ attempts }) => attempts.length === 1)).toBe(true);
    },
  );

  test('of Feishu is also five a second, and the next five are sent without a sweep', async () => {
    const { robot, id } = await givenRobot('feishu');
    await givenDue(12);
    await t.sweep();
    await delivered(id, 12);
    expect(robot.codes).toEqual(Array(12).fill(0));
  });

  test('is shared by all processes that claim at once', async () => {
    const { id } = await givenRobot('dingtalk');
    await t.dataSource.query(
      `INSERT INTO delivery (hospital_id, id, endpoint_id, event_type)
       SELECT $1, gen_random_uuid(), $2, 'endpoint.test' FROM generate_series(1, 100)`,
      [t.hospitalId, id],
    );
    const scope = t.app.get(HospitalScope);
    const claimed = await Promise.all(
      Array.from({ length: 6 }, () =>
        scope.run(t.hospitalId, () => scope.transaction((tx) => claimDue(tx, id, 100))),
      ),
    );
    expect(claimed.map(({ claims }) => claims.length).sort((a, b) => b - a)).toEqual([20, 0, 0, 0, 0, 0]);
    const full = claimed.filter(({ full: found }) => found !== null);
    expect(full).toHaveLength(5);
    expect(full[0]!.due).toBe(0);
  });

  test('can be set for any endpoint, changed and removed', async () => {
    const path = `/webhook-endpoints/${t.endpointId}`;
    const limit = (rateLimit: unknown) => t.request('PATCH', path, { payload: { rateLimit } });
    expect(await limit({ perMinute: 3 })).toMatchObject({
      status: 200,
      body: { rateLimit: { perMinute: 3 } },
    });
    await givenDue(9);
    await t.sweep();
    await delivered(t.endpointId, 3);
    await later(30);
    expect(t.receiver.arrivals).toHaveLength(3);
    await limit({ perMinute: 5 });
    await later(1);
    await delivered(t.endpointId, 5);
    expect(t.receiver.arrivals).toHaveLength(5);

    expect(await limit(null)).toMatchObject({ body: { rateLimit: null } });
    await later(1);
    await delivered(t.endpointId, 9);
    expect((await t.get(path)).body.rateLimit).toBeNull();
    expect(await limit({ perMinute: 6001 })).toMatchObject({ status: 422 });
    expect(
      t.receiver
        .messages(t.secret)
        .map(({ sequence }) => sequence)
        .sort(),
    ).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('of a robot may be lower than the limit of its vendor, not higher, and null means that limit', async () => {
    const { id } = await givenRobot('wecom', { rateLimit: { perMinute: 6 } });
    const limit = (rateLimit: unknown) =>
      t.request('PATCH', `/webhook-endpoints/${id}`, { payload: { rateLimit } });
    expect((await t.get(`/webhook-endpoints/${id}`)).body.rateLimit).toEqual({ perMinute: 6 });
    expect((await limit({ perMinute: 21 })).body.errors).toMatchObject([{ pointer: '/rateLimit/perMinute' }]);
    expect((await limit(null)).body.rateLimit).toEqual({ perMinute: 20 });
  });

  test('explains waiting deliveries to the delivery audit, but not deliveries without a running worker', async () => {
    const { id } = await givenRobot('dingtalk', { rateLimit: { perMinute: 1 } });
    await givenDue(20); // more than are sent in seven minutes
    await t.sweep();
    await delivered(id, 1);
    for (let minute = 2; minute <= 7; minute++) {
      await later(62);
      await delivered(id, minute);
    }
    expect(await violations()).toBe(0);
    await t.setClock('2026-03-10T10:20:00+08:00'); // no worker has run meanwhile
    const [{ waiting }] = await t.dataSource.query<[{ waiting: number }]>(
      `SELECT count(*)::integer AS waiting FROM delivery WHERE endpoint_id = $1 AND state = 'pending'`,
      [id],
    );
    expect(waiting).toBeGreaterThan(0);
    expect(await violations()).toBe(waiting);
  });
});

/** The number of stuck deliveries. */
async function violations(): Promise<number> {
  const scope = t.app.get(HospitalScope);
  const findings = await scope.run(t.hospitalId, () => scope.unaudited((tx) => auditDeliveries(tx)));
  return findings['delivery-stuck'].count;
}
