import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import iconv from 'iconv-lite';
import { MessageRetention } from '../../src/exchange/hl7/message-retention.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { startApp, type TestApp } from '../support/app.js';

// What the systems of a Chinese hospital send, written out, so that each test can be read beside its message.

const ER7 = { 'content-type': 'x-application/hl7-v2+er7' };
let t: TestApp;
let number = 0;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-10T08:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

interface Sent {
  readonly set?: string;
  readonly controlId?: string;
  readonly sender?: string;
}

/** A message in the character set of its MSH-18. */
function message(
  type: string,
  segments: readonly string[],
  { set = 'UNICODE UTF-8', controlId, sender = 'HIS' }: Sent = {},
): Buffer {
  number += 1;
  const head = `MSH|^~\\&|${sender}|SLZL|NEDWATCH|SLZL|20261110080000||${type}|${controlId ?? `M${number}`}|P|2.4|||||CHN|${set}`;
  return iconv.encode([head, ...segments].join('\r') + '\r', set.startsWith('GB') ? 'gb18030' : 'utf-8');
}

async function send(content: Buffer) {
  const { status, body, headers } = await t.request('POST', '/hl7v2', { headers: ER7, payload: content });
  const [, msa = '', err = ''] = (body as string).split('\r');
  return {
    status,
    code: msa.split('|')[1],
    controlId: msa.split('|')[2],
    text: msa.split('|')[3],
    err,
    body: body as string,
    headers,
  };
}

const pid = (mrn: string, name = '王建国', rest = '19581106|M') =>
  `PID|1||${mrn}^^^SLZL^MR||${name}^^^^^^L||${rest}`;
const DIAGNOSIS = 'DG1|1||C18.7^乙状结肠恶性肿瘤^ICD10|乙状结肠癌|20261102';
const patientsWith = async (mrn: string) => (await t.get(`/patients?mrn=${mrn}`)).body.items;
const admitted = async (mrn: string) => {
  const { code } = await send(message('ADT^A01', [pid(mrn), 'PV1|1|I|胃肠外科', DIAGNOSIS]));
  expect(code).toBe('AA');
  return (await patientsWith(mrn))[0];
};
const cea = (
  mrn: string,
  value: string,
  { filler = 'F1', status = 'F', reported = '20261109103000' } = {},
) => [
  pid(mrn),
  `OBR|1||${filler}^LIS|TM02^肿瘤标志物^LIS|||20261109071500|||||||||||||||${reported}|||${status}`,
  `OBX|1|ST|CEA^癌胚抗原^LIS^2039-6^^LN||${value}|ng/mL|0-5.0||||${status}`,
];
const examsOf = async (id: string) =>
  (await t.get(`/patients/${id}/events`)).body.items.filter((one: { type: string }) => one.type === 'exam');

describe('who is in follow-up', () => {
  test('an admission with a colorectal diagnosis adds the patient, read in GB18030', async () => {
    const answer = await send(
      message(
        'ADT^A01^ADT_A01',
        [`${pid('Z100', '陈珅')}||||^^PH|10000012345`, 'PV1|1|I|胃肠外科', DIAGNOSIS],
        {
          set: 'GB 18030-2000',
        },
      ),
    );
    expect(answer).toMatchObject({ status: 200, code: 'AA' });
    expect((await patientsWith('Z100'))[0]).toMatchObject({
      ...{
        name: '陈珅',
        birthDate: '1958-11-06',
        sex: 'male',
        diagnosisDate: '2026-11-02',
        ward: '胃肠外科',
      },
    });
  });

  test('other people of the hospital are no patients here', async () => {
    expect(await send(message('ADT^A04', [pid('Z101'), 'DG1|1||J18.9^肺炎^ICD10||20261102']))).toMatchObject({
      code: 'AA',
    });
    expect(await patientsWith('Z101')).toEqual([]);
  });

  test('a change updates what was sent, and leaves the rest', async () => {
    const { id } = await admitted('Z102');
    await send(message('ADT^A08', [pid('Z102', '王建囯', '19581107|')]));
    expect((await t.get(`/patients/${id}`)).body).toMatchObject({
      name: '王建囯',
      birthDate: '1958-11-07',
      sex: 'male',
    });
  });

  test('a death ends the follow-up; a cancelled discharge takes it back', async () => {
    const { id } = await admitted('Z103');
    const died = [`${pid('Z103')}${'|'.repeat(21)}20261105043200|Y`, 'PV1|1|I'];
    expect(await send(message('ADT^A03', died))).toMatchObject({ code: 'AA' });
    const deaths = async () =>
      (await t.get(`/patients/${id}/events`)).body.items.filter(
        ({ type, voidedAt }: { type: string; voidedAt: string | null }) => type === 'death' && !voidedAt,
      );
    expect(await deaths()).toMatchObject([{ date: '2026-11-05' }]);
    await send(message('ADT^A13', [`${pid('Z103')}${'|'.repeat(22)}N`, 'PV1|1|I']));
    expect(await deaths()).toEqual([]);
  });

  test('two numbers of one person become one record', async () => {
    const [{ id }, prior] = [await admitted('Z104'), await admitted('Z105')];
    expect(await send(message('ADT^A40', [pid('Z104'), 'MRG|Z105^^^SLZL^MR']))).toMatchObject({ code: 'AA' });
    expect((await t.get(`/patients/${prior.id as string}`)).body).toMatchObject({
      code: 'patient-merged',
      mergedInto: { id },
    });
  });
});

