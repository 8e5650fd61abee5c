import { randomUUID } from 'node:crypto';
import ICAL from 'ical.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { givenPatient, type Ward } from '../support/prepared-calls.js';
import { copyPatient } from '../support/copied-patients.js';
import { as, givenPerson, type SignedInPerson } from '../support/signed-in.js';
import { answered, type ScheduledItem } from '../support/ward.js';

const TODAY = '2026-11-01';
const NOW = `${TODAY}T09:00:00+08:00`;

let t: TestApp;
let own: Ward;
beforeAll(async () => {
  t = await startApp({ clock: NOW, role: 'api' });
  own = { hospitalId: t.hospitalId, key: t.adminKey };
  await givenPerson(t, { roles: ['head_nurse'] }); // owns the patients without a responsible nurse
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.setClock(NOW);
  await t.dataSource.query('DELETE FROM calendar_feed');
});

interface Feed {
  readonly id: string;
  readonly token: string;
  readonly url: string;
}

const givenFeed = (body: object, headers?: Readonly<Record<string, string>>): Promise<Feed> =>
  answered<Feed>(t.post('/calendar-feeds', body, headers), 201);

/** Reads without a credential, as calendar programs do. */
const read = (token: string, headers: Readonly<Record<string, string>> = {}) =>
  t.request('GET', `/calendar/${token}.ics`, { headers: { authorization: '', ...headers } });

interface Entry {
  readonly day: string;
  readonly status: string;
  readonly sequence: number;
  readonly summary: string;
  readonly location: string | null;
  readonly modified: string;
}

/** The entries as other software reads them, by the id of their item. */
async function entriesOf(token: string): Promise<ReadonlyMap<string, Entry>> {
  const text = await answered<string>(read(token));
  const events = new ICAL.Component(ICAL.parse(text) as string).getAllSubcomponents('vevent');
  return new Map(
    events.map((component) => {
      const event = new ICAL.Event(component);
      const first = event.startDate.toString();
      expect([event.startDate.isDate, event.duration.toSeconds()]).toEqual([true, 86_400]);
      const value = (name: string): string => String(component.getFirstPropertyValue(name) ?? '');
      expect([value('class'), value('transp')]).toEqual(['PRIVATE', 'TRANSPARENT']);
      const [, item = ''] = /^item-([\da-f-]{36})@nedwatch$/.exec(event.uid) ?? [];
      const facts = { day: first, status: value('status'), sequence: event.sequence, summary: event.summary };
      return [item, { ...facts, location: event.location, modified: value('last-modified') }];
    }),
  );
}

const scheduleOf = async (patientId: string): Promise<ScheduledItem[]> =>
  (await answered<{ items: ScheduledItem[] }>(t.get(`/patients/${patientId}/schedule`))).items;

const daysFromToday = (days: number): string =>
  new Date(Date.parse(TODAY) + days * 86_400_000).toISOString().slice(0, 10);

async function givenNurse(): Promise<{
  nurse: SignedInPerson & { session: string };
  patientId: string;
  items: ScheduledItem[];
}> {
  const nurse = await givenPerson(t);
  const patientId = await givenPatient(t, own, { responsibleNurse: nurse.login });
  return { nurse, patientId, items: await scheduleOf(patientId) };
}

