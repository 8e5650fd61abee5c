import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { CHECKS } from '../../src/monitoring/delivery-audit.js';
import { givenItem } from '../support/builders.js';
import { chromiumPath, startBrowser } from '../support/chromium.js';
import { nextHospital, type ReminderHospital } from '../support/reminder-hospital.js';
import { codeNow, enrolTotp, givenPerson } from '../support/signed-in.js';
import { until } from '../support/webhook-receiver.js';
import { describeWhere } from '../support/where-present.js';

let t: ReminderHospital;
beforeEach(async () => {
  t = await nextHospital(t);
});
afterAll(() => t.close());

const FILES = {
  '/status': 'text/html; charset=utf-8',
  '/status/status.js': 'text/javascript; charset=utf-8',
  '/status/status-words.js': 'text/javascript; charset=utf-8',
  '/status/status.css': 'text/css; charset=utf-8',
};

const file = (url: string) => t.app.inject({ method: 'GET', url });

test('every client gets the page, under the content security policy, and it refers only to served files', async () => {
  const named = new Set<string>();
  for (const [url, type] of Object.entries(FILES)) {
    const { statusCode, headers, body } = await file(url);
    expect([url, statusCode, headers['content-type']]).toEqual([url, 200, type]);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect(headers['content-security-policy']).toContain("script-src 'self'; style-src 'self'");
    for (const [, reference] of body.matchAll(/(?:\bsrc=|\bhref=|\bfrom |url\()["']([^"']+)/g))
      named.add(new URL(reference!, `http://here${url}`).href);
  }
  const files = Object.keys(FILES).filter((url) => url !== '/status');
  expect([...named].sort()).toEqual(['data:,', ...files.map((url) => `http://here${url}`).sort()]);
  expect((await file('/status/status.html')).statusCode).toBe(404);
});

test('it has no inline script or style, and inserts answers as text only', async () => {
  const { body: html } = await file('/status');
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)/i);
  const { body: script } = await file('/status/status.js');
  expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|\.style\b|eval\(|Storage\b/);
});

test("instants are shown in the hospital's time zone, and the page names the delivery audit", async () => {
  expect((await t.get('/status')).body).toMatchObject({ timeZone: 'Asia/Shanghai' });
  const { body: script } = await file('/status/status.js');
  expect(script.match(/toLocaleString\(.*\)/g)).toEqual([
    expect.stringContaining('timeZone: status.timeZone'),
  ]);
  const { body: words } = await file('/status/status-words.js');
  expect(words).not.toMatch(/夜间检查|nightly examination/i);
});

test('all its texts exist in Chinese and in English', async () => {
  const { WORDS } = (await import(join(CHECKOUT, 'web/status/status-words.js'))) as {
    WORDS: Record<string, [string, string]>;
  };
  const blanks = (text: string) => text.match(/\{\w+\}/g)?.sort() ?? [];
  for (const [word, texts] of Object.entries(WORDS)) {
    const [chinese, english] = texts;
    expect([word, texts.length, chinese !== english]).toEqual([word, 2, true]);
    expect([word, blanks(chinese)]).toEqual([word, blanks(english)]);
  }
  const { body: html } = await file('/status');
  const { body: script } = await file('/status/status.js');
  const matched = [...html.matchAll(/data-word="(\w+)"/g), ...script.matchAll(/\bsay\('([\w-]+)'/g)];
  const words = [...matched.map(([, word]) => word!), ...CHECKS];
  expect(words.filter((word) => !(word in WORDS))).toEqual([]);
});

const chromium = chromiumPath();

describeWhere(chromium !== undefined, 'chromium')('in a browser', () => {
  let base: string;
  let browser: BrowserContext;
  let close: () => Promise<void>;
  let page: Page;
  let strayed: string[];

  beforeAll(async () => {
    await t.app.listen(0, '127.0.0.1');
    base = `http://127.0.0.1:${(t.app.getHttpServer().address() as AddressInfo).port}`;
  });
  beforeEach(async () => {
    ({ browser, close } = await startBrowser(chromium!, {
      locale: 'zh-CN',
      timezoneId: 'America/Los_Angeles',
    }));
    page = browser.pages()[0] ?? (await browser.newPage());
    strayed = [];
    browser.on('request', (request) => {
      if (!request.url().startsWith(base) && request.url() !== 'data:,') strayed.push(request.url());
    });
    page.on('pageerror', ({ message }) => strayed.push(message));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) strayed.push(message.text());
    });
    await page.clock.install();
  });
  afterEach(async () => {
    await close();
    expect(strayed).toEqual([]);
  });

  async function givenAdministrator() {
    const person = await givenPerson(t, { roles: ['hospital_admin'] });
    return { ...person, ...(await enrolTotp(t, person)) };
  }

  async function signIn({ login, password }: { login: string; password: string }, code: string) {
    await page.fill('[name=hospital]', 'nedwatch');
    await page.fill('[name=login]', login);
    await page.fill('[name=password]', password);
    await page.press('[name=password]', 'Enter');
    await page.fill('[name=totp]', code);
    await page.press('[name=totp]', 'Enter');
  }

  async function byKey() {
    await page.goto(`${base}/status`);
    await page.click('summary');
    await page.fill('[name=key]', t.adminKey);
    await page.press('[name=key]', 'Enter');
    await page.waitForSelector('#needs > *');
  }

  const says = (words: string | RegExp) => page.getByText(words).first().waitFor();

  /** One disabled endpoint, and one that is failing. */
  async function givenTrouble() {
    await t.post('/webhook-endpoints', { url: `${t.receiver.url}/second` });
    t.receiver.answer = ({ path }) => ({ status: path.endsWith('/second') ? 500 : 410 });
    await givenItem(t, { due: '2026-03-10' });
    await t.sweep();
    await until(
      async () => (await t.get('/status')).body.endpoints as { state: string }[],
      (endpoints) => endpoints.every(({ state }) => state !== 'ok'),
    );
  }

  async function recover() {
    t.receiver.answer = () => ({ status: 200 });
    const { endpoints } = (await t.get('/status')).body as { endpoints: { id: string }[] };
    for (const { id } of endpoints) await t.post(`/webhook-endpoints/${id}/test`);
    await until(
      async () => {
        await t.sweep();
        return (await t.get('/status')).body;
      },
      ({ deliveries, endpoints: all }) =>
        deliveries.pending === 0 && all.every(({ state }: { state: string }) => state === 'ok'),
    );
  }

  test('an administrator signs in, sees what needs attention, and sees it disappear once it is mended', async () => {
    await givenTrouble();
    const administrator = await givenAdministrator();
    await page.goto(`${base}/status`);
    expect(await page.locator('#fault').textContent()).toBe('');
    await page.fill('[name=hospital]', 'nedwatch');
    await page.fill('[name=login]', administrator.login);
    await page.fill('[name=password]', 'not the password');
    await page.press('[name=password]', 'Enter');
    await says('登录未成功');
    await says('医院代码、登录名、密码或验证码有误');

    await signIn(administrator, await codeNow(t, administrator.secret));
    const needs = page.locator('#needs li');
    await needs.first().waitFor();
    const [held, failing] = await needs.allInnerTexts();
    expect(held).toContain('已暂停');
    expect(held).toContain(t.receiver.url);
    expect(held).toContain('对方应答 410');
    expect(failing).toContain('投递失败');
    expect(await page.title()).toBe('(2) nedwatch 运行状态');
    await says(/2026-03-10 10:\d\d:\d\d 读取，每 10 秒更新（时区 Asia\/Shanghai）/);
    expect(await page.getByRole('table', { name: '接收地址' }).getByRole('columnheader').count()).toBe(8);

    await page.click('text=English');
    expect(await needs.first().innerText()).toContain('Held');
    expect(new URL(page.url()).search).toBe('?lang=en');

    await recover();
    await page.clock.runFor(10_000);
    await says('All is well: nothing needs anyone.');
    expect(await page.title()).toBe('nedwatch status');
  });

  test('it warns when the sweep no longer runs', async () => {
    await t.sweep();
    await byKey();
    await says('一切正常');
    await says(/^\d+ 秒前$/);
    await t.setClock('2026-03-10T10:30:00+08:00');
    await page.clock.runFor(10_000);
    await says('停止提醒');
    await says(/^已有 (29|30) 分钟.*没有检查该提醒谁/);
    const { body: metrics } = await t.get('/metrics');
    const [, age] = /^nedwatch_sweep_age_seconds (\S+)$/m.exec(metrics as string) ?? [];
    expect(Number(age)).toBeGreaterThan(1700);

    await t.sweep();
    await page.clock.runFor(10_000);
    await says('一切正常');
  });

  test('an existing session is used and ends with the button; a key is forgotten when the page reloads', async () => {
    await t.sweep();
    const administrator = await givenAdministrator();
    await page.goto(`${base}/status`);
    await signIn(administrator, await codeNow(t, administrator.secret));
    await says('一切正常');
    await page.reload();
    await says('一切正常');
    expect(await page.content()).toContain(new URL(t.receiver.url).host);
    await page.click('text=退出登录');
    await page.waitForSelector('#person');
    expect(await page.content()).not.toContain(new URL(t.receiver.url).host);
    expect((await browser.cookies()).map(({ name }) => name)).toEqual(['nedwatch-device']);

    await byKey();
    await says('一切正常');
    await page.reload();
    await page.waitForSelector('#person');
  });

  test('a failed update is shown with the time of the last good one; a session without its person is ended', async () => {
    await t.sweep();
    const administrator = await givenAdministrator();
    await page.goto(`${base}/status`);
    await signIn(administrator, await codeNow(t, administrator.secret));
    await says('一切正常');
    await browser.setOffline(true);
    await page.clock.runFor(10_000);
    await says('服务器没有应答。');
    await says(/^以下是 2026-03-10 10:\d\d:\d\d 的情况。$/);
    await browser.setOffline(false);
    await page.clock.runFor(10_000);
    await says(/读取，每 10 秒更新/);
    expect(await page.locator('#fault').textContent()).toBe('');

    await page.clock.fastForward('15:01');
    await says(/已停止读取/);
    await t.setClock('2026-03-10T10:20:00+08:00');
    await page.mouse.move(10, 10);
    await says('已退出，请重新登录');
    await page.waitForSelector('#person');
  });

  test('a caller without the right gets a message, and so does an unknown key', async () => {
    const nurse = await givenPerson(t, { roles: ['nurse'] });
    await page.goto(`${base}/status?lang=en`);
    await page.click('summary');
    await page.fill('[name=key]', 'nw_no-such-key');
    await page.press('[name=key]', 'Enter');
    await says('Signing in failed');
    await page.fill('[name=hospital]', 'nedwatch');
    await page.fill('[name=login]', nurse.login);
    await page.fill('[name=password]', nurse.password);
    await page.press('[name=password]', 'Enter');
    await says('Reading failed');
    await page.click('text=Sign out');
    await page.waitForSelector('#person');
  });

  test('on a phone nothing exceeds the screen', async () => {
    await givenTrouble();
    await page.setViewportSize({ width: 360, height: 740 });
    await byKey();
    for (const language of ['zh', 'en']) {
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      expect([language, await page.getByRole('rowheader').count()]).toEqual([language, 2]);
      await page.click('#language');
    }
  });
});
