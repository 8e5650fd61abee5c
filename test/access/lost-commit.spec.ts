import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import pg from 'pg';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { startProgramProcess, type RunningProgram } from '../support/program.js';
import { until } from '../support/webhook-receiver.js';

const KEY = 'nw_administrator-of-this-test';

interface Body {
  readonly id?: string;
  readonly code?: string;
}

/** A proxy before PostgreSQL that passes the COMMIT after a statement with these words on, and loses its answer. */
class LossyProxy {
  words: string | undefined;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(target: number) {
    this.server = createServer((near) => {
      const far = connect(target, '127.0.0.1');
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => (near.destroy(), far.destroy()));
      }
      let [isMeant, isLost] = [false, false];
      near.on('data', (sent) => {
        if (this.words !== undefined && sent.includes(this.words)) isMeant = true;
        if (isMeant && sent.includes('COMMIT')) {
          this.words = undefined;
          isLost = true;
        }
        far.write(sent);
      });
      far.on('data', (answered) => (isLost ? near.destroy() : near.write(answered)));
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}

let database: TestDatabase;
let proxy: LossyProxy;
let program: RunningProgram;
let admin: pg.Client;
beforeAll(async () => {
  database = await createDatabase();
  proxy = new LossyProxy(Number(new URL(database.url).port));
  const port = String(await proxy.listen());
  program = await startProgramProcess({
    DATABASE_URL: Object.assign(new URL(database.url), { port }).href,
    ...{ NEDWATCH_ADMIN_KEY: KEY, NEDWATCH_ROLE: 'api', NEDWATCH_LOG: 'silent' },
  });
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
});
afterAll(async () => {
  await program.stop();
  await admin.end();
  proxy.stop();
  await database.drop();
});

async function post(path: string, payload: object, key?: string): Promise<{ status: number; body: Body }> {
  const answer = await fetch(`${program.url}/api/v1${path}`, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${KEY}`, 'content-type': 'application/json', 'accept-language': 'en' },
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    body: JSON.stringify(payload),
  });
  return { status: answer.status, body: (await answer.json()) as Body };
}

test('a request whose COMMIT was not answered is not carried out a second time', async () => {
  const person = { name: '王芳', sex: 'female', birthDate: '1961-04-05', diagnosisDate: '2025-10-20' };
  const { body: patient } = await post('/patients', { mrn: '1', ...person });
  const contact = { channel: 'telephone', outcome: 'reached' };
  const path = `/patients/${patient.id}/contacts`;
  const stored = async (): Promise<number> => {
    const { rows } = await admin.query<{ n: number }>('SELECT count(*)::integer AS n FROM contact');
    return rows[0]?.n ?? 0;
  };

  expect(await post(path, contact, 'first')).toMatchObject({ status: 201 });
  proxy.words = 'INSERT INTO "contact"';
  expect(await post(path, contact, 'lost')).toMatchObject({ status: 503, body: { code: 'outcome-unknown' } });
  expect(await stored()).toBe(2);

  await until(
    () => post(path, contact, 'lost'),
    ({ body }) => body.code === 'answer-not-kept',
  );
  expect(await stored()).toBe(2);
});

test('a fact whose COMMIT was not answered is recorded once, and the repetition answers with it', async () => {
  const person = { name: '李强', sex: 'male', birthDate: '1961-04-05', diagnosisDate: '2025-10-20' };
  const { body: patient } = await post('/patients', { mrn: '2', ...person });
  const path = `/patients/${patient.id}/events`;
  const surgery = { type: 'primary_resection', date: '2025-10-31', site: 'colon', stage: 'III' };
  const fact = { ...surgery, intent: 'curative', preoperativeColonoscopy: 'complete' };
  proxy.words = 'INSERT INTO clinical_event';
  expect(await post(path, fact, 'fact')).toMatchObject({ status: 503, body: { code: 'outcome-unknown' } });
  await until(
    () => post(path, fact, 'fact'),
    ({ status }) => status === 201,
  );
  const { rowCount } = await admin.query('SELECT FROM clinical_event');
  expect(rowCount).toBe(1);
});

test('a call that only reads is busy when its COMMIT was not answered, and can be repeated', async () => {
  const person = { name: '刘洋', sex: 'male', birthDate: '1961-04-05', diagnosisDate: '2025-10-20' };
  const { body: patient } = await post('/patients', { mrn: '3', ...person });
  const read = () =>
    fetch(`${program.url}/api/v1/patients/${patient.id}`, { headers: { authorization: `Bearer ${KEY}` } });
  proxy.words = 'audit_event';
  const lost = await read();
  expect([lost.status, ((await lost.json()) as Body).code]).toEqual([503, 'busy']);
  expect((await read()).status).toBe(200);
});
