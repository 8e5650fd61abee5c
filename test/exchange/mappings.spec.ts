import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { ct, hospitalSystems, pid, siu } from '../support/hospital-systems.js';
import { EXCHANGE_DATA } from '../support/exchange-data.js';
import { describeWhere } from '../support/where-present.js';

// What the systems of a hospital send beside laboratory values, and what the hospital's mapping file makes of it.

const ER7 = { 'content-type': 'x-application/hl7-v2+er7' };
const SAMPLE = JSON.parse(readFileSync('docs/examples/mapping.json', 'utf8')) as Record<string, unknown>;
let t: TestApp;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-10T08:00:00+08:00', role: 'api' });
  expect((await t.post('/mappings', SAMPLE)).status).toBe(201);
  await select('ward-systems', '1.0.0');
});
afterAll(() => t.close());

const select = (id: string, version: string) =>
  t.request('PUT', '/mapping-in-force', { payload: { id, version } });

/** Stores the sample under another version, with these changes, and selects it. */
async function selectChanged(version: string, changes: object): Promise<void> {
  expect((await t.post('/mappings', { ...SAMPLE, ...changes, version })).status).toBe(201);
  expect((await select('ward-systems', version)).status).toBe(200);
}

const { send, patient, eventsOf, inboxOf, itemsOf, nextCt, appointmentsOf } = hospitalSystems(() => t);

describe('the file', () => {
  test('every problem is named by its pointer, in both languages; nothing is stored', async () => {
    const wrong = { ...SAMPLE, version: '9.0.0', exams: [{ code: 'A', activity: 'pet' }] };
    for (const [language, word] of [
      ['en', 'expected one of'],
      ['zh', '可选值'],
    ]) {
      const { status, body } = await t.post('/mappings', wrong, { 'accept-language': language! });
      expect(status).toBe(422);
      const found = body.errors.find(({ pointer }: { pointer: string }) => pointer === '/exams/0/activity');
      expect(found.message).toContain(word);
    }
    expect((await t.get('/mappings/ward-systems/9.0.0')).status).toBe(404);
  });

  test('a version is frozen; a check stores nothing; the built-in mapping can be selected again', async () => {
    expect((await t.post('/mappings', SAMPLE)).status).toBe(200);
    const other = { ...SAMPLE, uninterpreted: 'refuse', events: [] };
    expect((await t.post('/mappings', other)).body).toMatchObject({ code: 'mapping-version-taken' });
    expect((await t.post('/mappings/check', { ...other, version: '8.0.0' })).status).toBe(200);
    expect((await t.get('/mappings/ward-systems/8.0.0')).status).toBe(404);
    expect((await select('built-in', '1.0.0')).body).toMatchObject({ selectedBy: null });
    expect((await select('ward-systems', '7.0.0')).status).toBe(404);
    await select('ward-systems', '1.0.0');
    expect((await t.get('/mappings')).body.inForce).toMatchObject({ id: 'ward-systems', version: '1.0.0' });
  });
});

