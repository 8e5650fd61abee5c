import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { TestApp } from './app.js';
import { type Call, givenPatient, made, plainly, type Ward } from './prepared-calls.js';
import { cea, FhirSender } from './fhir-sender.js';

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
  const texts = [uninterpreted(mrn as string), cancelled(mrn as string)];
  expect(await underCodes(t, {}, texts)).toEqual([200, 200]);
  const earlier = cea(`Patient/${id}`, 2.2, { effectiveDateTime: '2026-02-20T08:00:00+08:00' });
  expect((await new FhirSender(t).send('POST', '/Observation', earlier)).status).toBe(201);
}

/** A mapping file with an id of its own. */
const mappingFile = () => ({
  ...{ id: `m${randomUUID().slice(0, 18)}`, version: '1.0.0', title: { zh: '对照表', en: 'mapping' } },
  patientNumber: { types: ['MR'], otherwiseFirst: true },
});

async function givenMapping(t: TestApp, { key }: Ward): Promise<{ id: string; version: string }> {
  const { body } = await t.post('/mappings', mappingFile(), { authorization: `Bearer ${key}` });
  return { id: body.id as string, version: body.version as string };
}

const CODES = {
  exams: [{ code: 'CT', activity: 'ct_chest_abdomen_pelvis' }],
  uninterpreted: 'inbox',
};

/** Sends messages while a mapping is in force that knows a code and no rule for it. */
async function underCodes(
  t: TestApp,
  headers: Record<string, string>,
  texts: readonly string[],
): Promise<readonly number[]> {
  const file = { ...mappingFile(), ...CODES };
  await t.post('/mappings', file, headers);
  const { inForce } = (await t.get('/mappings', headers)).body;
  const select = ({ id, version }: { id: string; version: string }) =>
    t.request('PUT', '/mapping-in-force', { headers, payload: { id, version } });
  await select(file);
  const statuses: number[] = [];
  for (const payload of texts)
    statuses.push((await t.request('POST', '/hl7v2', { headers: { ...ER7, ...headers }, payload })).status);
  await select(inForce as { id: string; version: string });
  return statuses;
}

const head = (type: string): string =>
  `MSH|^~\\&|RIS|WARD|||20260301||${type}|${randomUUID().slice(0, 18)}|P|2.4`;

const uninterpreted = (mrn: string): string =>
  [
    ...[head('ORU^R01'), `PID|1||${mrn}^^^WARD^MR`],
    `OBR|1||${randomUUID()}|CT^CT|||20260301||||||||||||||||||F`,
    'OBX|1|TX|CONCLUSION^结论||复查CT未见异常||||||F',
  ].join('\r');

const cancelled = (mrn: string): string =>
  [
    ...[head('SIU^S15'), `SCH|P1|${randomUUID()}|||||||||^^^202604010830`],
    ...[`PID|1||${mrn}^^^WARD^MR`, 'AIS|1|D|CT^CT|202604010830'],
  ].join('\r');

/** A report that no rule interprets, in the inbox. */
export async function givenInboxEntry(t: TestApp, ward: Ward): Promise<{ id: string }> {
  const authorization = `Bearer ${ward.key}`;
  const patientId = await givenPatient(t, ward);
  const { mrn } = (await t.get(`/patients/${patientId}`, { authorization })).body;
  const statuses = await underCodes(t, { authorization }, [uninterpreted(mrn as string)]);
  const { items } = (await t.get(`/inbox?patientId=${patientId}`, { authorization })).body;
  expect({ statuses, entries: items.length }).toEqual({ statuses: [200], entries: 1 });
  return items[0] as { id: string };
}

