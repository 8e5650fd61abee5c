import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Client, Message } from 'node-hl7-client';
import { MllpListener } from '../../src/exchange/mllp/mllp-listener.js';
import { framed } from '../../src/interop/hl7v2/mllp.js';
import { startApp, type TestApp } from '../support/app.js';
import { issued } from '../support/certificates.js';
import { acknowledgementIn, MllpSender } from '../support/mllp-sender.js';
import { anotherHospital } from '../support/another-hospital.js';

// The long form: MLLP_FRAMES=100000.
const IDLE_MS = 2000;
const FRAMES = Number(process.env.MLLP_FRAMES ?? 40);

let t: TestApp;
let port: number;
let number = 0;
const opened: MllpSender[] = [];
const folder = mkdtempSync(join(tmpdir(), 'nedwatch-mllp-'));

const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const server = issued('nedwatch.hospital.example');
const authority = issued('Authority of the hospital');
const client = issued('his.hospital.example', authority);
const tls = {
  certificateFile: file('cert.pem', server.certificate),
  keyFile: file('key.pem', server.key),
  clientCaFile: file('authority.pem', authority.certificate),
};

beforeAll(async () => {
  t = await startApp({
    clock: '2026-11-10T08:00:00+08:00',
    role: 'api',
    mllpFrameMs: 400,
    mllpIdleMs: IDLE_MS,
  });
  port = await t.app.get(MllpListener).listen(0);
  await t.post('/hl7v2-senders', { name: 'HIS', facility: 'SLZL', addresses: ['127.0.0.1'] });
});
afterEach(() => opened.splice(0).forEach((sender) => sender.close()));
afterAll(async () => {
  await t.close();
  rmSync(folder, { recursive: true });
});

const sender = async (): Promise<MllpSender> => {
  const made = await MllpSender.connect(port);
  opened.push(made);
  return made;
};

const nextId = (): string => `M${(number += 1)}`;
const head = (type: string, id = nextId(), facility = 'SLZL'): string =>
  `MSH|^~\\&|HIS|SLZL|NEDWATCH|${facility}|20261110080000||${type}|${id}|P|2.4|||||CHN|UNICODE UTF-8`;
const admission = (mrn: string, id = nextId(), facility = 'SLZL'): string =>
  [
    head('ADT^A01', id, facility),
    `PID|1||${mrn}^^^SLZL^MR||王建国||19581106|M`,
    'PV1|1|I|胃肠外科',
    'DG1|1||C18.7^乙状结肠恶性肿瘤^ICD10||20261102',
  ].join('\r') + '\r';
const patientsWith = async (mrn: string) => (await t.get(`/patients?mrn=${mrn}`)).body.items as object[];
const storedAs = async (controlId: string, of: TestApp['get'] = (path) => t.get(path)) =>
  (await of(`/hl7v2-messages?controlId=${controlId}`)).body.items as {
    callerName: string;
    receivedBy: string;
  }[];

