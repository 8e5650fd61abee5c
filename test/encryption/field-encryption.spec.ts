import { randomBytes } from 'node:crypto';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { ALL_TABLES } from '../../src/app/personal-data.js';
import { FieldCipher } from '../../src/encryption/field-cipher.js';
import { HospitalKeys } from '../../src/encryption/hospital-keys.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { refuseWrongMasterKey, WrongMasterKey } from '../../src/key-rotation/master-key.js';
import { SecretBox } from '../../src/encryption/secret-box.js';
import { surnameOf } from '../../src/patients/identity.js';
import { openSealedValues, UnopenedValue } from '../../src/key-rotation/sealed-values-check.js';
import { Resealing } from '../../src/key-rotation/resealing.js';
import type { TestApp } from '../support/app.js';
import { givenPatient } from '../support/builders.js';
import { nextApp } from '../support/next-app.js';
import { columnsContaining } from '../support/columns-containing.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const PERSON = { sex: 'female', birthDate: '1949-12-31', diagnosisDate: '2026-01-10' };
const LI = {
  ...PERSON,
  mrn: 'S1',
  name: '李敏慧',
  phone: '+86 138-1234-5678',
  identityNumber: '11010519491231002x',
};

const search = async (wanted: object): Promise<unknown[]> => {
  const { body } = await t.post('/patients/search', wanted);
  return (body.items as { mrn: string }[]).map(({ mrn }) => mrn);
};

test('no column of the database contains a name, phone, identity number or webhook secret in clear text', async () => {
  await t.post('/patients', LI, { 'idempotency-key': 'once' });
  const { body: endpoint } = await t.post(
    '/webhook-endpoints',
    { url: 'https://example.com/hook' },
    { 'idempotency-key': 'hook' },
  );
  const secret = (endpoint.secret as string).slice('whsec_'.length);
  expect(await columnsContaining(t, ['李敏慧', '1234-5678', '11010519491231002', secret])).toEqual([]);
  expect(await columnsContaining(t, ['S1'])).not.toEqual([]); // the search itself shows it

  const again = await t.post('/patients', LI, { 'idempotency-key': 'once' });
  expect(again).toMatchObject({
    status: 201,
    body: { name: '李敏慧', identityNumber: '11010519491231002X' },
  });
});

test('free text about a patient is stored encrypted and shown as it was written', async () => {
  const { body: patient } = await t.post('/patients', LI);
  const path = `/patients/${patient.id as string}`;
  const found = { type: 'recurrence', date: '2026-05-05', site: 'liver, told by her son' };
  await t.post(`${path}/events`, found);
  expect((await t.post(`${path}/events`, found)).body).toMatchObject({ plan: { added: 0 } });
  const { body: second } = await t.post(`${path}/events`, { ...found, date: '2026-06-05' });
  await t.post(`${path}/events/${second.id as string}/void`, { reason: 'typed for the neighbour' });
  const decided = { kind: 'profile', profile: 'minimal', author: 'Dr. Chen' };
  const { body: decision } = await t.post(`${path}/decisions`, { ...decided, reason: 'frail since spring' });
  const revoked = { author: 'Dr. Chen', reason: 'recovered well' };
  await t.post(`${path}/decisions/${(decision.decision ?? decision).id as string}/revoke`, revoked);
  await t.post(`${path}/consents`, { channel: 'phone', decision: 'given', author: 'Li', note: 'evenings' });

  const son = { name: '李明远', relation: 'son', phone: '13911112222', note: 'night shift' };
  await t.post(`${path}/relatives`, son);
  const attempt = { channel: 'relative', outcome: 'busy', number: '13911112222', note: 'rings twice' };
  const { body: contact } = await t.post(`${path}/contacts`, attempt);
  await t.post(`${path}/contacts/${contact.id as string}/void`, { reason: 'of the other son' });

  const words = ['told by her son', 'the neighbour', 'frail', 'recovered', 'evenings'];
  words.push('李明远', '13911112222', 'night shift', 'rings twice', 'of the other son');
  const shown = async (): Promise<string> =>
    JSON.stringify([
      (await t.get(`${path}/events`)).body,
      (await t.get(`${path}/decisions`)).body,
      (await t.get(`${path}/consents`)).body,
      (await t.get(`${path}/relatives`)).body,
      (await t.get(`${path}/contacts`)).body,
    ]);
  const scope = t.app.get(HospitalScope);
  for (const key of [1, 2, 3]) {
    expect(await columnsContaining(t, words)).toEqual([]);
    const text = await shown();
    for (const word of words) expect(text).toContain(word);
    await scope.run(t.hospitalId, () =>
      scope.transaction((tx) => t.app.get(FieldCipher).rotate(tx.db, t.hospitalId)),
    );
    await t.app.get(Resealing).reseal();
    expect(await columnsContaining(t, [`sealed:1:${key}:`])).toEqual([]);
  }
});