/** A message that recorded an exam. */
async function givenAppliedMessage(t: TestApp, ward: Ward): Promise<string> {
  const patientId = await givenPatient(t, ward);
  const authorization = `Bearer ${ward.key}`;
  const { mrn } = (await t.get(`/patients/${patientId}`, { authorization })).body;
  const controlId = randomUUID().slice(0, 18);
  const text = [
    `MSH|^~\\&|LIS|WARD|||20260301||ORU^R01|${controlId}|P|2.4`,
    `PID|1||${mrn as string}^^^WARD^MR`,
    `OBR|1||${controlId}|TM^markers|||20260301`,
    'OBX|1|NM|2039-6^CEA^LN||2.4|ng/mL|||||F',
  ].join('\r');
  expect(
    (await t.request('POST', '/hl7v2', { headers: { ...ER7, authorization }, payload: text })).status,
  ).toBe(200);
  const [row] = await t.dataSource.query<[{ id: string }]>(
    'SELECT id FROM hl7_message WHERE hospital_id = $1 AND control_id = $2',
    [ward.hospitalId, controlId],
  );
  return row.id;
}

/** A call of CDS Hooks about the patient. */
export const chartOpened = (patientId: string, prefetch?: object) => ({
  ...{ hook: 'patient-view', hookInstance: randomUUID() },
  context: { userId: 'Practitioner/1', patientId },
  ...(prefetch && { prefetch: { patient: { resourceType: 'Patient', ...prefetch } } }),
});

/** A hospital makes one export at a time. */
const withoutExports = (t: TestApp, { hospitalId }: Ward): Promise<unknown> =>
  t.dataSource.query('DELETE FROM bulk_export WHERE hospital_id = $1', [hospitalId]);

/** The calls of other systems, in the notation of `rights.ts`. */
export const EXCHANGE_CALLS: Readonly<Record<string, Call>> = {
  'POST /hl7v2': () => Promise.resolve({ path: '/hl7v2', ...update() }),
  'POST /cds-services/:service': async (t, ward) => ({
    path: '/cds-services/surveillance',
    payload: chartOpened(await givenPatient(t, ward)),
  }),
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
  'POST /hl7v2-messages/:id/void': async (t, ward) => ({
    path: `/hl7v2-messages/${await givenAppliedMessage(t, ward)}/void`,
    payload: { reason: 'wrong patient' },
  }),
  'GET /bulk-exports': plainly('/bulk-exports'),
  'POST /bulk-exports': async (t, ward) => {
    await withoutExports(t, ward);
    return { path: '/bulk-exports', payload: { types: ['Patient'] } };
  },
  'DELETE /bulk-exports/:id': async (t, ward) => {
    await withoutExports(t, ward);
    return { path: `/bulk-exports/${(await made(t, ward, '/bulk-exports')).id}` };
  },
  'GET /inbox': plainly('/inbox'),
  'GET /inbox/:id': async (t, ward) => ({ path: `/inbox/${(await givenInboxEntry(t, ward)).id}` }),
  'POST /inbox/:id/enter': async (t, ward) => ({
    path: `/inbox/${(await givenInboxEntry(t, ward)).id}/enter`,
    payload: {
      event: { type: 'exam', activity: 'ct_chest_abdomen_pelvis', date: '2026-03-01', outcome: 'normal' },
    },
  }),
  'POST /inbox/:id/dismiss': async (t, ward) => ({
    path: `/inbox/${(await givenInboxEntry(t, ward)).id}/dismiss`,
    payload: { reason: 'of another hospital' },
  }),
  'POST /mappings/trial': plainly('/mappings/trial', {
    stored: { id: 'built-in', version: '1.0.0' },
    limit: 5,
  }),
  'POST /mappings': () => Promise.resolve({ path: '/mappings', payload: mappingFile() }),
  'POST /mappings/check': () => Promise.resolve({ path: '/mappings/check', payload: mappingFile() }),
  'GET /mappings': plainly('/mappings'),
  'GET /mappings/:id/:version': async (t, ward) => {
    const { id, version } = await givenMapping(t, ward);
    return { path: `/mappings/${id}/${version}` };
  },
  'PUT /mapping-in-force': async (t, ward) => ({
    path: '/mapping-in-force',
    payload: await givenMapping(t, ward),
  }),
};
