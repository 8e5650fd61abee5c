import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { chromiumPath } from '../support/chromium.js';
import { as, givenPerson, PASSWORD } from '../support/signed-in.js';
import { answered } from '../support/ward.js';
import {
  chooseLanguage,
  expectAccessible,
  expectNoSidewaysScroll,
  givenNurse,
  givenWard,
  WardBrowser,
} from '../support/ward-pages.js';
import { describeWhere } from '../support/where-present.js';

const chromium = chromiumPath();

interface Item {
  readonly id: string;
  readonly earliest: string;
  readonly due: string;
  readonly overdue: string;
  readonly status: string;
}

describeWhere(chromium !== undefined, 'chromium')('the calendar and call mode', () => {
  let t: TestApp;
  let ward: WardBrowser;
  let nurse: Awaited<ReturnType<typeof givenNurse>>;
  let patients: ReadonlyMap<string, string>;

  beforeAll(async () => {
    t = await startApp({ clock: '2026-03-10T08:00:00+08:00', role: 'api' });
    nurse = await givenPerson(t, { roles: ['head_nurse'], name: '李敏' });
    patients = await givenWard(t, nurse);
    ward = await WardBrowser.start(t, chromium!);
    const perWeekday = [5, 5, 5, 5, 5, 0, 0];
    const capacities = ['放射科', null].map((place) => ({ place, activity: null, perWeekday }));
    expect((await t.request('PUT', '/capacities', { payload: { capacities } })).status).toBe(200);
    await booked('王桂兰', '2026-03-11', { time: '09:30' });
    await booked('张建国', '2026-03-11', { halfDay: 'afternoon' });
    await booked('李秀英', '2026-03-11', { halfDay: 'morning' });
    for (const name of ['周素芬', '吴长海']) await booked(name, '2026-03-13', { halfDay: 'morning' });
    await booked('徐美华', '2026-03-16', { time: '10:30' });
    await booked('朱家和', '2026-03-10', { time: '09:00' });
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
  const toast = (page: Page) => page.locator('.toast');

  async function itemsOf(name: string): Promise<readonly Item[]> {
    const { items } = await answered(t.get(`/patients/${patients.get(name)!}/schedule`));
    return items as readonly Item[];
  }

  /** An appointment for the first late items of the patient; its id. */
  async function booked(name: string, date: string, more: object): Promise<string> {
    const late = (await itemsOf(name)).filter(({ status }) => status === 'overdue').slice(0, 2);
    const itemIds = late.map(({ id }) => id);
    const booking = { patientId: patients.get(name), itemIds, date, place: '放射科', ...more };
    return (await answered(t.post('/appointments', booking), 201)).id as string;
  }

  async function open(address: string): Promise<Page> {
    const page = await ward.openAs(nurse, address);
    await page.locator('.shell').waitFor();
    return page;
  }

  test.each(['zh', 'en'] as const)('month, week, day and forecast by keyboard, in %s', async (language) => {
    const page = await open('/calendar');
    await chooseLanguage(page, language);
    await page.locator('.month [data-day="2026-03-11"]').focus();
    await press(page, 'ArrowRight', 'ArrowRight');
    expect(await page.evaluate('document.activeElement.dataset.day')).toBe('2026-03-13');
    await expectAccessible(page, `calendar-month.${language}`);
    await press(page, 'n');
    await page.locator('[data-day="2026-04-06"] .chip').first().waitFor(); // a public holiday
    await press(page, 't', 'd');
    await page.locator('.day-due').waitFor();
    await press(page, 'n');
    await page.locator('.day-table tbody tr').first().waitFor();
    await expectAccessible(page, `calendar-day.${language}`);
    await press(page, 'w');
    await page.locator('.appointment-card').first().waitFor();
    await press(page, 'j', 'Enter');
    const dialog = page.getByRole('dialog');
    await dialog.locator('form').waitFor();
    await expectAccessible(page, `appointment.${language}`);
    await dialog.locator('input[type=date]').fill('2026-03-12');
    await press(page, 'Enter');
    await toast(page).getByText('2026-03-12').waitFor();
    await page.locator('[data-drop="2026-03-12"] .appointment-card').waitFor();
    await expectAccessible(page, `calendar-week.${language}`);
    await press(page, 'z');
    await page.getByText(language === 'zh' ? '已撤销' : 'Undone').waitFor();
    await press(page, 'f');
    await page.locator('.plot svg').waitFor();
    await expectAccessible(page, `forecast.${language}`);
    await page.getByRole('radio', { name: language === 'zh' ? '26 周' : '26 weeks' }).click();
    await page.waitForURL(/weeks=26/);
  });

  test('who came is recorded in the day, and who cancelled in the week; both are taken back', async () => {
    const page = await open('/calendar?view=day');
    const row = page.getByRole('row', { name: /朱家和/ });
    await row.getByRole('button', { name: '已到院', exact: true }).click();
    await toast(page).getByText('朱家和 · 已到院').waitFor();
    await row.waitFor({ state: 'detached' });
    await press(page, 'z');
    await row.waitFor();
    await expectAccessible(page, 'calendar-attended.zh');
    await press(page, 'w');
    await page.locator('.appointment-card', { hasText: '王桂兰' }).click();
    const ends = page.getByRole('dialog').getByRole('group', { name: '预约结果' });
    expect(await ends.getByRole('button').allInnerTexts()).toEqual(['患者取消', '医院取消']);
    await ends.getByRole('button', { name: '患者取消' }).click();
    await toast(page).getByText('王桂兰 · 患者取消').waitFor();
    await page.locator('.appointment-card', { hasText: '王桂兰' }).waitFor({ state: 'detached' });
    await press(page, 'z');
    await page.locator('.appointment-card', { hasText: '王桂兰' }).waitFor();
  });

  test('an appointment is dragged; outside its window the consequence is shown and a reason asked for', async () => {
    const upcoming = (await itemsOf('赵凤霞')).find(
      ({ status, earliest }) => status === 'upcoming' && earliest > '2026-03-16',
    )!;
    const booking = { patientId: patients.get('赵凤霞'), itemIds: [upcoming.id], date: upcoming.due };
    await answered(t.post('/appointments', booking), 201);
    const page = await open(`/calendar?view=week&date=${upcoming.due}`);
    const card = page.locator('.appointment-card', { hasText: '赵凤霞' });
    await card.waitFor();
    const days = await page.locator('[data-drop]').all();
    const names = await Promise.all(days.map((day) => day.getAttribute('data-drop')));
    const other = days[names.indexOf(upcoming.due) === 0 ? 1 : 0]!;
    await card.dragTo(other);
    await toast(page).waitFor();
    await press(page, 'z');
    await page.getByText('已撤销').waitFor();

    await card.click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[type=date]').fill('2026-03-16');
    await dialog.getByText('在时间窗之外').waitFor();
    await press(page, 'Enter');
    await dialog.locator('[role=alert]').waitFor();
    await expectAccessible(page, 'reason-asked.zh');
    await dialog.locator('select').selectOption('combined_visit');
    await dialog.getByRole('button', { name: '保存' }).click();
    await toast(page).getByText('2026-03-16').waitFor();
  });

  test('who changed an appointment meanwhile is shown, and what was typed is kept', async () => {
    const id = await booked('刘德胜', '2026-03-18', {});
    const page = await open('/calendar?view=day&date=2026-03-18');
    await page.getByRole('button', { name: '刘德胜' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('备注').fill('坐火车来');
    const other = await givenNurse(t, '周洁');
    const moved = { payload: { date: '2026-03-19' }, headers: as(other.session) };
    expect((await t.request('PATCH', `/appointments/${id}`, moved)).status).toBe(200);
    await press(page, 'Enter');
    await dialog.getByText('周洁').first().waitFor();
    await expectAccessible(page, 'changed-appointment.zh');
    await dialog.getByRole('button', { name: '以最新内容为准，继续修改' }).click();
    expect(await dialog.getByLabel('备注').inputValue()).toBe('坐火车来');
    await dialog.getByRole('button', { name: '保存' }).click();
    await toast(page).waitFor();
  });

  test('visits are proposed and accepted, an overfull week is levelled, a feed is made and ended', async () => {
    const date = '2026-04-28';
    for (const name of ['孙国强', '马淑琴']) {
      const inTime = (await itemsOf(name)).filter(
        ({ status, earliest, overdue }) => status === 'upcoming' && earliest <= date && overdue > date,
      );
      const booking = { patientId: patients.get(name), itemIds: inTime.map(({ id }) => id), date };
      await answered(t.post('/appointments', booking), 201);
    }
    const page = await open(`/calendar?view=week&date=${date}`);
    await page.locator('.appointment-card').first().waitFor();
    await press(page, 'l');
    const dialog = page.getByRole('dialog');
    await dialog.locator('.check-list label').first().waitFor();
    await expectAccessible(page, 'leveling.zh');
    await dialog.getByRole('button', { name: /移动所选/ }).click();
    await toast(page).waitFor();

    await press(page, 'v');
    await dialog.getByLabel('病案号、姓名或电话').fill('陈玉珍');
    await press(page, 'Enter');
    await dialog.getByRole('button', { name: /陈玉珍/ }).click();
    await dialog.getByRole('button', { name: '接受并预约' }).first().waitFor();
    await expectAccessible(page, 'visits.zh');
    expect(page.url()).not.toContain(encodeURIComponent('陈玉珍'));
    await dialog.getByRole('button', { name: '接受并预约' }).first().click();
    await dialog.getByText('已预约').first().waitFor();
    await dialog.getByRole('button', { name: '撤销' }).click();
    await press(page, 'Escape');

    await press(page, 's');
    await dialog.getByRole('button', { name: '生成订阅地址' }).click();
    await dialog.locator('.feed-address').waitFor();
    await expectAccessible(page, 'feeds.zh');
    expect(await dialog.locator('.feed-address').inputValue()).toMatch(/\/api\/v1\/calendar\/.+\.ics$/);
    await dialog.getByRole('button', { name: /^停止/ }).click();
    await dialog.getByText('还没有订阅').waitFor();
  });

  test.each(['zh', 'en'] as const)(
    'call mode goes from patient to patient by one key, in %s',
    async (language) => {
      await t.setClock(language === 'zh' ? '2026-03-10T09:00:00+08:00' : '2026-03-12T09:00:00+08:00');
      const page = await open('/worklist?list=overdue');
      await chooseLanguage(page, language);
      await page.locator('.row-table tbody tr').first().waitFor();
      await press(page, 't');
      const name = page.locator('.call-patient h1');
      await name.waitFor();
      const first = await name.innerText();
      await expectAccessible(page, `call.${language}`);
      await press(page, 'n');
      await page.keyboard.type('女儿接的');
      await page.waitForTimeout(0);
      await page.locator('.call-patient h1').click();
      await shown(page);
      await press(page, '2');
      await toast(page).getByText(first).waitFor();
      const second = await otherThan(page, first);
      await press(page, 'z');
      await page.locator('.call-patient h1', { hasText: first }).waitFor();
      expect(await page.locator('.call-notes textarea').inputValue()).toBe('女儿接的');

      await press(page, 'j');
      await page.locator('.call-patient h1', { hasText: second }).waitFor();
      await press(page, 'b');
      await page.getByRole('dialog').locator('input[type=date]').fill('2026-03-20');
      await press(page, 'Enter');
      await toast(page).getByText('2026-03-20').waitFor();
      await shown(page);
      await press(page, '1');
      await otherThan(page, second);
      await press(page, 'k');
      await page.locator('.notice-done').waitFor();
      await expectAccessible(page, `called-before.${language}`);
      await press(page, 'q');
      await page.locator('.call-results').waitFor();
      await expectAccessible(page, `call-summary.${language}`);
      expect(await page.locator('.call-results tbody tr').count()).toBe(2);
    },
  );

  /** A key that comes right after another patient has appeared does not count. */
  const shown = (page: Page): Promise<void> =>
    page.locator('.outcomes .button-main:not([disabled])').waitFor();

  async function otherThan(page: Page, name: string): Promise<string> {
    const other = page.locator('.call-patient h1').filter({ hasNotText: name });
    await other.waitFor();
    return other.innerText();
  }

  test('a call that was not recorded comes back with its note; a telephone shows it in one hand', async () => {
    await t.setClock('2026-03-16T09:00:00+08:00');
    const person = await givenNurse(t, '孙丽');
    const page = await ward.openAs(person, '/calls?list=overdue');
    await page.locator('.call-number').first().waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await expectAccessible(page, 'call-telephone.zh');
    await expectNoSidewaysScroll(page);
    const name = await page.locator('.call-patient h1').innerText();
    await page.locator('.call-notes textarea').fill('家属说下周');
    await t.dataSource.query('DELETE FROM session WHERE person_id = $1', [person.id]);
    await shown(page);
    await page.getByRole('button', { name: '占线' }).click();
    const lock = page.locator('.lock');
    await lock.waitFor();
    await lock.locator('input[type=password]').fill(PASSWORD);
    await press(page, 'Enter');
    await lock.waitFor({ state: 'detached' });
    await page.locator('.call-patient h1', { hasText: name }).waitFor();
    expect(await page.locator('.call-notes textarea').inputValue()).toBe('家属说下周');
    await shown(page);
    await page.getByRole('button', { name: '占线' }).click();
    await toast(page).getByText(name).waitFor();
    await page.goto(`${ward.base}/calendar?view=week`);
    await page.locator('.week').waitFor();
    await expectAccessible(page, 'calendar-telephone.zh');
    await expectNoSidewaysScroll(page);
    await page.goto(`${ward.base}/calendar`);
    await page.locator('.month').waitFor();
    await expectAccessible(page, 'month-telephone.zh');
    await expectNoSidewaysScroll(page);
  });
});
