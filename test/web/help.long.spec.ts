import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { chromiumPath } from '../support/chromium.js';
import { chooseLanguage, expectAccessible, givenNurse, WardBrowser } from '../support/ward-pages.js';
import { describeWhere } from '../support/where-present.js';

const chromium = chromiumPath();

describeWhere(chromium !== undefined, 'chromium')('the help page', () => {
  let t: TestApp;
  let ward: WardBrowser;
  beforeAll(async () => {
    t = await startApp({ clock: '2026-03-10T08:00:00+08:00', role: 'api' });
    ward = await WardBrowser.start(t, chromium!);
  });
  afterAll(async () => {
    await ward.close();
    await t.close();
  });

  test('a nurse opens it by keyboard, finds a task, and reads its steps, in both languages', async () => {
    const page = await ward.openAs(await givenNurse(t), '/worklist');
    await page.locator('.list-navigation').waitFor();
    for (const key of ['g', 'h']) await page.keyboard.press(key);
    const title = page.getByRole('heading', { level: 1 });
    const tasks = page.locator('.help-tasks section');
    await tasks.first().waitFor();
    for (const [language, name, word, found] of [
      ['zh', '使用帮助', '撤销', '十秒'],
      ['en', 'Help', 'Undo', 'ten seconds'],
    ] as const) {
      await chooseLanguage(page, language);
      expect(await title.innerText()).toBe(name);
      const all = await tasks.count();
      await expectAccessible(page, `help-page.${language}`);
      const field = page.locator('.help-page input');
      await field.fill(word);
      expect(await tasks.count()).toBeLessThan(all);
      expect(await page.locator('.help-tasks').innerText()).toContain(found);
      await field.fill('zzz');
      expect(await tasks.count()).toBe(0);
      await expectAccessible(page, `help-nothing.${language}`);
      await field.fill('');
      await page.setViewportSize({ width: 400, height: 800 });
      await expectAccessible(page, `help-telephone.${language}`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400);
      await page.setViewportSize({ width: 1366, height: 768 });
    }
    expect(ward.takeFaults()).toEqual([]);
  });
});