describe('a report of imaging', () => {
  test('becomes an exam with the outcome of the rule; a correction replaces it in both orders', async () => {
    for (const order of [
      ['first', 'second'],
      ['second', 'first'],
    ]) {
      const { id, mrn } = await patient();
      const versions = {
        first: ct(mrn, `F${mrn}`, '0^阴性^RIS'),
        second: ct(mrn, `F${mrn}`, '1^阳性^RIS', {
          conclusion: '考虑转移',
          status: 'C',
          reported: '20261105090000',
        }),
      };
      for (const one of order)
        expect(await send('ORU^R01', versions[one as 'first'])).toMatchObject({ code: 'AA' });
      expect(await eventsOf(id)).toMatchObject([
        { date: '2026-11-04', activity: 'ct_chest_abdomen_pelvis', outcome: 'suspicious' },
      ]);
    }
  });

  test('the same report in another message changes nothing', async () => {
    const { id, mrn } = await patient();
    await send('ORU^R01', ct(mrn, 'TWICE', '0^阴性^RIS'));
    expect(await send('ORU^R01', ct(mrn, 'TWICE', '0^阴性^RIS'))).toMatchObject({
      code: 'AA',
      outcome: 'noted',
    });
    expect((await t.get(`/patients/${id}/events`)).body.items).toHaveLength(2);
  });

  test('that no rule interprets waits in the inbox, and moves no date', async () => {
    const { id, mrn } = await patient();
    const before = await itemsOf(id);
    expect(await send('ORU^R01', ct(mrn, 'OPEN1', undefined))).toMatchObject({
      code: 'AA',
      outcome: 'noted',
    });
    expect(await itemsOf(id)).toEqual(before);
    const [entry] = await inboxOf(id);
    const whole = (await t.get(`/inbox/${entry.id as string}`)).body;
    expect(whole.text).toContain('未见明确转移');
    expect(whole).toMatchObject({
      subject: 'report',
      activity: 'ct_chest_abdomen_pelvis',
      proposed: { date: '2026-11-04' },
      patient: { mrn, name: expect.any(String) },
    });
    expect((await t.get('/status')).body.inbox.open).toBeGreaterThan(0);
    const event = {
      type: 'exam',
      activity: 'ct_chest_abdomen_pelvis',
      date: '2026-11-04',
      outcome: 'normal',
    };
    expect((await t.post(`/inbox/${entry.id as string}/enter`, { event })).status).toBe(201);
    expect(await eventsOf(id)).toMatchObject([{ outcome: 'normal' }]);
    expect((await t.post(`/inbox/${entry.id as string}/dismiss`, { reason: 'again' })).body).toMatchObject({
      code: 'inbox-entry-closed',
    });
  });

  test('is refused with path and remedy where the hospital chose so', async () => {
    const { id, mrn } = await patient();
    await selectChanged('2.0.0', { uninterpreted: 'refuse', events: [] });
    const answer = await send('ORU^R01', ct(mrn, 'REFUSED', undefined));
    expect(answer).toMatchObject({ status: 422, code: 'AE' });
    expect(answer.err).toContain('OBR^1^4');
    expect(await inboxOf(id)).toEqual([]);
    await select('ward-systems', '1.0.0');
  });

  test('is read again after the mapping was corrected', async () => {
    const { id, mrn } = await patient();
    const sent = await send('ORU^R01', ct(mrn, 'LATER', '9^可疑^RIS'));
    expect(await inboxOf(id)).toHaveLength(1);
    const rule = {
      system: 'RIS',
      code: 'CT0312',
      when: [{ observation: 'YYX', is: ['9'] }],
      outcome: 'inconclusive',
    };
    const changes = { reports: [...(SAMPLE['reports'] as object[]), rule] };
    const trial = await t.post('/mappings/trial', {
      mapping: { ...SAMPLE, ...changes, version: '3.0.0' },
      limit: 50,
    });
    const tried = trial.body.items.find(({ messageId }: { messageId: string }) => messageId === sent.id);
    expect(tried).toMatchObject({ did: 'noted', would: 'applied' });
    expect(tried.changes).toMatchObject([{ change: 'added', activity: 'mri_liver', before: null }]);
    expect(await eventsOf(id)).toEqual([]); // a trial writes nothing
    await selectChanged('3.0.0', changes);
    expect((await t.post(`/hl7v2-messages/${sent.id}/replay`)).body).toMatchObject({ outcome: 'applied' });
    expect(await eventsOf(id)).toMatchObject([{ outcome: 'inconclusive' }]);
    expect(await inboxOf(id, 'interpreted')).toHaveLength(1);
    await select('ward-systems', '1.0.0');
  });
});

describe('an operation', () => {
  test('that lacks its stage is completed by a person; repeated messages do not ask again', async () => {
    const mrn = `OP${Date.now()}`;
    const admission = (visit: string) => [
      pid(mrn),
      `PV1|1|I|胃肠外科||||||||||||||||${visit}`,
      'DG1|1||C18.7^^ICD10||20261102',
      'PR1|1||45.76^乙状结肠切除术^ICD9||20261105',
    ];
    expect(await send('ADT^A08', admission('V1'), { sender: 'HIS' })).toMatchObject({
      code: 'AA',
      outcome: 'applied',
    });
    const { id } = (await t.get(`/patients?mrn=${mrn}`)).body.items[0];
    const [entry] = await inboxOf(id);
    const { proposed } = (await t.get(`/inbox/${entry.id as string}`)).body;
    expect(proposed).toEqual({
      type: 'primary_resection',
      site: 'colon',
      intent: 'curative',
      date: '2026-11-05',
    });
    const event = { ...proposed, stage: 'II', preoperativeColonoscopy: 'complete' };
    expect((await t.post(`/inbox/${entry.id as string}/enter`, { event })).status).toBe(201);
    await send('ADT^A08', admission('V1'), { sender: 'HIS' });
    expect(await eventsOf(id, 'primary_resection')).toMatchObject([{ date: '2026-11-05', stage: 'II' }]);
    expect(await inboxOf(id)).toEqual([]);
  });

  test('that no table names changes nothing; a second metastasis is left to a person', async () => {
    const { id, mrn } = await patient();
    const diagnosed = (day: string, visit: string) => [
      pid(mrn),
      `PV1|1|I|||||||||||||||||${visit}`,
      `DG1|1||C78.7^肝转移^ICD10||${day}`,
    ];
    await send('ADT^A08', [pid(mrn), 'PR1|1||51.23^胆囊切除术^ICD9||20261001'], { sender: 'HIS' });
    await send('ADT^A01', diagnosed('20261001', 'A'), { sender: 'HIS' });
    await send('ADT^A01', diagnosed('20261001', 'B'), { sender: 'HIS' });
    await send('ADT^A01', diagnosed('20261108', 'C'), { sender: 'HIS' });
    expect(await eventsOf(id, 'liver_metastasis_diagnosed')).toMatchObject([{ date: '2026-10-01' }]);
    expect(await inboxOf(id)).toMatchObject([{ subject: 'event' }]);
  });
});

