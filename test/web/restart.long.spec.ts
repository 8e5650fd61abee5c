import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import { createApplication } from '../../src/app/application.js';
import { createDataSource } from '../../src/app/data-source.js';
import { APPLICATION_ROLE } from '../../src/platform/database/roles.js';
import { startApp, type TestApp } from '../support/app.js';
import { chromiumPath } from '../support/chromium.js';
import { givenNurse, givenWard, signInByKeyboard, WardBrowser } from '../support/ward-pages.js';
import { describeWhere } from '../support/where-present.js';

const chromium = chromiumPath();

describeWhere(chromium !== undefined, 'chromium')('pages while the program restarts', () => {
  let t: TestApp;
  let ward: WardBrowser;
  let present: { readonly app: NestFastifyApplication; readonly database: DataSource } | undefined;

  /** Another process of the program on the same database and port. */
  async function start(): Promise<void> {
    const database = await createDataSource(t.config.databaseUrl ?? '', 6, {
      role: APPLICATION_ROLE,
    }).initialize();
    const app = await createApplication(t.config, database);
    await app.listen(Number(new URL(ward.base).port), '127.0.0.1');
    present = { app, database };
  }
  async function stop(): Promise<void> {
    await present?.app.close();
    await present?.database.destroy();
    present = undefined;
  }

  beforeAll(async () => {
    t = await startApp({ clock: '2026-03-10T08:00:00+08:00', role: 'api' });
    ward = await WardBrowser.start(t, chromium!);
    await new Promise((resolve) => t.app.getHttpServer().close(resolve));
    t.app.getHttpServer().closeAllConnections();
    await start();
  });
  afterAll(async () => {
    await ward.close();
    await stop();
    await t.close();
  });

  test('what was typed stays, the act is refused meanwhile, and is done once the program is back', async () => {
    const nurse = await givenNurse(t);
    const patients = await givenWard(t, nurse);
    const page = await ward.open('/worklist?list=overdue');
    await signInByKeyboard(page, nurse);
    const rows = page.locator('.row-table tbody tr:not(.row-gap)');
    await rows.first().waitFor();
    const names = await rows.locator('.patient-name').allInnerTexts();
    for (const key of ['j', 'c']) await page.keyboard.press(key);
    const dialog = page.getByRole('dialog');
    await dialog.locator('textarea').fill('家属说下周来');
    await stop();
    const save = page.getByRole('button', { name: '保存联系' });
    await save.click();
    await dialog.getByText('服务器没有应答').waitFor();
    expect(await dialog.locator('textarea').inputValue()).toBe('家属说下周来');
    expect(await rows.locator('.patient-name').allInnerTexts()).toEqual(names);
    await start();
    await save.click();
    await page.locator('.toast').waitFor();
    const { body } = await t.get(`/patients/${patients.get(names[1] ?? '')}/contacts`);
    expect(body.items).toMatchObject([{ note: '家属说下周来' }]);
    await page.keyboard.press('u');
    await rows.first().waitFor();
    expect(ward.takeFaults()).toEqual([]);
  });
});
