import { createHash } from 'node:crypto';
import jsQR from 'jsqr';
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

const monthAndDay = (day: string): string => `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`;
const zhDay = (day: string): string => `${day.slice(0, 4)}年${monthAndDay(day)}`;
const isOfOneYear = (first: string, last: string): boolean => first.slice(0, 4) === last.slice(0, 4);
const zhWindow = (first: string, last: string): string =>
  `${zhDay(first)} 至 ${isOfOneYear(first, last) ? monthAndDay(last) : zhDay(last)}`;
const enDay = (day: string): string =>
  new Date(day).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
const enWindow = (first: string, last: string): string =>
  `${isOfOneYear(first, last) ? enDay(first).slice(0, -5) : enDay(first)} to ${enDay(last)}`;

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
  expect(text).toContain('2026年11月12日（周四）08:30 已预约 影像科');
  const next = items.find(({ status: now }) => now === 'upcoming')!;
  expect(text).toContain(zhWindow(next.earliest, dayBefore(next.overdue)));
  expect(text).toContain('检查前准备');
  const english = textOf((await page('card?lang=en')).body as string);
  expect(english).toContain('Thu 12 Nov 2026 08:30 Booked');
  expect(english).toContain(enWindow(next.earliest, dayBefore(next.overdue)));
  expect(english).toMatch(/tumour markers/i);
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
  const days = (text: string): string[] => text.match(/\d+ \w{3}(?: \d{4})? to \d+ \w{3} \d{4}/g) ?? [];
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

test('the code of a card can be read, and contains the opaque id of the record alone', async () => {
  const { body } = await page('card?lang=zh');
  const svg = /<svg[^]*?<\/svg>/.exec(body as string)?.[0] ?? '';
  const { data, size } = pixelsOf(svg);
  expect(jsQR.default(data, size, size)?.data).toBe(`urn:uuid:${id}`);
  for (const shown of ['李敏', 'M0.', '1960']) expect(svg).not.toContain(shown);
});

/** The modules of a code as grey pixels in four channels. A module has a width of 10 in the drawing, and of 3 pixels here. */
function pixelsOf(svg: string): { readonly data: Uint8ClampedArray; readonly size: number } {
  const modules = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]) / 10;
  const size = modules * 3;
  const data = new Uint8ClampedArray(size * size * 4).fill(255);
  for (const [, x, y] of svg.matchAll(/M(\d+),(\d+)h10v10h-10z/g))
    for (let row = 0; row < 3; row++)
      for (let column = 0; column < 3; column++) {
        const pixel = (Number(y) / 10) * 3 * size + row * size + (Number(x) / 10) * 3 + column;
        data.fill(0, pixel * 4, pixel * 4 + 3);
      }
  return { data, size };
}

const chromium = chromiumPath();

describeWhere(chromium !== undefined, 'chromium')('on paper', () => {
  test('a card with all its texts fits on one side of A5, and a letter on one of A4', async () => {
    const both = (zh: string, en: string) => ({ zh, en });
    const pages = {
      ward: both('胃肠外科结直肠癌随访门诊', 'Follow-up clinic, gastrointestinal surgery'),
      ...{ phone: '021-1234 5678', hours: both('周一至周五 8:00–16:30', 'Monday to Friday, 8:00 to 16:30') },
      address: both('某市某区人民路 100 号门诊楼 3 层', '100 Renmin Road, outpatient building, 3rd floor'),
    };
    await answered(t.request('PUT', '/worklist-settings', { payload: { pages } }));
    const late = items.find(({ status }) => status === 'overdue')!;
    const booking = {
      patientId: id,
      itemIds: [late.id],
      date: '2026-11-12',
      time: '08:30',
      place: '门诊楼 3 层影像科',
    };
    await answered(t.post('/appointments', booking), 201);
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
