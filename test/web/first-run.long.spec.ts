import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { newFirstRunToken } from '../../src/app/first-run-link.js';
import { startApp, type TestApp } from '../support/app.js';
import { chromiumPath } from '../support/chromium.js';
import { codeNow, PASSWORD } from '../support/signed-in.js';
import { chooseLanguage, expectAccessible, signInByKeyboard, WardBrowser } from '../support/ward-pages.js';
import { describeWhere } from '../support/where-present.js';

const chromium = chromiumPath();

const ROSTER = [
  '住院号,姓名,性别,出生日期,确诊日期,部位,病理分期,手术日期,术前肠镜',
  'Z001,王桂兰,女,1958-05-05,2025-08-20,结肠,III,2025-09-11,完整',
  'Z002,张建国,男,1961-03-12,2025-10-02,直肠,II,2025-10-22,完整',
].join('\n');

describeWhere(chromium !== undefined, 'chromium')('the first run', () => {
  let t: TestApp;
  let ward: WardBrowser;

  beforeAll(async () => {
    t = await startApp({ clock: '2026-03-10T08:00:00+08:00' });
    ward = await WardBrowser.start(t, chromium!);
  });
  afterAll(async () => {
    await ward.close();
    await t.close();
  });

  /** Counts what a newcomer does: fields filled and buttons pressed. */
  class Newcomer {
    fields = 0;
    presses = 0;

    constructor(readonly page: Page) {}

    async fill(label: string, value: string): Promise<void> {
      this.fields++;
      await this.page.getByLabel(label, { exact: true }).fill(value);
    }

    async press(name: string, role: 'button' | 'link' = 'button'): Promise<void> {
      this.presses++;
      await this.page.getByRole(role, { name, exact: true }).focus();
      await this.page.keyboard.press('Enter');
    }
  }

  test('a newcomer gets from an empty program to the first row of the worklist in five steps', async () => {
    const signIn = await ward.open('/');
    await signIn.getByText('系统尚未设置').waitFor();
    await expectAccessible(signIn, 'empty-program.zh');
    await signIn.close();

    const token = (await newFirstRunToken(t.dataSource)) ?? '';
    const page = await ward.open(`/first-run#${token}`);
    const newcomer = new Newcomer(page);
    await page.getByLabel('医院或科室名称').waitFor();
    await chooseLanguage(page, 'en');
    await expectAccessible(page, 'first-run-hospital.en');
    await chooseLanguage(page, 'zh');
    await newcomer.fill('医院或科室名称', '市第一人民医院 结直肠外科');
    await newcomer.fill('医院代码', 'shiyi');
    await expectAccessible(page, 'first-run-hospital.zh');
    await newcomer.press('下一步');

    await newcomer.fill('姓名', '陈静');
    await newcomer.fill('登录名', 'chen.jing');
    await newcomer.fill('密码', 'too short');
    await newcomer.press('建立账号');
    await page.locator('.field-error').waitFor();
    await expectAccessible(page, 'first-run-yourself.zh');
    await newcomer.fill('密码', PASSWORD);
    await newcomer.press('建立账号');
    await newcomer.press('显示二维码');
    const secret = (await page.locator('.second-factor-secret').innerText()).replace(/\s/g, '');
    await expectAccessible(page, 'first-run-second-factor.zh');
    await newcomer.fill('验证器上显示的 6 位口令', await codeNow(t, secret));
    await newcomer.press('确认');
    await page.getByText('第二重验证已启用').waitFor();
    await expectAccessible(page, 'first-run-recovery-codes.zh');
    await newcomer.press('已保存，继续');

    await page.waitForURL(/step=colleagues/);
    expect(page.url()).not.toContain(token);
    await newcomer.fill('姓名', '李敏');
    await newcomer.fill('登录名', 'li.min');
    await newcomer.press('添加');
    await page.locator('.set-up-slips li').waitFor();
    await expectAccessible(page, 'first-run-colleagues.zh');
    await newcomer.press('下一步');

    await page.locator('input[type=file]').setInputFiles({
      ...{ name: '名册.csv', mimeType: 'text/csv', buffer: Buffer.from(ROSTER) },
    });
    newcomer.fields++;
    await page.getByText('所有行都可以导入。').waitFor();
    await expectAccessible(page, 'first-run-roster.zh');
    await newcomer.press('导入 2 位患者');
    await page.getByText('导入完成').waitFor();
    await newcomer.press('下一步', 'link');

    await page.getByText('随访强度').waitFor();
    await expectAccessible(page, 'first-run-policy.zh');
    await newcomer.press('保持这样，完成设置');
    await page.locator('.row-table tbody tr:not(.row-gap)').first().waitFor();
    await expectAccessible(page, 'first-worklist.zh');
    expect([newcomer.fields, newcomer.presses]).toEqual([10, 11]);
    expect(ward.takeFaults()).toEqual([]);
  });

  test('a first run that was left continues where it was, with another policy and its effect', async () => {
    await t.dataSource.query('UPDATE hospital_beginning SET set_up_at = NULL');
    await t.dataSource.query('UPDATE person SET totp_confirmed_at = NULL, totp_secret = NULL');
    await ward.reset();
    const page = await ward.open('/');
    await page.getByLabel('医院代码').fill('shiyi');
    await page.locator('input[autocomplete=username]').focus();
    await signInByKeyboard(page, { id: '', name: '', login: 'chen.jing', password: PASSWORD });
    await page.waitForURL(/first-run/);
    await chooseLanguage(page, 'en');
    await page.getByRole('button', { name: 'Later' }).click();
    await page.getByText('Create an account for each colleague', { exact: false }).waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Dr Zhou');
    await page.getByLabel('Login', { exact: true }).fill('zhou.wei');
    await page.getByLabel('Role').selectOption('clinician');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByLabel('Your password').fill(PASSWORD);
    await expectAccessible(page, 'first-run-prove.en');
    await page.keyboard.press('Enter');
    await page.locator('.set-up-slips li').waitFor();
    await expectAccessible(page, 'first-run-colleagues.en');
    await page.goto(`${ward.base}/first-run`);
    await page.getByText('Second factor').first().waitFor();
    await page.getByRole('link', { name: 'Policy' }).click();
    await page.getByLabel('Wider: the long end of each interval', { exact: false }).check();
    await page.getByRole('button', { name: 'See the effect first' }).click();
    await page.getByText('Effect on the present plans').waitFor();
    await expectAccessible(page, 'first-run-effect.en');
    await page.setViewportSize({ width: 390, height: 844 });
    await expectAccessible(page, 'first-run-telephone.en');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.getByRole('button', { name: 'Adopt it and finish' }).click();
    await page.waitForURL(/worklist\?list=/);
    expect((await t.get('/policy')).body.policy.profile).toBe('minimal');
    expect(ward.takeFaults()).toEqual([]);
  });

  test('a link that was used leads to the sign-in page', async () => {
    await ward.reset();
    const page = await ward.open('/first-run#fr_used');
    await page.getByLabel('医院或科室名称').fill('A');
    await page.getByLabel('医院代码').fill('aa');
    await page.keyboard.press('Enter');
    await page.getByLabel('姓名', { exact: true }).fill('B');
    await page.getByLabel('登录名', { exact: true }).fill('bb');
    await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByText('此链接无效').waitFor();
    await expectAccessible(page, 'first-run-link-gone.zh');
    expect(ward.takeFaults()).toEqual([]);
  });
});
