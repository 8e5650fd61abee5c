import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { TestApp } from './app.js';
import { type Call, made, plainly, type Ward } from './prepared-calls.js';

const ER7 = { 'content-type': 'x-application/hl7-v2+er7' };

/** An update of a person who is not in follow-up, with a control id of its own. */
const update = (): { headers: Record<string, string>; payload: string } => ({
  headers: ER7,
  payload: `MSH|^~\\&|HIS|WARD|||20260115||ADT^A08|${randomUUID().slice(0, 18)}|P|2.4\rPID|1||N1^^^WARD^MR||王建国\r`,
});

const sender = () => ({ name: 'HIS', facility: randomUUID(), addresses: ['10.1.2.3'] });

async function givenMessage(t: TestApp, ward: Ward): Promise<string> {
  const { headers, payload } = update();
  const authorization = `Bearer ${ward.key}`;
  await t.request('POST', '/hl7v2', { headers: { ...headers, authorization }, payload });
  const [row] = await t.dataSource.query<[{ id: string }]>(
    'SELECT id FROM hl7_message WHERE hospital_id = $1 ORDER BY id DESC LIMIT 1',
    [ward.hospitalId],
  );
  return row.id;
}

/** A report of the laboratory's system about the patient. */
export async function givenReport(t: TestApp, id: string): Promise<void> {
  const { mrn } = (await t.get(`/patients/${id}`)).body;
  const lines = [
    `MSH|^~\\&|LIS|WARD|||20260301||ORU^R01|${id.slice(-18)}|P|2.4`,
    `PID|1||${mrn as string}^^^WARD^MR`,
    `OBR|1||${id}|TM^markers|||20260301`,
    'OBX|1|NM|2039-6^CEA^LN||2.4|ng/mL|||||F',
  ];
  const sent = (text: string) => t.request('POST', '/hl7v2', { headers: ER7, payload: text });
  const report = lines.join('\r');
  expect((await sent(report)).status).toBe(200);
  // A refused message names the patient as well.
  expect((await sent(report.replace('R01|', 'R01|no').replace('|2.4|', '|溶血|'))).status).toBe(422);
}

/** The calls around HL7 v2, in the notation of `rights.ts`. */
export const EXCHANGE_CALLS: Readonly<Record<string, Call>> = {
  'POST /hl7v2': () => Promise.resolve({ path: '/hl7v2', ...update() }),
  'GET /hl7v2-messages': plainly('/hl7v2-messages'),
  'GET /hl7v2-messages/:id': async (t, ward) => ({ path: `/hl7v2-messages/${await givenMessage(t, ward)}` }),
  'GET /hl7v2-settings': plainly('/hl7v2-settings'),
  'PUT /hl7v2-settings': plainly('/hl7v2-settings', { messageDays: 30, otherPeopleDays: 3 }),
  'GET /hl7v2-senders': plainly('/hl7v2-senders'),
  'POST /hl7v2-senders': () => Promise.resolve({ path: '/hl7v2-senders', payload: sender() }),
  'PATCH /hl7v2-senders/:id': async (t, ward) => ({
    path: `/hl7v2-senders/${(await made(t, ward, '/hl7v2-senders', sender())).id}`,
    payload: { disabled: true },
  }),
  'POST /hl7v2-messages/:id/replay': async (t, ward) => ({
    path: `/hl7v2-messages/${await givenMessage(t, ward)}/replay`,
  }),
};