test('a patient is found by whole name, surname, phone and identity number, however they are written', async () => {
  await t.post('/patients', LI);
  await t.post('/patients', { ...PERSON, mrn: 'S2', name: '欧阳 娜', phone: '010-6512 0000' });
  await t.post('/patients', { ...PERSON, mrn: 'S3', name: 'Anna Maria Li' });

  expect(await search({ name: '李敏慧' })).toEqual(['S1']);
  expect(await search({ name: ' 欧阳娜' })).toEqual(['S2']);
  expect(await search({ surname: '李' })).toEqual(['S1']);
  expect(await search({ surname: '欧阳' })).toEqual(['S2']);
  expect(await search({ surname: 'LI' })).toEqual(['S3']);
  expect(await search({ phone: '13812345678' })).toEqual(['S1']);
  expect(await search({ phone: '008613812345678' })).toEqual(['S1']);
  expect(await search({ phone: '01065120000' })).toEqual(['S2']);
  expect(await search({ identityNumber: '11010519491231002X' })).toEqual(['S1']);
  expect(await search({ surname: '李', phone: '01065120000' })).toEqual([]);
  expect(await search({ name: '李敏' })).toEqual([]);
  expect(await search({ mrn: 'S3' })).toEqual(['S3']);
  expect(await t.post('/patients/search', {})).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/name' }] },
  });
});

