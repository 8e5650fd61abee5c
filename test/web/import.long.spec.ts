import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { chromiumPath } from '../support/chromium.js';
import { givenPerson, type SignedInPerson } from '../support/signed-in.js';
import { chooseLanguage, expectAccessible, WardBrowser } from '../support/ward-pages.js';
import { describeWhere, testWhere } from '../support/where-present.js';

const chromium = chromiumPath();

/** Rosters as wards keep them, where the machine has them. */
const ROSTERS = process.env['NEDWATCH_ROSTERS'] ?? join(process.cwd(), '..', 'shared', 'data', 'rosters');

const HEADINGS = '住院号,姓名,性别,出生日期,确诊日期,部位,病理分期,手术日期,术前肠镜,管床,备忘';
const GOOD = [
  'Z001,王桂兰,女,1958-05-05,2025-01-20,乙状结肠,ⅢB,2025-02-11,完整,李敏,外院转来',
  'Z002,张建国,男,1961-03-12,2025-04-02,直肠,II,2025-04-22,完整,李敏,',
];
const ASKED = 'Z003,李秀英,女,1949-11-30,2025-06-10,升结肠,III,2025.7,不完整,周洁,家属代诉';
const REFUSED = 'Z004,刘德胜,男,1955-02-30,2025-08-01,直肠,I,2025-08-19,完整,周洁,';

