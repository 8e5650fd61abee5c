import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { addDays, calendarDate } from '../../src/guideline/calendar.js';
import { NightlyFigures } from '../../src/statistics/nightly-figures.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
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
import { describeWhere } from '../support/where-present.js';

const chromium = chromiumPath();

interface Scheduled {
  readonly id: string;
  readonly activity: string;
  readonly due: string;
}

/** Two of three items that have fallen due were done, most of them in time; every patient was called twice. */
async function givenCourse(t: TestApp, patients: ReadonlyMap<string, string>): Promise<void> {
  for (const id of patients.values()) {
    const { body } = await t.get(`/patients/${id}/schedule`);
    const past = (body.items as Scheduled[]).filter(({ due }) => due >= '2025-09-01' && due <= '2026-02-20');
    for (const [place, { id: item, due }] of past.entries()) {
      if (place % 3 === 2) continue;
      const date = addDays(calendarDate(due), place % 5 === 0 ? 18 : 2);
      await t.post(`/items/${item}/complete`, { date, outcome: 'normal' });
    }
    for (const attempt of [{ outcome: 'failed', cause: 'no_answer' }, { outcome: 'reached' }])
      await t.post(`/patients/${id}/contacts`, { channel: 'telephone', ...attempt });
  }
}

describeWhere(chromium !== undefined, 'chromium')('the pages of guidelines and statistics', () => {
  let t: TestApp;
  let ward: WardBrowser;
  let head: SignedInPerson;

  beforeAll(async () => {
    t = await startApp({ clock: '2026-03-10T08:00:00+08:00', role: 'all' });
    const nurse = await givenNurse(t);
    await givenCourse(t, await givenWard(t, nurse));
    head = await givenPerson(t, { roles: ['head_nurse', 'clinician'], name: '陈静' });
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

  async function open(address: string, language: 'zh' | 'en' = 'zh'): Promise<Page> {
    const page = await ward.openAs(head, address);
    await page.locator('.shell').waitFor();
    await chooseLanguage(page, language);
    return page;
  }

  test.each(['zh', 'en'] as const)('guidelines are read and compared, in %s', async (language) => {
    const zh = language === 'zh';
    const page = await open('/guideline', language);
    await page.locator('.pathway-rules table').first().waitFor();
    await page.locator('.pathway-rules summary').first().click();
    await expectAccessible(page, `guideline-rules.${language}`);
    await page.getByLabel(zh ? '与另一版本对比' : 'Compare with another version').selectOption({ index: 1 });
    await page.getByText(/改动 \d+ 条|\d+ changed/).waitFor();
    await expectAccessible(page, `guideline-versions.${language}`);

    await page.getByRole('link', { name: zh ? '比较' : 'Compare', exact: true }).press('Enter');
    await page.getByRole('button', { name: zh ? '推算' : 'Compute', exact: true }).press('Enter');
    await page.locator('.plan-column li').first().waitFor();
    expect(await page.locator('.plan-column').count()).toBe(2);
    await page.locator('.plan-column summary').first().press('Enter');
    expect(await page.locator('.plan-column details p').first().innerText()).toContain('→');
    await expectAccessible(page, `guideline-invented.${language}`);

    await page.getByLabel(zh ? '本院患者' : 'patient of the hospital').check();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('searchbox').or(dialog.locator('input')).first().fill('D100');
    await page.keyboard.press('Enter');
    await dialog.getByText('王桂兰').waitFor();
    await expectAccessible(page, `guideline-find.${language}`);
    await dialog.getByRole('button', { name: /王桂兰/ }).click();
    await page.locator('.compared-differences tbody tr').first().waitFor();
    expect(page.url()).not.toContain('D100');
    await expectAccessible(page, `guideline-patient.${language}`);
  });

  test('an event without its date is marked where it is typed', async () => {
    const page = await open('/guideline?tab=compare');
    const date = page.locator('.event-fields input[type=date]').first();
    await date.fill('1950-01-01');
    await page.getByRole('button', { name: '推算', exact: true }).click();
    await page.locator('.event-fields .field-error').waitFor();
    await expectAccessible(page, 'guideline-invented-error.zh');
  });

  test('a protocol is corrected line by line, stored, and chosen by its digest', async () => {
    const page = await open('/guideline?tab=file');
    await page.getByLabel('以指南为底稿').selectOption({ index: 3 });
    const content = page.getByLabel('方案内容');
    await page.locator('button[type=submit]:not([disabled])').waitFor();
    const good = await content.inputValue();
    await content.fill(good.replace('"version": "1.0.0",', '"version": "1.0.0"'));
    await page.getByText(/^第 \d+ 行不是有效的 JSON/).waitFor();
    await expectAccessible(page, 'protocol-syntax.zh');
    await content.fill(good.replace('"1.0.0"', '"one"').replace(/"P3M"/, '"P3X"'));
    await page.getByRole('button', { name: '检查并保存' }).click();
    await page
      .getByText(/处问题，尚未保存/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: '到第 3 行' }).click();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('TEXTAREA');
    await expectAccessible(page, 'protocol-problems.zh');
    await content.fill(good);
    await page.getByRole('button', { name: '检查并保存' }).click();
    await page.locator('.file-view tbody code').first().waitFor();
    await expectAccessible(page, 'protocol-stored.zh');
  });

  test('a policy is previewed with examples, applied, and rolled back', async () => {
    const page = await open('/guideline?tab=policy');
    await page.getByText('与现行政策相同').waitFor();
    await page.getByLabel('取长间隔、短期限').check();
    await page.getByLabel('理由').fill('科室讨论通过');
    await page.getByRole('button', { name: '预览变化' }).press('Enter');
    await page.getByText('已预览，未执行').waitFor();
    await page.locator('.rollout-example summary').first().press('Enter');
    await expectAccessible(page, 'policy-preview.zh');
    await page.getByRole('button', { name: '执行', exact: true }).click();
    await page.getByText('已执行', { exact: true }).waitFor();
    await page.getByText(/^现行第 2 版/).waitFor();
    await page.getByRole('button', { name: '撤回' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('理由').fill('先不改');
    await expectAccessible(page, 'policy-undo.zh');
    await dialog.getByRole('button', { name: '撤回' }).click();
    await page.getByText('已撤回', { exact: true }).waitFor();
    await page.getByText(/^现行第 3 版/).waitFor();
    await chooseLanguage(page, 'en');
    for (const part of await page.locator('.policy-form summary').all()) await part.click();
    await page.getByLabel('Rule', { exact: true }).selectOption({ index: 1 });
    await expectAccessible(page, 'policy.en');
  });

  test.each(['zh', 'en'] as const)('figures open to the patients behind them, in %s', async (language) => {
    const zh = language === 'zh';
    const page = await open('/statistics?compare=before', language);
    await page.locator('.group-table tbody tr').first().waitFor();
    await page.locator('.figure-card summary').first().press('Enter');
    await expectAccessible(page, `statistics.${language}`);
    const count = page.locator('.group-table .count-button').first();
    const shown = Number(await count.innerText());
    await count.press('Enter');
    const panel = page.locator('.panel');
    await panel.locator('li').first().waitFor();
    expect(await panel.locator('li').count()).toBe(Math.min(shown, 50));
    await expectAccessible(page, `statistics-behind.${language}`);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await page.keyboard.press('[');
    await page.waitForURL(/from=2025-09-01/);

    await page.getByRole('link', { name: zh ? '逐月' : 'By month', exact: true }).press('Enter');
    await page.locator('.plot svg').nth(1).waitFor();
    await expectAccessible(page, `statistics-months.${language}`);
    await page
      .getByRole('button', { name: zh ? '表格' : 'Table' })
      .first()
      .press('Enter');
    await page.locator('.plot-table tbody tr').first().waitFor();
    await expectAccessible(page, `statistics-months-table.${language}`);

    await page
      .getByRole('link', { name: zh ? '检查报告' : 'Inspection reports', exact: true })
      .press('Enter');
    await page.getByRole('button', { name: zh ? '生成' : 'Make', exact: true }).press('Enter');
    await page.locator('.reports tbody tr').first().waitFor();
    const verified = page.getByText(zh ? /^核验通过/ : /^Verified/);
    const verify = page.getByRole('button', { name: zh ? '核验' : 'Verify' }).first();
    while (!(await verified.isVisible())) {
      await verify.click();
      await page.locator('.reports [role=status] .chip').first().waitFor();
    }
    await expectAccessible(page, `statistics-reports.${language}`);
    const [printed] = await Promise.all([
      page.context().waitForEvent('page'),
      page
        .getByRole('link', { name: zh ? '打印页' : 'Page for printing' })
        .first()
        .click(),
    ]);
    await printed.getByText('2026-02').first().waitFor();
  });

  test('figures of the night say of which instant they are, and print without controls', async () => {
    await t.app.get(HospitalScope).run(t.hospitalId, () => t.app.get(NightlyFigures).compute(0));
    const page = await open('/statistics?from=2026-01-01&to=2026-01-31&by=department');
    await page.getByText(/整月的数字每夜统计一次：以下为 2026-03-10/).waitFor();
    await page.locator('.group-table tbody tr').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.period-bar').isVisible()).toBe(false);
    await expectAccessible(page, 'statistics-printed.zh');
    await t.dataSource.query('DELETE FROM statistics_month');
  });

  test('a telephone and 200 % zoom show no more than fits', async () => {
    const page = await open('/statistics');
    await page.locator('.group-table tbody tr').first().waitFor();
    const addresses = {
      ...{
        statistics: '/statistics',
        months: '/statistics?tab=months&by=nurse',
        reports: '/statistics?tab=reports',
      },
      ...{ rules: '/guideline', compare: '/guideline?tab=compare', file: '/guideline?tab=file' },
      policy: '/guideline?tab=policy',
    };
    for (const [name, address] of Object.entries(addresses)) {
      await page.setViewportSize({ width: 400, height: 844 });
      await page.goto(`${ward.base}${address}`);
      await page.locator('h2, form, .plot').first().waitFor();
      await expectAccessible(page, `telephone-${name}.zh`);
      const width = () => page.evaluate('document.documentElement.scrollWidth');
      expect([name, await width()]).toEqual([name, 400]);
      await page.setViewportSize({ width: 683, height: 384 });
      expect([name, await width()]).toEqual([name, 683]);
    }
  });
});