describe('results', () => {
  test('a value below detection becomes an exam of its day', async () => {
    const { id } = await admitted('Z110');
    expect(await send(message('ORU^R01', cea('Z110', '<0.5', { filler: 'L110' })))).toMatchObject({
      code: 'AA',
    });
    expect(await examsOf(id)).toMatchObject([
      { date: '2026-11-09', values: [{ code: 'CEA', value: 0.5, comparator: '<', unit: 'ng/mL' }] },
    ]);
  });

  test.each([
    ['in order', ['first', 'correction']],
    ['the correction before the report', ['correction', 'first']],
  ])('a correction replaces the report, %s', async (name, order) => {
    const mrn = name === 'in order' ? 'Z111' : 'Z112';
    const { id } = await admitted(mrn);
    const versions = {
      first: cea(mrn, '6.8', { filler: mrn, reported: '20261109111500' }),
      correction: cea(mrn, '3.1', { filler: mrn, status: 'C', reported: '20261109152500' }),
    };
    for (const one of order) await send(message('ORU^R01', versions[one as keyof typeof versions]));
    const exams = await examsOf(id);
    const active = exams.filter(({ voidedAt }: { voidedAt: string | null }) => !voidedAt);
    expect(active).toMatchObject([{ values: [{ value: 3.1 }] }]);
  });

  test('a version with one of two values leaves the other, in both orders', async () => {
    const other = (mrn: string, reported: string) => [
      ...cea(mrn, '9', { filler: mrn, reported }).slice(0, 2),
      'OBX|1|NM|CA199^^LIS^24108-3^^LN||12|U/mL|0-37||||F',
    ];
    for (const [mrn, first, second] of [
      ['Z114', '20261109111500', '20261109152500'],
      ['Z115', '20261109152500', '20261109111500'],
    ] as const) {
      const { id } = await admitted(mrn);
      await send(message('ORU^R01', cea(mrn, '6.8', { filler: mrn, reported: first })));
      expect(await send(message('ORU^R01', other(mrn, second)))).toMatchObject({ code: 'AA' });
      const active = (await examsOf(id)).filter(({ voidedAt }: { voidedAt: string | null }) => !voidedAt);
      expect(active).toHaveLength(1);
      expect(active[0].values.map(({ code }: { code: string }) => code).sort()).toEqual(['CA19-9', 'CEA']);
    }
  });

  test('a preliminary value waits; a value that is no number is refused, and nothing of it is kept', async () => {
    const { id } = await admitted('Z113');
    await send(message('ORU^R01', cea('Z113', '7.1', { filler: 'L113', status: 'P' })));
    const answer = await send(message('ORU^R01', cea('Z113', '溶血', { filler: 'L114' })));
    expect(answer).toMatchObject({ status: 422, code: 'AE' });
    expect(answer.err).toContain('OBX^1^5');
    expect(await examsOf(id)).toEqual([]);
  });
});

/** Which no index takes, and no compression shortens. */
const longText = randomBytes(2500).toString('hex');

