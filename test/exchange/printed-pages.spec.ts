import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { chromiumPath, startBrowser } from '../support/chromium.js';
import { givenPatient, type Ward } from '../support/prepared-calls.js';
import { answered, type ScheduledItem } from '../support/ward.js';
import { describeWhere } from '../support/where-present.js';

const NOW = '2026-11-01T09:00:00+08:00';

let t: TestApp;
let own: Ward;
let id: string;
let items: ScheduledItem[];
beforeAll(async () => {
  t = await startApp({ clock: NOW, role: 'api' });
  own = { hospitalId: t.hospitalId, key: t.adminKey };
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.request('PUT', '/worklist-settings', { payload: {} });
  id = await givenPatient(t, own, { name: '李敏', mrn: `M${Math.random()}` });
  items = (await answered<{ items: ScheduledItem[] }>(t.get(`/patients/${id}/schedule`))).items;
});

const page = (rest: string) => t.get(`/patients/${id}/${rest}`);
const textOf = (html: string): string =>
  html
    .replace(/<style>[^]*?<\/style>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

const dayBefore = (day: string): string => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);

test('a card names the patient, the booked day with time and place, and the windows of what is to be booked', async () => {
  const late = items.filter(({ status }) => status === 'overdue');
  const booking = {
    patientId: id,
    itemIds: [late[0]!.id],
    date: '2026-11-12',
    time: '08:30',
    place: '影像科',
  };
  await answered(t.post('/appointments', booking), 201);
  const { status, body, headers } = await page('card?lang=zh');
  expect([status, headers['content-type'], headers['content-language']]).toEqual([
    ...[200, 'text/html; charset=utf-8', 'zh-CN'],
  ]);
  const text = textOf(body as string);
  expect(text).toContain('李敏');
  expect(text).toContain('2026-11-12 08:30 已预约 影像科');
  const next = items.find(({ status: now }) => now === 'upcoming')!;
  expect(text).toContain(`${next.earliest} 至 ${dayBefore(next.overdue)}`);
  expect(text).toContain('检查前准备');
  const english = textOf((await page('card?lang=en')).body as string);
  expect(english).toContain(`${next.earliest} to ${dayBefore(next.overdue)}`);
  expect(english).toContain('tumour markers');
  expect(english.replace('李敏', '').replace('影像科', '')).not.toMatch(/\p{Script=Han}/u);
});

test('the letter has the same dates, and the texts of the hospital', async () => {
  const bilingual = (zh: string, en: string) => ({ zh, en });
  const pages = {
    ...{
      ward: bilingual('肝胆外科', 'Liver surgery'),
      phone: '021-1234 5678',
      greeting: bilingual('请注意', 'Please note'),
    },
    address: bilingual('某路 1 号', '1 Some Road'),
  };
  expect((await t.request('PUT', '/worklist-settings', { payload: { pages } })).status).toBe(200);
  const letter = textOf((await page('letter?lang=en')).body as string);
  for (const shown of ['Liver surgery', '021-1234 5678', 'Please note', '1 Some Road', 'Dear 李敏,'])
    expect(letter).toContain(shown);
  const card = textOf((await page('card?lang=en')).body as string);
  expect(card).toContain('021-1234 5678');
  const days = (text: string): string[] => text.match(/\d+-\d+-\d+ to \S+/g) ?? [];
  expect(days(letter).slice(0, days(card).length)).toEqual(days(card));
  expect(days(card).length).toBeGreaterThan(1);
});

test('what anybody wrote stays text, and the page may run and load nothing', async () => {
  const trap = `<img src=x onerror=alert(1)>"'&`;
  await t.request('PATCH', `/patients/${id}`, { payload: { name: trap, mrn: `<b>${id}` } });
  const both = { zh: trap, en: trap };
  const pages = {
    hospital: both,
    ward: both,
    hours: both,
    address: both,
    greeting: both,
    closing: both,
    phone: trap,
  };
  await answered(t.request('PUT', '/worklist-settings', { payload: { pages } }));
  const late = items.find(({ status }) => status === 'overdue')!;
  await answered(
    t.post('/appointments', { patientId: id, itemIds: [late.id], date: '2026-11-12', place: trap }),
    201,
  );
  for (const path of ['card', 'letter']) {
    const { body, headers } = await page(path);
    expect(body).not.toMatch(/<img|<b>|<script|javascript:|https?:\/\/(?!www\.w3\.org)/i);
    expect(body).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;');
    const policy = String(headers['content-security-policy']);
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(body as string) ?? [];
    const digest = createHash('sha256').update(style).digest('base64');
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(body).not.toMatch(/ style=| on\w+=(?!alert)/);
  }
});

test('no page is printed for a patient who died, nor for an erased record', async () => {
  const { id: event } = await answered<{ id: string }>(
    t.post(`/patients/${id}/events`, { type: 'death', date: '2026-10-30' }),
    201,
  );
  for (const path of ['card', 'letter']) {
    const { status, body } = await page(path);
    expect([status, body.code]).toEqual([409, 'follow-up-ended']);
  }
  await answered(t.post(`/patients/${id}/events/${event}/void`, { reason: 'of another' }));
  expect((await page('card')).status).toBe(200);
  await answered(t.post(`/patients/${id}/erase`, { ground: 'patient_request', author: 'Dr. Chen' }));
  expect((await page('card')).body.code).toBe('patient-erased');
});

test('what a patient declined, and what has been done, is not on the card', async () => {
  const late = items.filter(({ status }) => status === 'overdue');
  expect(late.length).toBeGreaterThan(0);
  expect(textOf((await page('card?lang=zh')).body as string)).toContain('请尽快完成');
  for (const item of late) await answered(t.post(`/items/${item.id}/decline`, { reason: 'feels_well' }));
  const due = items.filter(({ status }) => status === 'due');
  for (const item of due) await answered(t.post(`/items/${item.id}/decline`, { reason: 'feels_well' }));
  expect(textOf((await page('card?lang=zh')).body as string)).not.toContain('请尽快完成');
});

const chromium = chromiumPath();

describeWhere(chromium !== undefined, 'chromium')('on paper', () => {
  test('a card fits on one side of A5 and a letter on one of A4', async () => {
    const { browser, close } = await startBrowser(chromium!);
    try {
      for (const [path, format] of [
        ['card', 'A5'],
        ['letter', 'A4'],
      ] as const)
        for (const lang of ['zh', 'en']) {
          const shown = await browser.newPage();
          const { body } = await page(`${path}?lang=${lang}`);
          await shown.setContent(body as string);
          const pdf = await shown.pdf({ preferCSSPageSize: true });
          const sides = pdf.toString('latin1').match(/\/Type \/Page\b(?!s)/g)?.length;
          const size = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf.toString('latin1'));
          const millimetres = [size?.[1], size?.[2]].map((points) =>
            Math.round((Number(points) / 72) * 25.4),
          );
          expect([path, lang, format, sides, ...millimetres]).toEqual([
            ...[path, lang, format, 1, ...(format === 'A5' ? [148, 210] : [210, 297])],
          ]);
          await shown.close();
        }
    } finally {
      await close();
    }
  });
});
