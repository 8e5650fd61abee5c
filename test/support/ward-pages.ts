import { mkdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type axe from 'axe-core';
import { expect } from '@jest/globals';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { CHECKOUT } from '../../src/platform/checkout.js';
import type { TestApp } from './app.js';
import { startBrowser } from './chromium.js';
import { givenPerson, PASSWORD, type SignedInPerson } from './signed-in.js';

export type Language = 'zh' | 'en';

/** What wards in China have: 1366 × 768. */
export const WARD_SCREEN = { viewport: { width: 1366, height: 768 } };

/** The same screen at 200 % zoom: half as many pixels of a style sheet, each of four pixels of the screen. */
export const WARD_SCREEN_AT_200 = { viewport: { width: 683, height: 384 }, deviceScaleFactor: 2 };

/** With `PICTURES=1` in the environment: pictures of the pages, which are not committed. */
const PICTURES = process.env['PICTURES'] === '1' ? join(CHECKOUT, 'out/pictures') : undefined;

/** The accessibility rules, shortened: each page that is checked has to compile them. */
const RULES = readFileSync(join(CHECKOUT, 'node_modules/axe-core/axe.min.js'), 'utf8');

const RESECTION = { type: 'primary_resection', site: 'colon', stage: 'III', intent: 'curative' };
const PATIENTS = [
  ['王桂兰', '2025-02-11', '消化外科'],
  ['张建国', '2025-04-22', '消化外科'],
  ['李秀英', '2025-07-03', '肝胆外科'],
  ['刘德胜', '2025-08-19', '肝胆外科'],
  ['陈玉珍', '2025-09-05', '消化外科'],
  ['杨志强', '2025-10-14', '消化外科'],
  ['赵凤霞', '2025-11-20', '肝胆外科'],
  ['黄永福', '2025-12-12', '消化外科'],
  ['周素芬', '2025-03-06', '消化外科'],
  ['吴长海', '2025-05-15', '肝胆外科'],
  ['徐美华', '2025-06-09', '消化外科'],
  ['孙国强', '2025-07-28', '消化外科'],
  ['马淑琴', '2025-08-04', '肝胆外科'],
  ['朱家和', '2025-08-30', '消化外科'],
] as const;

/** The ward that the tests look at: patients in follow-up, many of them late, with a nurse. Their ids by name. */
export async function givenWard(t: TestApp, nurse: SignedInPerson): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const [place, [name, date, department]] of PATIENTS.entries()) {
    const { body } = await t.post('/patients', {
      ...{
        mrn: `D${100 + place}`,
        name,
        sex: 'female',
        birthDate: '1958-05-05',
        diagnosisDate: '2025-01-20',
      },
      ...{ enrolledOn: date, phone: `13800000${100 + place}`, department, responsibleNurse: nurse.login },
    });
    const event = { ...RESECTION, date, preoperativeColonoscopy: 'complete' };
    expect((await t.post(`/patients/${body.id as string}/events`, event)).status).toBe(201);
    ids.set(name, body.id as string);
  }
  return ids;
}

/** A browser before the pages of a running application. */
export class WardBrowser {
  private readonly faults: string[] = [];

  private constructor(
    readonly base: string,
    readonly context: BrowserContext,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(
    t: TestApp,
    executablePath: string,
    screen: Pick<BrowserContextOptions, 'viewport' | 'deviceScaleFactor'> & {
      readonly isOld?: boolean;
    } = WARD_SCREEN,
  ): Promise<WardBrowser> {
    const server = t.app.getHttpServer();
    if (!server.listening) await t.app.listen(0, '127.0.0.1');
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { browser, close } = await startBrowser(executablePath, {
      ...{
        ...screen,
        locale: 'zh-CN',
        timezoneId: 'America/Los_Angeles',
        reducedMotion: 'reduce',
      },
    });
    const ward = new WardBrowser(base, browser, close);
    browser.on('request', (request) => {
      if (!request.url().startsWith(base) && !request.url().startsWith('data:'))
        ward.faults.push(request.url());
    });
    return ward;
  }

  /** A new page at the address. Whatever fails in it fails the test at `takeFaults`. */
  async open(address: string): Promise<Page> {
    const page = await this.context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', ({ message }) => this.faults.push(message));
    page.on('console', (message) => {
      if (/Content Security Policy|Warning:/.test(message.text())) this.faults.push(message.text());
    });
    await page.goto(`${this.base}${address}`);
    return page;
  }

  /** A new page at the address, in a new session of this person. Stories about the sign-in begin with `open`. */
  async openAs({ login }: Pick<SignedInPerson, 'login'>, address: string): Promise<Page> {
    const answer = await this.context.request.post(`${this.base}/api/v1/sign-in`, {
      headers: { 'x-requested-with': 'nedwatch' },
      data: { hospital: 'nedwatch', login, password: PASSWORD, as: 'cookie' },
    });
    expect(answer.status()).toBe(200);
    return this.open(address);
  }

  /** The errors of pages, refused inline code, and requests to other hosts since the last call. */
  takeFaults(): readonly string[] {
    return this.faults.splice(0);
  }

  /** Ends all pages and the session. */
  async reset(): Promise<void> {
    await this.context.clearCookies();
    const pages = this.context.pages();
    for (const page of pages)
      if (page.url().startsWith(this.base)) await page.evaluate('localStorage.clear()');
    await this.context.newPage(); // without any page the browser would end
    for (const page of pages) await page.close();
  }

  async close(): Promise<void> {
    await this.end();
  }
}

/** Signs in by keyboard alone; the hospital is known to the page. */
export async function signInByKeyboard(page: Page, { login }: SignedInPerson): Promise<void> {
  await page.locator('input[autocomplete=username]').waitFor();
  await page.keyboard.type(login);
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
}

export const givenNurse = (t: TestApp, name = '李敏'): ReturnType<typeof givenPerson> =>
  givenPerson(t, { roles: ['nurse'], name });

export async function chooseLanguage(page: Page, language: Language): Promise<void> {
  const isChosen = (await page.locator('html').getAttribute('lang'))?.startsWith(language);
  if (isChosen !== true)
    await page
      .getByRole('button', { name: language === 'en' ? 'English' : '中文' })
      .first()
      .click();
}

/** The page does not scroll sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [content, width] = await page.evaluate<number[]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  );
  expect(content).toBe(width);
}

/** A picture of what the page shows now goes to `out/pictures`, for a person to look at: no test reads it. */
export async function takePicture(page: Page, picture: string): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${picture}.png`) });
}

/** No violation of the accessibility rules in what the page shows now, and a picture of it. */
export async function expectAccessible(page: Page, picture: string): Promise<void> {
  await takePicture(page, picture);
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(RULES);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run({ resultTypes: ["violations"] })');
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
  );
  expect([picture, ...found]).toEqual([picture]);
}