test('an identity card number with a wrong check digit is refused; a passport number is accepted', async () => {
  expect(await t.post('/patients', { ...LI, identityNumber: '110105194912310021' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/identityNumber' }] },
  });
  expect((await t.post('/patients', { ...LI, identityNumber: 'E12345678' })).status).toBe(201);
});

test('clear text of an older version is read, then sealed and found', async () => {
  const { id } = await givenPatient(t, { name: '周海', phone: '13900000001' });
  expect((await t.get(`/patients/${id}`)).body).toMatchObject({ name: '周海', phone: '13900000001' });
  expect(await search({ name: '周海' })).toEqual([]);

  await t.app.get(Resealing).reseal();
  expect(await columnsContaining(t, ['周海', '13900000001'])).toEqual([]);
  expect(await search({ phone: '+8613900000001' })).toHaveLength(1);
  expect((await t.get(`/patients/${id}`)).body).toMatchObject({ name: '周海', phone: '13900000001' });
});

test('under a new key everything is sealed again, batch by batch, and reads as before', async () => {
  for (let n = 0; n < 3; n++)
    await t.post('/patients', { ...LI, mrn: `K${n}`, name: `李敏慧${n}`, identityNumber: undefined });
  const [scope, cipher] = [t.app.get(HospitalScope), t.app.get(FieldCipher)];
  expect(
    await scope.run(t.hospitalId, () => scope.transaction((tx) => cipher.rotate(tx.db, t.hospitalId))),
  ).toBe(2);

  await t.app.get(Resealing).reseal();
  const keys = () =>
    t.dataSource.query<{ key: string; done: boolean }[]>(
      `SELECT DISTINCT split_part(p.name, ':', 3) AS key, k.resealed_at IS NOT NULL AS done
         FROM patient p JOIN hospital_key k ON k.hospital_id = p.hospital_id AND k.number = 2`,
    );
  expect(await keys()).toEqual([{ key: '2', done: false }]); // another process may still cache the earlier key

  await t.setClock('2026-11-01T09:10:00+08:00');
  await t.app.get(Resealing).reseal();
  expect(await keys()).toEqual([{ key: '2', done: true }]);
  expect(await search({ phone: '13812345678' })).toEqual(['K0', 'K1', 'K2']);
});

test('with another master key, or none, the program does not start and names the remedy', async () => {
  await t.post('/patients', LI);
  const scope = t.app.get(HospitalScope);
  for (const config of [
    { masterKey: randomBytes(32), dataDirectory: '/nowhere' },
    { masterKey: undefined, dataDirectory: '/nowhere' },
  ]) {
    const refused = refuseWrongMasterKey(scope, new SecretBox(config));
    await expect(refused).rejects.toThrow(WrongMasterKey);
    await expect(refused).rejects.toThrow(/NEDWATCH_MASTER_KEY.*secrets\.key/);
  }
  await expect(refuseWrongMasterKey(scope, t.app.get(SecretBox))).resolves.toBeUndefined();
});

test('the check of a backup opens sealed values, and names the column of one that was moved to another row', async () => {
  await t.post('/patients', LI, { 'idempotency-key': 'kept' });
  await t.post('/patients', { ...PERSON, mrn: 'S2', name: '周海', phone: '13900000001' });
  await t.post('/webhook-endpoints', { url: 'https://example.com/hook' });
  const check = () => openSealedValues(t.app.get(HospitalScope), t.app.get(SecretBox), ALL_TABLES);
  await check();

  await t.dataSource.query(`UPDATE patient SET phone = (SELECT phone FROM patient WHERE mrn = 'S2')`);
  await expect(check()).rejects.toThrow(UnopenedValue);
  await expect(check()).rejects.toThrow('patient.phone');
  await t.dataSource.query('UPDATE patient SET phone = NULL');
  await check();
  await t.dataSource.query('UPDATE webhook_endpoint SET secret = (SELECT name FROM patient LIMIT 1)');
  await expect(check()).rejects.toThrow('webhook_endpoint.secret');
});

test('a key of a transaction that was rolled back is never used', async () => {
  const scope = t.app.get(HospitalScope);
  await t.dataSource.query('DELETE FROM hospital_key');
  const cipher = new FieldCipher(t.app.get(SecretBox));
  await scope.run(t.hospitalId, async () => {
    const undone = scope.transaction(async (tx) => {
      await cipher.keysOf(tx.db, t.hospitalId);
      await cipher.keysOf(tx.db, t.hospitalId);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    const [sealed, place] = await scope.transaction(async (tx) => {
      const where = { table: 'patient', column: 'name', row: '1' };
      return [(await cipher.keysOf(tx.db, t.hospitalId)).seal('李', where), where];
    });
    const other = new FieldCipher(t.app.get(SecretBox));
    expect(
      await scope.transaction(async (tx) => (await other.keysOf(tx.db, t.hospitalId)).open(sealed, place)),
    ).toBe('李');
  });
});

test('a sealed value cannot be opened in another context or after a change', () => {
  const keys = new HospitalKeys('h1', new Map([[1, randomBytes(32)]]), randomBytes(32));
  const place = { table: 'patient', column: 'name', row: 'r1' };
  const sealed = keys.seal('李敏慧', place);
  expect(keys.open(sealed, place)).toBe('李敏慧');
  expect(keys.seal('李敏慧', place)).not.toBe(sealed);
  for (const other of [{ row: 'r2' }, { column: 'phone' }, { table: 'person' }])
    expect(() => keys.open(sealed, { ...place, ...other })).toThrow();
  const at = sealed.length - 3;
  const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
  expect(() => keys.open(changed, place)).toThrow();
});

test.each([
  ['李敏慧', '李'],
  ['欧阳娜', '欧阳'],
  ['司马 相如', '司马'],
  ['Anna Maria Li', 'Li'],
  ['Li', 'Li'],
])('the surname of %s is %s', (name, surname) => {
  expect(surnameOf(name)).toBe(surname);
});