describe("a nurse's calendar", () => {
  test('has every open item of the own patients on its due day, and no other', async () => {
    const { nurse, items } = await givenNurse();
    await givenPatient(t, own);
    const { token } = await givenFeed({}, as(nurse.session));
    const entries = await entriesOf(token);
    const expected = items
      .filter(({ status }) => ['overdue', 'due', 'upcoming'].includes(status))
      .filter(({ due }) => due >= daysFromToday(-30) && due <= daysFromToday(400));
    expect(expected.length).toBeGreaterThan(5);
    expect([...entries].map(([id, { day, status }]) => [id, day, status]).sort()).toEqual(
      expected.map(({ id, due }) => [id, due, 'TENTATIVE']).sort(),
    );
  });

  test('says no name and no whole number, unless its owner asks for them', async () => {
    const nurse = await givenPerson(t);
    const mrn = `M${randomUUID()}`;
    await givenPatient(t, own, { mrn, name: '欧阳敏强', responsibleNurse: nurse.login });
    const { token } = await givenFeed({ language: 'en' }, as(nurse.session));
    const text = await answered<string>(read(token));
    expect(text.replace(/\r\n /g, '')).toContain(`SUMMARY:tumour markers: 欧 …${mrn.slice(-4)} (due)`);
    for (const hidden of ['阳', '敏强', mrn, '1960'])
      expect(text.replace(/\r\n /g, '')).not.toContain(hidden);
    const named = await givenFeed({ names: true, name: '我的病人' }, as(nurse.session));
    const shown = (await answered<string>(read(named.token))).replace(/\r\n /g, '');
    expect(shown).toContain('X-WR-CALNAME:我的病人');
    expect(shown).toContain('欧阳敏强');
    expect(shown).toContain(mrn);
  });

  test('follows a booking, a move, a cancellation and a refusal, each with the next number', async () => {
    const { nurse, patientId, items } = await givenNurse();
    const { token } = await givenFeed({}, as(nurse.session));
    const item = items.find(({ status, due }) => status === 'upcoming' && due < daysFromToday(400))!;
    const seen: Entry[] = [];
    const look = async (): Promise<Entry> => {
      const entry = (await entriesOf(token)).get(item.id)!;
      seen.push(entry);
      return entry;
    };
    expect(await look()).toMatchObject({ day: item.due, status: 'TENTATIVE' });
    const [first, second] = [daysFromToday(10), daysFromToday(12)];
    const booking = {
      patientId,
      itemIds: [item.id],
      date: first,
      time: '08:30',
      place: 'CT室',
      reason: 'combined_visit',
    };
    const { id } = await answered<{ id: string }>(t.post('/appointments', booking), 201);
    expect(await look()).toMatchObject({ day: first, status: 'CONFIRMED', location: 'CT室' });
    expect(seen.at(-1)?.summary).toContain('08:30');
    const moved = await t.request('PATCH', `/appointments/${id}`, {
      payload: { date: second, reason: 'combined_visit' },
    });
    expect(moved.status).toBe(200);
    expect(await look()).toMatchObject({ day: second, status: 'CONFIRMED' });
    await answered(t.post(`/appointments/${id}/outcome`, { outcome: 'cancelled_by_patient' }));
    expect(await look()).toMatchObject({ day: item.due, status: 'TENTATIVE' });
    await answered(t.post(`/items/${item.id}/decline`, { reason: 'feels_well' }));
    expect(await look()).toMatchObject({ day: item.due, status: 'CANCELLED' });
    await answered(t.post(`/items/${item.id}/reopen`, {}));
    expect(await look()).toMatchObject({ day: item.due, status: 'TENTATIVE' });
    const numbers = seen.map(({ sequence }) => sequence);
    expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
    const before = await answered<string>(read(token));
    expect(await answered<string>(read(token))).toBe(before);
  });

  test('keeps what the plan cancels for 90 days as cancelled, and what was done on its day', async () => {
    const { nurse, patientId, items } = await givenNurse();
    const { token } = await givenFeed({}, as(nurse.session));
    const before = await entriesOf(token);
    const due = items.find(({ id, status }) => status !== 'completed' && before.has(id) && status === 'due');
    await answered(t.post(`/patients/${patientId}/events`, { type: 'death', date: TODAY }), 201);
    const after = await entriesOf(token);
    expect(new Set(after.keys())).toEqual(new Set(before.keys()));
    for (const [id, { status, sequence, day }] of after)
      expect([id, status, sequence, day]).toEqual([
        ...[id, 'CANCELLED', before.get(id)!.sequence + 1, before.get(id)!.day],
      ]);
    expect(due === undefined || after.has(due.id)).toBe(true);
    await t.setClock(`${daysFromToday(89)}T09:00:00+08:00`);
    expect((await entriesOf(token)).size).toBe(before.size);
    await t.setClock(`${daysFromToday(92)}T09:00:00+08:00`);
    expect((await entriesOf(token)).size).toBe(0);
    const left = await t.dataSource.query<unknown[]>('SELECT FROM calendar_entry');
    expect(left).toEqual([]);
  });

  test('shows a completed item on the day on which it was done', async () => {
    const { nurse, items } = await givenNurse();
    const { token } = await givenFeed({}, as(nurse.session));
    const entries = await entriesOf(token);
    const item =
      items.find(({ id, status }) => entries.has(id) && status === 'due') ??
      items.find(({ id }) => entries.has(id))!;
    await t.setClock(`${item.due}T09:00:00+08:00`);
    const before = (await entriesOf(token)).get(item.id)!;
    const done = await t.post(`/items/${item.id}/complete`, {
      date: item.due,
      outcome: 'normal',
      values: [],
    });
    expect([done.status, done.status < 300 ? '' : done.body]).toEqual([200, '']);
    const after = (await entriesOf(token)).get(item.id)!;
    expect(after).toMatchObject({ day: item.due, status: 'CONFIRMED', sequence: before.sequence + 1 });
    expect(after.summary).toContain('已完成');
  });
});

