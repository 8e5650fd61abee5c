import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { chromiumPath } from '../support/chromium.js';
import { copyPatient } from '../support/copied-patients.js';
import {
  chooseLanguage,
  expectAccessible,
  givenNurse,
  givenWard,
  WardBrowser,
} from '../support/ward-pages.js';
import { describeWhere } from '../support/where-present.js';

const chromium = chromiumPath();
const COPIES = 1200;
const OVERDUE = "overdue < '2026-03-10' AND (missed_on IS NULL OR missed_on > '2026-03-10')";

describeWhere(chromium !== undefined, 'chromium')('the worklist', () => {
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

  async function openWorklist(at = ward, person = nurse): Promise<Page> {
    const page = await at.openAs(person, '/worklist?list=overdue');
    await rowsOf(page).first().waitFor();
    return page;
  }

  test('a nurse hands many patients over to a colleague, records a contact of all, and undoes both', async () => {
    const colleague = await givenNurse(t, '周洁');
    const page = await openWorklist();
    const names = (await rowsOf(page).locator('.patient-name').allInnerTexts()).slice(0, 3);
    const nursesOf = () =>
      Promise.all(
        names.map(async (name) => {
          const { body } = await t.get(`/patients/${patients.get(name)}`);
          return body.responsibleNurse as string;
        }),
      );
    await press(page, 'Home', 'x', 'j', 'j', 'Shift+X', 'a');
    const dialog = page.getByRole('dialog');
    await dialog.locator('select').selectOption({ label: colleague.name });
    await press(page, 'Enter');
    await page.locator('.toast').waitFor();
    expect(await nursesOf()).toEqual([colleague.name, colleague.name, colleague.name]);
    await press(page, 'z');
    await page.getByText('已撤销').waitFor();
    expect(await nursesOf()).toEqual([nurse.name, nurse.name, nurse.name]);

    await press(page, 'Home', 'x', 'j', 'j', 'Shift+X', 'c');
    await dialog.locator('form').waitFor();
    await press(page, 'Enter');
    await page
      .getByText(/^已记录/)
      .first()
      .waitFor();
    await press(page, 'z');
    await page.getByText('已撤销').waitFor();
    for (const name of names) {
      const { body } = await t.get(`/patients/${patients.get(name)}/contacts`);
      expect([
        name,
        (body.items as { voidedAt: string | null }[]).map(({ voidedAt }) => voidedAt !== null),
      ]).toEqual([name, [true]]);
    }
  });

  test.each(['zh', 'en'] as const)(
    'filters, columns and a saved list by their dialogs, in %s',
    async (language) => {
      const page = await openWorklist();
      await chooseLanguage(page, language);
      const [filter, columns, save] =
        language === 'zh' ? ['筛选', '列', '保存清单'] : ['Filter', 'Columns', 'Save list'];
      const dialog = page.getByRole('dialog');
      for (const [name = '', picture] of [
        [filter, 'filter'],
        [columns, 'columns'],
        [save, 'save'],
      ]) {
        await page.getByRole('button', { name, exact: true }).click();
        await dialog.waitFor();
        await expectAccessible(page, `${picture}.${language}`);
        if (picture !== 'save') {
          await press(page, 'Escape');
          await dialog.waitFor({ state: 'detached' });
        }
      }
      await dialog.locator('input[type=text]').fill(`list ${language}`);
      await press(page, 'Enter');
      const saved = page.locator('.list-navigation').getByText(`list ${language}`);
      await saved.waitFor();
    },
  );

  test('the list is exported with its filters, and printed with its name and day', async () => {
    const page = await openWorklist();
    const exported = page.waitForEvent('download');
    await page.getByRole('link', { name: /Excel/ }).click();
    const file = await exported;
    expect(new URL(file.url()).search).toContain('list=overdue');
    expect(await file.failure()).toBeNull();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.print-head').innerText()).toContain('逾期 · 2026-03-10 周二');
    expect(await page.locator('.shell-head').isVisible()).toBe(false);
    await page.emulateMedia({ media: null });
  });

  test('at 200 % on a ward screen nothing is wider than the screen', async () => {
    const page = await openWorklist();
    await page.setViewportSize({ width: 683, height: 384 });
    const width = () => page.evaluate('document.documentElement.scrollWidth');
    expect(await width()).toBe(683);
    await press(page, 'j', 'Enter');
    await page.locator('.panel .panel-item').first().waitFor();
    expect(await width()).toBe(683);
    await expectAccessible(page, 'zoomed-patient.zh');
    await press(page, 'Escape', 'b');
    await page.getByRole('dialog').locator('form').waitFor();
    expect(await width()).toBe(683);
    await expectAccessible(page, 'zoomed-book.zh');
    await page.setViewportSize({ width: 1366, height: 768 });
    expect(await width()).toBe(1366);
  });

  test('two nurses who act on one row: the second is refused, reads why, and keeps what was typed', async () => {
    const other = await WardBrowser.start(t, chromium!);
    try {
      const second = await givenNurse(t, '吴倩');
      const [mine, hers] = [await openWorklist(), await openWorklist(other, second)];
      await press(hers, 'Home', 's');
      const dialog = hers.getByRole('dialog');
      await dialog.getByRole('button', { name: '14 天后' }).click();
      await dialog.locator('select').selectOption({ index: 1 });
      await dialog.locator('input[type=text]').fill('家属在外地');
      await press(mine, 'Home', 'b');
      await mine.getByRole('dialog').locator('input[type=date]').fill('2026-03-12');
      await press(mine, 'Enter');
      await mine.locator('.toast').waitFor();
      await hers.getByText('1 行已有变化').waitFor();
      await dialog.getByRole('button', { name: '延期', exact: true }).click();
      await dialog.getByRole('alert').waitFor();
      await expectAccessible(hers, 'refused.zh');
      expect(await dialog.locator('input[type=text]').inputValue()).toBe('家属在外地');
      await press(mine, 'z');
      await mine.getByText('已撤销').waitFor();
    } finally {
      expect(other.takeFaults()).toEqual([]);
      await other.close();
    }
  });

  test('a long list is read page by page to its end by keyboard, and few rows exist at a time', async () => {
    const [patientId = ''] = patients.values();
    await copyPatient(t, patientId, 'L', { from: 1, to: COPIES, item: OVERDUE });
    const page = await openWorklist();
    const table = page.locator('.row-table');
    const rows = async () => Number(await table.getAttribute('aria-rowcount')) - 1;
    while ((await rows()) <= COPIES) {
      const before = await table.getAttribute('aria-rowcount');
      await press(page, 'End');
      await page.locator(`.row-table:not([aria-rowcount="${before}"])`).waitFor();
      expect(await rowsOf(page).count()).toBeLessThan(60);
    }
    await press(page, 'End');
    await page.locator(`tr.is-cursor[aria-rowindex="${(await rows()) + 1}"]`).waitFor();
    await press(page, 'Home');
    await page.locator('tr.is-cursor[aria-rowindex="2"]').waitFor();
  });
});
