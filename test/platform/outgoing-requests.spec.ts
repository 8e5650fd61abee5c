import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AnchorReceiver } from '../../src/audit/anchor-receiver.js';
import { anchorFile, AuditAnchor, minutesFile } from '../../src/audit/audit-anchor.js';
import { AuditSealing } from '../../src/audit/audit-sealing.js';
import type { PeriodicTask } from '../../src/platform/periodic-task.js';
import { startApp, type TestApp } from '../support/app.js';
import { anonymously, as, givenPerson } from '../support/signed-in.js';

let t: TestApp;
let server: Server;
let base: string;
/** The number of bytes written of endless answers. */
let written = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/anchors') receiveAnchors(request, response);
    else HOSTILE[request.url!.split('/')[1]!]!(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  t = await startApp({ anchorUrl: new URL(`${base}/anchors`), anchorToken: 'of-the-receiver' });
  await t.app.get<{ rounds: PeriodicTask }>(AuditSealing).rounds.stop();
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await t.close();
});

/** The requests to the receiver of anchors, and its answers. */
const anchors = { lines: [] as string[], tokens: new Set<string | undefined>(), status: 204 };

function receiveAnchors(request: IncomingMessage, response: ServerResponse): void {
  anchors.tokens.add(request.headers.authorization);
  text(request).then(
    (body) => {
      if (anchors.status === 204) anchors.lines.push(...body.trim().split('\n'));
      response.writeHead(anchors.status).end();
    },
    () => undefined,
  );
}

/** 0.2 MB, which unpack to 200. */
const BOMB = gzipSync(Buffer.alloc(200 * 1024 * 1024, ' '));

const HOSTILE: Readonly<Record<string, (response: ServerResponse) => void>> = {
  huge: (response) => void pipeline(spaces, response).catch(() => undefined),
  bomb: (response) => response.setHeader('content-encoding', 'gzip').end(BOMB),
  drip: (response) => {
    const drip = setInterval(() => response.write(' '), 200);
    response.on('close', () => clearInterval(drip));
  },
  metadata: (response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
};

function* spaces(): Generator<Buffer> {
  const chunk = Buffer.alloc(64 * 1024, ' ');
  for (written = 0; written < 200 * 1024 * 1024; written += chunk.length) yield chunk;
}

test('an identity provider that answers 200 MB, compresses, drips or redirects is refused within seconds', async () => {
  const admin = (await givenPerson(t, { roles: ['hospital_admin'] })).session;
  for (const code of Object.keys(HOSTILE)) {
    const provider = {
      code,
      name: code,
      issuer: `${base}/${code}`,
      clientId: 'nedwatch',
      clientSecret: null,
    };
    const { status } = await t.post(
      '/sso-providers',
      { ...provider, roleMap: {}, autoCreate: false },
      as(admin),
    );
    expect(status).toBe(201);
  }
  const before = process.memoryUsage().rss;
  const started = performance.now();
  const answers = await Promise.all(
    Object.keys(HOSTILE).flatMap((code) =>
      Array.from({ length: 5 }, () => anonymously(t, 'GET', `/sso/nedwatch/${code}/start`)),
    ),
  );
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.code}`))).toEqual(
    new Set(['409 provider-unreachable']),
  );
  expect(performance.now() - started).toBeLessThan(15_000);
  expect(written).toBeLessThan(20 * 1024 * 1024);
  // Five times 200 MB would be unpacked. The process of the suite has other work too.
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
}, 30_000);

test('each minute new seals are anchored and sent; refused lines are sent again and reported', async () => {
  const sealing = t.app.get<{
    sealAll(): Promise<void>;
    keepUp(): Promise<void>;
    anchorAt: number;
    minuteAt: number;
  }>(AuditSealing);
  const receiver = t.app.get(AnchorReceiver);
  const minute = async (): Promise<void> => {
    await sealing.sealAll();
    sealing.minuteAt = 0;
    await sealing.keepUp();
    await receiver.send();
  };
  /** Without the warning of November that the holidays of next year are missing. */
  const ready = async (): Promise<object> => {
    const { status, warnings = [] } = (await t.get('/health/ready')).body as {
      status: string;
      warnings?: string[];
    };
    return { status, warnings: warnings.filter((text) => !text.includes('public holidays')) };
  };
  const written = (path: string): string[] => readFileSync(path, 'utf8').trim().split('\n');
  await t.get('/policy');
  await sealing.sealAll();
  sealing.anchorAt = 0;
  await sealing.keepUp();
  await receiver.send();
  expect(anchors.lines).toEqual(written(anchorFile(t.config)));
  expect(await ready()).toEqual({ status: 'ok', warnings: [] });

  for (anchors.status of [500, 302]) {
    await t.get('/policy');
    await minute();
  }
  expect(written(minutesFile(t.config))).toHaveLength(2);
  expect(await ready()).toEqual({
    status: 'ok',
    warnings: [
      expect.stringMatching(/^The receiver of audit anchors .*redirects are not followed. 2 lines wait/),
    ],
  });
  await minute(); // nothing new was sealed
  expect(written(minutesFile(t.config))).toHaveLength(2);
  anchors.status = 204;
  await t.get('/policy');
  await minute();
  expect(anchors.lines).toEqual([...written(anchorFile(t.config)), ...written(minutesFile(t.config))]);
  expect(anchors.lines).toHaveLength(4);
  expect(anchors.tokens).toEqual(new Set(['Bearer of-the-receiver']));
  expect(await ready()).toEqual({ status: 'ok', warnings: [] });

  await t.app.get(AuditAnchor).write();
  expect(() => written(minutesFile(t.config))).toThrow('ENOENT');
});
