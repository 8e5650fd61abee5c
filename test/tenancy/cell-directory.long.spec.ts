import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { CLOCK, endAll, KEY, newDatabase } from '../support/backup-program.js';
import { CellDirectory, type DirectoryAnswer, hasHaproxy } from '../support/cell-directory.js';
import { type RunningProgram, startCommand, startProgramProcess } from '../support/program.js';
import { PASSWORD } from '../support/signed-in.js';
import { until } from '../support/webhook-receiver.js';
import { describeWhere } from '../support/where-present.js';

// Two cells, each a database and a program, behind one address: HAProxy with the files of deploy/directory.

jest.setTimeout(180_000);

const MASTER_KEY = randomBytes(32).toString('base64');

interface Cell {
  readonly variables: Readonly<Record<string, string>>;
  readonly program: RunningProgram;
}

/** A hospital, a key of it, and a browser of its administrator. */
interface HospitalOfCell {
  readonly id: string;
  readonly code: string;
  readonly key: string;
  readonly cookie: string;
}

async function cell(name: string): Promise<Cell> {
  const { url } = await newDatabase();
  const variables = { DATABASE_URL: url, NEDWATCH_MASTER_KEY: MASTER_KEY };
  const program = await startProgramProcess({
    ...{ ...variables, NEDWATCH_CLOCK: CLOCK, NEDWATCH_ADMIN_KEY: KEY, NEDWATCH_ROLE: 'api' },
    NEDWATCH_TRUSTED_PROXIES: '127.0.0.1',
  });
  await renameFirstHospital(program, name);
  return { variables, program };
}

/** The first hospitals of all databases have the same code at first. */
async function renameFirstHospital(program: RunningProgram, code: string): Promise<void> {
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
  const me = await fetch(`${program.url}/api/v1/me`, { headers });
  const { hospital } = (await me.json()) as { hospital: { id: string } };
  const body = JSON.stringify({ code });
  const address = `${program.url}/api/v1/hospitals/${hospital.id}`;
  expect((await fetch(address, { method: 'PATCH', headers, body })).status).toBe(200);
}