describe('the calendar of a department or a place', () => {
  test('has the patients of that department', async () => {
    const department = `科${randomUUID().slice(0, 8)}`;
    const inside = await givenPatient(t, own, { department });
    await givenPatient(t, own, { department: 'another' });
    const { token } = await givenFeed({ department });
    const ids = new Set((await scheduleOf(inside)).map(({ id }) => id));
    const entries = await entriesOf(token);
    expect(entries.size).toBeGreaterThan(5);
    expect([...entries.keys()].filter((id) => !ids.has(id))).toEqual([]);
    await t.request('PATCH', `/patients/${inside}`, { payload: { department: 'another' } });
    expect(new Set([...(await entriesOf(token)).values()].map(({ status }) => status))).toEqual(
      new Set(['CANCELLED']),
    );
  });

  test('has what is booked at that place alone', async () => {
    const patientId = await givenPatient(t, own);
    const overdue = (await scheduleOf(patientId)).filter(({ status }) => status === 'overdue');
    const { token } = await givenFeed({ place: '内镜中心' });
    expect((await entriesOf(token)).size).toBe(0);
    const booking = {
      patientId,
      itemIds: [overdue[0]!.id],
      date: daysFromToday(9),
      place: '内镜中心',
      halfDay: 'morning',
    };
    const { id } = await answered<{ id: string }>(t.post('/appointments', booking), 201);
    const booked = await entriesOf(token);
    expect([...booked].map(([item, { day, status }]) => [item, day, status])).toEqual([
      [overdue[0]!.id, daysFromToday(9), 'CONFIRMED'],
    ]);
    expect([...booked.values()][0]?.summary).toMatch(/^上午 /);
    await t.request('PATCH', `/appointments/${id}`, { payload: { place: '影像科' } });
    expect([...(await entriesOf(token)).values()].map(({ status }) => status)).toEqual(['CANCELLED']);
  });
});