describe('messages on a connection', () => {
  test('a message is acknowledged after it is stored, with the sender as its author', async () => {
    const his = await sender();
    expect(await his.send(admission('L100', 'FIRST'))).toEqual({ code: 'AA', controlId: 'FIRST', text: '' });
    expect(await patientsWith('L100')).toHaveLength(1);
    expect(await storedAs('FIRST')).toMatchObject([{ receivedBy: 'mllp', callerName: 'HIS' }]);
    const [{ id }] = (await patientsWith('L100')) as [{ id: string }];
    const entries = await t.dataSource.query(
      `SELECT call, outcome, address, patients FROM audit_event WHERE call LIKE 'MLLP%'`,
    );
    expect(entries).toEqual([{ call: 'MLLP /hl7v2', outcome: 'done', address: '127.0.0.1', patients: [id] }]);
  });

  test('two messages in one packet and one in many are answered in their order', async () => {
    const his = await sender();
    his.write(
      Buffer.concat([
        framed(Buffer.from(admission('L101', 'P1'))),
        framed(Buffer.from(admission('L102', 'P2'))),
      ]),
    );
    const third = framed(Buffer.from(admission('L103', 'P3')));
    for (let at = 0; at < third.length; at += 50) {
      his.write(third.subarray(at, at + 50));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const answers = [await his.next(), await his.next(), await his.next()].map((one) =>
      acknowledgementIn(one ?? ''),
    );
    expect(answers.map(({ code, controlId }) => `${code} ${controlId}`)).toEqual(['AA P1', 'AA P2', 'AA P3']);
  });

  test('what was not acknowledged is sent again on a new connection, and is applied once', async () => {
    const first = await sender();
    first.write(framed(Buffer.from(admission('L104', 'AGAIN'))));
    first.close();
    const second = await sender();
    expect(await second.send(admission('L104', 'AGAIN'))).toMatchObject({ code: 'AA', controlId: 'AGAIN' });
    expect(await storedAs('AGAIN')).toHaveLength(1);
  });

  test('a text that cannot be decoded is never accepted', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${head('ADT^A08', 'BAD')}\rPID|1||L105^^^SLZL^MR||`),
      Buffer.of(0xff, 0xfe),
    ]);
    expect(await (await sender()).send(bytes)).toMatchObject({ code: 'AR', controlId: 'BAD' });
  });

  test('each message of a batch is answered', async () => {
    const batch = [
      'FHS|^~\\&|HIS|SLZL|NEDWATCH|SLZL|20261110||||F1\rBHS|^~\\&|HIS|SLZL|NEDWATCH|SLZL|20261110||||B1\r',
      admission('L106', 'B-1'),
      `${head('ADT^A08', 'B-2')}\rPID|1\r`,
      'BTS|2\rFTS|1\r',
    ].join('');
    const his = await sender();
    his.write(framed(Buffer.from(batch)));
    const answer = (await his.next()) ?? '';
    expect(
      answer
        .split('\r')
        .filter((line) => /^(MSA|BTS|FTS)/.test(line))
        .map((line) => line.slice(0, 10)),
    ).toEqual([...['MSA|AA|B-1', 'MSA|AE|B-2', 'BTS|2', 'FTS|1']]);
    expect(answer).toMatch(/^FHS\|\^~\\&\|NEDWATCH\|SLZL\|HIS\|SLZL\|.*\|F1\rBHS\|.*\|B1\r/);
    const { status, body } = await t.request('POST', '/hl7v2', {
      headers: { 'content-type': 'x-application/hl7-v2+er7' },
      payload: batch,
    });
    expect(status).toBe(422);
    expect(body).toContain('MSA|AA|B-1');
  });

  test('what cannot be stored is not acknowledged: the connection ends, and the repeated message is accepted', async () => {
    await t.dataSource.query(
      `ALTER TABLE hl7_message ADD CONSTRAINT full_disk CHECK (control_id <> 'FULL') NOT VALID`,
    );
    expect(await (await sender()).send(admission('L107', 'FULL'))).toBeUndefined();
    await t.dataSource.query('ALTER TABLE hl7_message DROP CONSTRAINT full_disk');
    // The connection ends before the program writes why.
    let errors = t.takeErrors();
    for (; errors.length === 0; errors = t.takeErrors())
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(errors).toMatchObject([expect.stringContaining('full_disk')]);
    expect(await patientsWith('L107')).toEqual([]);
    expect(await (await sender()).send(admission('L107', 'FULL'))).toMatchObject({ code: 'AA' });
  });

  test('random frames are answered one by one, and the connection stays usable', async () => {
    const his = await sender();
    const parts = fc.constantFrom(
      head('ADT^A08', 'X'),
      'PID|1||L100',
      'MSH',
      'BHS|^~\\&',
      '\0',
      '|',
      '\xff',
      '\r',
      'OBX|1|NM|CEA||',
    );
    for (const bytes of fc.sample(fc.array(parts, { maxLength: 8 }), FRAMES)) {
      his.write(framed(Buffer.from(bytes.join('\r'), 'latin1')));
      expect(acknowledgementIn((await his.next()) ?? '').code).toMatch(/^A[AER]$/);
    }
    expect(await his.send(admission('L108'))).toMatchObject({ code: 'AA' });
  });

  test('a client from npm sends ten messages and reconnects', async () => {
    const codes: string[] = [];
    const hl7 = new Client({ host: '127.0.0.1', connectionTimeout: 20_000, retryLow: 20, retryHigh: 50 });
    const exchanged = (count: number): Promise<void> =>
      new Promise((resolve) => {
        const connection = hl7.createConnection({ port }, (response: { getMessage(): Message }) => {
          codes.push(response.getMessage().get('MSA.1').toString());
          if (codes.length < count)
            void connection.sendMessage(new Message({ text: admission(`N${codes.length}`) }));
          else void connection.close().then(resolve);
        });
        connection.on(
          'connect',
          () => void connection.sendMessage(new Message({ text: admission(`N${codes.length}`) })),
        );
      });
    await exchanged(5);
    await exchanged(10);
    expect(codes).toEqual(Array<string>(10).fill('AA'));
  });
});

describe('limits', () => {
  test('a frame that is too large is rejected by its control id, and the connection ends', async () => {
    const his = await sender();
    his.write(
      Buffer.concat([
        Buffer.of(11),
        Buffer.from(`${head('ORU^R01', 'HUGE')}\r`),
        Buffer.alloc(4_000_000, 'x'),
      ]),
    );
    expect(acknowledgementIn((await his.next()) ?? '')).toMatchObject({ code: 'AR', controlId: 'HUGE' });
    await his.whenClosed();
  });

  test.each([
    ['is silent', []],
    ['sends a frame slowly', [Buffer.of(11), Buffer.from('MSH|'), Buffer.from('^~'), Buffer.from('\\&|')]],
    ['sends no frames', [Buffer.from('GET / HTTP/1.1\r\n\r\n')]],
  ])('a connection that %s is ended', async (_, parts) => {
    const his = await sender();
    const began = performance.now();
    const slowly = (async () => {
      for (const part of parts) {
        his.write(part);
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
    })();
    expect(await his.next()).toBeUndefined();
    if (parts.length > 0) expect(performance.now() - began).toBeLessThan(IDLE_MS);
    await slowly;
  });

  test('an address has at most twenty connections, and gets one again when it closes one', async () => {
    const many = await Promise.all(Array.from({ length: 20 }, () => sender()));
    await many[0]!.send(admission('L110'));
    const refused = await sender();
    expect(await refused.send(admission('L111'))).toBeUndefined();
    many[0]!.close();
    await many[0]!.whenClosed();
    const metric = async () => String((await t.get('/metrics')).body);
    while (!/nedwatch_mllp_connections 19\b/.test(await metric()));
    expect(await (await sender()).send(admission('L111'))).toMatchObject({ code: 'AA' });
    expect(await metric()).toMatch(/nedwatch_mllp_messages_total\{result="accepted"\} \d+/);
  });
});

describe('senders and hospitals', () => {
  test('each message reaches the hospital of its facility, and no other', async () => {
    const other = await anotherHospital(t);
    const registered = await other.post('/hl7v2-senders', {
      name: 'HIS 2',
      facility: 'EAST',
      addresses: ['127.0.0.0/29'],
    });
    expect(registered.status).toBe(201);
    const his = await sender();
    expect(await his.send(admission('L120', 'OURS'))).toMatchObject({ code: 'AA' });
    expect(await his.send(admission('L121', 'THEIRS', 'east'))).toMatchObject({ code: 'AA' });
    expect([await storedAs('OURS'), await storedAs('THEIRS')].map(({ length }) => length)).toEqual([1, 0]);
    expect(await storedAs('THEIRS', other.get)).toMatchObject([{ callerName: 'HIS 2' }]);
  });

  test('a facility belongs to one sender, of whatever hospital, also a disabled one', async () => {
    const other = await anotherHospital(t);
    const again = await other.post('/hl7v2-senders', {
      name: 'x',
      facility: 'slzl',
      addresses: ['10.0.0.1'],
    });
    expect(again).toMatchObject({ status: 409, body: { code: 'hl7-facility-taken' } });
  });

  test.each([
    ['a facility without a sender', 'NOWHERE'],
    ['a sender of another address', 'FAR'],
  ])('a message for %s is rejected and not stored', async (_, facility) => {
    await t.post('/hl7v2-senders', { name: 'Far', facility: 'FAR', addresses: ['10.9.8.7'] });
    const id = nextId();
    expect(await (await sender()).send(admission('L122', id, facility))).toMatchObject({
      code: 'AR',
      controlId: id,
    });
    expect(await storedAs(id)).toEqual([]);
  });

  test('a disabled sender is rejected at once, and a connection from nowhere known is ended', async () => {
    const { id } = (await t.post('/hl7v2-senders', { name: 'L', facility: 'LIS', addresses: ['127.0.0.1'] }))
      .body;
    const lis = await sender();
    expect(await lis.send(admission('L123', nextId(), 'LIS'))).toMatchObject({ code: 'AA' });
    await t.request('PATCH', `/hl7v2-senders/${id as string}`, { payload: { disabled: true } });
    expect(await lis.send(admission('L124', nextId(), 'LIS'))).toMatchObject({ code: 'AR' });
    const unknown = await MllpSender.connect(port, undefined, '127.0.0.9');
    expect(await unknown.send(admission('L125'))).toBeUndefined();
  });
});

test('with TLS a sender shows the certificate that is registered for it', async () => {
  const secure = await startApp({ clock: '2026-11-10T08:00:00+08:00', role: 'api', mllpTls: tls });
  try {
    const at = await secure.app.get(MllpListener).listen(0);
    const certificateFingerprint = new X509Certificate(client.certificate).fingerprint256;
    const asked = { name: 'HIS', facility: 'SLZL', addresses: ['127.0.0.1'], certificateFingerprint };
    expect((await secure.post('/hl7v2-senders', asked)).status).toBe(201);
    const shown = { ca: server.certificate, cert: client.certificate, key: client.key };
    const known = await MllpSender.connect(at, shown);
    expect(await known.send(admission('T1'))).toMatchObject({ code: 'AA' });
    known.close();
    const others = [issued('lis.hospital.example', authority), issued('his.hospital.example')];
    const shows = others.map(({ certificate, key }) => ({ ...shown, cert: certificate, key }));
    for (const other of [{ ca: server.certificate }, ...shows]) {
      const unknown = await MllpSender.connect(at, other);
      expect(await unknown.send(admission('T2'))).toBeUndefined();
    }
    const plain = await MllpSender.connect(at);
    expect(await plain.send(admission('T3'))).toBeUndefined();
  } finally {
    await secure.close();
  }
});