describeWhere(hasHaproxy(), 'haproxy')('the directory of cells', () => {
  let a: Cell;
  let b: Cell;
  let directory: CellDirectory;
  let ofA: HospitalOfCell;
  let ofB: HospitalOfCell;

  beforeAll(async () => {
    [a, b] = [await cell('cell-a'), await cell('cell-b')];
    directory = await CellDirectory.start({
      'cell-a': { address: a.program.url, variables: a.variables },
      'cell-b': { address: b.program.url, variables: b.variables },
    });
    ofA = await givenHospital(a, 'red-river');
    ofB = await givenHospital(b, 'blue-hill');
  });
  afterAll(async () => {
    await directory.stop();
    await Promise.all([a, b].map(({ program }) => program.kill()));
    await endAll();
  });

  async function givenHospital(where: Cell, code: string): Promise<HospitalOfCell> {
    const made = await fetch(`${where.program.url}/api/v1/hospitals`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: code, code, administrator: { login: 'chen', name: 'Chen' } }),
    });
    expect(made.status).toBe(201);
    const { id, administrator } = (await made.json()) as { id: string; administrator: { setupCode: string } };
    const { out } = await startCommand(['keys', 'new-admin', '--hospital', id], where.variables).ended;
    expect(await directory.refresh()).toEqual({ code: 0, output: '' });
    const body = {
      ...{ hospital: code.toUpperCase(), login: 'chen' },
      ...{ setupCode: administrator.setupCode, newPassword: PASSWORD },
    };
    // The earlier worker of HAProxy, which does not know the hospital, may take one more request.
    const answer = await until(
      () => directory.call('/api/v1/sign-in', { method: 'POST', body }),
      ({ status }) => status === 200,
    );
    const cookies = [answer.headers['set-cookie'] ?? []].flat().map((line) => line.split(';')[0]);
    return { id, code, key: /nw_\S+/.exec(out)?.[0] ?? '', cookie: cookies.join('; ') };
  }

  const hospitalIn = ({ text }: DirectoryAnswer): unknown =>
    (JSON.parse(text) as { hospital?: { code: string } }).hospital?.code ?? text;
  const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

  test('a key, a session and a token lead to the cell of their hospital', async () => {
    for (const { code, key, cookie } of [ofA, ofB]) {
      expect(hospitalIn(await directory.call('/api/v1/me', { headers: bearer(key) }))).toBe(code);
      expect(hospitalIn(await directory.call('/api/v1/me', { headers: { cookie } }))).toBe(code);
      const { text } = await directory.call('/api/v1/sign-in', {
        method: 'POST',
        body: { hospital: code, login: 'chen', password: PASSWORD, as: 'token' },
      });
      const { token } = JSON.parse(text) as { token: string };
      expect(hospitalIn(await directory.call('/api/v1/me', { headers: bearer(token) }))).toBe(code);
    }
  });

  test('an address that names the hospital leads to its cell', async () => {
    for (const { code } of [ofA, ofB]) {
      expect(await directory.call(`/api/v1/sign-in-options/${code}`)).toMatchObject({ status: 200 });
      // Whose browser it is does not count: the link names the hospital.
      const link = `/open/patient?hospital=${code}&identifier=x%7C1`;
      expect((await directory.call(link)).text).not.toMatch(/no hospital/i);
    }
  });

  test('the secret address of a calendar leads to the cell of its hospital', async () => {
    for (const { key } of [ofA, ofB]) {
      const made = await directory.call('/api/v1/calendar-feeds', {
        ...{ method: 'POST', headers: bearer(key), body: { names: false } },
      });
      expect(made).toMatchObject({ status: 201 });
      const { url } = JSON.parse(made.text) as { url: string };
      expect(await directory.call(new URL(url).pathname)).toMatchObject({ status: 200 });
    }
  });

  test('a site of its own leads all requests of a hospital to its cell', async () => {
    const asked = (key: string): Promise<DirectoryAnswer> =>
      directory.call('/api/v1/me', {
        headers: { host: `${ofB.code}.nedwatch.example`, ...bearer(key) },
      });
    expect(await asked(ofA.key)).toMatchObject({ status: 401 });
    expect(hospitalIn(await asked(ofB.key))).toBe(ofB.code);
  });

  test('what names no hospital goes to the default cell', async () => {
    expect(hospitalIn(await directory.call('/api/v1/me', { headers: bearer(KEY) }))).toBe('cell-a');
    expect(await directory.call('/', { headers: { accept: 'text/html' } })).toMatchObject({ status: 200 });
    expect(await directory.call('/metrics')).toMatchObject({ status: 404 });
  });

  test('a hospital that moves keeps its keys and sessions', async () => {
    const { code, key, cookie } = await givenHospital(a, 'green-lake');
    const { ended } = startCommand(['hospital', 'move', code], {
      ...{ ...a.variables, NEDWATCH_MOVE_TO_URL: b.variables['DATABASE_URL']!, NEDWATCH_LANG: 'en' },
    });
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
    const before = await directory.call('/api/v1/me', { headers: bearer(key) });
    expect(before).toMatchObject({ status: 503 });
    expect(JSON.parse(before.text)).toMatchObject({ code: 'hospital-moving' });

    expect(await directory.refresh()).toEqual({ code: 0, output: '' });
    // The earlier worker of HAProxy may take one more request.
    const asked = (): Promise<DirectoryAnswer> => directory.call('/api/v1/me', { headers: bearer(key) });
    expect(hospitalIn(await until(asked, ({ status }) => status !== 503))).toBe(code);
    expect(hospitalIn(await directory.call('/api/v1/me', { headers: { cookie } }))).toBe(code);
    const there = await fetch(`${b.program.url}/api/v1/me`, { headers: bearer(key) });
    expect(there.status).toBe(200);
  });

  test('a cell that is out of reach keeps its hospitals, and stops no other cell', async () => {
    directory.write('cell-b', {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      NEDWATCH_START_WAIT_SECONDS: '1',
    });
    const { code, output } = await directory.refresh();
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('cell-b is out of reach') });
    expect(hospitalIn(await directory.call('/api/v1/me', { headers: bearer(ofB.key) }))).toBe(ofB.code);

    await b.program.stop();
    const lost = await directory.call('/api/v1/me', { headers: bearer(ofB.key) });
    expect(lost).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(JSON.parse(lost.text)).toMatchObject({ status: 503, code: 'busy' });
    expect(hospitalIn(await directory.call('/api/v1/me', { headers: bearer(ofA.key) }))).toBe(ofA.code);
  });
});