describeWhere(chromium !== undefined, 'chromium')('the import of a roster', () => {
  let t: TestApp;
  let ward: WardBrowser;
  let headNurse: SignedInPerson;

  beforeAll(async () => {
    t = await startApp({ clock: '2026-03-10T08:00:00+08:00', role: 'api' });
    headNurse = await givenPerson(t, { roles: ['head_nurse'], name: '陈护士长' });
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

  async function openImport(language: 'zh' | 'en', person = headNurse): Promise<Page> {
    const page = await ward.openAs(person, '/import');
    await page.locator('.import-page').waitFor();
    await chooseLanguage(page, language);
    return page;
  }

  const choose = (page: Page, name: string, content: string | Buffer): Promise<void> =>
    page
      .locator('input[type=file]')
      .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content as string) });
  const csv = (...rows: string[]): string => [HEADINGS, ...rows].join('\n');
  const focusOn = async (page: Page, name: string): Promise<void> => {
    await page.getByRole('button', { name, exact: true }).first().focus();
    await page.keyboard.press('Enter');
  };

  test('a roster of the ward is understood, answered and imported by keyboard, and its faulty row comes back', async () => {
    const page = await openImport('zh');
    await expectAccessible(page, 'import-file.zh');
    await choose(page, '随访登记表.csv', csv(...GOOD, ASKED, REFUSED));
    const unknown = page.getByLabel('含义: 管床');
    await unknown.waitFor();
    await expectAccessible(page, 'import-columns.zh');
    await unknown.selectOption({ label: '责任护士' });
    await page.getByLabel('含义: 备忘').selectOption({ label: '不读取此列' });
    await focusOn(page, '核对各行');
    await page.getByRole('heading', { name: '需要您处理的行（2）' }).waitFor();
    await expectAccessible(page, 'import-rows.zh');
    expect(await page.locator('.is-doubtful dd').allInnerTexts()).toEqual(['2025.7', '1955-02-30']);

    await page.locator('.row-card').first().locator('input[type=date]').fill('2025-07-03');
    await page.getByText('您的回答和改动还没有核对。').waitFor();
    await focusOn(page, '再次核对');
    await page.getByRole('heading', { name: '需要您处理的行（1）' }).waitFor();
    await focusOn(page, '先导入其余 3 位');
    await page.getByText('1 行未导入').waitFor();
    await expectAccessible(page, 'import-done.zh');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByText('下载这些行').first().click(),
    ]);
    expect(download.suggestedFilename()).toBe('rejected.xlsx');
    await page.getByRole('link', { name: '打开工作清单' }).click();
    await page.locator('.row-table tbody tr').first().waitFor();
    const { body } = await t.get('/patients?limit=10');
    const found = (body.items as { mrn: string; responsibleNurse: string }[]).map((one) => [
      one.mrn,
      one.responsibleNurse,
    ]);
    expect(found.sort()).toEqual([
      ['Z001', '李敏'],
      ['Z002', '李敏'],
      ['Z003', '周洁'],
    ]);
  });

  test('a refused cell is corrected in place, a row is left out, and the page finds the import where it was left', async () => {
    const page = await openImport('en');
    const other = 'Z005,陈玉珍,女,1960-01-01,2025-08-20,colon,II,2025-13-01,complete,,';
    const known = csv(REFUSED, other).replace(',管床,备忘', ',责任护士,备注');
    await choose(page, 'roster.csv', known);
    await page.getByRole('heading', { name: 'Rows that need you (2)' }).waitFor();
    await expectAccessible(page, 'import-rows.en');
    await page.locator('.row-card').first().locator('input[type=date]').fill('1955-02-28');
    await page.locator('.row-card').nth(1).getByRole('button', { name: 'Leave this row out' }).click();
    await page.getByText('This row is left out').waitFor();

    await page.getByRole('link', { name: 'Worklist' }).click();
    await page.locator('.worklist').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.getByText('This row is left out').waitFor();
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByText('All rows can be imported.').waitFor();
    await page.getByRole('button', { name: 'Import 1 patient' }).click();
    await page.getByText('Imported', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Import another file' }).click();
    await page.getByText('Imports of the last seven days').waitFor();
    await page.getByText('imported', { exact: true }).first().waitFor();
    await expectAccessible(page, 'import-file.en');
  });

  test('a file without headings, a column that is missing, and an old workbook say what to do', async () => {
    const page = await openImport('zh');
    await choose(page, 'a.csv', '1,2,3\n4,5,6\n');
    await page.getByText('没有找到表头').waitFor();
    await expectAccessible(page, 'import-no-headings.zh');
    await choose(page, 'b.csv', '住院号,患者称呼,性别,出生日期\nZ9,王芳,女,1960-01-01\n');
    await page.getByText('没有哪一列是“姓名”').waitFor();
    await expectAccessible(page, 'import-missing-column.zh');
    await page.getByLabel('含义: 患者称呼').selectOption({ label: '姓名' });
    await page.getByRole('button', { name: '核对各行' }).click();
    await page.getByRole('heading', { name: '需要您处理的行（1）' }).waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await expectAccessible(page, 'import-telephone.zh');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.setViewportSize({ width: 683, height: 384 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(683);
  });

  test('a nurse learns who imports', async () => {
    const page = await openImport('zh', await givenPerson(t, { roles: ['nurse'] }));
    await page.getByText('导入由护士长完成').waitFor();
    expect(await page.getByRole('link', { name: '导入' }).count()).toBe(0);
    await expectAccessible(page, 'import-nurse.zh');
  });

  const messy = existsSync(ROSTERS);
  testWhere(messy, 'rosters of wards')('rosters as wards keep them lead to their questions', async () => {
    const page = await openImport('zh');
    for (const name of ['02-HIS导出.csv', '06-肝转移随访.xlsx']) {
      await choose(page, name, readFileSync(join(ROSTERS, name)));
      const next = page.getByRole('button', { name: '核对各行' });
      await next.or(page.locator('.row-card').first()).first().waitFor();
      if (await next.isVisible()) {
        await expectAccessible(page, `import-columns-${name.slice(0, 2)}.zh`);
        await next.click();
      }
      await page.locator('.row-card').first().waitFor();
      await expectAccessible(page, `import-rows-${name.slice(0, 2)}.zh`);
      await page.getByRole('button', { name: '换一个文件' }).click();
    }
    await choose(page, 'old.xls', readFileSync(join(ROSTERS, '07-2019年老名册.xls')));
    await page.getByRole('alert').waitFor();
    await expectAccessible(page, 'import-old-workbook.zh');
  });
});