describe('the log', () => {
  test('the same message again has the same answer and changes nothing, also when sent at the same moment', async () => {
    const { id } = await admitted('Z120');
    const content = message('ORU^R01', cea('Z120', '2.4', { filler: 'L120' }), { controlId: 'TWICE' });
    const answers = await Promise.all([send(content), send(content), send(content)]);
    expect(answers.map(({ code }) => code)).toEqual(['AA', 'AA', 'AA']);
    expect(await examsOf(id)).toHaveLength(1);
    expect((await t.get('/hl7v2-messages?controlId=TWICE')).body.items).toMatchObject([
      { outcome: 'applied', type: 'ORU', event: 'R01', sender: 'HIS|SLZL', patientIds: [id] },
    ]);
    const from = async (sender: string) =>
      (await t.get(`/hl7v2-messages?controlId=TWICE&sender=${sender}`)).body.items.length as number;
    expect([await from('HIS'), await from('HIS|SLZL'), await from('HI')]).toEqual([1, 1, 0]);
  });

  test('a refused message is stored with the reason, and can be applied after the cause is mended', async () => {
    const refused = await send(
      message('ADT^A01', [pid('Z121', '', '19581106|M'), DIAGNOSIS], { controlId: 'LATER' }),
    );
    expect(refused).toMatchObject({ code: 'AE' });
    expect((await t.get('/status')).body.hl7Messages.refused).toBeGreaterThan(0);
    const [{ id }] = (await t.get('/hl7v2-messages?outcome=refused&controlId=LATER')).body.items;
    const whole = (await t.get(`/hl7v2-messages/${id as string}`)).body;
    expect(whole.refusal[0].pointer).toContain('name');
    expect(whole.text).toContain('ADT^A01');
    expect((await t.post(`/hl7v2-messages/${id as string}/replay`)).body).toMatchObject({
      outcome: 'refused',
    });
  });

  test.each([
    ['no header', Buffer.from('PID|1'), 'AR'],
    ['no control id', Buffer.from('MSH|^~\\&|A|B|||20261110||ADT^A08||P|2.4\rPID|1||1\r'), 'AR'],
    ['no type', Buffer.from('MSH|^~\\&|A|B|||20261110||^A08|1|P|2.4\rPID|1||1\r'), 'AE'],
    ['a control id of 5,000 characters', message('ADT^A08', [pid('Z130')], { controlId: longText }), 'AE'],
    ['a sender of 5,000 characters', message('ADT^A08', [pid('Z130')], { sender: longText }), 'AE'],
    ['a report number of 5,000 characters', message('ORU^R01', cea('Z120', '2', { filler: longText })), 'AE'],
    ['a NUL', message('ADT^A08', [pid('Z130\0')]), 'AR'],
    ['no patient', Buffer.from('MSH|^~\\&|A|B|||20261110||ADT^A08|2|P|2.4\r'), 'AE'],
    [
      'bytes without a character',
      Buffer.concat([
        Buffer.from('MSH|^~\\&|A|B|||20261110||ADT^A08|3|P|2.4||||||GB18030\rPID|1||1||'),
        Buffer.of(0xff, 0xff),
      ]),
      'AR',
    ],
  ])('a message with %s is not accepted', async (_, content, code) => {
    expect(await send(content)).toMatchObject({ status: 422, code });
  });

  test('another message with a used control id is refused', async () => {
    await send(message('ADT^A08', [pid('Z122')], { controlId: 'USED' }));
    const answer = await send(message('ADT^A08', [pid('Z123')], { controlId: 'USED' }));
    expect(answer).toMatchObject({ code: 'AE' });
    expect(answer.err).toContain('205');
  });

  test('a sender in the enhanced mode gets a commit acknowledgement, in its own character set', async () => {
    const head = 'MSH|^~\\&|检验|SLZL|NEDWATCH|SLZL|20261110||ADT^A08|ENH1|P|2.4|||AL|NE|CHN|GB 18030-2000';
    const { body } = await send(iconv.encode(`${head}\r${pid('Z124')}\r`, 'gb18030'));
    expect(body).toContain('MSA|CA|ENH1');
  });
});

describe('how long messages are kept', () => {
  const kept = async (...ids: string[]) =>
    Promise.all(
      ids.map(async (id) => (await t.get(`/hl7v2-messages?controlId=${id}`)).body.items.length as number),
    );
  const prune = () => t.app.get(HospitalScope).run(t.hospitalId, () => t.app.get(MessageRetention).prune());

  test('messages about people who are not in follow-up are deleted earlier; facts stay', async () => {
    expect((await t.get('/hl7v2-settings')).body).toEqual({ messageDays: 90, otherPeopleDays: 7 });
    const { id } = await admitted('Z140');
    await send(message('ORU^R01', cea('Z140', '2.4', { filler: 'L140' }), { controlId: 'KEPT' }));
    await send(message('ADT^A04', [pid('Z141')], { controlId: 'OTHER' }));
    await t.setClock('2026-11-17T07:00:00+08:00');
    await prune();
    expect(await kept('KEPT', 'OTHER')).toEqual([1, 1]);
    await t.setClock('2026-11-17T09:00:00+08:00');
    await prune();
    expect(await kept('KEPT', 'OTHER')).toEqual([1, 0]);
    const settings = { messageDays: 7, otherPeopleDays: 7 };
    expect((await t.request('PUT', '/hl7v2-settings', { payload: settings })).body).toEqual(settings);
    await prune();
    expect(await kept('KEPT')).toEqual([0]);
    expect(await examsOf(id)).toHaveLength(1);
    await t.setClock('2026-11-10T08:00:00+08:00');
  });

  test('an erasure finds messages that came before the patient was registered', async () => {
    await send(message('ADT^A04', [pid('Ｚ142')], { controlId: 'BEFORE' }));
    const { id } = await admitted('z142');
    await t.post(`/patients/${id as string}/erase`, { ground: 'patient_request', author: 'Dr. Chen' });
    const [row] = await t.dataSource.query<{ content: string }[]>(
      `SELECT content, detail, number_keys FROM hl7_message WHERE control_id = 'BEFORE'`,
    );
    expect(row).toEqual({ content: '', detail: '', number_keys: [] });
  });
});
