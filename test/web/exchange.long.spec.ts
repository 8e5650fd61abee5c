import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { proveIdentity } from '../support/administration-pages.js';
import { startApp, type TestApp } from '../support/app.js';
import { chromiumPath } from '../support/chromium.js';
import { givenPerson, type SignedInPerson } from '../support/signed-in.js';
import {
  chooseLanguage,
  expectAccessible,
  givenNurse,
  givenWard,
  WardBrowser,
} from '../support/ward-pages.js';
import { answered } from '../support/ward.js';
import { describeWhere } from '../support/where-present.js';

const chromium = chromiumPath();
const MAPPING = readFileSync(join(CHECKOUT, 'docs/examples/mapping.json'), 'utf8');

const message = (sender: string, type: string, id: string, mrn: string, lines: readonly string[]): string =>
  [
    `MSH|^~\\&|${sender}|SLZL|||20260309093000||${type}|${id}|P|2.4`,
    `PID|1||${mrn}^^^SLZL^MR`,
    ...lines,
  ].join('\r');
const report = (id: string, mrn: string, text: string, more: readonly string[] = []): string =>
  message('RIS', 'ORU^R01', id, mrn, [
    `OBR|1||F-${id}|CT0312^胸腹盆CT^RIS|||20260309|||||||||||||||20260309103000|||F`,
    `OBX|1|TX|YXJL^结论||${text}||||||F`,
    ...more,
  ]);
const markers = (id: string, mrn: string, value: string): string =>
  message('LIS', 'ORU^R01', id, mrn, [
    `OBR|1||F-${id}|TM^肿瘤标志物|||20260309`,
    `OBX|1|NM|2039-6^CEA^LN||${value}|ng/mL|||||F`,
  ]);

