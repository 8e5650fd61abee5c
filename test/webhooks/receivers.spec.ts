import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { ENCRYPTED_DATA, EVENT_CATALOGUE } from '../../src/webhooks/messages/event-catalogue.js';
import { EVENT_TYPES } from '../../src/webhooks/messages/event-types.js';
import { startApp } from '../support/app.js';
import { givenItem } from '../support/builders.js';
import { ReminderSweep } from '../../src/reminders/reminder-sweep.js';
import { DeliveryWatch } from '../../src/webhooks/deliveries/delivery-watch.js';
import { until } from '../support/webhook-receiver.js';
import { testWhere } from '../support/where-present.js';

const SAMPLES: [string, string[]][] = [
  ['Node.js', ['node', 'samples/receivers/receiver.mjs']],
  ['Python', ['python3', 'samples/receivers/receiver.py']],
  ['Java', ['java', '-XX:-UsePerfData', 'samples/receivers/Receiver.java']],
];

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  /** Line by line. */
  readonly texts: () => string[];
}

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

async function start([command, ...args]: string[], secret: string, file: string, port = 0): Promise<Started> {
  const env = { ...process.env, WEBHOOK_SECRET: secret };
  const child = spawn(command!, [...args, String(port), file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  const texts = (): string[] => text.split('\n');
  const line = await until(
    () => texts().find((one) => one.startsWith('listening on')),
    (found) => found !== undefined,
  );
  return { child, texts, url: `http://127.0.0.1:${line!.split(' ').at(-1)}/hook` };
}

for (const [name, command] of SAMPLES) {
  const present = spawnSync(command[0]!, ['--version']).status === 0;

  testWhere(present, command[0]!)(
    `the sample in ${name} verifies, keeps each message once across a crash, and reports a gap`,
    async () => {
      const file = join(mkdtempSync(join(tmpdir(), 'nedwatch-sample-')), 'received.ndjson');
      const t = await startApp();
      // The receiver needs the secret before it starts, and has an address only afterwards.
      const { body: endpoint } = await t.post('/webhook-endpoints', {
        url: 'http://127.0.0.1:9/',
        eventTypes: ['*'],
      });
      const secret = endpoint.secret as string;
      const first = await start(command, secret, file);
      await t.dataSource.query('UPDATE webhook_endpoint SET url = $1', [first.url]);
      const kept = (): { id: string; sequence: number }[] =>
        existsSync(file)
          ? readFileSync(file, 'utf8')
              .split('\n')
              .filter((line) => line !== '')
              .map((line) => JSON.parse(line) as { id: string; sequence: number })
          : [];

      const today = (await t.now()).toISOString().slice(0, 10);
      for (let n = 0; n < 3; n++) await givenItem(t, { due: today });
      const sweep = async (): Promise<void> => {
        await t.app.get(ReminderSweep).sweep();
        await t.app.get(DeliveryWatch).watch();
      };
      await sweep();
      await until(kept, ({ length }) => length === 3);
      expect(
        kept()
          .map(({ sequence }) => sequence)
          .sort(),
      ).toEqual([1, 2, 3]);

      // Killed, restarted, and sent again.
      first.child.kill('SIGKILL');
      await once(first.child, 'exit');
      const second = await start(command, secret, file);
      await t.dataSource.query('UPDATE webhook_endpoint SET url = $1', [second.url]);
      await t.dataSource.query(
        `UPDATE delivery SET state = 'pending', delivered_at = NULL, next_attempt_at = program_now() WHERE id = $1`,
        [kept()[0]!.id],
      );
      await sweep();
      await until(second.texts, (texts) => texts.includes(`again ${kept()[0]!.id}`));
      expect(kept()).toHaveLength(3);

      const message = {
        id: 'm9',
        type: 'endpoint.test',
        timestamp: new Date().toISOString(),
        sequence: 9,
        data: {},
      };
      const send = async (signedAt: Date, key: string): Promise<number> => {
        const body = JSON.stringify(message);
        const headers = {
          'webhook-id': 'm9',
          'webhook-timestamp': String(Math.floor(signedAt.getTime() / 1000)),
          'webhook-signature': new Webhook(key).sign('m9', signedAt, body),
        };
        return (await fetch(second.url, { method: 'POST', body, headers })).status;
      };
      expect(await send(new Date(Date.now() - 600_000), secret)).toBe(401);
      expect(await send(new Date(), `whsec_${Buffer.alloc(32, 7).toString('base64')}`)).toBe(401);
      expect((await fetch(second.url, { method: 'POST', body: '{}' })).status).toBe(401);
      expect(kept()).toHaveLength(3);
      expect(await send(new Date(), secret)).toBe(204);
      expect(kept()).toHaveLength(4);
      await until(second.texts, (texts) => texts.includes('waiting for 4 to 8: they are still being tried'));
      await t.close();
    },
  );
}

test('the catalogue has every type with its schema, open to every developer of a receiver', async () => {
  const t = await startApp({ role: 'api' });
  const { status, body } = await t.request('GET', '/api/docs/events', { headers: { authorization: '' } });
  expect([status, body]).toEqual([200, { events: EVENT_CATALOGUE, encryptedData: ENCRYPTED_DATA }]);
  expect(EVENT_CATALOGUE.map(({ type }) => type).sort()).toEqual([...EVENT_TYPES].sort());
  const one = await t.get('/api/docs/events/surveillance.item.due');
  expect(one.headers['content-type']).toBe('application/schema+json; charset=utf-8');
  expect(one.body).toMatchObject({ type: 'object', additionalProperties: false });
  expect((await t.get('/api/docs/events/nothing')).status).toBe(404);
  await t.close();
});
