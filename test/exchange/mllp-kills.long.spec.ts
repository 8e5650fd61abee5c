import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createDataSource } from '../../src/app/data-source.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { MllpSender } from '../support/mllp-sender.js';
import { type RunningProgram, startProgramProcess } from '../support/program.js';

// A sender repeats what was not acknowledged. The long form: MLLP_MESSAGES=10000 MLLP_KILLS=20.
const MESSAGES = Number(process.env.MLLP_MESSAGES ?? 100);
const KILLS = Number(process.env.MLLP_KILLS ?? 2);
const SENDERS = 4;
const KEY = 'nw_administrator-of-this-test';

jest.setTimeout(60_000 + MESSAGES * 200 + KILLS * 20_000);

let database: TestDatabase;
let program: RunningProgram;
let environment: Record<string, string>;
let port: number;

beforeAll(async () => {
  database = await createDatabase();
  port = await freePort();
  environment = {
    ...{ DATABASE_URL: database.url, NEDWATCH_ADMIN_KEY: KEY, NEDWATCH_ROLE: 'api' },
    ...{ NEDWATCH_MLLP_PORT: String(port), NEDWATCH_LOG: 'error' },
  };
  program = await startProgramProcess(environment);
  const sender = { name: 'HIS', facility: 'SLZL', addresses: ['127.0.0.1'] };
  const answer = await fetch(`${program.url}/api/v1/hl7v2-senders`, {
    ...{ method: 'POST', body: JSON.stringify(sender) },
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
  });
  expect(answer.status).toBe(201);
});
afterAll(async () => {
  await program.stop();
  await database.drop();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return free;
}

const head = (type: string, id: string): string =>
  `MSH|^~\\&|HIS|SLZL|NEDWATCH|SLZL|20260110080000||${type}|${id}|P|2.4||||||UNICODE UTF-8`;

/** An admission, and a result of the patient whom it adds. */
const messagesOf = (patient: number): readonly (readonly [id: string, message: string])[] => {
  const pid = `PID|1||K${patient}^^^SLZL^MR||王建国||19581106|M`;
  const admission = [head('ADT^A01', `A${patient}`), pid, 'DG1|1||C18.7^^ICD10||20251102'];
  const result = [
    ...[head('ORU^R01', `R${patient}`), pid, `OBR|1||F${patient}^LIS|TM^^LIS|||20260109071500`],
    'OBX|1|NM|2039-6^CEA^LN||2.4|ng/mL|||||F',
  ];
  return [
    [`A${patient}`, admission.join('\r')],
    [`R${patient}`, result.join('\r')],
  ];
};

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

/** Sends until each message is acknowledged; what was not is sent again on the next connection. */
async function sendAll(patients: readonly number[], acknowledged: Set<string>): Promise<void> {
  const waiting = patients.flatMap(messagesOf);
  while (waiting.length > 0) {
    const sender = await MllpSender.connect(port);
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const answer = await sender.send(next[1]);
      if (answer === undefined) break;
      expect(answer).toEqual({ code: 'AA', controlId: next[0], text: '' });
      acknowledged.add(next[0]);
      waiting.shift();
    }
    sender.close();
    if (waiting.length > 0) await pause();
  }
}

test(`${MESSAGES} messages while the program is killed ${KILLS} times: none is lost, none is applied twice`, async () => {
  const owner = await createDataSource(database.url, 2).initialize();
  const acknowledged = new Set<string>();
  const stored = async (): Promise<Set<string>> => {
    const rows = await owner.query<{ id: string }[]>('SELECT control_id AS id FROM hl7_message');
    return new Set(rows.map(({ id }) => id));
  };
  const patients = Array.from({ length: MESSAGES / 2 }, (_, n) => n);
  const sending = Promise.all(
    Array.from({ length: SENDERS }, (_, n) =>
      sendAll(
        patients.filter((patient) => patient % SENDERS === n),
        acknowledged,
      ),
    ),
  );
  try {
    for (let kill = 1; kill <= KILLS; kill++) {
      while (acknowledged.size < (MESSAGES * kill) / (KILLS + 1)) await pause();
      await program.kill();
      const inDatabase = await stored();
      expect([...acknowledged].filter((id) => !inDatabase.has(id))).toEqual([]);
      program = await startProgramProcess(environment);
    }
    await sending;
    expect(acknowledged.size).toBe(MESSAGES);
    expect(
      await owner.query(
        `SELECT (SELECT count(*)::integer FROM hl7_message) AS messages,
                (SELECT count(*)::integer FROM hl7_message WHERE outcome <> 'applied') AS "notApplied",
                (SELECT count(*)::integer FROM patient) AS patients, (SELECT count(*)::integer FROM clinical_event) AS exams,
                (SELECT count(DISTINCT patient_id)::integer FROM clinical_event WHERE voided_at IS NULL) AS "patientsWithExam"`,
      ),
    ).toEqual([
      {
        ...{ messages: MESSAGES, notApplied: 0 },
        ...{ patients: MESSAGES / 2, exams: MESSAGES / 2, patientsWithExam: MESSAGES / 2 },
      },
    ]);
  } finally {
    await owner.destroy();
  }
});