describe('an appointment of the scheduling system', () => {
  test('is booked, moved, and ended; the same again changes nothing', async () => {
    const { id, mrn } = await patient();
    const item = await nextCt(id);
    const day = item.due.replaceAll('-', '');
    const sent = { sender: 'APPT' };
    await send('SIU^S12', siu(mrn, 'R1', `${day}083000`), { ...sent, at: '20261105090000' });
    expect(await appointmentsOf(id)).toMatchObject([
      {
        date: item.due,
        time: '08:30',
        place: '影像中心 CT3机房',
        outsideWindow: false,
        reason: null,
        outcome: null,
      },
    ]);
    await send('SIU^S12', siu(mrn, 'R1', `${day}083000`), { ...sent, at: '20261105090000' });
    await send('SIU^S13', siu(mrn, 'R1', `${day}100000`), { ...sent, at: '20261106090000' });
    expect(await appointmentsOf(id)).toMatchObject([{ time: '10:00', moves: 1 }]);
    await send('SIU^S15', siu(mrn, 'R1', `${day}100000`, { reason: 'PATIENT^患者要求' }), {
      ...sent,
      at: '20261107090000',
    });
    expect(await appointmentsOf(id)).toMatchObject([{ outcome: 'cancelled_by_patient' }]);
  });

  test('a message that arrives late does not undo a later one', async () => {
    const { id, mrn } = await patient();
    const day = (await nextCt(id)).due.replaceAll('-', '');
    const sent = { sender: 'APPT' };
    await send('SIU^S15', siu(mrn, 'R2', `${day}083000`), { ...sent, at: '20261107090000' });
    await send('SIU^S12', siu(mrn, 'R2', `${day}083000`), { ...sent, at: '20261105090000' });
    expect(await appointmentsOf(id)).toEqual([]);
    await send('SIU^S13', siu(mrn, 'R3', `${day}100000`), { ...sent, at: '20261106090000' });
    await send('SIU^S12', siu(mrn, 'R3', `${day}083000`), { ...sent, at: '20261105090000' });
    expect(await appointmentsOf(id)).toMatchObject([{ time: '10:00' }]);
  });

  test('outside the window it is stored, with the reason, and marked', async () => {
    const { id, mrn } = await patient();
    const { overdue } = await nextCt(id);
    await send('SIU^S12', siu(mrn, 'R4', `${overdue.replaceAll('-', '')}083000`), { sender: 'APPT' });
    expect(await appointmentsOf(id)).toMatchObject([
      { date: overdue, outsideWindow: true, reason: 'hospital_system' },
    ]);
  });

  test('one that a nurse has booked is the same; what cannot be booked waits in the inbox', async () => {
    const { id, mrn } = await patient();
    const item = await nextCt(id);
    await t.post('/appointments', { patientId: id, itemIds: [item.id], date: item.due });
    await send('SIU^S12', siu(mrn, 'R5', `${item.due.replaceAll('-', '')}093000`), { sender: 'APPT' });
    expect(await appointmentsOf(id)).toMatchObject([{ date: item.due, time: '09:30' }]);
    expect(await send('SIU^S12', siu(mrn, 'R6', '20261001093000'), { sender: 'APPT' })).toMatchObject({
      code: 'AA',
    });
    expect(await inboxOf(id)).toMatchObject([{ subject: 'appointment' }]);
  });
});

