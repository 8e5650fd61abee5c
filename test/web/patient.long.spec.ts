import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { chromiumPath } from '../support/chromium.js';
import { givenPerson } from '../support/signed-in.js';
import {
  chooseLanguage,
  expectAccessible,
  expectNoSidewaysScroll,
  givenNurse,
  givenWard,
  signInByKeyboard,
  WardBrowser,
} from '../support/ward-pages.js';
import { describeWhere } from '../support/where-present.js';

const chromium = chromiumPath();
const NAME = '王桂兰';
const CEA = [
  ['2025-05-12', '<0.5'],
  ['2025-08-20', '1.8'],
  ['2025-11-25', '2.6'],
  ['2026-02-16', '7.4'],
] as const;

const EXAM = { type: 'exam', outcome: 'normal' };

/** Counts what a person clicks; keys and typing are not counted. */
class Clicks {
  count = 0;

  async on(target: Locator): Promise<void> {
    this.count++;
    await target.click();
  }
}

describeWhere(chromium !== undefined, 'chromium')('the page of a patient', () => {
  let t: TestApp;
  let ward: WardBrowser;
  let nurse: Awaited<ReturnType<typeof givenNurse>>;
  let patients: ReadonlyMap<string, string>;
  let id: string;

  const recorded = async (event: object): Promise<void> =>
    expect(await t.post(`/patients/${id}/events`, event)).toMatchObject({ status: 201 });

  beforeAll(async () => {
    t = await startApp({ clock: '2026-03-10T08:00:00+08:00', role: 'api' });
    nurse = await givenNurse(t);
    patients = await givenWard(t, nurse);
    id = patients.get(NAME)!;
    for (const [date, value] of CEA) {
      const values = [
        { code: 'CEA', value, unit: 'ng/mL' },
        { code: 'CA19-9', value: '11', unit: 'U/mL' },
      ];
      await recorded({
        ...EXAM,
        date,
        activity: 'tumour_markers',
        outcome: date < '2026' ? 'normal' : 'suspicious',
        values,
      });
    }
    await recorded({ ...EXAM, date: '2025-08-20', activity: 'ct_chest_abdomen_pelvis' });
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

  const openAt = (address: string, person: { readonly login: string } = nurse): Promise<Page> =>
    ward.openAs(person, address);

  test.each(['zh', 'en'] as const)('the record by keyboard alone, in %s', async (language) => {
    const isChinese = language === 'zh';
    const page = await ward.open('/worklist?list=overdue');
    await page.locator('input[autocomplete=username]').waitFor();
    await chooseLanguage(page, language);
    await page.locator('input[autocomplete=username]').focus();
    await signInByKeyboard(page, nurse);
    await rowsOf(page).filter({ hasText: NAME }).waitFor();
    const names = await rowsOf(page).locator('.patient-name').allInnerTexts();
    await press(page, ...names.slice(0, names.indexOf(NAME)).map(() => 'j'), 'Shift+Enter');

    await page.locator('.lane-mark').first().waitFor();
    await page.locator('.plot svg').first().waitFor();
    expect(page.url()).toContain(`/patients/${id}`);
    expect(await page.title()).not.toContain(NAME);
    await expectAccessible(page, `record.${language}`);
    await page.locator('.lane-mark[tabindex="0"]').focus();
    await press(page, 'ArrowLeft', 'ArrowRight');
    await page.locator('.mark-card', { hasText: '→' }).waitFor();
    await expectAccessible(page, `lane-card.${language}`);
    await press(page, 'Enter');
    await page.locator('.panel .explanation').waitFor();
    await expectAccessible(page, `lane-panel.${language}`);
    await press(page, 'b');
    await page.getByRole('dialog').locator('form').waitFor();
    await press(page, 'Escape', 'Escape');
    await page.locator('.panel').waitFor({ state: 'detached' });

    await press(page, '2');
    await page.locator('.record-list li').first().waitFor();
    await press(page, 'e');
    const dialog = page.getByRole('dialog');
    await dialog
      .locator('select')
      .first()
      .selectOption({ label: isChinese ? '复发' : 'recurrence' });
    await dialog.locator('input[type=date]').fill('2026-03-09');
    await dialog.locator('.plan-change li').first().waitFor();
    await expectAccessible(page, `event.${language}`);
    await dialog.locator('input[type=text]').last().focus();
    await press(page, 'Enter');
    await toast(page).waitFor();
    await page.getByRole('button', { name: isChinese ? /^作废：复发/ : /^Void: recurrence/ }).focus();
    await press(page, 'Enter');
    await dialog.locator('.plan-change li').first().waitFor();
    await page.keyboard.type(isChinese ? '录入错误' : 'of another patient');
    await expectAccessible(page, `void.${language}`);
    await press(page, 'Enter');
    await dialog.waitFor({ state: 'detached' });
    await expectAccessible(page, `course.${language}`);

    for (const [key, name] of [
      ['3', 'visits'],
      ['4', 'agreed'],
      ['5', 'history'],
    ] as const) {
      await press(page, key);
      await page.locator('.patient-view .record-list, .patient-view .quiet').first().waitFor();
      await page.waitForLoadState('networkidle');
      if (name === 'history')
        await page
          .locator('.record-list li', { hasText: isChinese ? '作废：复发' : 'Voided: recurrence' })
          .filter({ hasText: isChinese ? '录入错误' : 'of another patient' })
          .filter({ hasText: nurse.name })
          .waitFor();
      await expectAccessible(page, `${name}.${language}`);
    }
    await press(page, 'Escape');
    await page.locator('.row-table tr.is-cursor', { hasText: NAME }).waitFor();
    expect(page.url()).toContain('list=overdue');
  });

  test('a clinician finds why a CT is due on its date within two clicks from the worklist', async () => {
    const clinician = await givenPerson(t, { roles: ['clinician'], name: '陈医生' });
    const page = await openAt('/worklist?list=due&activity=ct_chest_abdomen_pelvis', clinician);
    const clicks = new Clicks();
    await clicks.on(rowsOf(page).first());
    const item = page.locator('.panel-item', { hasText: 'CT' }).first();
    await clicks.on(item.getByRole('button', { name: '为何是这一天' }));
    const why = item.locator('.explanation');
    await why.getByText('→').first().waitFor();
    expect(await why.innerText()).toMatch(/依据[\s\S]*推算[\s\S]*\d{4}-\d\d-\d\d[\s\S]*以下情况会改变日期/);
    expect(clicks.count).toBeLessThanOrEqual(2);

    await press(page, 'Shift+Enter');
    const [panel, dialog] = [page.locator('.panel'), page.getByRole('dialog')];
    await page.locator('.lane', { hasText: 'CT' }).locator('.lane-mark-due').first().click();
    await panel.getByRole('button', { name: '禁忌' }).waitFor();
    await press(page, 'x');
    await dialog.getByLabel('原因').selectOption({ label: '对比剂过敏' });
    await dialog.getByRole('button', { name: '30 天后' }).click();
    await dialog.getByLabel('改做').selectOption({ label: '肝脏MRI' });
    await expectAccessible(page, 'contraindicate.zh');
    await dialog.locator('.button-main').click();
    await toast(page).getByText('已登记禁忌，2026-04-09 返回清单').waitFor();
    await panel.getByText('改做肝脏MRI · 对比剂过敏').waitFor();
    await expectAccessible(page, 'contraindicated.zh');
    await press(page, 'z');
    await page.getByText('已撤销').first().waitFor();
    await chooseLanguage(page, 'en');
    await panel.getByRole('button', { name: 'Contraindicated' }).waitFor();
    await press(page, 'x');
    await dialog.getByRole('radio', { name: 'Permanent' }).check();
    await expectAccessible(page, 'contraindicate.en');
  });

  test('a nurse books, records a result and sees the next due date, each within three clicks from the worklist', async () => {
    const page = await openAt('/worklist?list=overdue&activity=liver_ultrasound');
    const row = rowsOf(page).filter({ hasText: '张建国' });
    const [acts, dialog] = [page.getByRole('toolbar'), page.getByRole('dialog')];
    const booking = new Clicks();
    await booking.on(row);
    await booking.on(acts.getByRole('button', { name: '预约' }));
    await dialog.locator('input[type=date]').fill('2026-03-12');
    await booking.on(dialog.locator('.button-main'));
    await toast(page).getByText('已预约 2026-03-12').waitFor();
    expect(booking.count).toBeLessThanOrEqual(3);

    const recording = new Clicks();
    await recording.on(row);
    await recording.on(acts.getByRole('button', { name: '录入结果' }));
    await recording.on(dialog.locator('.button-main'));
    await toast(page)
      .getByText(/^已录入，下次 \d{4}-\d\d-\d\d/)
      .waitFor();
    expect(recording.count).toBeLessThanOrEqual(3);
    await expectAccessible(page, 'recorded.zh');
  });

  test('an appointment is moved with a reason and cancelled, and a relative is added', async () => {
    const patientId = patients.get('李秀英')!;
    const { body } = await t.get(`/patients/${patientId}/schedule`);
    const { id: itemId } = (body.items as { id: string; status: string }[]).find(
      ({ status }) => status === 'upcoming',
    )!;
    const far = { patientId, itemIds: [itemId], date: '2026-03-12', reason: 'patient_wish' };
    expect((await t.post('/appointments', far)).body).toMatchObject({ date: '2026-03-12' });
    const page = await openAt(`/patients/${patientId}?view=visits`);
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: '改期：2026-03-12' }).click();
    await dialog.locator('input[type=date]').fill('2026-03-13');
    await press(page, 'Enter');
    await dialog.locator('select').selectOption({ index: 1 });
    await expectAccessible(page, 'move.zh');
    await dialog.locator('.button-main').click();
    await toast(page).getByText('已改到 2026-03-13').waitFor();
    await page.getByRole('button', { name: '患者取消' }).click();
    await page.locator('.chip', { hasText: '患者取消' }).waitFor();
    await page.getByRole('button', { name: '添加联系人' }).click();
    await dialog.locator('input[type=text]').first().fill('李小红');
    await dialog.locator('select').selectOption('daughter');
    await dialog.locator('input[type=tel]').fill('13900000001');
    await press(page, 'Enter');
    await page.locator('a[href="tel:13900000001"]').waitFor();
    await expectAccessible(page, 'visits-filled.zh');
  });

  test('a wrong day is refused at its field, and what was typed stays', async () => {
    const page = await openAt(`/patients/${id}?view=course`);
    await page.locator('.record-list li').first().waitFor();
    await press(page, 'e');
    const dialog = page.getByRole('dialog');
    await dialog.locator('select').first().selectOption({ label: '死亡' });
    await dialog.locator('input[type=date]').fill('1950-01-01');
    await dialog.locator('.plan-change .notice-late').waitFor();
    await dialog.locator('.button-main').click();
    await dialog.locator('.field-error').first().waitFor();
    expect(await dialog.locator('input[type=date]').inputValue()).toBe('1950-01-01');
    await expectAccessible(page, 'event-refused.zh');
  });

  test('the plan is a table on request and a list on a telephone; the way back leads to what was searched', async () => {
    const page = await openAt('/worklist?list=overdue');
    await rowsOf(page).first().waitFor();
    await press(page, '/');
    await page.keyboard.type('D100');
    await press(page, 'Enter');
    await rowsOf(page).filter({ hasText: NAME }).waitFor();
    await press(page, 'Shift+Enter');
    await page.locator('.lane-mark').first().waitFor();
    await page.getByRole('radio', { name: '表格' }).check();
    await page.locator('.item-table tbody tr').first().waitFor();
    await expectAccessible(page, 'plan-table.zh');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('.item-table').waitFor();
    await expectAccessible(page, 'record-telephone.zh');
    await expectNoSidewaysScroll(page);
    await press(page, '2');
    await page.locator('.record-list li').first().waitFor();
    await expectAccessible(page, 'course-telephone.zh');
    await expectNoSidewaysScroll(page);
    await page.setViewportSize({ width: 1366, height: 768 });
    await press(page, 'Escape');
    await page.getByText('查找：D100').waitFor();
    await rowsOf(page).filter({ hasText: NAME }).waitFor();
  });
});
