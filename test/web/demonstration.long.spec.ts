import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadDemonstration } from '../../src/demonstration/demonstration.js';
import { DEMONSTRATION_PASSWORD } from '../../src/tenancy/demonstration.js';
import { startApp, type TestApp } from '../support/app.js';
import { chromiumPath } from '../support/chromium.js';
import { as, signIn } from '../support/signed-in.js';
import { chooseLanguage, expectAccessible, WardBrowser } from '../support/ward-pages.js';
import { describeWhere } from '../support/where-present.js';

const chromium = chromiumPath();
const NOW = '2026-11-03T09:00:00+08:00';

/** Seconds on an idle machine; two minutes detect a collapse on a busy one. */
const MOST_SECONDS = 120;

/** What a visitor should find something in. */
const FILLED = [
  ...['overdue', 'due', 'this_week', 'to_book', 'booked', 'booked_passed', 'unseen_result', 'to_judge'],
  ...['to_decide', 'not_attended', 'returned', 'ask_again', 'contact_lost', 'unowned'],
];

let t: TestApp;
let seconds: number;
beforeAll(async () => {
  t = await startApp({ clock: NOW, role: 'api' });
  const before = performance.now();
  await load();
  seconds = (performance.now() - before) / 1000;
}, 240_000);
afterAll(() => t.close());

const load = (): Promise<void> => loadDemonstration(t.app, (work) => work(t.dataSource));

interface Counted {
  readonly list: string;
  readonly count: { readonly patients: number };
}

async function counts(): Promise<Readonly<Record<string, number>>> {
  const { body } = await signIn(t, { login: 'chen.jing', password: DEMONSTRATION_PASSWORD });
  const { lists } = (await t.get('/lists', as(body.token as string))).body as { lists: Counted[] };
  return Object.fromEntries(lists.map(({ list, count }) => [list, count.patients]));
}

describe('the demonstration', () => {
  test('shows a ward at work in every list, on the present day', async () => {
    const found = await counts();
    expect(FILLED.filter((list) => !((found[list] ?? 0) > 0))).toEqual([]);
    expect(found['overdue']).toBeLessThan(50);
    expect((await t.now()).getTime() - new Date(NOW).getTime()).toBeLessThan(600_000);
    expect(seconds).toBeLessThan(MOST_SECONDS);
  });

  test('has people to sign in as, whom the sign-in page names', async () => {
    const { body } = await t.get('/sign-in-options/nedwatch', { authorization: '' });
    const { password, people } = body.demonstration as { password: string; people: { login: string }[] };
    expect(people).toHaveLength(6);
    for (const { login } of people) expect((await signIn(t, { login, password })).status).toBe(200);
  });

  test('stays as it is at the next start', async () => {
    const before = await counts();
    await load();
    expect(await counts()).toEqual(before);
  });

  test('is refused in a program with people of its own', async () => {
    await t.dataSource.query('UPDATE hospital_beginning SET demonstration_logins = NULL');
    await expect(load()).rejects.toThrow('fills an empty program alone');
    await t.dataSource.query(
      `UPDATE hospital_beginning SET demonstration_logins = '{li.min,zhou.jie}', set_up_at = NULL`,
    );
    await expect(load()).rejects.toThrow('was interrupted');
    await t.dataSource.query(
      `UPDATE hospital_beginning SET demonstration_logins = (SELECT array_agg(login ORDER BY created_at, id) FROM person), set_up_at = program_now()`,
    );
  });
});

describeWhere(chromium !== undefined, 'chromium')('the pages of the demonstration', () => {
  let ward: WardBrowser;
  beforeAll(async () => {
    ward = await WardBrowser.start(t, chromium!);
  });
  afterAll(() => ward.close());

  test('a visitor signs in with one press, and every page says that the patients are invented', async () => {
    const page = await ward.open('/');
    await page.getByText('演示：选择一位人员登录').waitFor();
    await expectAccessible(page, 'demonstration-sign-in.zh');
    await chooseLanguage(page, 'en');
    await expectAccessible(page, 'demonstration-sign-in.en');
    await chooseLanguage(page, 'zh');
    await page.getByRole('button', { name: '李敏' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.row-table tbody tr:not(.row-gap)').first().waitFor();
    await page.getByText('演示数据：所有患者均为虚构').waitFor();
    await expectAccessible(page, 'demonstration.zh');
    await page.goto(`${ward.base}/worklist?list=to_judge`);
    await page.locator('.row-table tbody tr:not(.row-gap)').first().waitFor();
    await chooseLanguage(page, 'en');
    await expectAccessible(page, 'demonstration.en');
    await page.setViewportSize({ width: 390, height: 844 });
    await expectAccessible(page, 'demonstration-telephone.en');
    expect(ward.takeFaults()).toEqual([]);
  });
});