describe('what a message did', () => {
  test('is shown as a plan diff, and taken back in one call', async () => {
    const { id, mrn } = await patient();
    const before = await itemsOf(id);
    const first = await send('ORU^R01', ct(mrn, 'VOID1', '1^阳性^RIS'));
    const { changes } = (await t.get(`/hl7v2-messages/${first.id}`)).body;
    expect(changes).toMatchObject([{ patientId: id, change: 'added', activity: 'mri_liver', before: null }]);
    const corrected = await send(
      'ORU^R01',
      ct(mrn, 'VOID1', '0^阴性^RIS', { status: 'C', reported: '20261105090000' }),
    );
    expect(await itemsOf(id)).toEqual(before);
    const voided = (one: { id: string }) =>
      t.post(`/hl7v2-messages/${one.id}/void`, { reason: 'wrong patient' });
    expect((await voided(first)).body).toMatchObject({ status: 409, code: 'changed-since-message' });
    expect((await voided(corrected)).body.changes).toMatchObject([
      { change: 'added', activity: 'mri_liver' },
    ]);
    expect(await eventsOf(id)).toMatchObject([{ outcome: 'suspicious' }]);
    expect((await voided(corrected)).body.code).toBe('message-voided');
    expect((await t.get(`/hl7v2-messages/${corrected.id}`)).body).toMatchObject({
      voidReason: 'wrong patient',
    });
  });

  test('an appointment is cancelled, or moved back, unless a person changed it', async () => {
    const { id, mrn } = await patient();
    const { due } = await nextCt(id);
    const day = due.replaceAll('-', '');
    await send('SIU^S12', siu(mrn, 'R7', `${day}083000`), { sender: 'APPT', at: '20261105090000' });
    const moved = await send('SIU^S13', siu(mrn, 'R7', `${day}100000`), {
      sender: 'APPT',
      at: '20261106090000',
    });
    expect((await t.post(`/hl7v2-messages/${moved.id}/void`, { reason: 'sent in error' })).status).toBe(200);
    const [appointment] = await appointmentsOf(id);
    expect(appointment).toMatchObject({ date: due, time: '08:30' });
    const later = await send('SIU^S14', siu(mrn, 'R7', `${day}110000`), {
      sender: 'APPT',
      at: '20261107090000',
    });
    await t.request('PATCH', `/appointments/${appointment.id as string}`, { payload: { time: '15:00' } });
    expect((await t.post(`/hl7v2-messages/${later.id}/void`, { reason: 'sent in error' })).body.code).toBe(
      'changed-since-message',
    );
  });
});

const FOREIGN = join(EXCHANGE_DATA, 'hl7v2');

describeWhere(existsSync(FOREIGN), 'messages of other systems')('messages of other systems', () => {
  const sendFile = async (file: string) => {
    const payload = readFileSync(join(FOREIGN, file));
    const { body } = await t.request('POST', '/hl7v2', { headers: ER7, payload });
    return (body as string).split('\r')[1]?.split('|')[1];
  };
  test('a CT is suspicious and asks for an MRI; its appointment is booked and moved; not yet missed', async () => {
    const { id } = await patient({ mrn: '0000712345' });
    expect(await sendFile('zh-oru-r01-ct-gb18030.hl7')).toMatch(/^[AC]A$/);
    expect(await eventsOf(id)).toMatchObject([
      { date: '2026-11-04', activity: 'ct_chest_abdomen_pelvis', outcome: 'suspicious' },
    ]);
    expect((await itemsOf(id)).map(({ activity }) => activity)).toContain('mri_liver');
    expect(await sendFile('zh-siu-s12-gb18030.hl7')).toMatch(/^[AC]A$/);
    expect(await appointmentsOf(id)).toMatchObject([
      { date: '2026-11-18', time: '08:30', place: '影像中心 CT3机房' },
    ]);
    expect(await sendFile('zh-siu-s13-gb18030.hl7')).toMatch(/^[AC]A$/);
    expect(await appointmentsOf(id)).toMatchObject([{ date: '2026-11-20', time: '10:00', moves: 1 }]);
    // It is the 10th: whether the patient comes on the 20th is not known yet.
    expect(await sendFile('zh-siu-s26-gb18030.hl7')).toMatch(/^[AC]A$/);
    expect(await inboxOf(id)).toMatchObject([{ subject: 'appointment' }]);
  });

  test('a colonoscopy with a polyp is abnormal; a cancelled one that was never booked ends nothing', async () => {
    const { id } = await patient({ mrn: '0000705511', birthDate: '1962-12-03' });
    expect(await sendFile('zh-oru-r01-colonoscopy-utf8.hl7')).toMatch(/^[AC]A$/);
    expect(await eventsOf(id, 'colonoscopy')).toMatchObject([{ date: '2026-11-05', finding: 'abnormal' }]);
    expect(await sendFile('zh-siu-s15-utf8.hl7')).toMatch(/^[AC]A$/);
    expect(await appointmentsOf(id)).toEqual([]);
  });
});