describeWhere(chromium !== undefined, 'chromium')('the pages of what other systems send', () => {
  let t: TestApp;
  let ward: WardBrowser;
  let head: SignedInPerson;
  let technician: SignedInPerson;
  let clinician: SignedInPerson;
  let nurse: SignedInPerson;
  let patients: ReadonlyMap<string, string>;

  beforeAll(async () => {
    t = await startApp({ clock: '2026-03-10T10:00:00+08:00' });
    nurse = await givenNurse(t);
    head = await givenPerson(t, { roles: ['head_nurse'], name: '赵红' });
    technician = await givenPerson(t, { roles: ['hospital_admin', 'integration'], name: '孙强' });
    clinician = await givenPerson(t, { roles: ['clinician'], name: '王磊' });
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

  const dialog = (page: Page) => page.locator('dialog[open]').last();
  const closed = (page: Page) => page.locator('dialog[open]').first().waitFor({ state: 'detached' });
  const button = (page: Page, name: string | RegExp) =>
    page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  const isReady = (page: Page) => page.locator('.busy').first().waitFor({ state: 'detached' });

  async function open(person: SignedInPerson, address: string): Promise<Page> {
    const page = await ward.openAs(person, address);
    await page.locator('.section-body h1').first().waitFor();
    await isReady(page);
    return page;
  }

  async function send(payload: string, status = 200): Promise<void> {
    const headers = { 'content-type': 'x-application/hl7-v2+er7' };
    const answer = await t.request('POST', '/hl7v2', { headers, payload });
    expect([answer.status, answer.body]).toEqual([status, expect.anything()]);
  }

  test('hospital IT corrects a mapping where its errors stand, stores it, tries it, and puts it in force', async () => {
    const page = await open(technician, '/systems/mappings');
    await expectAccessible(page, 'mappings-empty.zh');
    const content = page.getByLabel('文件内容');
    await content.fill(MAPPING.replace('"ct_chest_abdomen_pelvis"', '"ct_of_everything"'));
    await button(page, '检查并保存').click();
    await page
      .getByText(/^文件有 \d+ 处问题/)
      .first()
      .waitFor();
    await expectAccessible(page, 'mapping-problems.zh');
    await button(page, /^到第 \d+ 行/)
      .first()
      .click();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('TEXTAREA');
    await content.fill(MAPPING);
    await button(page, '只检查').click();
    await page.getByText('没有问题，可以保存。').waitFor();
    await button(page, '检查并保存').click();
    await page.getByText('已保存 ward-systems@1.0.0；启用后才生效').first().waitFor();

    await send(markers('LIS-1001', 'D100', '3.1'));
    await send(report('CT-1001', 'D101', '术后改变。', ['OBX|2|ST|YYX^阳性||0||||||F']));
    await send(markers('LIS-1002', 'D106', '溶血'), 422);
    await page.reload();
    await button(page, '启用 ward-systems@1.0.0').click();
    await dialog(page)
      .getByText(/^试读 3 条：1 条结果会不同，1 条会改动/)
      .waitFor();
    await expectAccessible(page, 'mapping-select.zh');
    await dialog(page).getByRole('button', { name: '启用' }).click();
    await closed(page);
    await page.getByText('ward-systems@1.0.0 启用中').first().waitFor();
    await expectAccessible(page, 'mappings.zh');
  });

  test('a nurse works off the inbox by keyboard, after seeing what the plan becomes', async () => {
    await send(report('CT-1002', 'D102', '复查胸腹盆CT：结肠癌术后改变，肝S6低密度结节同前，考虑囊肿。'));
    await send(report('CT-1003', 'D103', '外院片，图像质量差，不能评价。'));
    const page = await open(nurse, '/systems');
    await page.locator('.data-table').waitFor();
    await expectAccessible(page, 'inbox.zh');
    await page.getByRole('link', { name: '处理 D102' }).click();
    await page.getByText('同前，考虑囊肿').waitFor();
    await page.getByRole('group', { name: '结果' }).getByLabel('正常').check();
    await page.getByText(/^(新增 \d+，改期 \d+|计划不变)/).waitFor();
    await expectAccessible(page, 'inbox-entry.zh');
    await button(page, '录入并关闭').click();
    await page.getByText('不能评价').waitFor(); // the next one is there at once
    await page.keyboard.press('d');
    await page.keyboard.type('图像不能用，已请患者补做');
    await dialog(page).getByRole('button', { name: '不录入，关闭' }).last().click();
    await page.getByText('没有待处理的内容。').waitFor();
    const events = (await t.get(`/patients/${patients.get('李秀英')}/events`)).body.items as object[];
    expect(events.at(-1)).toMatchObject({
      ...{ type: 'exam', activity: 'ct_chest_abdomen_pelvis', date: '2026-03-09', recordedBy: nurse.name },
    });
    await page.getByLabel('状态').selectOption('dismissed');
    await page.getByText('李敏').first().waitFor();
    await expectAccessible(page, 'inbox-closed.zh');
  });

  test('a head nurse finds a message by its number, replays one that was refused, and takes one back', async () => {
    const page = await open(head, '/systems/messages');
    await page.locator('.data-table').waitFor();
    await expectAccessible(page, 'messages.zh');
    await page.getByLabel('结果').selectOption('refused');
    await page.getByRole('link', { name: '查看 LIS-1002' }).click();
    await page.getByText('为何拒绝').waitFor();
    await expectAccessible(page, 'message-refused.zh');
    await page.keyboard.press('r');
    await page.getByText('已重新处理').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('消息编号（MSH-10）').fill('LIS-1001');
    await page.getByLabel('结果').selectOption('');
    await page.keyboard.press('Tab');
    await button(page, '查找').click();
    await page.getByRole('link', { name: '查看 LIS-1001' }).click();
    await page.getByText('对计划的改动').first().waitFor();
    expect(await button(page, '重新处理').count()).toBe(0);
    await expectAccessible(page, 'message.zh');
    await page.keyboard.press('x');
    await page.keyboard.type('标本混淆');
    await expectAccessible(page, 'message-void.zh');
    await dialog(page).getByRole('button', { name: '撤回' }).last().click();
    await closed(page);
    await page.getByText('赵红 于').waitFor();
    const { body } = await t.get(`/patients/${patients.get('王桂兰')}/events`);
    expect((body.items as object[]).at(-1)).toMatchObject({ type: 'exam', voidedBy: expect.any(String) });
  });

  test('an administrator lets a system send, follows an export, and registers a machine with its public key', async () => {
    const page = await open(technician, '/systems/senders');
    await page.keyboard.press('n');
    await dialog(page).getByLabel('系统', { exact: true }).fill('检验系统 LIS');
    await dialog(page).getByLabel(/^机构/).fill('SLZL-LIS');
    await dialog(page).getByLabel('网络地址').fill('10.1.2.3\n10.1.3.0/24');
    await expectAccessible(page, 'sender-new.zh');
    await dialog(page).getByRole('button', { name: '登记发送系统' }).click();
    await proveIdentity(page);
    await button(page, '停用 检验系统 LIS').click();
    await page.getByText('已停用').first().waitFor();
    await button(page, '启用 检验系统 LIS').click();
    await page.getByText('接收中').waitFor();
    await expectAccessible(page, 'senders.zh');

    await page.getByRole('link', { name: '批量导出' }).click();
    await button(page, '开始导出').waitFor();
    await page.keyboard.press('n');
    await expectAccessible(page, 'export-new.zh');
    await dialog(page).getByRole('button', { name: '开始导出' }).click();
    await closed(page);
    const file = page.getByRole('link', { name: 'Patient', exact: true });
    await file.waitFor({ timeout: 20_000 });
    await expectAccessible(page, 'exports.zh');
    const fetched = await ward.context.request.get(`${ward.base}${await file.getAttribute('href')}`);
    expect((await fetched.text()).trim().split('\n')).toHaveLength(patients.size);
    await button(page, /^删除/).click();
    await dialog(page).getByRole('button', { name: '删除' }).click();
    await page.getByText('没有导出。').waitFor();

    await page.goto(`${ward.base}/administration/api-keys`);
    await button(page, /^登记机器客户端/).waitFor();
    await page.keyboard.press('m');
    await dialog(page).getByLabel('用途').fill('科研平台');
    await dialog(page).getByLabel('粘贴公钥（JWKS）').check();
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const jwks = (key: object) => JSON.stringify({ keys: [{ ...key, kid: 'research-1' }] }, null, 2);
    await dialog(page)
      .getByLabel(/^公钥（JSON/)
      .fill(jwks(privateKey.export({ format: 'jwk' })));
    await dialog(page).getByRole('button', { name: '登记机器客户端' }).click();
    await dialog(page).locator('.field-error').waitFor();
    await expectAccessible(page, 'client-private-key.zh');
    await dialog(page)
      .getByLabel(/^公钥（JSON/)
      .fill(jwks(publicKey.export({ format: 'jwk' })));
    await dialog(page).getByRole('button', { name: '登记机器客户端' }).click();
    const id = await dialog(page).getByLabel('client_id').inputValue();
    await expectAccessible(page, 'client-id.zh');
    await button(page, '关闭').last().click();
    const row = page.getByRole('row', { name: /科研平台/ });
    expect(await row.innerText()).toContain('research-1');
    expect(await row.innerText()).toContain(id);
    await expectAccessible(page, 'clients.zh');
    await row.getByRole('button', { name: '停用' }).click();
    await dialog(page).getByRole('button', { name: '停用' }).click();
    await row.waitFor({ state: 'detached' });
  });

  test('a clinician judges an abnormal value from the row and sees what follows first; it can be undone', async () => {
    await send(markers('LIS-2001', 'D104', '18.6'));
    await send(markers('LIS-2002', 'D105', '9.4'));
    const [first, second] = [patients.get('陈玉珍')!, patients.get('杨志强')!];
    const page = await ward.openAs(clinician, '/worklist?list=to_judge');
    await page.getByRole('row', { name: /陈玉珍/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.open-results').waitFor();
    await expectAccessible(page, 'results-panel.zh');
    await page.keyboard.press('v');
    await dialog(page).getByLabel('过几周复查').check();
    await dialog(page).getByLabel('几周后').fill('6');
    await dialog(page)
      .getByText(/^加入计划：.*2026-04-21/)
      .waitFor();
    await expectAccessible(page, 'judge-repeat.zh');
    await dialog(page).getByLabel('复发', { exact: true }).check();
    await dialog(page)
      .getByText(/^录入事件：/)
      .waitFor();
    await expectAccessible(page, 'judge-recurrence.zh');
    await dialog(page).getByLabel('过几周复查').check();
    await dialog(page)
      .getByLabel(/^理由与备注/)
      .fill('轻度升高，先复查');
    await dialog(page)
      .getByText(/^加入计划：/)
      .waitFor();
    await dialog(page).getByRole('button', { name: '记录判断' }).click();
    await closed(page);
    await page.locator('.open-results').waitFor({ state: 'detached' });
    const judged = async () =>
      ((await t.get(`/reviews?state=judged&patientId=${first}`)).body.items as object[]).length;
    expect(await judged()).toBe(1);
    await page.getByText('已判断：过几周复查').waitFor();
    await page.keyboard.press('z');
    await page.getByText('已撤销判断').waitFor();
    expect(await judged()).toBe(0);

    await page.goto(`${ward.base}/patients/${second}`);
    await page.locator('.open-results').waitFor();
    await chooseLanguage(page, 'en');
    await page.getByText('9.4').first().waitFor();
    await expectAccessible(page, 'results-record.en');
    await button(page, /^Judge /).click();
    await dialog(page).getByLabel('No action').check();
    await dialog(page).getByText('Only the judgement is recorded').waitFor();
    await expectAccessible(page, 'judge.en');
    await dialog(page).getByRole('button', { name: 'Save judgement' }).click();
    await closed(page);
    await page.locator('.open-results').waitFor({ state: 'detached' });
  });

  test('acts in a row on the same rows succeed, also after an undo, without reading the list again', async () => {
    const page = await ward.openAs(nurse, '/worklist?list=overdue');
    await page.getByRole('row').nth(2).waitFor();
    for (const kind of ['延期', '拒绝', '撤销', '延期'] as const) {
      if (kind === '撤销') {
        await page.keyboard.press('z');
        await page.getByText('已撤销').waitFor();
        continue;
      }
      await page.keyboard.press('Home');
      await page.keyboard.press('x');
      await page.keyboard.press('j');
      await page.keyboard.press('x');
      await page.keyboard.press(kind === '延期' ? 's' : 'd');
      if (kind === '延期') await dialog(page).locator('input[type=date]').first().fill('2026-03-24');
      await dialog(page).locator('select').first().selectOption({ index: 1 });
      await dialog(page).locator('button[type=submit]').click();
      await closed(page);
      await page
        .getByText(kind === '延期' ? '已延期至 2026-03-24' : '已记录拒绝')
        .first()
        .waitFor();
    }
  });

  test('every section is accessible in English, and fits a telephone', async () => {
    await answered(
      t.post('/hl7v2-senders', { name: 'RIS', facility: 'SLZL-RIS', addresses: ['10.1.2.4'] }),
      201,
    );
    const page = await open(technician, '/systems');
    await chooseLanguage(page, 'en');
    for (const section of ['inbox', 'messages', 'mappings', 'senders', 'exports']) {
      await page.locator(`.section-links a[href="/systems/${section}"]`).click();
      await page.locator('.section-links a[aria-current=page]').waitFor();
      await isReady(page);
      await page.locator('.section-body :is(table, .empty-state)').first().waitFor();
      await expectAccessible(page, `systems-${section}.en`);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    for (const section of ['messages', 'mappings']) {
      await page.goto(`${ward.base}/systems/${section}`);
      await page.locator('.section-head').waitFor();
      await isReady(page);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    }
  });
});
