import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { chromiumPath } from '../support/chromium.js';
import { as, codeNow, enrolTotp, givenPerson, PASSWORD } from '../support/signed-in.js';
import {
  chooseLanguage,
  expectAccessible,
  expectNoSidewaysScroll,
  givenNurse,
  givenWard,
  signInByKeyboard,
  WARD_SCREEN_AT_200,
  WardBrowser,
} from '../support/ward-pages.js';
import { describeWhere } from '../support/where-present.js';
import { morningByKeyboard } from '../support/worklist-morning.js';

const chromium = chromiumPath();

describeWhere(chromium !== undefined, 'chromium')('the pages of the ward', () => {
  let t: TestApp;
  let ward: WardBrowser;
  let nurse: Awaited<ReturnType<typeof givenNurse>>;
  let patients: ReadonlyMap<string, string>;

  beforeAll(async () => {
    t = await startApp({ clock: '2026-03-10T08:00:00+08:00', role: 'api' });
    nurse = await givenNurse(t);
    patients = await givenWard(t, nurse);
    ward = await WardBrowser.start(t, chromium!);
  });
  afterEach(async () => {
    await ward.reset();
    expect(ward.takeFaults()).toEqual([]);
  });
  afterAll(async () => {
    await ward.close();
    await t.close();
  });

  const press = async (page: Page, ...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const rowsOf = (page: Page) => page.locator('.row-table tbody tr:not(.row-gap)');
  const toast = (page: Page) => page.locator('.toast');

  async function openWorklist(address = '/worklist?list=overdue', person = nurse): Promise<Page> {
    const page = await ward.openAs(person, address);
    await rowsOf(page).first().waitFor();
    return page;
  }

  test.each(['zh', 'en'] as const)('a morning with the keyboard alone, in %s', async (language) => {
    await morningByKeyboard(await ward.open('/worklist?list=overdue'), nurse, language, expectAccessible);
  });

  test('a result is recorded, the toast names the next due date, and the filters live in the address', async () => {
    const page = await openWorklist('/worklist?list=overdue&owner=me');
    await page.getByRole('button', { name: '去掉筛选：负责人 本人' }).click();
    await page.waitForURL((url) => !url.search.includes('owner'));
    await rowsOf(page).first().waitFor();
    await press(page, 'End', 'r');
    await page.getByRole('dialog').locator('form').waitFor();
    await press(page, 'Enter');
    await page
      .getByText(/^已录入，下次 \d{4}-\d\d-\d\d/)
      .first()
      .waitFor();
  });

  test('keys do nothing while an input method composes, or a field has the focus', async () => {
    const page = await openWorklist();
    await press(page, 'j');
    await page.evaluate(
      `document.dispatchEvent(new KeyboardEvent('keydown', { key: 'b', isComposing: true, bubbles: true }))`,
    );
    expect(await page.getByRole('dialog').count()).toBe(0);
    await press(page, '/');
    await page.keyboard.type('D103');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await press(page, 'Enter');
    await page.getByText('查找：D103').waitFor();
    await rowsOf(page).first().waitFor();
    expect(await rowsOf(page).count()).toBe(1);
    expect(page.url()).not.toContain('D103');
  });

  test('what another nurse does is marked in its row, which stays where it is', async () => {
    const other = await givenNurse(t, '周洁');
    const page = await openWorklist();
    const names = await rowsOf(page).locator('.patient-name').allInnerTexts();
    const [first = '', second = ''] = names.map((name) => patients.get(name) ?? '');
    const present = { payload: { working: true }, headers: as(other.session) };
    expect((await t.request('PUT', `/patients/${second}/presence`, present)).status).toBe(200);
    await page.getByText('周洁').first().waitFor();
    const contact = { channel: 'telephone', outcome: 'failed', cause: 'busy' };
    expect((await t.post(`/patients/${first}/contacts`, contact, as(other.session))).status).toBe(201);
    await page.getByText('1 行已有变化').waitFor();
    expect(await rowsOf(page).locator('.patient-name').allInnerTexts()).toEqual(names);
    await expectAccessible(page, 'changed.zh');
    await press(page, 'u');
    await page.getByText('1 行已有变化').waitFor({ state: 'detached' });
  });

  test('many rows are handled by one request, and the ones that failed say why', async () => {
    const page = await openWorklist();
    await press(page, 'Home', 'x', 'j', 'j', 'Shift+X');
    await page.getByText('已选 3 位').waitFor();
    await press(page, 's');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '14 天后' }).click();
    await dialog.locator('select').selectOption({ index: 1 });
    await expectAccessible(page, 'defer-many.zh');
    await dialog.getByRole('button', { name: '延期', exact: true }).click();
    await toast(page).waitFor();
    expect(await page.locator('tr.is-done').count()).toBe(3);
    await press(page, 'z');
    await page.getByText('已撤销').waitFor();
  });

  test('a session that ends keeps half-typed input', async () => {
    const person = await givenNurse(t, '孙丽');
    const page = await openWorklist('/worklist?list=overdue', person);
    await press(page, 'j', 'c');
    await page.getByRole('dialog').locator('textarea').fill('家属说下周');
    await t.dataSource.query('DELETE FROM session WHERE person_id = $1', [person.id]);
    await page.getByRole('button', { name: '保存联系' }).click();
    const lock = page.locator('.lock');
    await lock.waitFor();
    await expectAccessible(page, 'lock.zh');
    expect(await page.locator('.row-table').isVisible()).toBe(false);
    await lock.locator('input[type=password]').fill(PASSWORD);
    await press(page, 'Enter');
    await lock.waitFor({ state: 'detached' });
    expect(await page.getByRole('dialog').locator('textarea').inputValue()).toBe('家属说下周');
    await page.getByRole('button', { name: '保存联系' }).click();
    await toast(page).waitFor();
  });

  test('a set-up code, then a second factor, lead in', async () => {
    const { body } = await t.post('/people', { roles: ['nurse'], login: 'first-day', name: '吴倩' });
    const page = await ward.open('/');
    await page.fill('input[autocomplete=username]', 'first-day');
    await page.getByRole('button', { name: '我有设置码' }).click();
    await page.getByLabel('设置码').fill(body.setupCode as string);
    await page.getByLabel('新密码').fill(PASSWORD);
    await press(page, 'Enter');
    await rowsOf(page).first().waitFor();

    const person = await givenPerson(t, { roles: ['clinician'] });
    const { secret } = await enrolTotp(t, person);
    await ward.reset();
    const second = await ward.open('/');
    await signInByKeyboard(second, person);
    await second.getByLabel('动态口令（6 位）').fill(await codeNow(t, secret));
    await press(second, 'Enter');
    await rowsOf(second).first().waitFor();
  });

  test('an empty list says what would fill it; a telephone shows no more than fits; every component is accessible', async () => {
    const page = await ward.openAs(nurse, '/worklist?list=contact_lost');
    await page.getByText('由人决定是否失访').waitFor();
    await expectAccessible(page, 'empty.zh');
    await page.goto(`${ward.base}/parts`);
    await page.locator('.gallery').waitFor();
    for (const language of ['zh', 'en'] as const) {
      await chooseLanguage(page, language);
      await expectAccessible(page, `parts.${language}`);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${ward.base}/worklist?list=overdue`);
    await rowsOf(page).first().waitFor();
    await expectAccessible(page, 'telephone.en');
    await expectNoSidewaysScroll(page);
  });

  test('at 200 % zoom the pages of the day fit, and their acts can be reached', async () => {
    const zoomed = await WardBrowser.start(t, chromium!, WARD_SCREEN_AT_200);
    try {
      const page = await zoomed.open('/worklist?list=overdue');
      await signInByKeyboard(page, nurse);
      await rowsOf(page).first().waitFor();
      expect(await page.evaluate('[innerWidth, innerHeight, devicePixelRatio]')).toEqual([683, 384, 2]);
      for (const [name, address, content, act] of [
        ['patient', `/patients/${patients.get('王桂兰')!}`, '.item-table', '.patient-head .button'],
        ['calls', '/calls?list=overdue', '.call-number', '.outcomes .button-main'],
        ['month', '/calendar', '.month', '.calendar-bar .button'],
        ['week', '/calendar?view=week', '.week', '.calendar-bar .button'],
        ['worklist', '/worklist?list=overdue', '.row-table tbody tr', '.act-bar .button-main'],
      ] as const) {
        await page.goto(`${zoomed.base}${address}`);
        await page.locator(content).first().waitFor();
        await expectAccessible(page, `zoomed-${name}.zh`);
        await expectNoSidewaysScroll(page);
        const { y, height } = (await page.locator(act).first().boundingBox())!;
        expect([name, y >= 0 && y + height <= 384]).toEqual([name, true]);
      }
      await press(page, 'Home', 'b');
      const book = page.getByRole('dialog').locator('.button-main');
      await book.scrollIntoViewIfNeeded();
      await expectAccessible(page, 'zoomed-dialog.zh');
      await expectNoSidewaysScroll(page);
      expect(zoomed.takeFaults()).toEqual([]);
    } finally {
      await zoomed.close();
    }
  });
});