describe('the address of a calendar', () => {
  test('is secret, kept as a hash, shown once, and ends when it is removed', async () => {
    const { nurse } = await givenNurse();
    const feed = await givenFeed({}, as(nurse.session));
    expect(feed.url).toMatch(new RegExp(`^https?://[^/]+/api/v1/calendar/${feed.token}\\.ics$`));
    expect(Buffer.from(feed.token, 'base64url').length).toBeGreaterThanOrEqual(16);
    const stored = JSON.stringify(await t.dataSource.query('SELECT * FROM calendar_feed'));
    expect(stored).not.toContain(feed.token);
    const listed = await t.get('/calendar-feeds', as(nurse.session));
    expect(JSON.stringify(listed.body)).not.toContain(feed.token);
    expect(listed.body.items).toMatchObject([
      { id: feed.id, owner: nurse.id, names: false, lastUsedAt: null },
    ]);
    await answered(read(feed.token));
    const used = await t.get('/calendar-feeds', as(nurse.session));
    expect(used.body.items[0].lastUsedAt).toMatch(/^2026-11-01T01:/);
    const { session } = await givenPerson(t);
    expect((await t.get('/calendar-feeds', as(session))).body.items).toEqual([]);
    const foreign = await t.request('DELETE', `/calendar-feeds/${feed.id}`, { headers: as(session) });
    expect([foreign.status, foreign.body.code]).toEqual([404, 'calendar-feed-not-found']);
    expect(
      (await t.request('DELETE', `/calendar-feeds/${feed.id}`, { headers: as(nurse.session) })).status,
    ).toBe(204);
    const gone = await read(feed.token);
    expect([gone.status, gone.body.code]).toEqual([404, 'no-such-calendar']);
    expect(JSON.stringify(gone.body)).not.toContain(feed.token);
  });

  test.each(['x', 'a'.repeat(43), '%00', '..%2f..', '中'])('%s is no calendar', async (token) => {
    const { status, body } = await read(encodeURI(token).replaceAll('%25', '%'));
    expect([status, body.code]).toEqual([404, 'no-such-calendar']);
  });

  test('answers 304 to a reader who has it, and 200 after a change', async () => {
    const { nurse, items } = await givenNurse();
    const { token } = await givenFeed({}, as(nurse.session));
    const first = await read(token);
    expect(first.headers).toMatchObject({
      'content-type': 'text/calendar; charset=utf-8',
      'cache-control': 'private, no-cache',
    });
    const etag = String(first.headers['etag']);
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`])
      expect((await read(token, { 'if-none-match': tag })).status).toBe(304);
    const item = items.find(({ status }) => status === 'upcoming')!;
    await answered(t.post(`/items/${item.id}/decline`, { reason: 'feels_well' }));
    const second = await read(token, { 'if-none-match': etag });
    expect([second.status, second.headers['etag'] === etag]).toEqual([200, false]);
  });

  test('shows what its owner may see at that moment, and nothing once the account is closed', async () => {
    const nurse = await givenPerson(t, { roles: ['head_nurse'], departments: ['a', 'b'] });
    const [a] = [
      await givenPatient(t, own, { department: 'a' }),
      await givenPatient(t, own, { department: 'b' }),
    ];
    const { token } = await givenFeed({ department: 'a' }, as(nurse.session));
    const other = await givenFeed({ department: 'b' }, as(nurse.session));
    expect((await entriesOf(other.token)).size).toBeGreaterThan(5);
    await t.dataSource.query(`UPDATE person SET departments = '{a}' WHERE id = $1`, [nurse.id]);
    expect((await entriesOf(other.token)).size).toBe(0);
    const ids = new Set((await scheduleOf(a)).map(({ id }) => id));
    expect([...(await entriesOf(token)).keys()].every((id) => ids.has(id))).toBe(true);
    await t.dataSource.query(`UPDATE person SET roles = '{auditor}' WHERE id = $1`, [nurse.id]);
    expect((await read(token)).status).toBe(404);
    await t.dataSource.query(`UPDATE person SET roles = '{nurse}', state = 'disabled' WHERE id = $1`, [
      nurse.id,
    ]);
    expect((await read(token)).status).toBe(404);
    await t.dataSource.query(`UPDATE person SET state = 'active', addresses = '{10.0.0.0/8}' WHERE id = $1`, [
      nurse.id,
    ]);
    expect((await read(token)).status).toBe(404);
    await t.dataSource.query(`UPDATE person SET addresses = NULL WHERE id = $1`, [nurse.id]);
    expect((await read(token)).status).toBe(200);
  });

  test('is read 30 times a minute at most', async () => {
    const { session } = await givenPerson(t);
    const { token } = await givenFeed({}, as(session));
    for (let n = 0; n < 30; n++) await answered(read(token));
    const { status, body, headers } = await read(token);
    expect([status, body.code, Number(headers['retry-after']) > 0]).toEqual([
      429,
      'calendar-too-often',
      true,
    ]);
  });

  test('is in the audit trail with the patients whom it showed, never with its token', async () => {
    const { nurse, patientId } = await givenNurse();
    const { token } = await givenFeed({}, as(nurse.session));
    const { headers } = await read(token);
    await read(token, { 'if-none-match': String(headers['etag']) });
    const rows = await t.dataSource.query<{ patients: string[]; address: string; all: string }[]>(
      `SELECT patients, address, to_jsonb(a)::text AS all FROM audit_event a WHERE call = 'GET /calendar/:token.ics' AND caller_id = $1`,
      [nurse.id],
    );
    expect(rows.map(({ patients, address }) => [patients, address])).toEqual([[[patientId], '127.0.0.1']]);
    const [{ found }] = await t.dataSource.query<[{ found: number }]>(
      `SELECT count(*)::integer AS found FROM audit_event a WHERE to_jsonb(a)::text LIKE '%' || $1 || '%'`,
      [token],
    );
    expect(found).toBe(0);
  });

  test('a caller has ten at most, and a person who does not exist is refused', async () => {
    const { session } = await givenPerson(t);
    for (let n = 0; n < 10; n++) await givenFeed({}, as(session));
    const { status, body } = await t.post('/calendar-feeds', {}, as(session));
    expect([status, body.code]).toEqual([409, 'too-many-calendar-feeds']);
    const unknown = await t.post('/calendar-feeds', { owner: randomUUID() });
    expect([unknown.status, unknown.body.code, unknown.body.errors[0].pointer]).toEqual([
      ...[422, 'unknown-person', '/owner'],
    ]);
  });
});

test('a calendar of too many dates has the first ones, and says until when', async () => {
  const department = 'large';
  const patientId = await givenPatient(t, own, { department });
  await copyPatient(t, patientId, 'C', { from: 1, to: 2000, item: `due > '${TODAY}'` });
  const { token } = await givenFeed({ department, language: 'en' });
  const started = performance.now();
  const text = (await answered<string>(read(token))).replace(/\r\n /g, '');
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(text.match(/^BEGIN:VEVENT/gm)?.length).toBe(2000);
  expect(text).toMatch(/X-WR-CALDESC:.*Only the first 2000 dates are shown\\, until 2027-01-15\./);
  expect(text).not.toContain('STATUS:CANCELLED');
});

test('the erasure of a patient leaves cancelled entries without name and number', async () => {
  const { nurse, patientId } = await givenNurse();
  const { token } = await givenFeed({ names: true }, as(nurse.session));
  const name = ((await t.get(`/patients/${patientId}`)).body as { name: string }).name;
  expect(await answered<string>(read(token))).toContain(name.slice(0, 2));
  await answered(t.post(`/patients/${patientId}/erase`, { ground: 'patient_request', author: 'Dr. Chen' }));
  const text = (await answered<string>(read(token))).replace(/\r\n /g, '');
  expect(text).toContain('STATUS:CANCELLED');
  expect(text).not.toContain(name.slice(0, 2));
});
