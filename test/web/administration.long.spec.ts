import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { givenOffice, type Office, proveIdentity } from '../support/administration-pages.js';
import { startApp, type TestApp } from '../support/app.js';
import { issued } from '../support/certificates.js';
import { chromiumPath } from '../support/chromium.js';
import { codeNow } from '../support/signed-in.js';
import { chooseLanguage, expectAccessible, givenWard, WardBrowser } from '../support/ward-pages.js';
import { answered } from '../support/ward.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';
import { describeWhere } from '../support/where-present.js';

const chromium = chromiumPath();
const PROVIDER = {
  code: 'hospital',
  name: '医院统一登录',
  clientId: 'nedwatch',
  issuer: 'https://id.hospital.example',
};

describeWhere(chromium !== undefined, 'chromium')('the pages of systems and administration', () => {
  let t: TestApp;
  let ward: WardBrowser;
  let office: Office;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    t = await startApp({ clock: '2026-03-10T10:00:00+08:00' });
    receiver = await WebhookReceiver.start();
    office = await givenOffice(t);
    await givenWard(t, office.nurse);
    await answered(t.post('/sso-providers', PROVIDER), 201);
    ward = await WardBrowser.start(t, chromium!);
  });
  afterEach(async () => {
    await ward.reset();
    expect(ward.takeFaults()).toEqual([]);
  });
  afterAll(async () => {
    await ward.close();
    await receiver.stop();
    await t.close();
  });

  const press = async (page: Page, ...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const dialog = (page: Page) => page.locator('dialog[open]').last();
  const closed = (page: Page) => page.locator('dialog[open]').first().waitFor({ state: 'detached' });
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

  /** Several parts of a section may be loading. */
  const isReady = (page: Page) => page.locator('.busy').first().waitFor({ state: 'detached' });

  async function open(address: string): Promise<Page> {
    const page = await ward.openAs(office.head, address);
    await page.locator('.section-body h1, .account h1').first().waitFor();
    return page;
  }

  test('hospital IT registers a receiver, tests it, rotates its secret, pauses it, and replays what failed', async () => {
    receiver.answer = () => ({ status: 503, body: 'database is restarting' });
    const page = await open('/systems');
    await expectAccessible(page, 'systems-empty.zh');
    await press(page, 'n');
    await dialog(page).locator('input[type=url]').fill(receiver.url);
    await press(page, 'Enter');
    await page.getByText('项检查').first().waitFor();
    await expectAccessible(page, 'endpoint-register.zh');
    await press(page, 'Enter');
    const secret = dialog(page).getByLabel('签名密钥');
    await secret.waitFor();
    expect(await secret.inputValue()).toMatch(/^whsec_/);
    expect(await page.evaluate('getSelection().toString()')).toBe(await secret.inputValue());
    await expectAccessible(page, 'endpoint-secret.zh');
    await button(page, '已保存，关闭').last().click();

    await button(page, '发送测试').click();
    await dialog(page).getByText('503').first().waitFor();
    expect(await dialog(page).locator('.answer-excerpt').innerText()).toBe('database is restarting');
    await expectAccessible(page, 'endpoint-test.zh');
    await press(page, 'Escape');
    await button(page, '更换密钥').click();
    await press(page, 'Enter');
    await dialog(page).getByLabel('签名密钥').waitFor();
    await button(page, '已保存，关闭').last().click();
    await page.getByText('新旧密钥都有效').waitFor();
    await button(page, '查看各次尝试').first().click();
    await expectAccessible(page, 'endpoint.zh');

    receiver.answer = () => ({ status: 200 });
    await button(page, '选中未送达的').click();
    await page.getByRole('button', { name: /^重发所选/ }).click();
    await page.getByText(/^已排入重发 \d+ 条/).waitFor();
    await button(page, '暂停').click();
    await press(page, 'Enter');
    await page.getByText('由人暂停').waitFor();
    await button(page, '恢复发送').click();
    await page.getByText('由人暂停').waitFor({ state: 'detached' });

    await chooseLanguage(page, 'en');
    await button(page, 'Edit').click();
    await dialog(page).getByText('OAuth 2.0 token', { exact: false }).first().click();
    await dialog(page).getByRole('group', { name: 'OAuth 2.0 token' }).getByLabel('New').check();
    await dialog(page).getByLabel('Token address').fill(`${receiver.url}/token`);
    await dialog(page).getByLabel('Client id').fill('nedwatch');
    await dialog(page).getByLabel('Client secret').fill('of the receiver');
    await expectAccessible(page, 'endpoint-edit.en');
    await dialog(page).getByLabel('Completed').check();
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved').first().waitFor();
    await page.getByText(`${receiver.url}/token`).waitFor();
    await expectAccessible(page, 'endpoint.en');
    for (const section of ['Endpoints', 'Status', 'Message types']) {
      await page.getByRole('link', { name: section, exact: true }).click();
      await page.getByRole('heading', { name: section, exact: true }).waitFor();
      await page.locator('.data-table').first().waitFor();
      await expectAccessible(page, `systems-${section.replace(' ', '-').toLowerCase()}.en`);
    }
    await page.goto(`${ward.base}/systems`);
    await button(page, 'Register an endpoint').click();
    await dialog(page).locator('input[type=url]').first().fill('https://127.0.0.1:9/receiver');
    await dialog(page).getByText('TLS certificates').first().click();
    await dialog(page).getByRole('group', { name: 'TLS certificates' }).getByLabel('New').check();
    const ca = dialog(page).getByLabel('Trusted CA certificates (PEM)');
    await ca.fill('not a certificate');
    await button(page, 'Next').click();
    await dialog(page).locator('.field-error').waitFor();
    await expectAccessible(page, 'endpoint-certificate-refused.en');
    await ca.fill(issued('Hospital CA').certificate);
    await button(page, 'Next').click();
    await button(page, 'Register').click();
    await button(page, 'Stored: close').last().click();
    await page.getByText('Trusts a private CA').waitFor();
  });

  test('an administrator registers a nurse by keyboard, after proving who is there; a refusal keeps what was typed', async () => {
    const page = await open('/administration');
    await page.locator('.data-table').waitFor();
    await press(page, 'n');
    await page.keyboard.type('吴倩');
    await press(page, 'Tab');
    await page.keyboard.type('li.min');
    await press(page, 'Enter');
    await page.locator('dialog input[autocomplete=current-password]').waitFor();
    await expectAccessible(page, 'step-up.zh');
    await proveIdentity(page);
    await dialog(page).getByRole('alert').waitFor();
    await expectAccessible(page, 'person-refused.zh');
    expect(await dialog(page).getByLabel('姓名').inputValue()).toBe('吴倩');
    await dialog(page).getByLabel('登录名').fill('wu.qian');
    await press(page, 'Enter');
    await page.getByText('只显示这一次').first().waitFor();
    await expectAccessible(page, 'setup-code.zh');
    await button(page, '已交给本人，关闭').last().click();
    const row = page.getByRole('row', { name: /吴倩/ });
    await row.waitFor();
    await row.getByRole('button', { name: '统一登录' }).click();
    await dialog(page).getByText('还没有关联').waitFor();
    await dialog(page).getByLabel('该系统中的编号（sub）').fill('u-1024');
    await press(page, 'Enter');
    const unlink = dialog(page).getByRole('button', { name: '解除关联：u-1024' });
    await unlink.waitFor();
    await expectAccessible(page, 'identities.zh');
    await unlink.click();
    await dialog(page).getByText('还没有关联').waitFor();
    await press(page, 'Escape');
    await closed(page);
    await row.getByRole('button', { name: '停用' }).click();
    await dialog(page).getByRole('button', { name: '停用' }).click();
    await row.waitFor({ state: 'detached' });
    await closed(page);
    await button(page, '创建密钥').waitFor({ state: 'detached' });
  });

  test.each(['zh', 'en'] as const)('every section is accessible, in %s', async (language) => {
    const page = await open('/administration');
    await chooseLanguage(page, language);
    const links = page.locator('.section-links a[href^="/administration/"]');
    const addresses = await links.evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
    expect(addresses).toHaveLength(15);
    for (const address of addresses) {
      await page.locator(`.section-links a[href="${address}"]`).click();
      await page.locator('.section-links a[aria-current=page]').waitFor();
      await isReady(page);
      await page.locator('.section-body :is(table, form, .fields, .empty-state)').first().waitFor();
      await expectAccessible(page, `${address.slice('/administration/'.length)}.${language}`);
    }
  });

  test('an auditor finds by the address who was refused, and reads the details', async () => {
    await t.get('/people', { authorization: `Bearer ${office.nurse.session}` });
    const page = await open(`/administration/audit?caller=${office.nurse.id}&outcome=refused`);
    await page.getByText('GET /people', { exact: true }).first().waitFor();
    await button(page, '详情').first().click();
    await expectAccessible(page, 'audit-details.zh');
  });

  test('capacities and a template are changed, and dialogs of every kind are accessible', async () => {
    const page = await open('/administration/capacities');
    await page.getByLabel('周一').first().fill('15');
    await button(page, '保存').click();
    await page.getByText('已保存').first().waitFor();
    const { body } = await t.get('/capacities');
    expect(body.capacities[0].perWeekday[0]).toBe(15);

    for (const [section, name] of [
      ['people', '修改'],
      ['people', '会话'],
      ['people', '重置登录'],
      ['sign-in', '添加统一登录'],
      ['api-keys', '创建密钥'],
      ['absences', '登记请假'],
      ['work-calendar', '登记一天'],
      ['work-calendar', '导入法定节假日'],
    ] as const) {
      await page.locator(`.section-links a[href="/administration/${section}"]`).click();
      await page.getByRole('button', { name }).first().click();
      await dialog(page).waitFor();
      await expectAccessible(page, `dialog-${section}-${name}.zh`);
      await press(page, 'Escape');
      await closed(page);
    }
  });

  test('a person sets up an authenticator and chooses a language; a telephone shows no more than fits', async () => {
    const page = await open('/account');
    await expectAccessible(page, 'account.zh');
    await button(page, '设置身份验证器').click();
    await proveIdentity(page);
    await page.locator('.totp-code').waitFor();
    await expectAccessible(page, 'enrol.zh');
    const secret = await dialog(page).getByLabel('密钥').inputValue();
    await dialog(page)
      .locator('input[autocomplete=one-time-code]')
      .fill(await codeNow(t, secret));
    await press(page, 'Enter');
    await page.locator('.recovery-codes').waitFor();
    await expectAccessible(page, 'recovery.zh');
    await button(page, '已保存，关闭').last().click();
    await page.getByText('已启用，还有').waitFor();
    await page.getByRole('radio', { name: 'English' }).check();
    await page.getByText('also for your next sign-in').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    for (const address of ['/account', '/administration', '/systems', '/systems/status']) {
      await page.goto(`${ward.base}${address}`);
      await page.locator('.section-head').waitFor();
      await isReady(page);
      await expectAccessible(page, `telephone${address.replaceAll('/', '-')}.en`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    }
  });
});
